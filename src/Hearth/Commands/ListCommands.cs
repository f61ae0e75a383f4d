using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Lists: elements that are pushed, popped, read and changed in place. What moves elements between lists, or takes them from the first of
/// several, is in <see cref="ListMoveCommands"/>.
/// </summary>
internal static class ListCommands
{
    public static readonly Command[] Table =
    [
        new("LINDEX", arity: 3, ReadOnly, KeySpec.At(1, Read | Access), LIndex)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the distance from the nearer end",
            Syntax = "key index:integer",
            Summary = "Returns the element at an index of a list.",
        },
        new("LINSERT", arity: 5, Write | DenyOom, KeySpec.At(1, ReadWrite | Insert), LInsert)
        {
            Since = "2.2.0", Group = CommandGroup.List, Complexity = "O(N) with N the elements before the pivot",
            Syntax = "key where:<BEFORE | AFTER> pivot element",
            Summary = "Inserts an element before or after another one in a list.",
        },
        new("LLEN", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), LLen)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the length of a list.",
        },
        new("LPOP", arity: -2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), LPop)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the number of elements returned",
            Syntax = "key [count@6.2.0:integer]",
            Summary = "Pops elements from the head of a list.",
        },
        new("LPOS", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), LPos)
        {
            Since = "6.0.6", Group = CommandGroup.List, Complexity = "O(N) with N the length of the list",
            Syntax = "key element [RANK rank:integer] [COUNT num-matches:integer] [MAXLEN len:integer]",
            Summary = "Finds the indexes of an element in a list.",
        },
        new("LPUSH", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), LPush)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(1) for each element",
            Syntax = "key element...",
            Summary = "Adds elements to the head of a list.",
        },
        new("LPUSHX", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), LPushX)
        {
            Since = "2.2.0", Group = CommandGroup.List, Complexity = "O(1) for each element",
            Syntax = "key element...",
            Summary = "Adds elements to the head of a list, but only if the list exists.",
        },
        new("LRANGE", arity: 4, ReadOnly, KeySpec.At(1, Read | Access), LRange)
        {
            Since = "1.0.0", Group = CommandGroup.List,
            Complexity = "O(S+N) with S the distance of the start from the nearer end and N the elements returned",
            Syntax = "key start:integer stop:integer",
            Summary = "Returns the elements between two indexes of a list.",
        },
        new("LREM", arity: 4, Write, KeySpec.At(1, ReadWrite | Delete), LRem)
        {
            Since = "1.0.0", Group = CommandGroup.List,
            Complexity = "O(N+M) with N the length of the list and M the elements removed",
            Syntax = "key count:integer element",
            Summary = "Removes elements that equal a value from a list.",
        },
        new("LSET", arity: 4, Write | DenyOom, KeySpec.At(1, ReadWrite | Update), LSet)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the distance from the nearer end",
            Syntax = "key index:integer element",
            Summary = "Replaces the element at an index of a list.",
        },
        new("LTRIM", arity: 4, Write, KeySpec.At(1, ReadWrite | Delete), LTrim)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the elements removed",
            Syntax = "key start:integer stop:integer",
            Summary = "Keeps only the elements between two indexes of a list.",
        },
        new("RPOP", arity: -2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), RPop)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the number of elements returned",
            Syntax = "key [count@6.2.0:integer]",
            Summary = "Pops elements from the tail of a list.",
        },
        new("RPUSH", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), RPush)
        {
            Since = "1.0.0", Group = CommandGroup.List, Complexity = "O(1) for each element",
            Syntax = "key element...",
            Summary = "Adds elements to the tail of a list.",
        },
        new("RPUSHX", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), RPushX)
        {
            Since = "2.2.0", Group = CommandGroup.List, Complexity = "O(1) for each element",
            Syntax = "key element...",
            Summary = "Adds elements to the tail of a list, but only if the list exists.",
        },
    ];

    private static void LIndex(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.List, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Null();
            return;
        }

        if (!context.TryInteger(2, out var index)) return;
        var cursor = new ListValue(context.Values, entry).From(index);
        if (cursor.MoveNext()) context.Reply.Bulk(cursor.Current);
        else context.Reply.Null();
    }

    private static void LInsert(CommandContext context)
    {
        var after = context.Is(2, "AFTER"u8);
        if (!after && !context.Is(2, "BEFORE"u8))
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        var key = context.Key(1);
        if (!TryWriteExisting(context, key, out var list)) return;

        // The encoding changes even if there turns out to be no such pivot.
        ListpackElement element = context.Args[4];
        list.PrepareToAdd(context.Args[4].Length, 1);
        ListpackElement pivot = context.Args[3];
        var cursor = list.From(0);
        while (cursor.MoveNext())
        {
            if (!cursor.Current.Equals(pivot)) continue;
            list.Insert(cursor, element, after);
            context.Modified(key, KeyspaceEvent.LInsert);
            context.Reply.Integer(list.Count);
            return;
        }

        context.Reply.Integer(-1);
    }

    private static void LLen(CommandContext context)
    {
        if (context.TryRead(context.Key(1), KeyType.List, out var entry)) context.Reply.Integer(new ListValue(context.Values, entry).Count);
    }

    private static void LPop(CommandContext context) => Pop(context, ListEnd.Head);

    private static void LPos(CommandContext context)
    {
        if (!ListPosOptions.TryParse(context, out var options)) return;
        if (!context.TryRead(context.Key(1), KeyType.List, out var entry)) return;
        if (!entry.Exists)
        {
            if (options.HasCount) context.Reply.Array(0);
            else context.Reply.Null();
            return;
        }

        var list = new ListValue(context.Values, entry);
        if (options.HasCount) ReplyPositions(context, list, options);
        else ReplyPosition(context, list, options);
    }

    private static void LPush(CommandContext context) => Push(context, ListEnd.Head, mustExist: false);

    private static void LPushX(CommandContext context) => Push(context, ListEnd.Head, mustExist: true);

    private static void LRange(CommandContext context)
    {
        if (!context.TryInteger(2, out var start) || !context.TryInteger(3, out var stop)) return;
        if (!context.TryRead(context.Key(1), KeyType.List, out var entry)) return;
        var list = new ListValue(context.Values, entry);
        ClampRange(list.Count, ref start, ref stop);
        ListReplies.Range(context, list, start, stop - start + 1);
    }

    private static void LRem(CommandContext context)
    {
        if (!context.TryInteger(2, out var limit)) return;
        var key = context.Key(1);
        if (!TryWriteExisting(context, key, out var list)) return;

        ListpackElement unwanted = context.Args[3];
        var isBackward = limit < 0;
        var most = limit == 0 ? long.MaxValue : Math.Abs(Math.Max(limit, -long.MaxValue));
        long removed = 0;
        for (var cursor = list.From(isBackward ? -1 : 0, isBackward); removed < most && cursor.MoveNext();)
        {
            if (!cursor.Current.Equals(unwanted)) continue;
            list.Remove(ref cursor);
            removed++;
        }

        if (removed > 0) ListChanges.Removed(context, key, list, removed, KeyspaceEvent.LRem);
        context.Reply.Integer(removed);
    }

    private static void LSet(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.List, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Error(Errors.NoSuchKey);
            return;
        }

        if (!context.TryInteger(2, out var index)) return;
        var list = new ListValue(context.Values, entry);
        list.PrepareToAdd(context.Args[3].Length, 1);
        var cursor = list.From(index);
        if (!cursor.MoveNext())
        {
            context.Reply.Error("ERR index out of range"u8);
            return;
        }

        list.Replace(cursor, context.Args[3]);
        list.Settle();
        context.Modified(key, KeyspaceEvent.LSet);
        context.Reply.Ok();
    }

    private static void LTrim(CommandContext context)
    {
        if (!context.TryInteger(2, out var start) || !context.TryInteger(3, out var stop)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.List, out var entry)) return;
        if (entry.Exists)
        {
            var list = new ListValue(context.Values, entry);
            var count = list.Count;
            ClampRange(count, ref start, ref stop);
            var kept = stop - start + 1;
            list.RemoveRange(start + kept, count - start - kept);
            list.RemoveRange(0, start);
            ListChanges.Removed(context, key, list, count - kept, KeyspaceEvent.LTrim);
        }

        context.Reply.Ok();
    }

    private static void RPop(CommandContext context) => Pop(context, ListEnd.Tail);

    private static void RPush(CommandContext context) => Push(context, ListEnd.Tail, mustExist: false);

    private static void RPushX(CommandContext context) => Push(context, ListEnd.Tail, mustExist: true);

    private static void Push(CommandContext context, ListEnd end, bool mustExist)
    {
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.List, out var existing)) return;
        if (mustExist && !existing.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        var args = context.Args;
        long bytes = 0;
        for (var i = 2; i < args.Count; i++) bytes += args[i].Length;
        var added = args.Count - 2;
        var list = existing.Exists ? new ListValue(context.Values, existing) : ListValue.Create(context.Values, key.Bytes, bytes, added, end);
        list.PrepareToAdd(bytes, added);
        for (var i = 2; i < args.Count; i++) list.Push(end, args[i]);
        if (!existing.Exists) context.Keyspace.Put(key, existing, list.Entry);

        context.Engine.Dirty += added - 1;
        context.Modified(key, ListChanges.PushEvent(end));
        context.Reply.Integer(list.Count);
    }

    private static void Pop(CommandContext context, ListEnd end)
    {
        if (context.Args.Count > 3)
        {
            context.Reply.Error($"ERR wrong number of arguments for '{context.Command.FullName}' command");
            return;
        }

        var hasCount = context.Args.Count == 3;
        long count = 0;
        if (hasCount && !context.TryInteger(2, 0, long.MaxValue, out count, "ERR value is out of range, must be positive"u8)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.List, out var entry)) return;
        var list = new ListValue(context.Values, entry);
        if (!entry.Exists)
        {
            if (hasCount) context.Reply.NullArray();
            else context.Reply.Null();
        }
        else if (!hasCount)
        {
            context.Reply.Bulk(list.Peek(end));
            ListChanges.Drop(context, key, list, end);
        }
        else if (count == 0)
        {
            context.Reply.Array(0);
        }
        else
        {
            ListChanges.ReplyAndDrop(context, key, list, end, count);
        }
    }

    /// <summary>The list that is to be changed; false after it has replied: that it is none, or 0 where there is none.</summary>
    private static bool TryWriteExisting(CommandContext context, in Key key, out ListValue list)
    {
        list = default;
        if (!context.TryWrite(key, KeyType.List, out var entry)) return false;
        list = new ListValue(context.Values, entry);
        if (entry.Exists) return true;
        context.Reply.Integer(0);
        return false;
    }

    /// <summary>Makes indexes, which may count from the tail and lie outside, those of elements; an empty range starts and ends at 0.</summary>
    private static void ClampRange(long count, ref long start, ref long stop)
    {
        start = Math.Max(start < 0 ? start + count : start, 0);
        stop = Math.Min(stop < 0 ? stop + count : stop, count - 1);
        if (start > stop) (start, stop) = (0, -1);
    }

    private static void ReplyPosition(CommandContext context, ListValue list, in ListPosOptions options)
    {
        var search = new ListSearch(list, context.Args[2], options);
        if (search.MoveNext()) context.Reply.Integer(search.Index);
        else context.Reply.Null();
    }

    private static void ReplyPositions(CommandContext context, ListValue list, in ListPosOptions options)
    {
        var start = context.Reply.BeginDeferred();
        var search = new ListSearch(list, context.Args[2], options);
        long found = 0;
        while (search.MoveNext())
        {
            context.Reply.Integer(search.Index);
            if (++found == options.Count) break;
        }

        context.Reply.EndDeferredArray(start, found);
    }
}

using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Taking the members with the lowest or highest scores out of sorted sets.</summary>
internal static class ZSetPopCommands
{
    public static readonly Command[] Table =
    [
        new("BZMPOP", arity: -5, Write | CommandFlags.Blocking | EndsBatch, KeySpec.Counted(2, ReadWrite | Access | Delete), BZMPop)
        {
            Since = "7.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(K+M*log(N)) with K keys given, N members in the set and M members popped",
            Syntax = "timeout:double numkeys:integer key... where:<MIN | MAX> [COUNT count:integer]",
            Summary = "Pops the members with the lowest or highest scores of the first sorted set that has any; waits while all are "
                + "empty.",
        },
        new("BZPOPMAX", arity: -3, Write | CommandFlags.Blocking | Fast | EndsBatch, KeySpec.Range(1, last: -2, ReadWrite | Access | Delete), BZPopMax)
        {
            Since = "5.0.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key... timeout:double",
            Summary = "Pops the member with the highest score of the first sorted set that has any; waits while all are empty.",
        },
        new("BZPOPMIN", arity: -3, Write | CommandFlags.Blocking | Fast | EndsBatch, KeySpec.Range(1, last: -2, ReadWrite | Access | Delete), BZPopMin)
        {
            Since = "5.0.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key... timeout:double",
            Summary = "Pops the member with the lowest score of the first sorted set that has any; waits while all are empty.",
        },
        new("ZMPOP", arity: -4, Write, KeySpec.Counted(1, ReadWrite | Access | Delete), ZMPop)
        {
            Since = "7.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(K+M*log(N)) with K keys given, N members in the set and M members popped",
            Syntax = "numkeys:integer key... where:<MIN | MAX> [COUNT count:integer]",
            Summary = "Pops the members with the lowest or highest scores of the first sorted set that has any.",
        },
        new("ZPOPMAX", arity: -2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), ZPopMax)
        {
            Since = "5.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(M*log(N)) with N the size of the sorted set and M the members popped",
            Syntax = "key [count:integer]",
            Summary = "Pops the members with the highest scores.",
        },
        new("ZPOPMIN", arity: -2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), ZPopMin)
        {
            Since = "5.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(M*log(N)) with N the size of the sorted set and M the members popped",
            Syntax = "key [count:integer]",
            Summary = "Pops the members with the lowest scores.",
        },
    ];

    private static void BZMPop(CommandContext context)
    {
        if (!TryParseMany(context, 2, out var keys, out var isMax, out var count)) return;
        if (!context.TryTimeout(1, out var timeoutMs)) return;
        if (!TryFindFirst(context, 3, keys, out var argument, out var entry)) return;
        if (entry.Exists) PopMany(context, argument, entry, isMax, count);
        else Wait(context, 3, keys, timeoutMs);
    }

    private static void BZPopMax(CommandContext context) => PopOrWait(context, isMax: true);

    private static void BZPopMin(CommandContext context) => PopOrWait(context, isMax: false);

    private static void ZMPop(CommandContext context)
    {
        if (!TryParseMany(context, 1, out var keys, out var isMax, out var count)) return;
        if (!TryFindFirst(context, 2, keys, out var argument, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.NullArray();
            return;
        }

        PopMany(context, argument, entry, isMax, count);
    }

    private static void ZPopMax(CommandContext context) => Pop(context, isMax: true);

    private static void ZPopMin(CommandContext context) => Pop(context, isMax: false);

    private static void Pop(CommandContext context, bool isMax)
    {
        if (context.Args.Count > 3)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        var hasCount = context.Args.Count == 3;
        var count = 1L;
        if (hasCount && !context.TryInteger(2, 0, long.MaxValue, out count, "ERR value is out of range, must be positive"u8)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var entry)) return;
        if (!entry.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }

        var value = new ZSetValue(context.Values, entry);
        count = Math.Min(count, value.Count);
        if (hasCount)
        {
            context.Reply.Members(First(value, isMax, count), count, withScores: true);
        }
        else
        {
            var walk = First(value, isMax, 1);
            walk.MoveNext();
            context.Reply.Array(2);
            context.Reply.Bulk(walk.Member);
            context.Reply.Double(walk.Score);
        }

        Remove(context, key, entry, isMax, count);
    }

    private static void PopOrWait(CommandContext context, bool isMax)
    {
        var keys = context.Args.Count - 2;
        if (!context.TryTimeout(keys + 1, out var timeoutMs)) return;
        if (!TryFindFirst(context, 1, keys, out var argument, out var entry)) return;
        if (!entry.Exists)
        {
            Wait(context, 1, keys, timeoutMs);
            return;
        }

        var key = context.Key(argument);
        var walk = First(new ZSetValue(context.Values, entry), isMax, 1);
        walk.MoveNext();
        context.Reply.Array(3);
        context.Reply.Bulk(key.Bytes);
        context.Reply.Bulk(walk.Member);
        context.Reply.Double(walk.Score);
        Remove(context, key, entry, isMax, 1);
        context.Propagation.Instead(2).Word(isMax ? "ZPOPMAX"u8 : "ZPOPMIN"u8).Word(key.Bytes);
    }

    private static void Wait(CommandContext context, int firstKey, int keys, long timeoutMs)
    {
        if (context.MayBlock) context.Block(KeyType.SortedSet, firstKey, keys, timeoutMs);
        else context.Reply.NullArray();
    }

    /// <summary>Reads <c>numkeys key... MIN|MAX [COUNT count]</c>; false after it has replied what is wrong.</summary>
    private static bool TryParseMany(CommandContext context, int argument, out int keys, out bool isMax, out long count)
    {
        (keys, isMax, count) = (0, false, -1);
        if (!context.TryInteger(argument, 1, long.MaxValue, out var number, "ERR numkeys should be greater than 0"u8)) return false;
        if (number >= context.Args.Count - argument - 1) return RefuseSyntax(context);
        keys = (int)number;
        var where = argument + keys + 1;
        isMax = context.Is(where, "MAX"u8);
        if (!isMax && !context.Is(where, "MIN"u8)) return RefuseSyntax(context);
        for (var i = where + 1; i < context.Args.Count; i += 2)
        {
            if (count != -1 || i + 1 == context.Args.Count || !context.Is(i, "COUNT"u8)) return RefuseSyntax(context);
            if (!context.TryInteger(i + 1, 1, long.MaxValue, out count, "ERR count should be greater than 0"u8)) return false;
        }

        count = Math.Max(count, 1);
        return true;
    }

    /// <summary>The first of several keys that exists, none if none does; false after it has replied that one holds another type.</summary>
    private static bool TryFindFirst(CommandContext context, int firstKey, int keys, out int argument, out Entry entry)
    {
        entry = default;
        for (argument = firstKey; argument < firstKey + keys; argument++)
        {
            if (!context.TryWrite(context.Key(argument), KeyType.SortedSet, out entry)) return false;
            if (entry.Exists) return true;
        }

        return true;
    }

    /// <summary>Pops from the key in this argument, and replies it with the members and their scores.</summary>
    private static void PopMany(CommandContext context, int argument, Entry entry, bool isMax, long count)
    {
        var key = context.Key(argument);
        var value = new ZSetValue(context.Values, entry);
        count = Math.Min(count, value.Count);
        context.Reply.Array(2);
        context.Reply.Bulk(key.Bytes);
        context.Reply.Array(count);
        var walk = First(value, isMax, count);
        while (walk.MoveNext())
        {
            context.Reply.Array(2);
            context.Reply.Bulk(walk.Member);
            context.Reply.Double(walk.Score);
        }

        Remove(context, key, entry, isMax, count);
        context.Propagation.Instead(3).Word(isMax ? "ZPOPMAX"u8 : "ZPOPMIN"u8).Word(key.Bytes).Word(count);
    }

    private static ZSetWalk First(ZSetValue value, bool isMax, long count) => value.Walk(isMax ? value.Count - 1 : 0, count, isMax);

    private static void Remove(CommandContext context, in Key key, Entry entry, bool isMax, long count)
    {
        var value = new ZSetValue(context.Values, entry);
        value.RemoveRange(isMax ? value.Count - count : 0, count);
        context.MembersRemoved(key, entry, isMax ? KeyspaceEvent.ZPopMax : KeyspaceEvent.ZPopMin, count);
    }

    private static bool RefuseSyntax(CommandContext context)
    {
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

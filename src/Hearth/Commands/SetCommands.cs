using Hearth.DataStructures;
using Hearth.Protocol;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Sets: members without an order. What compares several sets is in <see cref="SetAlgebraCommands"/>.</summary>
internal static class SetCommands
{
    public static readonly Command[] Table =
    [
        new("SADD", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), SAdd)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(1) for each member",
            ElementArgument = 2,
            Syntax = "key member...",
            Summary = "Adds members to a set.",
        },
        new("SCARD", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), SCard)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many members a set has.",
        },
        new("SISMEMBER", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read), SIsMember)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key member",
            Summary = "Tells whether a set has a member.",
        },
        new("SMEMBERS", arity: 2, ReadOnly, KeySpec.At(1, Read | Access), SMembers)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the size of the set",
            Syntax = "key",
            Summary = "Returns all members of a set.",
            Tips = ["nondeterministic_output_order"],
        },
        new("SMISMEMBER", arity: -3, ReadOnly | Fast, KeySpec.At(1, Read | Access), SMIsMember)
        {
            Since = "6.2.0", Group = CommandGroup.Set, Complexity = "O(N) with N the number of members given",
            ElementArgument = 2,
            Syntax = "key member...",
            Summary = "Tells for each of several members whether a set has it.",
        },
        new("SMOVE", arity: 4, Write | Fast, [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, ReadWrite | Insert)], SMove)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(1)",
            Syntax = "source:key destination:key member",
            Summary = "Moves a member from one set to another.",
        },
        new("SPOP", arity: -2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), SPop)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the number of members returned",
            Syntax = "key [count@3.2.0:integer]",
            Summary = "Removes random members from a set and returns them.",
            Tips = ["nondeterministic_output"],
        },
        new("SRANDMEMBER", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), SRandMember)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the number of members returned",
            Syntax = "key [count@2.6.0:integer]",
            Summary = "Returns random members of a set.",
            Tips = ["nondeterministic_output"],
        },
        new("SREM", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Delete), SRem)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the number of members given",
            ElementArgument = 2,
            Syntax = "key member...",
            Summary = "Removes members from a set.",
        },
        new("SSCAN", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), SScan)
        {
            Since = "2.8.0", Group = CommandGroup.Set,
            Complexity = "O(1) for each call, O(N) for a whole iteration over N members",
            Syntax = "key cursor:integer [MATCH pattern] [COUNT count:integer]",
            Summary = "Returns some members of a set, and a cursor for the next call.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void SAdd(CommandContext context)
    {
        var key = context.Key(1);
        if (!TryWrite(context, key, out var existing)) return;
        var args = context.Args;
        var set = existing;
        if (existing.Exists) set.MakeRoom(args.Count - 2);
        else set = Create(context, key, SetValue.CreateEmpty(context.Values, args[2], args.Count - 2));

        var added = 0;
        for (var i = 2; i < args.Count; i++) added += set.Add(args[i]) ? 1 : 0;
        if (!existing.Exists) context.Keyspace.Put(key, default, set.Entry);
        if (added > 0) context.Modified(key, KeyspaceEvent.SAdd, added);
        context.Reply.Integer(added);
    }

    private static void SCard(CommandContext context)
    {
        if (TryRead(context, out var set)) context.Reply.Integer(set.Exists ? set.Count : 0);
    }

    private static void SIsMember(CommandContext context)
    {
        if (TryRead(context, out var set)) context.Reply.Integer(set.Exists && set.Contains(context.Args[2]) ? 1 : 0);
    }

    private static void SMembers(CommandContext context)
    {
        if (!TryRead(context, out var set)) return;
        context.Reply.Set(set.Exists ? set.Count : 0);
        if (set.Exists) ReplyMembers(context, set);
    }

    private static void SMIsMember(CommandContext context)
    {
        if (!TryRead(context, out var set)) return;
        var args = context.Args;
        context.Reply.Array(args.Count - 2);
        for (var i = 2; i < args.Count; i++) context.Reply.Integer(set.Exists && set.Contains(args[i]) ? 1 : 0);
    }

    private static void SMove(CommandContext context)
    {
        var (sourceKey, targetKey, member) = (1, 2, 3);
        var source = new SetValue(context.Values, context.Write(context.Key(sourceKey)));
        var target = new SetValue(context.Values, context.Write(context.Key(targetKey)));
        if (!source.Exists)
        {
            context.Reply.Integer(0);
        }
        else if (source.Entry.Type != KeyType.Set || (target.Exists && target.Entry.Type != KeyType.Set))
        {
            context.Reply.Error(Errors.WrongType);
        }
        else if (target.Entry.Equals(source.Entry))
        {
            context.Reply.Integer(source.Contains(context.Args[member]) ? 1 : 0);
        }
        else if (!source.Remove(context.Args[member]))
        {
            context.Reply.Integer(0);
        }
        else
        {
            context.Removed(context.Key(sourceKey), source.Entry, KeyspaceEvent.SRem, 1, isEmpty: source.Count == 0);
            AddMoved(context, context.Key(targetKey), target, context.Args[member]);
            context.Reply.Integer(1);
        }
    }

    private static void SPop(CommandContext context)
    {
        if (context.Args.Count > 3)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        long count = 1;
        var isOne = context.Args.Count == 2;
        if (!isOne && !context.TryInteger(2, 0, long.MaxValue, out count, "ERR value is out of range, must be positive"u8)) return;
        var key = context.Key(1);
        if (!TryWrite(context, key, out var set)) return;
        if (isOne) PopOne(context, key, set);
        else PopMany(context, key, set, count);
    }

    private static void SRandMember(CommandContext context)
    {
        if (context.Args.Count > 3)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (context.Args.Count == 2)
        {
            if (!TryRead(context, out var one)) return;
            if (one.Exists) ReplyRandom(context, one, 1);
            else context.Reply.Null();
            return;
        }

        if (!RandomCount.TryParse(context, 2, out var count) || !TryRead(context, out var set)) return;
        if (!set.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }

        if (count < 0)
        {
            context.Reply.Array(-count);
            ReplyRandom(context, set, -count);
            return;
        }

        context.Reply.Array(Math.Min(count, set.Count));
        var visitor = new ReplyingVisitor(context.Reply);
        set.VisitSample(count, ref visitor);
    }

    private static void SRem(CommandContext context)
    {
        var key = context.Key(1);
        if (!TryWrite(context, key, out var set)) return;
        var removed = 0;
        var isEmpty = false;
        for (var i = 2; i < context.Args.Count && set.Exists && !isEmpty; i++)
        {
            if (!set.Remove(context.Args[i])) continue;
            removed++;
            isEmpty = set.Count == 0;
        }

        if (removed > 0) context.Removed(key, set.Entry, KeyspaceEvent.SRem, removed, isEmpty);
        context.Reply.Integer(removed);
    }

    private static void SScan(CommandContext context)
    {
        if (!ScanOptions.TryCursor(context, 2, out var cursor) || !TryRead(context, out var set)) return;
        ScanOptions options = default;
        if (set.Exists && !ScanOptions.TryParse(context, 3, allowsType: false, out options)) return;

        context.Reply.Array(2);
        var start = context.Reply.BeginDeferred();
        var visitor = new ScanVisitor(context.Reply, options);
        cursor = set.Exists ? set.Scan(cursor, options.Count, ref visitor) : 0;
        context.Reply.EndDeferredArray(start, visitor.Count);
        context.Reply.InsertBulkInteger(start, (long)cursor);
    }

    private static bool TryRead(CommandContext context, out SetValue set)
    {
        var isSet = context.TryRead(context.Key(1), KeyType.Set, out var entry);
        set = new SetValue(context.Values, entry);
        return isSet;
    }

    private static bool TryWrite(CommandContext context, in Key key, out SetValue set)
    {
        var isSet = context.TryWrite(key, KeyType.Set, out var entry);
        set = new SetValue(context.Values, entry);
        return isSet;
    }

    /// <summary>A set for a key that has none; it must be put there when it is filled.</summary>
    private static SetValue Create(CommandContext context, in Key key, (ValueEncoding Encoding, long Word) empty) =>
        new(context.Values, context.Keyspace.CreateEntry(key, KeyType.Set, empty.Encoding, empty.Word));

    private static void AddMoved(CommandContext context, in Key key, SetValue target, ReadOnlySpan<byte> member)
    {
        if (!target.Exists)
        {
            target = Create(context, key, SetValue.CreateEmpty(context.Values, member, members: 1));
            target.Add(member);
            context.Keyspace.Put(key, default, target.Entry);
        }
        else if (!target.Add(member))
        {
            return;
        }

        context.Modified(key, KeyspaceEvent.SAdd);
    }

    private static void PopOne(CommandContext context, in Key key, SetValue set)
    {
        if (!set.Exists)
        {
            context.Reply.Null();
            return;
        }

        // What is repeated is the choice, not the chance.
        var visitor = new PopVisitor(context, 1, isAlone: true);
        var isLast = set.Count == 1;
        if (isLast) set.Visit(ref visitor);
        else set.Pop(1, ref visitor);
        context.Removed(key, set.Entry, KeyspaceEvent.SPop, 1, isLast);
    }

    private static void PopMany(CommandContext context, in Key key, SetValue set, long count)
    {
        if (!set.Exists || count == 0)
        {
            context.Reply.Set(0);
            return;
        }

        if (count >= set.Count)
        {
            var isLazy = context.Engine.Config.LazyfreeLazyServerDel;
            var all = set.Count;
            context.Reply.Set(all);
            ReplyMembers(context, set);
            context.Keyspace.Delete(key, set.Entry, isLazy);
            context.Propagation.Instead(2).Word(isLazy ? "UNLINK"u8 : "DEL"u8).Word(key.Bytes);
            context.Modified(key, KeyspaceEvent.SPop, all);
            context.Engine.Notify(context.Keyspace, KeyspaceEvent.Del, key.Bytes);
            return;
        }

        context.Reply.Set(count);
        var visitor = new PopVisitor(context, count, isAlone: false);
        set.Pop(count, ref visitor);
        context.Propagation.Nothing();
        context.Modified(key, KeyspaceEvent.SPop, count);
    }

    private static void ReplyMembers(CommandContext context, SetValue set)
    {
        var visitor = new ReplyingVisitor(context.Reply);
        set.Visit(ref visitor);
    }

    private static void ReplyRandom(CommandContext context, SetValue set, long count)
    {
        var visitor = new ReplyingVisitor(context.Reply);
        for (; count > 0 && !context.Reply.IsOverfull; count -= RandomCount.DrawnAtOnce)
        {
            set.VisitRandom(Math.Min(count, RandomCount.DrawnAtOnce), ref visitor);
        }
    }

    /// <summary>Replies the members that are taken out, and has them repeated as SREM: one alone, or many in batches.</summary>
    private struct PopVisitor(CommandContext context, long left, bool isAlone) : IElementVisitor
    {
        private const int BatchMax = 1024;

        private long _inBatch;

        public void Visit(ListpackElement element)
        {
            var member = element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
            context.Reply.Bulk(member);
            if (_inBatch == 0)
            {
                _inBatch = Math.Min(left, BatchMax);
                var words = 2 + (int)_inBatch;
                var propagation = isAlone ? context.Propagation.Instead(words) : context.Propagation.Also(context.Keyspace.Index, words);
                propagation.Word("SREM"u8).Word(context.Args[1]);
            }

            context.Propagation.Word(member);
            _inBatch--;
            left--;
        }
    }

    private struct ScanVisitor(RespWriter reply, ScanOptions options) : IElementVisitor
    {
        public long Count { get; private set; }

        public void Visit(ListpackElement element)
        {
            var member = element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
            if (!options.Matches(member)) return;
            reply.Bulk(member);
            Count++;
        }
    }
}

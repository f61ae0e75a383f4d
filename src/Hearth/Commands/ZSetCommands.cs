using System.Buffers;
using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Sorted sets, member by member. Ranges are in <see cref="ZSetRangeCommands"/>, popping in <see cref="ZSetPopCommands"/>, and
/// several sets at once in <see cref="ZSetAlgebraCommands"/>.
/// </summary>
internal static class ZSetCommands
{
    /// <summary>Scores of so many members are kept on the stack while they are read.</summary>
    private const int FewPairs = 32;

    public static readonly Command[] Table =
    [
        new("ZADD", arity: -4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Update), ZAdd)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)) for each member, with N the size of the sorted set",
            Syntax = "key [condition@3.0.2:<NX | XX>] [comparison@6.2.0:<GT | LT>] [change=CH@3.0.2] [increment=INCR@3.0.2] "
                + "data:(score:double member)...",
            Summary = "Adds members to a sorted set or changes their scores.",
            ElementArgument = 3,
        },
        new("ZCARD", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), ZCard)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many members a sorted set has.",
        },
        new("ZINCRBY", arity: 4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), ZIncrBy)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key increment:integer member",
            Summary = "Adds a number to the score of a member.",
            ElementArgument = 3,
        },
        new("ZMSCORE", arity: -3, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZMScore)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet, Complexity = "O(N) with N the number of members given",
            Syntax = "key member...",
            Summary = "Returns the scores of several members.",
            ElementArgument = 2,
        },
        new("ZRANDMEMBER", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), ZRandMember)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet, Complexity = "O(N) with N the number of members returned",
            Syntax = "key [options:(count:integer [WITHSCORES])]",
            Summary = "Returns random members of a sorted set.",
            Tips = ["nondeterministic_output"],
        },
        new("ZRANK", arity: -3, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZRank)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key member [WITHSCORE]",
            Summary = "Returns the rank of a member, the lowest score first.",
            ElementArgument = 2,
        },
        new("ZREM", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Delete), ZRem)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(M*log(N)) with N the size of the sorted set and M the members given",
            Syntax = "key member...",
            Summary = "Removes members from a sorted set.",
            ElementArgument = 2,
        },
        new("ZREVRANK", arity: -3, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZRevRank)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key member [WITHSCORE]",
            Summary = "Returns the rank of a member, the highest score first.",
            ElementArgument = 2,
        },
        new("ZSCAN", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), ZScan)
        {
            Since = "2.8.0", Group = CommandGroup.SortedSet,
            Complexity = "O(1) for each call, O(N) for a whole iteration over N members",
            Syntax = "key cursor:integer [MATCH pattern] [COUNT count:integer]",
            Summary = "Returns some members of a sorted set with their scores, and a cursor for the next call.",
            Tips = ["nondeterministic_output"],
        },
        new("ZSCORE", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZScore)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet, Complexity = "O(1)",
            Syntax = "key member",
            Summary = "Returns the score of a member.",
            ElementArgument = 2,
        },
    ];

    private enum AddOutcome
    {
        /// <summary>An option forbids it.</summary>
        Refused,
        Unchanged,
        Updated,
        Added,
        NotANumber,
    }

    private static void ZAdd(CommandContext context)
    {
        var options = ZAddOptions.None;
        if (ZAddOptionsReader.TryRead(context, 2, ref options, out var firstPair)) Add(context, options, firstPair);
    }

    private static void ZCard(CommandContext context)
    {
        if (context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) context.Reply.Integer(new ZSetValue(context.Values, entry).Count);
    }

    /// <summary>An option in the place of the increment is read as one, as Redis does, and then the numbers of arguments don't fit.</summary>
    private static void ZIncrBy(CommandContext context)
    {
        var options = ZAddOptions.Increments;
        if (ZAddOptionsReader.TryRead(context, 2, ref options, out var firstPair)) Add(context, options, firstPair);
    }

    private static void ZMScore(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        context.Reply.Array(context.Args.Count - 2);
        for (var i = 2; i < context.Args.Count; i++) ReplyScore(context, value.Find(context.Args[i]));
    }

    private static void ZRandMember(CommandContext context)
    {
        if (context.Args.Count > 2)
        {
            ZRandMembers(context);
            return;
        }

        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Null();
            return;
        }

        var walk = new ZSetValue(context.Values, entry).Random();
        walk.MoveNext();
        context.Reply.Bulk(walk.Member);
    }

    private static void ZRank(CommandContext context) => ReplyRank(context, isReverse: false);

    private static void ZRem(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        var removed = 0;
        for (var i = 2; i < context.Args.Count && value.Count > 0; i++)
        {
            var place = value.Find(context.Args[i]);
            if (!place.Exists) continue;
            value.Remove(place);
            removed++;
        }

        context.MembersRemoved(key, entry, KeyspaceEvent.ZRem, removed);
        context.Reply.Integer(removed);
    }

    private static void ZRevRank(CommandContext context) => ReplyRank(context, isReverse: true);

    private static void ZScan(CommandContext context)
    {
        if (!ScanOptions.TryCursor(context, 2, out var cursor)) return;
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        ScanOptions options = default;
        if (entry.Exists && !ScanOptions.TryParse(context, 3, allowsType: false, out options)) return;

        context.Reply.Array(2);
        var start = context.Reply.BeginDeferred();
        var visitor = new ReplyingVisitor(context, options);
        cursor = entry.Exists ? new ZSetValue(context.Values, entry).Scan(cursor, options.Count, ref visitor) : 0;
        context.Reply.EndDeferredArray(start, visitor.Count * 2);
        context.Reply.InsertBulkInteger(start, (long)cursor);
    }

    private static void ZScore(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        ReplyScore(context, new ZSetValue(context.Values, entry).Find(context.Args[2]));
    }

    private static void ReplyScore(CommandContext context, in ZSetPlace place)
    {
        if (place.Exists) context.Reply.Double(place.Score);
        else context.Reply.Null();
    }

    private static void ReplyRank(CommandContext context, bool isReverse)
    {
        var withScore = context.Args.Count > 3;
        if (context.Args.Count > 4)
        {
            context.Reply.Error($"ERR wrong number of arguments for '{context.Command.FullName}' command");
            return;
        }

        if (withScore && !context.Is(3, "WITHSCORE"u8))
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        var place = value.Find(context.Args[2]);
        if (!place.Exists)
        {
            if (withScore) context.Reply.NullArray();
            else context.Reply.Null();
            return;
        }

        var rank = value.RankOf(place);
        if (withScore) context.Reply.Array(2);
        context.Reply.Integer(isReverse ? value.Count - 1 - rank : rank);
        if (withScore) context.Reply.Double(place.Score);
    }

    private static void Add(CommandContext context, ZAddOptions options, int firstPair)
    {
        var pairs = (context.Args.Count - firstPair) / 2;
        Span<double> few = stackalloc double[FewPairs];
        var rented = pairs > FewPairs ? ArrayPool<double>.Shared.Rent(pairs) : null;
        var scores = rented is null ? few[..pairs] : rented.AsSpan(0, pairs);
        if (TryScores(context, firstPair, scores)) Add(context, options, firstPair, scores);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>All scores are read before the first one counts: a command takes effect as a whole or not at all.</summary>
    private static bool TryScores(CommandContext context, int firstPair, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (NumberText.TryParseDouble(context.Args[firstPair + (2 * i)], out scores[i])) continue;
            context.Reply.Error(Errors.NotFloat);
            return false;
        }

        return true;
    }

    /// <summary>Adds the pairs whose members stand behind each score, and replies; GEOADD adds positions by it.</summary>
    public static void Add(CommandContext context, ZAddOptions options, int firstPair, ReadOnlySpan<double> scores, int step = 2)
    {
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var existing)) return;
        var increments = options.Has(ZAddOptions.Increments);
        if (!existing.Exists && options.Has(ZAddOptions.OnlyExisting))
        {
            if (increments) context.Reply.Null();
            else context.Reply.Integer(0);
            return;
        }

        var firstMember = firstPair + step - 1;
        var entry = existing.Exists ? existing : context.CreateZSet(key, scores.Length, context.Args[firstMember].Length);
        var value = new ZSetValue(context.Values, entry);
        if (existing.Exists) value.Expect(scores.Length);
        var (added, updated, score) = (0, 0, 0.0);
        var outcome = AddOutcome.Refused;
        for (var i = 0; i < scores.Length; i++)
        {
            score = scores[i];
            outcome = AddOne(value, context.Args[firstMember + (step * i)], options, ref score);
            if (outcome == AddOutcome.Added) added++;
            else if (outcome == AddOutcome.Updated) updated++;
        }

        if (!existing.Exists) context.Keyspace.Put(key, existing, entry);
        if (added + updated > 0)
        {
            context.Engine.Dirty += added + updated - 1;
            context.Modified(key, increments ? KeyspaceEvent.ZIncr : KeyspaceEvent.ZAdd);
        }

        if (!increments) context.Reply.Integer(options.Has(ZAddOptions.CountsChanged) ? added + updated : added);
        else if (outcome == AddOutcome.NotANumber) context.Reply.Error("ERR resulting score is not a number (NaN)"u8);
        else if (outcome == AddOutcome.Refused) context.Reply.Null();
        else context.Reply.Double(score);
    }

    private static AddOutcome AddOne(ZSetValue value, ReadOnlySpan<byte> member, ZAddOptions options, ref double score)
    {
        var place = value.Find(member);
        if (!place.Exists)
        {
            if (options.Has(ZAddOptions.OnlyExisting)) return AddOutcome.Refused;
            value.Insert(member, place, score);
            return AddOutcome.Added;
        }

        if (options.Has(ZAddOptions.OnlyNew)) return AddOutcome.Refused;
        if (options.Has(ZAddOptions.Increments)) score += place.Score;
        if (double.IsNaN(score)) return AddOutcome.NotANumber;
        if (options.Has(ZAddOptions.OnlyGreater) && score <= place.Score) return AddOutcome.Refused;
        if (options.Has(ZAddOptions.OnlyLess) && score >= place.Score) return AddOutcome.Refused;
        if (score == place.Score) return AddOutcome.Unchanged;
        value.SetScore(member, place, score);
        return AddOutcome.Updated;
    }

    private static void ZRandMembers(CommandContext context)
    {
        if (!context.TryInteger(2, out var count)) return;
        if (count == long.MinValue)
        {
            context.Reply.Error("ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"u8);
            return;
        }

        var withScores = context.Args.Count == 4 && context.Is(3, "WITHSCORES"u8);
        if (context.Args.Count > 4 || (context.Args.Count == 4 && !withScores))
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (withScores && Math.Abs(count) > long.MaxValue / 2)
        {
            context.Reply.Error("ERR value is out of range"u8);
            return;
        }

        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        if (!entry.Exists || count == 0) context.Reply.Array(0);
        else if (count < 0) ReplyRepeatedly(context, value, -count, withScores);
        else if (count >= value.Count) context.Reply.Members(value.WalkAll(), value.Count, withScores);
        else ReplySample(context, value, count, withScores);
    }

    private static void ReplyRepeatedly(CommandContext context, ZSetValue value, long count, bool withScores)
    {
        if (withScores) context.Reply.Pairs(count);
        else context.Reply.Array(count);
        for (; count > 0 && !context.Reply.IsOverfull; count--) ReplyOne(context, value.Random(), withScores);
    }

    /// <summary>So many different members by chance, in their order.</summary>
    private static void ReplySample(CommandContext context, ZSetValue value, long count, bool withScores)
    {
        if (withScores) context.Reply.Pairs(count);
        else context.Reply.Array(count);
        if (count > value.Count / 4) ReplyLargeSample(context, value, count, withScores);
        else ReplySmallSample(context, value, (int)count, withScores);
    }

    private static void ReplyLargeSample(CommandContext context, ZSetValue value, long count, bool withScores)
    {
        var rest = value.Count;
        for (var rank = 0L; count > 0; rank++, rest--)
        {
            if (context.Engine.Random.NextInt64(rest) >= count) continue;
            ReplyOne(context, value.Walk(rank, 1, isDownward: false), withScores);
            count--;
        }
    }

    /// <summary>Ranks are drawn, and those that came twice drawn again.</summary>
    private static void ReplySmallSample(CommandContext context, ZSetValue value, int count, bool withScores)
    {
        var rented = ArrayPool<long>.Shared.Rent(count);
        var ranks = rented.AsSpan(0, count);
        for (var drawn = 0; drawn < count;)
        {
            foreach (ref var rank in ranks[drawn..]) rank = context.Engine.Random.NextInt64(value.Count);
            ranks.Sort();
            drawn = 1;
            for (var i = 1; i < count; i++)
            {
                if (ranks[i] != ranks[drawn - 1]) ranks[drawn++] = ranks[i];
            }
        }

        foreach (var rank in ranks) ReplyOne(context, value.Walk(rank, 1, isDownward: false), withScores);
        ArrayPool<long>.Shared.Return(rented);
    }

    private static void ReplyOne(CommandContext context, ZSetWalk walk, bool withScores)
    {
        walk.MoveNext();
        if (withScores) context.Reply.Pair();
        context.Reply.Bulk(walk.Member);
        if (withScores) context.Reply.Double(walk.Score);
    }

    private struct ReplyingVisitor(CommandContext context, ScanOptions options) : IZSetVisitor
    {
        public int Count;

        public void Visit(ListpackElement member, double score, bool isStoredAsText)
        {
            Span<byte> text = stackalloc byte[NumberText.MaxDoubleLength];
            if (!options.Matches(member.ToBytes(text))) return;
            context.Reply.Bulk(member);
            var length = isStoredAsText ? NumberText.FormatDouble(score, text) : NumberText.FormatSeventeenDigits(score, text);
            context.Reply.Bulk(text[..length]);
            Count++;
        }
    }
}

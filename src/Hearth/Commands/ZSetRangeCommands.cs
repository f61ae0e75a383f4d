using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Ranges of sorted sets, by rank, by score and by member: read, counted, stored, removed.</summary>
internal static class ZSetRangeCommands
{
    public static readonly Command[] Table =
    [
        new("ZCOUNT", arity: 4, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZCount)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key min:double max:double",
            Summary = "Counts the members with scores in a range.",
        },
        new("ZLEXCOUNT", arity: 4, ReadOnly | Fast, KeySpec.At(1, Read | Access), ZLexCount)
        {
            Since = "2.8.9", Group = CommandGroup.SortedSet, Complexity = "O(log(N)) with N the size of the sorted set",
            Syntax = "key min max",
            Summary = "Counts the members in a lexicographical range.",
        },
        new("ZRANGE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRange)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key start stop [sortby@6.2.0:<BYSCORE | BYLEX>] [REV@6.2.0] [LIMIT limit@6.2.0:(offset:integer count:integer)] "
                + "[WITHSCORES]",
            Summary = "Returns the members in a range of ranks, scores or names.",
        },
        new("ZRANGEBYLEX", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRangeByLex)
        {
            Since = "2.8.9", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key min max [LIMIT limit:(offset:integer count:integer)]",
            Summary = "Returns the members in a lexicographical range.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `BYLEX` argument",
        },
        new("ZRANGEBYSCORE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRangeByScore)
        {
            Since = "1.0.5", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key min:double max:double [WITHSCORES@2.0.0] [LIMIT limit:(offset:integer count:integer)]",
            Summary = "Returns the members with scores in a range.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `BYSCORE` argument",
        },
        new("ZRANGESTORE", arity: -5, Write | DenyOom, [KeySpec.At(1, Overwrite | Update), KeySpec.At(2, Read | Access)], ZRangeStore)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members stored",
            Syntax = "dst:key src:key min max [sortby:<BYSCORE | BYLEX>] [REV] [LIMIT limit:(offset:integer count:integer)]",
            Summary = "Stores the members in a range of ranks, scores or names.",
        },
        new("ZREMRANGEBYLEX", arity: 4, Write, KeySpec.At(1, ReadWrite | Delete), ZRemRangeByLex)
        {
            Since = "2.8.9", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members removed",
            Syntax = "key min max",
            Summary = "Removes the members in a lexicographical range.",
        },
        new("ZREMRANGEBYRANK", arity: 4, Write, KeySpec.At(1, ReadWrite | Delete), ZRemRangeByRank)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members removed",
            Syntax = "key start:integer stop:integer",
            Summary = "Removes the members in a range of ranks.",
        },
        new("ZREMRANGEBYSCORE", arity: 4, Write, KeySpec.At(1, ReadWrite | Delete), ZRemRangeByScore)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members removed",
            Syntax = "key min:double max:double",
            Summary = "Removes the members with scores in a range.",
        },
        new("ZREVRANGE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRevRange)
        {
            Since = "1.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key start:integer stop:integer [WITHSCORES]",
            Summary = "Returns the members in a range of ranks, the highest score first.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` argument",
        },
        new("ZREVRANGEBYLEX", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRevRangeByLex)
        {
            Since = "2.8.9", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key max min [LIMIT limit:(offset:integer count:integer)]",
            Summary = "Returns the members in a lexicographical range, the last one first.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` and `BYLEX` arguments",
        },
        new("ZREVRANGEBYSCORE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), ZRevRangeByScore)
        {
            Since = "2.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(log(N)+M) with N the size of the sorted set and M the members returned",
            Syntax = "key max:double min:double [WITHSCORES] [LIMIT limit:(offset:integer count:integer)]",
            Summary = "Returns the members with scores in a range, the highest first.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` and `BYSCORE` arguments",
        },
    ];

    private static void ZCount(CommandContext context)
    {
        if (!ZRangeQuery.TryScores(context, 2, 3, out var range)) return;
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        context.Reply.Integer(entry.Exists ? new ZSetValue(context.Values, entry).Resolve(range).Count : 0);
    }

    private static void ZLexCount(CommandContext context)
    {
        if (!ZRangeQuery.TryMembers(context, 2, 3, out var range)) return;
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        context.Reply.Integer(entry.Exists ? new ZSetValue(context.Values, entry).Resolve(range, fromEnd: false).Count : 0);
    }

    private static void ZRange(CommandContext context) => ReplyRange(context, ZRangeKind.Open, ZRangeOrder.Open);

    private static void ZRangeByLex(CommandContext context) => ReplyRange(context, ZRangeKind.Lex, ZRangeOrder.Upward);

    private static void ZRangeByScore(CommandContext context) => ReplyRange(context, ZRangeKind.Score, ZRangeOrder.Upward);

    private static void ZRangeStore(CommandContext context)
    {
        if (!ZRangeQuery.TryParse(context, 3, ZRangeKind.Open, ZRangeOrder.Open, stores: true, out var query)) return;
        if (!context.TryRead(context.Key(2), KeyType.SortedSet, out var source)) return;
        var target = context.Key(1);
        var built = default(Entry);
        if (source.Exists)
        {
            var walk = query.Walk(new ZSetValue(context.Values, source), out var count);
            if (count > 0) built = Build(context, target, walk, count);
        }

        context.StoreZSet(target, built, KeyspaceEvent.ZRangeStore);
    }

    private static void ZRemRangeByLex(CommandContext context)
    {
        if (!ZRangeQuery.TryMembers(context, 2, 3, out var range)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var entry)) return;
        var ranks = entry.Exists ? new ZSetValue(context.Values, entry).Resolve(range, fromEnd: false) : default;
        RemoveRanks(context, key, entry, ranks, KeyspaceEvent.ZRemRangeByLex);
    }

    private static void ZRemRangeByRank(CommandContext context)
    {
        if (!context.TryInteger(2, out var start) || !context.TryInteger(3, out var stop)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var entry)) return;
        var ranks = ZRangeQuery.ResolveRanks(start, stop, new ZSetValue(context.Values, entry).Count);
        RemoveRanks(context, key, entry, ranks, KeyspaceEvent.ZRemRangeByRank);
    }

    private static void ZRemRangeByScore(CommandContext context)
    {
        if (!ZRangeQuery.TryScores(context, 2, 3, out var range)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.SortedSet, out var entry)) return;
        var ranks = entry.Exists ? new ZSetValue(context.Values, entry).Resolve(range) : default;
        RemoveRanks(context, key, entry, ranks, KeyspaceEvent.ZRemRangeByScore);
    }

    private static void ZRevRange(CommandContext context) => ReplyRange(context, ZRangeKind.Rank, ZRangeOrder.Downward);

    private static void ZRevRangeByLex(CommandContext context) => ReplyRange(context, ZRangeKind.Lex, ZRangeOrder.Downward);

    private static void ZRevRangeByScore(CommandContext context) => ReplyRange(context, ZRangeKind.Score, ZRangeOrder.Downward);

    private static void ReplyRange(CommandContext context, ZRangeKind kind, ZRangeOrder order)
    {
        if (!ZRangeQuery.TryParse(context, 2, kind, order, stores: false, out var query)) return;
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Array(0);
            return;
        }

        var walk = query.Walk(new ZSetValue(context.Values, entry), out var count);
        context.Reply.Members(walk, count, query.WithScores);
    }

    private static Entry Build(CommandContext context, in Key key, ZSetWalk walk, long count)
    {
        var entry = context.CreateZSet(key, count, memberBytes: 0);
        var value = new ZSetValue(context.Values, entry);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        while (walk.MoveNext())
        {
            var member = walk.Member.ToBytes(scratch);
            value.Insert(member, value.PlaceOfNew(member), walk.Score);
        }

        return entry;
    }

    private static void RemoveRanks(CommandContext context, in Key key, Entry entry, (long Rank, long Count) ranks, KeyspaceEvent keyspaceEvent)
    {
        if (ranks.Count > 0)
        {
            new ZSetValue(context.Values, entry).RemoveRange(ranks.Rank, ranks.Count);
            context.MembersRemoved(key, entry, keyspaceEvent, ranks.Count);
        }

        context.Reply.Integer(ranks.Count);
    }
}

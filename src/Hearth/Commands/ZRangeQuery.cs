using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>By what a range of a sorted set is meant.</summary>
internal enum ZRangeKind
{
    /// <summary>ZRANGE lets BYSCORE and BYLEX say it; without them it is ranks.</summary>
    Open,
    Rank,
    Score,
    Lex,
}

internal enum ZRangeOrder
{
    /// <summary>ZRANGE lets REV say it.</summary>
    Open,
    Upward,
    Downward,
}

/// <summary>A range with its options, as ZRANGE and its older kin read it, and what it comes to in a sorted set.</summary>
internal readonly struct ZRangeQuery
{
    private ZRangeKind Kind { get; init; }

    private bool IsDownward { get; init; }

    public bool WithScores { get; private init; }

    private long Offset { get; init; }

    /// <summary>No limit when negative.</summary>
    private long Limit { get; init; }

    private long Start { get; init; }

    private long Stop { get; init; }

    private ScoreRange Scores { get; init; }

    private LexRange Members { get; init; }

    /// <summary>Reads the two bounds from this argument on and the options behind them; false after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, int argument, ZRangeKind kind, ZRangeOrder order, bool stores, out ZRangeQuery query)
    {
        query = default;
        var withScores = false;
        var (offset, limit) = (0L, -1L);
        for (var i = argument + 2; i < context.Args.Count; i++)
        {
            if (!stores && context.Is(i, "WITHSCORES"u8)) withScores = true;
            else if (i + 2 < context.Args.Count && context.Is(i, "LIMIT"u8))
            {
                if (!context.TryInteger(i + 1, out offset) || !context.TryInteger(i + 2, out limit)) return false;
                i += 2;
            }
            else if (order == ZRangeOrder.Open && context.Is(i, "REV"u8)) order = ZRangeOrder.Downward;
            else if (kind == ZRangeKind.Open && context.Is(i, "BYLEX"u8)) kind = ZRangeKind.Lex;
            else if (kind == ZRangeKind.Open && context.Is(i, "BYSCORE"u8)) kind = ZRangeKind.Score;
            else return Refuse(context, Errors.Syntax);
        }

        if (kind == ZRangeKind.Open) kind = ZRangeKind.Rank;
        if (limit != -1 && kind == ZRangeKind.Rank)
        {
            return Refuse(context, "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"u8);
        }

        if (withScores && kind == ZRangeKind.Lex)
        {
            return Refuse(context, "ERR syntax error, WITHSCORES not supported in combination with BYLEX"u8);
        }

        var options = new ZRangeQuery
        {
            Kind = kind,
            IsDownward = order == ZRangeOrder.Downward,
            WithScores = withScores,
            Offset = offset,
            Limit = limit,
        };
        return TryBounds(context, argument, options, out query);
    }

    /// <summary>The bounds of scores in two arguments; false after it has replied that they are none.</summary>
    public static bool TryScores(CommandContext context, int min, int max, out ScoreRange range) =>
        ScoreRange.TryParse(context.Args[min], context.Args[max], out range) || Refuse(context, "ERR min or max is not a float"u8);

    /// <summary>The bounds of members in two arguments; false after it has replied that they are none.</summary>
    public static bool TryMembers(CommandContext context, int min, int max, out LexRange range) =>
        LexRange.TryParse(context.Args.Slice(min), context.Args.Slice(max), out range)
        || Refuse(context, "ERR min or max not valid string range item"u8);

    /// <summary>Ranks that may count from the end, as the first rank and how many there are; none if the range is empty.</summary>
    public static (long Rank, long Count) ResolveRanks(long start, long stop, long count)
    {
        if (start < 0) start = Math.Max(start + count, 0);
        if (stop < 0) stop += count;
        return start > stop || start >= count ? default : (start, Math.Min(stop, count - 1) - start + 1);
    }

    /// <summary>The members of the range in their order, and how many they are.</summary>
    public ZSetWalk Walk(ZSetValue value, out long count)
    {
        // A negative offset is one that is never reached, as is one past the end: nobody has to reckon with greater numbers.
        var skipped = Offset < 0 ? value.Count : Math.Min(Offset, value.Count);
        switch (Kind)
        {
            case ZRangeKind.Score: return value.Walk(Scores, skipped, Limit, IsDownward, out count);
            case ZRangeKind.Lex: return value.Walk(Members, skipped, Limit, IsDownward, out count);
            default:
                (var rank, count) = ResolveRanks(Start, Stop, value.Count);
                return value.Walk(IsDownward ? value.Count - 1 - rank : rank, count, IsDownward);
        }
    }

    private static bool TryBounds(CommandContext context, int argument, in ZRangeQuery options, out ZRangeQuery query)
    {
        query = default;
        // Walking downwards, the greater bound comes first; ranks count from where the walk begins.
        var (min, max) = options.IsDownward ? (argument + 1, argument) : (argument, argument + 1);
        switch (options.Kind)
        {
            case ZRangeKind.Score:
                if (!TryScores(context, min, max, out var scores)) return false;
                query = options with { Scores = scores };
                return true;
            case ZRangeKind.Lex:
                if (!TryMembers(context, min, max, out var members)) return false;
                query = options with { Members = members };
                return true;
            default:
                if (!context.TryInteger(argument, out var start) || !context.TryInteger(argument + 1, out var stop)) return false;
                query = options with { Start = start, Stop = stop };
                return true;
        }
    }

    private static bool Refuse(CommandContext context, ReadOnlySpan<byte> error)
    {
        context.Reply.Error(error);
        return false;
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Several sorted sets at once; plain sets may be among them.</summary>
internal static class ZSetAlgebraCommands
{
    public static readonly Command[] Table =
    [
        new("ZDIFF", arity: -3, ReadOnly, KeySpec.Counted(1, Read | Access), ZDiff)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(L+(N-K)*log(N)) at worst, with L members in all sets, N in the first and K in the result",
            Syntax = "numkeys:integer key... [WITHSCORES]",
            Summary = "Returns the members of the first sorted set that no other one has.",
        },
        new("ZDIFFSTORE", arity: -4, Write | DenyOom, [KeySpec.At(1, Overwrite | Update), KeySpec.Counted(2, Read | Access)], ZDiffStore)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(L+(N-K)*log(N)) at worst, with L members in all sets, N in the first and K in the result",
            Syntax = "destination:key numkeys:integer key...",
            Summary = "Stores the members of the first sorted set that no other one has.",
        },
        new("ZINTER", arity: -3, ReadOnly, KeySpec.Counted(1, Read | Access), ZInter)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(N*K)+O(M*log(M)) at worst, with N members in the smallest set, K sets and M members in the result",
            Syntax = "numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate:<SUM | MIN | MAX>] [WITHSCORES]",
            Summary = "Returns the members that all sorted sets have.",
        },
        new("ZINTERCARD", arity: -3, ReadOnly, KeySpec.Counted(1, Read | Access), ZInterCard)
        {
            Since = "7.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(N*K) at worst, with N members in the smallest set and K sets",
            Syntax = "numkeys:integer key... [LIMIT limit:integer]",
            Summary = "Counts the members that all sorted sets have.",
        },
        new("ZINTERSTORE", arity: -4, Write | DenyOom,
            [KeySpec.At(1, Overwrite | Update), KeySpec.Counted(2, Read | Access)], ZInterStore)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(N*K)+O(M*log(M)) at worst, with N members in the smallest set, K sets and M members in the result",
            Syntax = "destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate:<SUM | MIN | MAX>]",
            Summary = "Stores the members that all sorted sets have.",
        },
        new("ZUNION", arity: -3, ReadOnly, KeySpec.Counted(1, Read | Access), ZUnion)
        {
            Since = "6.2.0", Group = CommandGroup.SortedSet,
            Complexity = "O(N)+O(M*log(M)) with N members in all sets and M in the result",
            Syntax = "numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate:<SUM | MIN | MAX>] [WITHSCORES]",
            Summary = "Returns the members that any of the sorted sets has.",
        },
        new("ZUNIONSTORE", arity: -4, Write | DenyOom,
            [KeySpec.At(1, Overwrite | Update), KeySpec.Counted(2, Read | Access)], ZUnionStore)
        {
            Since = "2.0.0", Group = CommandGroup.SortedSet,
            Complexity = "O(N)+O(M*log(M)) with N members in all sets and M in the result",
            Syntax = "destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate:<SUM | MIN | MAX>]",
            Summary = "Stores the members that any of the sorted sets has.",
        },
    ];

    private enum Operation
    {
        Union,
        Intersection,
        Difference,
    }

    private static void ZDiff(CommandContext context) => Run(context, Operation.Difference, numKeys: 1, KeyspaceEvent.ZDiffStore);

    private static void ZDiffStore(CommandContext context) => Run(context, Operation.Difference, numKeys: 2, KeyspaceEvent.ZDiffStore);

    private static void ZInter(CommandContext context) => Run(context, Operation.Intersection, numKeys: 1, KeyspaceEvent.ZInterStore);

    private static void ZInterCard(CommandContext context)
    {
        if (!TryCount(context, 1, out var keys)) return;
        using var operands = new WeightedOperands(keys);
        if (!TryOperands(context, 2, operands.Span)) return;
        var limit = 0L;
        for (var i = 2 + keys; i < context.Args.Count; i += 2)
        {
            if (i + 1 == context.Args.Count || !context.Is(i, "LIMIT"u8))
            {
                context.Reply.Error(Errors.Syntax);
                return;
            }

            if (!context.TryInteger(i + 1, 0, long.MaxValue, out limit, "ERR LIMIT can't be negative"u8)) return;
        }

        ZSetAlgebra.SortByCount(context.Values, operands);
        context.Reply.Integer(ZSetAlgebra.CountCommon(context.Values, operands, limit));
    }

    private static void ZInterStore(CommandContext context) => Run(context, Operation.Intersection, numKeys: 2, KeyspaceEvent.ZInterStore);

    private static void ZUnion(CommandContext context) => Run(context, Operation.Union, numKeys: 1, KeyspaceEvent.ZUnionStore);

    private static void ZUnionStore(CommandContext context) => Run(context, Operation.Union, numKeys: 2, KeyspaceEvent.ZUnionStore);

    /// <summary>The keys stand behind their number, and where that is not the first argument, the first one is where to store.</summary>
    private static void Run(CommandContext context, Operation operation, int numKeys, KeyspaceEvent storeEvent)
    {
        var stores = numKeys > 1;
        if (!TryCount(context, numKeys, out var keys)) return;
        using var operands = new WeightedOperands(keys);
        if (!TryOperands(context, numKeys + 1, operands.Span)) return;
        if (!TryOptions(context, numKeys + 1 + keys, operation, stores, operands.Span, out var aggregate, out var withScores)) return;

        using var result = new ZSetBuilder(context.Values);
        switch (operation)
        {
            case Operation.Union:
                ZSetAlgebra.SortByCount(context.Values, operands);
                ZSetAlgebra.Unite(context.Values, operands, aggregate, result);
                break;
            case Operation.Intersection:
                ZSetAlgebra.SortByCount(context.Values, operands);
                ZSetAlgebra.Intersect(context.Values, operands, aggregate, result);
                break;
            default:
                ZSetAlgebra.Subtract(context.Values, operands, result);
                break;
        }

        if (stores) context.StoreZSet(context.Key(1), result, storeEvent);
        else ReplyResult(context, result, withScores);
    }

    private static void ReplyResult(CommandContext context, ZSetBuilder result, bool withScores)
    {
        result.Sort();
        if (withScores) context.Reply.Pairs(result.Count);
        else context.Reply.Array(result.Count);
        for (var rank = 0; rank < result.Count; rank++)
        {
            if (withScores) context.Reply.Pair();
            context.Reply.Bulk(result.MemberAt(rank));
            if (withScores) context.Reply.Double(result.ScoreAt(rank));
        }
    }

    /// <summary>The number of keys, which as many arguments follow at least; false after it has replied what is wrong.</summary>
    private static bool TryCount(CommandContext context, int argument, out int keys)
    {
        keys = 0;
        if (!context.TryInteger(argument, out var number)) return false;
        if (number < 1)
        {
            context.Reply.Error($"ERR at least 1 input key is needed for '{context.Command.FullName}' command");
            return false;
        }

        if (number > context.Args.Count - argument - 1)
        {
            context.Reply.Error(Errors.Syntax);
            return false;
        }

        keys = (int)number;
        return true;
    }

    private static bool TryOperands(CommandContext context, int firstKey, Span<WeightedOperand> operands)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            var entry = context.Read(context.Key(firstKey + i));
            if (!ZSetOperand.IsAllowed(entry))
            {
                context.Reply.Error(Errors.WrongType);
                return false;
            }

            operands[i] = new WeightedOperand(new ZSetOperand(entry), weight: 1);
        }

        return true;
    }

    private static bool TryOptions(
        CommandContext context, int argument, Operation operation, bool stores, Span<WeightedOperand> operands, out ScoreAggregate aggregate,
        out bool withScores)
    {
        (aggregate, withScores) = (ScoreAggregate.Sum, false);
        while (argument < context.Args.Count)
        {
            var rest = context.Args.Count - argument;
            if (operation != Operation.Difference && rest > operands.Length && context.Is(argument, "WEIGHTS"u8))
            {
                if (!TryWeights(context, argument + 1, operands)) return false;
                argument += 1 + operands.Length;
            }
            else if (operation != Operation.Difference && rest >= 2 && context.Is(argument, "AGGREGATE"u8) && TryAggregate(context, argument + 1, ref aggregate))
            {
                argument += 2;
            }
            else if (!stores && context.Is(argument, "WITHSCORES"u8))
            {
                withScores = true;
                argument++;
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        return true;
    }

    private static bool TryWeights(CommandContext context, int argument, Span<WeightedOperand> operands)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            if (!NumberText.TryParseDouble(context.Args[argument + i], out var weight))
            {
                context.Reply.Error("ERR weight value is not a float"u8);
                return false;
            }

            operands[i] = operands[i].WithWeight(weight);
        }

        return true;
    }

    private static bool TryAggregate(CommandContext context, int argument, ref ScoreAggregate aggregate)
    {
        if (context.Is(argument, "SUM"u8)) aggregate = ScoreAggregate.Sum;
        else if (context.Is(argument, "MIN"u8)) aggregate = ScoreAggregate.Min;
        else if (context.Is(argument, "MAX"u8)) aggregate = ScoreAggregate.Max;
        else return false;
        return true;
    }
}

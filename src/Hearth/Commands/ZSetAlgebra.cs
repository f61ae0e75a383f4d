using System.Buffers;
using System.Runtime.CompilerServices;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>What becomes of the scores that a member has in several sets.</summary>
internal enum ScoreAggregate
{
    Sum,
    Min,
    Max,
}

/// <summary>A set with the factor that its scores count by.</summary>
internal readonly struct WeightedOperand(ZSetOperand operand, double weight, long count = 0, int place = 0)
{
    public ZSetOperand Operand { get; } = operand;

    public double Weight { get; } = weight;

    /// <summary>How many members it has; known once the operands are to be sorted.</summary>
    public long Count { get; } = count;

    /// <summary>Where it stood before it was sorted.</summary>
    public int Place { get; } = place;

    public double Weigh(double score) => Weight * score;

    public WeightedOperand WithWeight(double weight) => new(Operand, weight);

    public WeightedOperand WithOrder(long count, int place) => new(Operand, Weight, count, place);
}

/// <summary>The operands of one command, in an array that is borrowed.</summary>
internal readonly struct WeightedOperands(int count) : IDisposable
{
    private readonly WeightedOperand[] _array = ArrayPool<WeightedOperand>.Shared.Rent(count);

    public Span<WeightedOperand> Span => _array.AsSpan(0, count);

    public void Dispose() => ArrayPool<WeightedOperand>.Shared.Return(_array);
}

/// <summary>
/// Union, intersection and difference of sets with scores. Sums of floating point numbers depend on their order, so the order is Redis's:
/// smaller sets first, equal ones as they were given. Whatever would be no number is 0.
/// </summary>
internal static class ZSetAlgebra
{
    public static void SortByCount(ValueSpace space, WeightedOperands list)
    {
        var operands = list.Span;
        for (var i = 0; i < operands.Length; i++) operands[i] = operands[i].WithOrder(operands[i].Operand.CountIn(space), i);
        operands.Sort(static (one, other) => one.Count != other.Count ? one.Count.CompareTo(other.Count) : one.Place.CompareTo(other.Place));
    }

    public static void Unite(ValueSpace space, WeightedOperands operands, ScoreAggregate aggregate, ZSetBuilder result)
    {
        foreach (ref readonly var operand in operands.Span)
        {
            var visitor = new UnitingVisitor(operand, aggregate, result);
            operand.Operand.Visit(space, ref visitor);
        }
    }

    public static void Intersect(ValueSpace space, WeightedOperands operands, ScoreAggregate aggregate, ZSetBuilder result)
    {
        var visitor = new IntersectingVisitor(space, operands, aggregate, result);
        operands.Span[0].Operand.Visit(space, ref visitor);
    }

    /// <summary>How many members are in all of them; counting stops at the limit, 0 for none.</summary>
    public static long CountCommon(ValueSpace space, WeightedOperands operands, long limit)
    {
        var visitor = new CountingVisitor(space, operands, limit);
        operands.Span[0].Operand.Visit(space, ref visitor);
        return visitor.Count;
    }

    /// <summary>The members of the first that no other has.</summary>
    public static void Subtract(ValueSpace space, WeightedOperands operands, ZSetBuilder result)
    {
        var visitor = new SubtractingVisitor(space, operands, result);
        operands.Span[0].Operand.Visit(space, ref visitor);
    }

    private static double NumberOr0(double score) => double.IsNaN(score) ? 0 : score;

    private static double Combine(ScoreAggregate aggregate, double score, double other) => aggregate switch
    {
        ScoreAggregate.Sum => NumberOr0(score + other),
        ScoreAggregate.Min => other < score ? other : score,
        _ => other > score ? other : score,
    };

    private readonly struct UnitingVisitor(WeightedOperand operand, ScoreAggregate aggregate, ZSetBuilder result) : IScoredVisitor
    {
        /// <summary>The members of the first set can't be there yet.</summary>
        private readonly bool _isFirst = result.Count == 0;

        public bool IsDone => false;

        public void Visit(ulong hash, scoped ReadOnlySpan<byte> member, double score)
        {
            score = NumberOr0(operand.Weigh(score));
            if (!_isFirst)
            {
                ref var united = ref result.Find(hash, member);
                if (!Unsafe.IsNullRef(ref united))
                {
                    united = Combine(aggregate, united, score);
                    return;
                }
            }

            result.Add(hash, member, score);
        }
    }

    private readonly struct IntersectingVisitor(
        ValueSpace space, WeightedOperands operands, ScoreAggregate aggregate, ZSetBuilder result) : IScoredVisitor
    {
        public bool IsDone => false;

        public void Visit(ulong hash, scoped ReadOnlySpan<byte> member, double score)
        {
            score = NumberOr0(operands.Span[0].Weigh(score));
            foreach (ref readonly var other in operands.Span[1..])
            {
                if (!other.Operand.TryGetScore(space, hash, member, out var otherScore)) return;
                score = Combine(aggregate, score, other.Weigh(otherScore));
            }

            result.Add(hash, member, score);
        }
    }

    private struct CountingVisitor(ValueSpace space, WeightedOperands operands, long limit) : IScoredVisitor
    {
        public long Count { get; private set; }

        public readonly bool IsDone => limit > 0 && Count == limit;

        public void Visit(ulong hash, scoped ReadOnlySpan<byte> member, double score)
        {
            foreach (ref readonly var other in operands.Span[1..])
            {
                if (!other.Operand.TryGetScore(space, hash, member, out _)) return;
            }

            Count++;
        }
    }

    private readonly struct SubtractingVisitor(ValueSpace space, WeightedOperands operands, ZSetBuilder result) : IScoredVisitor
    {
        public bool IsDone => false;

        public void Visit(ulong hash, scoped ReadOnlySpan<byte> member, double score)
        {
            foreach (ref readonly var other in operands.Span[1..])
            {
                if (other.Operand.TryGetScore(space, hash, member, out _)) return;
            }

            result.Add(hash, member, score);
        }
    }
}

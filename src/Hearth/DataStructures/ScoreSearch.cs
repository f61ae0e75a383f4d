using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hearth.DataStructures;

/// <summary>
/// Searches in the arrays of one node of a <see cref="ScoreTree"/>. Scores are compared eight at a time from the front: at the size
/// of a node this beats halving, whose loads wait for each other. Loads of eight may reach past the entries in use, but not past the
/// node's block.
/// </summary>
internal static unsafe class ScoreSearch
{
    private const int Lanes = 8;

    /// <summary>How many scores at the front are less than this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(double* scores, int count, double score)
    {
        var wanted = Vector512.Create(score);
        for (var index = 0; index < count; index += Lanes)
        {
            var less = (uint)Vector512.LessThan(Vector512.Load(scores + index), wanted).ExtractMostSignificantBits();
            if (less != (1u << Lanes) - 1) return Math.Min(index + BitOperations.TrailingZeroCount(~less), count);
        }

        return count;
    }

    /// <summary>How many scores at the front are less than this one or equal to it.</summary>
    public static int CountLessOrEqual(double* scores, int count, double score)
    {
        var wanted = Vector512.Create(score);
        for (var index = 0; index < count; index += Lanes)
        {
            var less = (uint)Vector512.LessThanOrEqual(Vector512.Load(scores + index), wanted).ExtractMostSignificantBits();
            if (less != (1u << Lanes) - 1) return Math.Min(index + BitOperations.TrailingZeroCount(~less), count);
        }

        return count;
    }

    /// <summary>How many entries at the front are not above this score and member.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountNotAbove(double* scores, nint* members, int count, double score, nint member)
    {
        var less = CountLess(scores, count, score);
        if (less == count || scores[less] != score) return less;
        return CountTies(scores, members, count, less, score, ScoredMember.BytesOf(member), isInclusive: true);
    }

    /// <summary>How many entries at the front have a member less than this one, or equal to it; their scores are taken to be all the same.</summary>
    public static int CountBelow(nint* members, int count, ReadOnlySpan<byte> member, bool isInclusive) =>
        Halve(members, 0, count, member, isInclusive);

    public static long Sum(uint* counts, int count)
    {
        var sum = 0L;
        var index = 0;
        var sums = Vector256<uint>.Zero;
        for (; index <= count - Vector256<uint>.Count; index += Vector256<uint>.Count) sums += Vector256.Load(counts + index);
        for (; index < count; index++) sum += counts[index];
        return sum + Vector256.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CountTies(double* scores, nint* members, int count, int from, double score, ReadOnlySpan<byte> member, bool isInclusive)
    {
        Debug.Assert(scores[from] == score);
        var to = from + CountLessOrEqual(scores + from, Math.Min(Lanes, count - from), score);
        if (to == from + Lanes) to = CountLessOrEqual(scores, count, score);
        return Halve(members, from, to, member, isInclusive);
    }

    private static int Halve(nint* members, int from, int to, ReadOnlySpan<byte> member, bool isInclusive)
    {
        while (from < to)
        {
            var middle = (from + to) >> 1;
            var order = ScoredMember.BytesOf(members[middle]).SequenceCompareTo(member);
            if (order < 0 || (order == 0 && isInclusive)) from = middle + 1;
            else to = middle;
        }

        return from;
    }
}

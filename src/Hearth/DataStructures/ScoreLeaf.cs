using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A leaf of a <see cref="ScoreTree"/>: the elements themselves, in order, as two arrays side by side.
/// <code>
///    0  count                    2 bytes
///    8  next leaf                8 bytes
///   16  scores                   62 times 8 bytes
///  512  addresses of members     62 times 8 bytes
/// 1008  previous leaf            8 bytes
/// </code>
/// Comparing scores stays within the block; a member is looked at only where scores are equal. The block is kept at a size of the
/// heap's classes that is a multiple of the cache line.
/// </summary>
internal readonly unsafe struct ScoreLeaf(byte* block)
{
    public const int Bytes = 1024;
    public const int Capacity = 62;

    /// <summary>Two leaves become one when together they have no more than this, so that the next insertions don't split it again.</summary>
    public const int MergedCountMax = Capacity * 3 / 4;

    private const int NextOffset = 8;
    private const int ScoresOffset = 16;
    private const int MembersOffset = ScoresOffset + Capacity * sizeof(double);
    private const int PreviousOffset = MembersOffset + Capacity * sizeof(long);

    public byte* Block => block;

    public int Count
    {
        get => *(ushort*)block;
        set => *(ushort*)block = (ushort)value;
    }

    public byte* Next
    {
        get => *(byte**)(block + NextOffset);
        set => *(byte**)(block + NextOffset) = value;
    }

    public byte* Previous
    {
        get => *(byte**)(block + PreviousOffset);
        set => *(byte**)(block + PreviousOffset) = value;
    }

    public double* Scores => (double*)(block + ScoresOffset);

    public nint* Members => (nint*)(block + MembersOffset);

    /// <summary>Asks for the whole leaf: one after the other, its lines would come too late.</summary>
    public static void Prefetch(byte* block)
    {
        for (var line = 0; line < Bytes; line += CacheLine.Bytes) CacheLine.Prefetch(block + line);
    }

    public void Initialize()
    {
        Count = 0;
        Next = Previous = null;
    }

    /// <summary>Where a new element belongs: how many of this leaf come before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PlaceOf(double score, nint member) => ScoreSearch.CountNotAbove(Scores, Members, Count, score, member);

    /// <summary>Where this element is, told by its address: no member is looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(double score, nint member)
    {
        var index = ScoreSearch.CountLess(Scores, Count, score);
        if (index < Count && Members[index] == member) return index;
        return index + new ReadOnlySpan<nint>(Members + index, Count - index).IndexOf(member);
    }

    public void Insert(int at, double score, nint member)
    {
        var behind = Count - at;
        Debug.Assert(Count < Capacity && behind >= 0);
        new Span<double>(Scores + at, behind).CopyTo(new Span<double>(Scores + at + 1, behind));
        new Span<nint>(Members + at, behind).CopyTo(new Span<nint>(Members + at + 1, behind));
        Scores[at] = score;
        Members[at] = member;
        Count++;
    }

    public void Remove(int at, int count)
    {
        var behind = Count - at - count;
        Debug.Assert(at >= 0 && behind >= 0);
        new Span<double>(Scores + at + count, behind).CopyTo(new Span<double>(Scores + at, behind));
        new Span<nint>(Members + at + count, behind).CopyTo(new Span<nint>(Members + at, behind));
        Count -= count;
    }

    /// <summary>Moves the elements from here on to the end of another leaf.</summary>
    public void MoveTail(int from, ScoreLeaf target)
    {
        var (moved, end) = (Count - from, target.Count);
        Debug.Assert(end + moved <= Capacity);
        new Span<double>(Scores + from, moved).CopyTo(new Span<double>(target.Scores + end, moved));
        new Span<nint>(Members + from, moved).CopyTo(new Span<nint>(target.Members + end, moved));
        target.Count = end + moved;
        Count = from;
    }
}

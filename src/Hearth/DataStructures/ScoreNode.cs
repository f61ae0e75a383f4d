using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>
/// An inner node of a <see cref="ScoreTree"/>: for every child its first element, its address, and how many elements are below it.
/// <code>
///    0  count                                      2 bytes
///   16  scores of the first elements              63 times 8 bytes
///  520  addresses of the first members            63 times 8 bytes
/// 1024  children                                  63 times 8 bytes
/// 1528  elements below each child                 63 times 4 bytes
/// </code>
/// The first elements are exact, the one of child 0 too: a removal that takes a first element corrects them up the path. So an
/// address in here is always that of a live member.
/// </summary>
internal readonly unsafe struct ScoreNode(byte* block)
{
    public const int Bytes = 1792;
    public const int Capacity = 63;

    /// <summary>Two nodes become one when together they have no more children than this.</summary>
    public const int MergedCountMax = Capacity * 3 / 4;

    private const int ScoresOffset = 16;
    private const int MembersOffset = ScoresOffset + Capacity * sizeof(double);
    private const int ChildrenOffset = MembersOffset + Capacity * sizeof(long);
    private const int CountsOffset = ChildrenOffset + Capacity * sizeof(long);

    public byte* Block => block;

    public int Count
    {
        get => *(ushort*)block;
        set => *(ushort*)block = (ushort)value;
    }

    public double* Scores => (double*)(block + ScoresOffset);

    public nint* Members => (nint*)(block + MembersOffset);

    public byte** Children => (byte**)(block + ChildrenOffset);

    public uint* Counts => (uint*)(block + CountsOffset);

    /// <summary>The child to which an element belongs: the last one that does not begin above it, -1 if all do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ChildOf(double score, nint member) => ScoreSearch.CountNotAbove(Scores, Members, Count, score, member) - 1;

    public void SetFirst(int index, double score, nint member)
    {
        Scores[index] = score;
        Members[index] = member;
    }

    public void Insert(int at, double score, nint member, byte* child, long elements)
    {
        Debug.Assert(Count < Capacity && at <= Count);
        Move(block, at, block, at + 1, Count - at);
        SetFirst(at, score, member);
        Children[at] = child;
        Counts[at] = (uint)elements;
        Count++;
    }

    public void Remove(int at)
    {
        Debug.Assert(at < Count);
        Move(block, at + 1, block, at, Count - at - 1);
        Count--;
    }

    /// <summary>Moves the children from here on to the end of another node; returns how many elements are below them.</summary>
    public long MoveTail(int from, ScoreNode target)
    {
        var moved = Count - from;
        Debug.Assert(target.Count + moved <= Capacity);
        var elements = ScoreSearch.Sum(Counts + from, moved);
        Move(block, from, target.Block, target.Count, moved);
        target.Count += moved;
        Count = from;
        return elements;
    }

    private static void Move(byte* source, int from, byte* target, int to, int count)
    {
        var (old, moved) = (new ScoreNode(source), new ScoreNode(target));
        new Span<double>(old.Scores + from, count).CopyTo(new Span<double>(moved.Scores + to, count));
        new Span<nint>(old.Members + from, count).CopyTo(new Span<nint>(moved.Members + to, count));
        new Span<nint>(old.Children + from, count).CopyTo(new Span<nint>(moved.Children + to, count));
        new Span<uint>(old.Counts + from, count).CopyTo(new Span<uint>(moved.Counts + to, count));
    }
}

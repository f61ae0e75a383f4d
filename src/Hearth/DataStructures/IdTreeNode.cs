using System.Runtime.CompilerServices;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// A node of an <see cref="IdTree"/>: sorted IDs, and beside each a slot, which is the caller's word in a leaf and a child in an inner
/// node. Nodes of one level are linked.
/// <code>
///  0  count      2 bytes
///  2  capacity   2 bytes: 63, but 3, 7, 15 or 31 in a leaf that is the whole tree
///  4  level      1 byte, 0 for a leaf
///  8  previous   8 bytes
/// 16  next       8 bytes
/// 24  IDs        16 bytes × capacity
///     slots      8 bytes × capacity
/// </code>
/// In an inner node the ID beside a child is a lower bound: no greater than any ID below that child, and greater than every ID below the
/// child before. The ID beside the first child means nothing, since the parent's bound holds for it.
/// </summary>
internal unsafe struct IdTreeNode
{
    public const int CapacityMin = 3;
    public const int CapacityMax = 63;

    private const int EntryBytes = 24;

    public ushort Count;
    public ushort Capacity;
    public byte Level;
    public IdTreeNode* Previous;
    public IdTreeNode* Next;

    public static long BlockBytes(int capacity) => sizeof(IdTreeNode) + (EntryBytes * capacity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StreamId* Ids(IdTreeNode* node) => (StreamId*)(node + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint* Slots(IdTreeNode* node) => (nint*)(Ids(node) + node->Capacity);

    public static IdTreeNode* Child(IdTreeNode* node, int index) => (IdTreeNode*)Slots(node)[index];

    /// <summary>The first index whose ID is not less.</summary>
    public static int LowerBound(IdTreeNode* node, StreamId id)
    {
        var ids = Ids(node);
        int low = 0;
        int high = node->Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (ids[middle] < id) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>The child below which this ID belongs.</summary>
    public static int ChildIndex(IdTreeNode* node, StreamId id)
    {
        var ids = Ids(node);
        int low = 1;
        int high = node->Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (ids[middle] <= id) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    public static void InsertAt(IdTreeNode* node, int index, StreamId id, nint slot)
    {
        var ids = Ids(node);
        var slots = Slots(node);
        var behind = node->Count - index;
        new ReadOnlySpan<StreamId>(ids + index, behind).CopyTo(new Span<StreamId>(ids + index + 1, behind));
        new ReadOnlySpan<nint>(slots + index, behind).CopyTo(new Span<nint>(slots + index + 1, behind));
        ids[index] = id;
        slots[index] = slot;
        node->Count++;
    }

    public static void RemoveAt(IdTreeNode* node, int index)
    {
        var ids = Ids(node);
        var slots = Slots(node);
        var behind = --node->Count - index;
        new ReadOnlySpan<StreamId>(ids + index + 1, behind).CopyTo(new Span<StreamId>(ids + index, behind));
        new ReadOnlySpan<nint>(slots + index + 1, behind).CopyTo(new Span<nint>(slots + index, behind));
    }

    /// <summary>Adds what the source has from this index on to the end of the target, which has room for it, and takes it from the source.</summary>
    public static void MoveTail(IdTreeNode* source, int index, IdTreeNode* target)
    {
        var count = source->Count - index;
        new ReadOnlySpan<StreamId>(Ids(source) + index, count).CopyTo(new Span<StreamId>(Ids(target) + target->Count, count));
        new ReadOnlySpan<nint>(Slots(source) + index, count).CopyTo(new Span<nint>(Slots(target) + target->Count, count));
        target->Count += (ushort)count;
        source->Count = (ushort)index;
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A node of a <see cref="Quicklist"/>: 40 bytes that link a block with its neighbours. The block is a listpack with room at both ends, or,
/// in a plain node, the bytes of one huge element and nothing else.
/// <code>
/// 0   previous node       8 bytes
/// 8   next node           8
/// 16  block               8
/// 24  bytes of the block  4
/// 28  where in the block the listpack begins; -1 in a plain node      4
/// 32  number of elements  4
/// 36  length of a plain node's element                                4
/// </code>
/// </summary>
internal unsafe struct QuicklistNode
{
    private const int PlainMark = -1;

    public QuicklistNode* Previous;
    public QuicklistNode* Next;

    /// <summary>The listpack; of a plain node only the block.</summary>
    public ListpackDeque Deque;

    public int Count;
    private int _plainBytes;

    public readonly bool IsPlain => Deque.Start == PlainMark;

    /// <summary>The elements of a node that is not plain, for reading.</summary>
    public readonly Listpack Listpack => Deque.Listpack;

    /// <summary>The element of a plain node.</summary>
    public readonly ReadOnlySpan<byte> PlainElement => new(Deque.Block, _plainBytes);

    /// <summary>Bytes as the limits of a node count them.</summary>
    public readonly long ContentBytes => IsPlain ? _plainBytes : Deque.Listpack.TotalBytes;

    /// <summary>Bytes of heap that the node takes, all told.</summary>
    public readonly long UsedBytes => sizeof(QuicklistNode) + Deque.Capacity;

    /// <summary>An empty node with room for so many bytes of elements, which will be pushed at this end.</summary>
    public static QuicklistNode* Create(Heap heap, long elementBytes, ListEnd grows) =>
        Allocate(heap, ListpackDeque.Create(heap, elementBytes, grows, reserved: 0), 0);

    /// <summary>A node with a copy of these encoded elements, of which there are so many.</summary>
    public static QuicklistNode* FromElements(Heap heap, ReadOnlySpan<byte> elements, int count) =>
        Allocate(heap, ListpackDeque.FromElements(heap, elements, count, reserved: 0), count);

    public static QuicklistNode* CreatePlain(Heap heap, ReadOnlySpan<byte> element)
    {
        var capacity = (int)Heap.UsableSize(element.Length);
        var block = heap.Allocate(capacity);
        element.CopyTo(new Span<byte>(block, element.Length));
        var node = Allocate(heap, new ListpackDeque(block, capacity, PlainMark), 1);
        node->_plainBytes = element.Length;
        return node;
    }

    public static QuicklistNode* Duplicate(Heap heap, QuicklistNode* node) => node->IsPlain
        ? CreatePlain(heap, node->PlainElement)
        : FromElements(heap, node->Listpack.Bytes[Listpack.HeaderBytes..^1], node->Count);

    public static void Free(Heap heap, QuicklistNode* node)
    {
        node->Deque.Free(heap);
        heap.Free((byte*)node, sizeof(QuicklistNode));
    }

    /// <summary>Whether the node may take one more element of so many bytes of text. There may be no node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasRoom(QuicklistNode* node, int fill, long textBytes) =>
        node != null && !node->IsPlain && QuicklistFill.HasRoom(fill, node->Listpack.TotalBytes, node->Count, textBytes);

    /// <summary>Whether two neighbours may become one node. Either may be missing.</summary>
    public static bool CanMerge(QuicklistNode* first, QuicklistNode* second, int fill)
    {
        if (first == null || second == null || first->IsPlain || second->IsPlain) return false;
        var bytes = first->ContentBytes + second->ContentBytes - Listpack.EmptyBytes;
        return !QuicklistFill.IsExceeded(fill, bytes, (long)first->Count + second->Count);
    }

    public readonly void Verify()
    {
        if (IsPlain)
        {
            Trace.Assert(Count == 1 && _plainBytes <= Deque.Capacity, "A plain node is damaged.");
            return;
        }

        Deque.Verify(reserved: 0);
        Trace.Assert(Count > 0, "A node is empty.");
        Trace.Assert(Count == Listpack.Count, $"A node of {Listpack.Count} elements believes that it has {Count}.");
    }

    private static QuicklistNode* Allocate(Heap heap, ListpackDeque deque, int count)
    {
        var node = (QuicklistNode*)heap.Allocate(sizeof(QuicklistNode));
        *node = new QuicklistNode { Deque = deque, Count = count };
        return node;
    }
}

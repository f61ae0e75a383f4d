using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A long list: a doubly linked list of nodes (<see cref="QuicklistNode"/>), each of them a listpack of some kilobytes. Pushing and
/// popping cost constant time at both ends, whatever lies between; an index is found by stepping over whole nodes from the nearer end.
/// <code>
/// header 40 bytes: head 8 | tail 8 | elements 8 | bytes 8 | nodes 4 | fill 4
/// </code>
/// How large nodes become is <see cref="QuicklistFill"/>'s to say; when they are split and merged, <see cref="QuicklistEditor"/>'s. Both
/// follow Redis, so that a list has the same nodes in both. Deleting merges nothing. An element of at least
/// <see cref="PlainFromBytes"/> bytes gets a plain node of its own. Nodes are never compressed.
/// </summary>
internal readonly unsafe struct Quicklist(Heap heap, QuicklistHeader* header, long plainFromBytes)
{
    /// <summary>A node that elements are pushed to starts with this room, or more if the list is long.</summary>
    private const long FirstElementBytes = 512;

    /// <summary>What is to spare in the first node and the last does not matter while their blocks are no more than this share of the list.</summary>
    private const int SpareShare = 8;

    public Heap Heap => heap;

    public QuicklistNode* Head => header->Head;

    public QuicklistNode* Tail => header->Tail;

    public long Count => header->Count;

    public int NodeCount => header->NodeCount;

    public int Fill => header->Fill;

    /// <summary>Bytes of heap that the list takes, all told.</summary>
    public long UsedBytes => header->UsedBytes;

    /// <summary>Elements of at least so many bytes have a node of their own.</summary>
    public long PlainFromBytes => plainFromBytes;

    public static QuicklistHeader* Create(Heap heap, int fill)
    {
        var header = (QuicklistHeader*)heap.Allocate(sizeof(QuicklistHeader));
        *header = new QuicklistHeader { Fill = QuicklistFill.Clamp(fill), UsedBytes = sizeof(QuicklistHeader) };
        return header;
    }

    public void Push(ListEnd end, ListpackElement element)
    {
        var node = end == ListEnd.Head ? header->Head : header->Tail;
        long textBytes = element.TextLength();
        if (textBytes >= plainFromBytes || !QuicklistNode.HasRoom(node, header->Fill, textBytes)) node = AddNode(end, node, element, textBytes);
        if (node == null) return;

        var capacity = node->Deque.Capacity;
        node->Deque.Push(heap, end, element, reserved: 0);
        header->UsedBytes += node->Deque.Capacity - capacity;
        node->Count++;
        header->Count++;
    }

    /// <summary>Takes the first or the last element out; there must be one.</summary>
    public void Drop(ListEnd end)
    {
        var node = end == ListEnd.Head ? header->Head : header->Tail;
        if (node->Count == 1)
        {
            Delete(node);
            return;
        }

        node->Deque.Drop(heap, end, reserved: 0, mayShrink: false);
        node->Count--;
        header->Count--;
    }

    /// <summary>Elements have gone: takes back what the first node and the last have to spare, where that is more than their share of the list.</summary>
    public void SettleEnds()
    {
        if (header->Head == null || header->UsedBytes > SpareShare * QuicklistFill.NodeBytesMax(header->Fill)) return;
        SettleEnd(header->Head, ListEnd.Head);
        if (header->Tail != header->Head) SettleEnd(header->Tail, ListEnd.Tail);
    }

    /// <summary>The node that holds the element at this place, and the place within the node; the place must exist.</summary>
    public QuicklistNode* Seek(long index, out int indexInNode)
    {
        Debug.Assert((ulong)index < (ulong)header->Count);
        QuicklistNode* node;
        if (index <= header->Count / 2)
        {
            for (node = header->Head; index >= node->Count; node = node->Next) index -= node->Count;
            indexInNode = (int)index;
            return node;
        }

        var behind = header->Count - index;
        for (node = header->Tail; behind > node->Count; node = node->Previous) behind -= node->Count;
        indexInNode = node->Count - (int)behind;
        return node;
    }

    /// <summary>Takes out so many elements from a place on; all of them must be there.</summary>
    public void DeleteRange(long index, long count)
    {
        if (count <= 0) return;
        Debug.Assert(index >= 0 && index + count <= header->Count);
        for (var node = Seek(index, out var first); count > 0;)
        {
            var next = node->Next;
            var deleted = (int)Math.Min(count, node->Count - first);
            DeleteFrom(node, first, deleted);
            count -= deleted;
            first = 0;
            node = next;
        }
    }

    /// <summary>
    /// Takes one element of a node out; where what stood behind it lies now, which may be the end of the listpack. Null if the node is
    /// gone, because the element was its last.
    /// </summary>
    public byte* Delete(QuicklistNode* node, byte* element)
    {
        if (node->Count > 1) return DeleteElements(node, element, ListpackEncoding.Skip(element), 1);
        Delete(node);
        return null;
    }

    /// <summary>Takes a node out with all its elements.</summary>
    public void Delete(QuicklistNode* node)
    {
        header->Count -= node->Count;
        Unlink(node);
        QuicklistNode.Free(heap, node);
    }

    /// <summary>Takes elements of a node out, those from one place up to another, but not all; where what stood behind them lies now.</summary>
    public byte* DeleteElements(QuicklistNode* node, byte* from, byte* to, int count)
    {
        var capacity = node->Deque.Capacity;
        var position = node->Deque.Remove(heap, from, to, count, reserved: 0);
        header->UsedBytes += node->Deque.Capacity - capacity;
        node->Count -= count;
        header->Count -= count;
        return position;
    }

    /// <summary>Puts a node that is linked nowhere behind another one, or before all if there is none, and counts its elements.</summary>
    public void Link(QuicklistNode* node, QuicklistNode* behind)
    {
        var next = behind == null ? header->Head : behind->Next;
        node->Previous = behind;
        node->Next = next;
        if (behind == null) header->Head = node;
        else behind->Next = node;
        if (next == null) header->Tail = node;
        else next->Previous = node;
        header->NodeCount++;
        header->Count += node->Count;
        header->UsedBytes += node->UsedBytes;
    }

    /// <summary>Tells the list that a node's elements and bytes have changed by so many.</summary>
    public void Account(long count, long bytes)
    {
        header->Count += count;
        header->UsedBytes += bytes;
    }

    /// <summary>A copy of the same nodes, without their room to spare.</summary>
    public QuicklistHeader* Duplicate()
    {
        var copy = Create(heap, header->Fill);
        var list = new Quicklist(heap, copy, plainFromBytes);
        for (var node = header->Head; node != null; node = node->Next) list.Link(QuicklistNode.Duplicate(heap, node), copy->Tail);
        return copy;
    }

    /// <summary>Frees nodes of so many elements or a few more, and at the end the header; true once all is freed.</summary>
    public bool FreeStep(long elements)
    {
        while (header->Head != null)
        {
            if (elements <= 0) return false;
            elements -= header->Head->Count;
            Delete(header->Head);
        }

        heap.Free((byte*)header, sizeof(QuicklistHeader));
        return true;
    }

    public void Verify()
    {
        long count = 0;
        long bytes = sizeof(QuicklistHeader);
        var nodes = 0;
        QuicklistNode* previous = null;
        for (var node = header->Head; node != null; node = node->Next)
        {
            node->Verify();
            Trace.Assert(node->Previous == previous, "A node is not linked back.");
            count += node->Count;
            bytes += node->UsedBytes;
            nodes++;
            previous = node;
        }

        Trace.Assert(header->Tail == previous, "The tail is not the last node.");
        Trace.Assert(header->Count == count, $"A list of {count} elements believes that it has {header->Count}.");
        Trace.Assert(header->NodeCount == nodes, $"A list of {nodes} nodes believes that it has {header->NodeCount}.");
        Trace.Assert(header->UsedBytes == bytes, $"A list of {bytes} bytes believes that it has {header->UsedBytes}.");
    }

    /// <summary>A new node at an end; null if it is a plain one and so holds the element already.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private QuicklistNode* AddNode(ListEnd end, QuicklistNode* neighbour, ListpackElement element, long textBytes)
    {
        // Nothing will be pushed to the neighbour any more.
        if (neighbour != null && !neighbour->IsPlain)
        {
            var capacity = neighbour->Deque.Capacity;
            neighbour->Deque.Trim(heap, reserved: 0);
            header->UsedBytes += neighbour->Deque.Capacity - capacity;
        }

        var isPlain = textBytes >= plainFromBytes;
        var node = isPlain ? CreatePlain(element) : QuicklistNode.Create(heap, Math.Max(ListpackEncoding.TotalBytes(element), RoomOfNew()), end);
        Link(node, end == ListEnd.Head ? null : header->Tail);
        return isPlain ? null : node;
    }

    private void SettleEnd(QuicklistNode* node, ListEnd end)
    {
        var capacity = node->Deque.Capacity;
        if (node->IsPlain || capacity <= header->UsedBytes / SpareShare) return;
        node->Deque.ShrinkIfHalfEmpty(heap, end, reserved: 0);
        header->UsedBytes += node->Deque.Capacity - capacity;
    }

    private long RoomOfNew() =>
        Math.Min(Math.Max(header->UsedBytes / SpareShare, FirstElementBytes), QuicklistFill.NodeBytesMax(header->Fill) - Listpack.EmptyBytes);

    private QuicklistNode* CreatePlain(ListpackElement element)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        return QuicklistNode.CreatePlain(heap, element.ToBytes(scratch));
    }

    private void DeleteFrom(QuicklistNode* node, int first, int count)
    {
        if (count == node->Count)
        {
            Delete(node);
            return;
        }

        var from = node->Listpack.Seek(first);
        var to = from;
        for (var left = count; left > 0; left--) to = ListpackEncoding.Skip(to);
        DeleteElements(node, from, to, count);
    }

    private void Unlink(QuicklistNode* node)
    {
        if (node->Previous == null) header->Head = node->Next;
        else node->Previous->Next = node->Next;
        if (node->Next == null) header->Tail = node->Previous;
        else node->Next->Previous = node->Previous;
        header->NodeCount--;
        header->UsedBytes -= node->UsedBytes;
    }
}

/// <summary>What a <see cref="Quicklist"/> keeps besides its nodes.</summary>
internal unsafe struct QuicklistHeader
{
    public QuicklistNode* Head;
    public QuicklistNode* Tail;
    public long Count;
    public long UsedBytes;
    public int NodeCount;
    public int Fill;
}

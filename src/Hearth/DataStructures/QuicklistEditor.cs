using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// Changes in the middle of a <see cref="Quicklist"/>. An element goes into the node of its neighbour if that has room, into the next
/// node if the place is at the edge and that one has room, and into a node of its own if neither has. Otherwise the full node is split
/// at the place, and afterwards nodes around it are merged where two of them fit into one.
/// </summary>
internal readonly unsafe struct QuicklistEditor(Quicklist list)
{
    private Heap Heap => list.Heap;

    /// <summary>Adds an element before or behind another one. In a plain node there is but one.</summary>
    public void Insert(QuicklistNode* node, byte* neighbour, ListpackElement element, bool after)
    {
        long textBytes = element.TextLength();
        var isAtEdge = node->IsPlain || (after ? node->Listpack.Next(neighbour) == null : node->Listpack.First() == neighbour);
        if (textBytes >= list.PlainFromBytes)
        {
            InsertPlain(node, neighbour, element, after, isAtEdge);
            return;
        }

        if (QuicklistNode.HasRoom(node, list.Fill, textBytes))
        {
            InsertAt(node, after ? ListpackEncoding.Skip(neighbour) : neighbour, element);
            return;
        }

        if (isAtEdge)
        {
            InsertBetween(after ? node : node->Previous, after ? node->Next : node, element, textBytes, after);
            return;
        }

        var right = Split(node, after ? ListpackEncoding.Skip(neighbour) : neighbour);
        InsertAt(after ? right : node, after ? right->Listpack.First() : EndOf(node), element);
        Merge(after ? node : right);
    }

    /// <summary>Puts another element in the place of one. In a plain node there is but one.</summary>
    public void Replace(QuicklistNode* node, byte* old, ListpackElement element)
    {
        long textBytes = element.TextLength();
        var isPlain = textBytes >= list.PlainFromBytes;
        if (!node->IsPlain && !isPlain && node->Listpack.CanGrow(textBytes))
        {
            var capacity = node->Deque.Capacity;
            node->Deque.Replace(Heap, old, element, reserved: 0);
            list.Account(0, node->Deque.Capacity - capacity);
            return;
        }

        // Split so that the old element is the last of its node, put the new one behind it, and delete the old.
        if (!node->IsPlain && node->Listpack.Next(old) != null)
        {
            Split(node, ListpackEncoding.Skip(old));
            old = node->Listpack.Last();
        }

        var added = CreateNode(element, isPlain);
        list.Link(added, node);
        if (node->Count == 1)
        {
            list.Delete(node);
            return;
        }

        list.Delete(node, old);
        Merge(added);
    }

    private void InsertPlain(QuicklistNode* node, byte* neighbour, ListpackElement element, bool after, bool isAtEdge)
    {
        if (!isAtEdge) Split(node, after ? ListpackEncoding.Skip(neighbour) : neighbour);

        // A split leaves the elements before the place in this node.
        list.Link(CreateNode(element, isPlain: true), after || !isAtEdge ? node : node->Previous);
    }

    /// <summary>Adds an element between two nodes, one of which is full and the other perhaps not there.</summary>
    private void InsertBetween(QuicklistNode* left, QuicklistNode* right, ListpackElement element, long textBytes, bool after)
    {
        var other = after ? right : left;
        if (!QuicklistNode.HasRoom(other, list.Fill, textBytes)) list.Link(CreateNode(element, isPlain: false), left);
        else InsertAt(other, after ? other->Listpack.First() : EndOf(other), element);
    }

    private void InsertAt(QuicklistNode* node, byte* at, ListpackElement element)
    {
        var capacity = node->Deque.Capacity;
        node->Deque.Insert(Heap, at, element, reserved: 0);
        node->Count++;
        list.Account(1, node->Deque.Capacity - capacity);
    }

    private QuicklistNode* CreateNode(ListpackElement element, bool isPlain)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        if (isPlain) return QuicklistNode.CreatePlain(Heap, element.ToBytes(scratch));
        var node = QuicklistNode.Create(Heap, ListpackEncoding.TotalBytes(element), ListEnd.Tail);
        node->Deque.Push(Heap, ListEnd.Tail, element, reserved: 0);
        node->Count = 1;
        return node;
    }

    /// <summary>Moves the elements from this place on into a new node behind; neither node ends up empty.</summary>
    private QuicklistNode* Split(QuicklistNode* node, byte* at)
    {
        var left = 0;
        for (var element = node->Listpack.First(); element != at; element = ListpackEncoding.Skip(element)) left++;
        var moved = node->Count - left;
        var end = EndOf(node);
        var right = QuicklistNode.FromElements(Heap, new ReadOnlySpan<byte>(at, (int)(end - at)), moved);
        list.DeleteElements(node, at, end, moved);
        list.Link(right, node);
        return right;
    }

    /// <summary>Merges what fits together around a node: the two before it, the two behind it, and then itself with what there is.</summary>
    private void Merge(QuicklistNode* center)
    {
        var previous = center->Previous;
        var next = center->Next;
        if (previous != null) TryMerge(previous->Previous, previous);
        if (next != null) TryMerge(next, next->Next);
        previous = center->Previous;
        if (TryMerge(previous, center)) center = previous;
        TryMerge(center, center->Next);
    }

    private bool TryMerge(QuicklistNode* first, QuicklistNode* second)
    {
        if (!QuicklistNode.CanMerge(first, second, list.Fill)) return false;
        var capacity = first->Deque.Capacity;
        var count = second->Count;
        first->Deque.AppendAll(Heap, second->Listpack, count, reserved: 0);
        first->Count += count;
        list.Account(count, first->Deque.Capacity - capacity);
        list.Delete(second);
        return true;
    }

    private static byte* EndOf(QuicklistNode* node) => (byte*)node->Listpack.Address + node->Listpack.TotalBytes - 1;
}

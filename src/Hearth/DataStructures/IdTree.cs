using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>The root of an <see cref="IdTree"/>: 40 bytes inside its owner's block. Zero is an empty tree.</summary>
internal unsafe struct IdTreeHeader
{
    public IdTreeNode* Root;

    /// <summary>The leftmost leaf.</summary>
    public IdTreeNode* First;

    /// <summary>The rightmost leaf.</summary>
    public IdTreeNode* Last;

    public long Count;

    public long NodeCount;
}

/// <summary>
/// An ordered index from stream IDs to words: a B+ tree. A stream's nodes, and the pending entries of groups and consumers, are found
/// by it.
/// <para>
/// IDs mostly arrive in ascending order and leave from the low end. So the header knows the leaves at both ends: adding a greatest ID
/// writes to the last one without a search, and a full leaf at the right edge stays full when the next one is begun, instead of
/// being split. Everything else descends from the root. Siblings that together would fill no more than half of a node are merged.
/// </para>
/// <para>A tree that fits a single leaf has one as small as its contents allow, since most consumers have few pending entries.</para>
/// </summary>
internal readonly unsafe struct IdTree(CountedHeap heap, IdTreeHeader* header)
{
    public long Count => header->Count;

    public long NodeCount => header->NodeCount;

    public bool IsEmpty => header->Count == 0;

    public IdTreeCursor First => IsEmpty ? default : new IdTreeCursor(header->First, 0);

    public IdTreeCursor Last => IsEmpty ? default : new IdTreeCursor(header->Last, header->Last->Count - 1);

    /// <summary>The word of this ID, or 0.</summary>
    public nint Find(StreamId id)
    {
        if (IsEmpty) return 0;
        var leaf = LeafOf(id);
        var index = IdTreeNode.LowerBound(leaf, id);
        return index < leaf->Count && IdTreeNode.Ids(leaf)[index] == id ? IdTreeNode.Slots(leaf)[index] : 0;
    }

    /// <summary>The least ID that is not less than this one.</summary>
    public IdTreeCursor SeekAtLeast(StreamId id)
    {
        if (IsEmpty) return default;
        var leaf = LeafOf(id);
        var index = IdTreeNode.LowerBound(leaf, id);
        return index < leaf->Count ? new IdTreeCursor(leaf, index) : new IdTreeCursor(leaf->Next, 0);
    }

    /// <summary>The greatest ID that is not greater than this one.</summary>
    public IdTreeCursor SeekAtMost(StreamId id)
    {
        if (IsEmpty) return default;
        var leaf = LeafOf(id);
        var index = IdTreeNode.LowerBound(leaf, id);
        if (index == leaf->Count || IdTreeNode.Ids(leaf)[index] != id) index--;
        if (index >= 0) return new IdTreeCursor(leaf, index);
        return leaf->Previous == null ? default : new IdTreeCursor(leaf->Previous, leaf->Previous->Count - 1);
    }

    /// <summary>Adds an ID that is known to be absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Insert(StreamId id, nint word)
    {
        var leaf = header->Last;
        if (leaf != null && leaf->Count < leaf->Capacity && IdTreeNode.Ids(leaf)[leaf->Count - 1] < id)
        {
            IdTreeNode.Ids(leaf)[leaf->Count] = id;
            IdTreeNode.Slots(leaf)[leaf->Count] = word;
            leaf->Count++;
            header->Count++;
            return;
        }

        new IdTreeUpdate(heap, header).Insert(id, word);
    }

    /// <summary>Takes an ID out and returns its word; 0 if it is absent.</summary>
    public nint Remove(StreamId id)
    {
        if (IsEmpty) return 0;

        // A leaf that stays more than half full needs no repair, so the way to it need not be remembered.
        var leaf = header->First;
        if (IdTreeNode.Ids(leaf)[leaf->Count - 1] < id) leaf = LeafOf(id);
        if (leaf->Count <= IdTreeUpdate.MergedCountMax + 1) return new IdTreeUpdate(heap, header).Remove(id);

        var index = IdTreeNode.LowerBound(leaf, id);
        if (index == leaf->Count || IdTreeNode.Ids(leaf)[index] != id) return 0;
        var word = IdTreeNode.Slots(leaf)[index];
        IdTreeNode.RemoveAt(leaf, index);
        header->Count--;
        return word;
    }

    /// <summary>Forgets all IDs and frees the nodes; what the words stand for is the caller's.</summary>
    public void Clear()
    {
        for (var leftmost = header->Root; leftmost != null;)
        {
            var below = leftmost->Level == 0 ? null : IdTreeNode.Child(leftmost, 0);
            for (var node = leftmost; node != null;)
            {
                var next = node->Next;
                heap.Free(node, IdTreeNode.BlockBytes(node->Capacity));
                node = next;
            }

            leftmost = below;
        }

        *header = default;
    }

    /// <summary>Checks the whole tree and throws if anything is wrong.</summary>
    public void Verify() => IdTreeVerifier.Verify(header);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IdTreeNode* LeafOf(StreamId id)
    {
        var node = header->Root;
        while (node->Level > 0) node = IdTreeNode.Child(node, IdTreeNode.ChildIndex(node, id));
        return node;
    }
}

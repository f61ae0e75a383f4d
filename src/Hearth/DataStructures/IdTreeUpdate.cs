using System.Diagnostics;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// The changes of an <see cref="IdTree"/> that may make or remove nodes. They descend from the root and remember the way, so that a
/// node that splits or disappears can tell its parent.
/// </summary>
internal unsafe ref struct IdTreeUpdate
{
    /// <summary>Siblings with no more entries than this between them become one node. Half of what a node holds leaves room to grow again.</summary>
    public const int MergedCountMax = IdTreeNode.CapacityMax / 2;

    /// <summary>Far more levels than any tree has: neighbours are more than a quarter full on average, so each level has sixteen times the nodes.</summary>
    private const int LevelsMax = 16;

    private readonly CountedHeap _heap;
    private readonly IdTreeHeader* _header;

    // By level: the node on the way, and the index of its child on the way; for the leaf, the place of the ID.
    private fixed long _nodes[LevelsMax];
    private fixed int _indices[LevelsMax];

    public IdTreeUpdate(CountedHeap heap, IdTreeHeader* header)
    {
        _heap = heap;
        _header = header;
    }

    public void Insert(StreamId id, nint word)
    {
        if (_header->Root == null) _header->Root = _header->First = _header->Last = NewNode(0, IdTreeNode.CapacityMin);
        var leaf = Descend(id);
        Debug.Assert(_indices[0] == leaf->Count || IdTreeNode.Ids(leaf)[_indices[0]] != id);
        if (leaf->Count == leaf->Capacity && leaf->Capacity < IdTreeNode.CapacityMax) ResizeRoot((leaf->Capacity * 2) + 1);
        _header->Count++;
        for (var level = 0; ; level++)
        {
            var node = Node(level);
            if (node->Count < node->Capacity)
            {
                IdTreeNode.InsertAt(node, _indices[level], id, word);
                return;
            }

            // The parent, or a new root, must learn of the node that takes over the right part.
            var right = Split(node, _indices[level], id, word);
            if (node == _header->Root)
            {
                AddRoot(node, right);
                return;
            }

            (id, word) = (IdTreeNode.Ids(right)[0], (nint)right);
            _indices[level + 1]++;
        }
    }

    public nint Remove(StreamId id)
    {
        var leaf = Descend(id);
        var index = _indices[0];
        if (index == leaf->Count || IdTreeNode.Ids(leaf)[index] != id) return 0;
        var word = IdTreeNode.Slots(leaf)[index];
        IdTreeNode.RemoveAt(leaf, index);
        _header->Count--;
        for (var level = 0; Node(level) != _header->Root; level++)
        {
            if (!TryShedNode(level)) return word;
        }

        TrimRoot();
        return word;
    }

    private readonly IdTreeNode* Node(int level) => (IdTreeNode*)_nodes[level];

    private IdTreeNode* Descend(StreamId id)
    {
        var node = _header->Root;
        while (true)
        {
            _nodes[node->Level] = (long)node;
            if (node->Level == 0) break;
            var index = IdTreeNode.ChildIndex(node, id);
            _indices[node->Level] = index;
            node = IdTreeNode.Child(node, index);
        }

        _indices[0] = IdTreeNode.LowerBound(node, id);
        return node;
    }

    /// <summary>Makes a full node two, with a new entry in one of them, and returns the right one.</summary>
    private readonly IdTreeNode* Split(IdTreeNode* node, int index, StreamId id, nint word)
    {
        var isAtRightEdge = node->Next == null && index == node->Count;
        var right = NewNode(node->Level, IdTreeNode.CapacityMax);
        right->Previous = node;
        right->Next = node->Next;
        if (node->Next != null) node->Next->Previous = right;
        else if (node->Level == 0) _header->Last = right;
        node->Next = right;

        if (!isAtRightEdge) IdTreeNode.MoveTail(node, node->Count / 2, right);
        if (index <= node->Count && !isAtRightEdge) IdTreeNode.InsertAt(node, index, id, word);
        else IdTreeNode.InsertAt(right, index - node->Count, id, word);
        return right;
    }

    private readonly void AddRoot(IdTreeNode* left, IdTreeNode* right)
    {
        Debug.Assert(left->Level + 1 < LevelsMax);
        var root = NewNode(left->Level + 1, IdTreeNode.CapacityMax);
        IdTreeNode.InsertAt(root, 0, IdTreeNode.Ids(left)[0], (nint)left);
        IdTreeNode.InsertAt(root, 1, IdTreeNode.Ids(right)[0], (nint)right);
        _header->Root = root;
    }

    /// <summary>A node below the root has lost an entry: if it is empty or fits a sibling, one node goes. False if nothing had to.</summary>
    private readonly bool TryShedNode(int level)
    {
        var node = Node(level);
        var parent = Node(level + 1);
        var index = _indices[level + 1];
        if (node->Count == 0)
        {
            IdTreeNode.RemoveAt(parent, index);
            Unlink(node);
            return true;
        }

        if (index > 0 && IdTreeNode.Child(parent, index - 1)->Count + node->Count <= MergedCountMax)
        {
            Merge(parent, index - 1);
            return true;
        }

        if (index + 1 < parent->Count && IdTreeNode.Child(parent, index + 1)->Count + node->Count <= MergedCountMax)
        {
            Merge(parent, index);
            return true;
        }

        return false;
    }

    /// <summary>Moves all that the child behind this index has into the child at it.</summary>
    private readonly void Merge(IdTreeNode* parent, int index)
    {
        var left = IdTreeNode.Child(parent, index);
        var right = IdTreeNode.Child(parent, index + 1);
        if (right->Level > 0) IdTreeNode.Ids(right)[0] = IdTreeNode.Ids(parent)[index + 1]; // Behind another child, the bound counts.
        IdTreeNode.MoveTail(right, 0, left);
        IdTreeNode.RemoveAt(parent, index + 1);
        Unlink(right);
    }

    private readonly void Unlink(IdTreeNode* node)
    {
        if (node->Previous != null) node->Previous->Next = node->Next;
        else if (node->Level == 0) _header->First = node->Next;
        if (node->Next != null) node->Next->Previous = node->Previous;
        else if (node->Level == 0) _header->Last = node->Previous;
        FreeNode(node);
    }

    /// <summary>A root with a single child gives way to it, an empty one goes, and a leaf that is the whole tree shrinks.</summary>
    private void TrimRoot()
    {
        var root = _header->Root;
        while (root->Level > 0 && root->Count == 1)
        {
            _header->Root = IdTreeNode.Child(root, 0);
            FreeNode(root);
            root = _header->Root;
        }

        if (root->Count == 0)
        {
            FreeNode(root);
            _header->Root = _header->First = _header->Last = null;
        }
        else if (root->Level == 0 && root->Count <= root->Capacity / 4 && root->Capacity > IdTreeNode.CapacityMin)
        {
            ResizeRoot(root->Capacity / 2);
        }
    }

    private void ResizeRoot(int capacity)
    {
        var old = _header->Root;
        var resized = NewNode(0, capacity);
        IdTreeNode.MoveTail(old, 0, resized);
        FreeNode(old);
        _header->Root = _header->First = _header->Last = resized;
        _nodes[0] = (long)resized;
    }

    private readonly IdTreeNode* NewNode(int level, int capacity)
    {
        var node = (IdTreeNode*)_heap.Allocate(IdTreeNode.BlockBytes(capacity));
        *node = new IdTreeNode { Level = (byte)level, Capacity = (ushort)capacity };
        _header->NodeCount++;
        return node;
    }

    private readonly void FreeNode(IdTreeNode* node)
    {
        _heap.Free(node, IdTreeNode.BlockBytes(node->Capacity));
        _header->NodeCount--;
    }
}

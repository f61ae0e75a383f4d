using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>What changes the shape of a <see cref="ScoreTree"/>: splitting, merging, growing and shrinking at the root.</summary>
internal readonly unsafe struct ScoreTreeShape(Heap heap, ScoreTreeHeader* header)
{
    /// <summary>The share that a split leaves in the crowded half when elements come in order.</summary>
    private const double CrowdedShare = 0.9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFull(byte* block, int level) =>
        level == 0 ? new ScoreLeaf(block).Count == ScoreLeaf.Capacity : new ScoreNode(block).Count == ScoreNode.Capacity;

    /// <summary>Makes the root one that an element can be inserted below without splitting it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MakeRoomAtRoot(double score, nint member)
    {
        if (header->Root == null) header->Root = NewLeaf().Block;
        else if (IsFull(header->Root, header->Height)) GrowRoot(score, member);
    }

    /// <summary>
    /// Splits the child of a node that is not full itself, to make room for an element. True when that element belongs into the new child,
    /// which stands right behind the old one.
    /// </summary>
    public bool Split(ScoreNode parent, int index, int level, double score, nint member)
    {
        var child = parent.Children[index];
        if (level > 0)
        {
            var (old, added) = (new ScoreNode(child), NewNode());
            var place = old.ChildOf(score, member) + 1;
            var elements = old.MoveTail(SplitPoint(place, ScoreNode.Capacity), added);
            parent.Counts[index] -= (uint)elements;
            parent.Insert(index + 1, added.Scores[0], added.Members[0], added.Block, elements);
            return place > old.Count;
        }
        else
        {
            var (old, added) = (new ScoreLeaf(child), NewLeaf());
            var place = old.PlaceOf(score, member);
            old.MoveTail(SplitPoint(place, ScoreLeaf.Capacity), added);
            added.Previous = child;
            added.Next = old.Next;
            if (old.Next != null) new ScoreLeaf(old.Next).Previous = added.Block;
            old.Next = added.Block;
            parent.Counts[index] -= (uint)added.Count;
            parent.Insert(index + 1, added.Scores[0], added.Members[0], added.Block, added.Count);
            return place > old.Count;
        }
    }

    /// <summary>Takes so many elements out of the leaf at the end of the path, and mends the path.</summary>
    public void Remove(ref ScorePath path, int index, int count)
    {
        var leaf = path.Leaf;
        leaf.Remove(index, count);
        header->Count -= count;
        for (var level = 1; level <= header->Height; level++) path.Node(level).Counts[path.Index(level)] -= (uint)count;
        if (index == 0 && leaf.Count != 0) SetFirst(ref path, 1, leaf.Scores[0], leaf.Members[0]);
        for (var level = 1; level <= header->Height; level++)
        {
            if (!MendChild(ref path, level)) break;
        }

        ShrinkRoot();
    }

    /// <summary>Frees the last leaf, and the nodes that have no other child.</summary>
    public void FreeLastLeaf()
    {
        ScorePath path;
        var block = header->Root;
        for (var level = header->Height; level > 0; level--)
        {
            path.Set(level, block);
            var node = new ScoreNode(block);
            block = node.Children[node.Count - 1];
        }

        header->Count -= new ScoreLeaf(block).Count;
        Free(block, ScoreLeaf.Bytes);
        for (var level = 1; level <= header->Height; level++)
        {
            var node = path.Node(level);
            if (--node.Count != 0) return;
            Free(node.Block, ScoreNode.Bytes);
        }

        Debug.Assert(header->Count == 0 && header->MemoryBytes == 0);
        ScoreTree.Initialize(header);
    }

    private static int SplitPoint(int place, int capacity)
    {
        var crowded = (int)(capacity * CrowdedShare);
        return place == capacity ? crowded : place == 0 ? capacity - crowded : capacity / 2;
    }

    /// <summary>The first element below the child at this level of the path has changed.</summary>
    private void SetFirst(ref ScorePath path, int level, double score, nint member)
    {
        for (; level <= header->Height; level++)
        {
            path.Node(level).SetFirst(path.Index(level), score, member);
            if (path.Index(level) != 0) return;
        }
    }

    /// <summary>Removes the child that the path takes if it is empty, or merges it with a neighbour; true if the node has lost a child by that.</summary>
    private bool MendChild(ref ScorePath path, int level)
    {
        var node = path.Node(level);
        var index = path.Index(level);
        var child = node.Children[index];
        if (CountOf(child, level - 1) == 0)
        {
            Detach(child, level - 1);
            node.Remove(index);
            if (index == 0 && node.Count != 0) SetFirst(ref path, level + 1, node.Scores[0], node.Members[0]);
            return true;
        }

        return (index > 0 && TryMerge(node, index - 1, level - 1)) || (index + 1 < node.Count && TryMerge(node, index, level - 1));
    }

    /// <summary>Moves all of the child behind this one into it, if the two have become few enough. Leaves are counted without touching them.</summary>
    private bool TryMerge(ScoreNode parent, int index, int level)
    {
        var child = parent.Children[index];
        var next = parent.Children[index + 1];
        if (level == 0)
        {
            if (parent.Counts[index] + (ulong)parent.Counts[index + 1] > ScoreLeaf.MergedCountMax) return false;
            new ScoreLeaf(next).MoveTail(0, new ScoreLeaf(child));
        }
        else
        {
            if (CountOf(child, level) + CountOf(next, level) > ScoreNode.MergedCountMax) return false;
            new ScoreNode(next).MoveTail(0, new ScoreNode(child));
        }

        parent.Counts[index] += parent.Counts[index + 1];
        Detach(next, level);
        parent.Remove(index + 1);
        return true;
    }

    private static int CountOf(byte* block, int level) => level == 0 ? new ScoreLeaf(block).Count : new ScoreNode(block).Count;

    /// <summary>Frees a child that is empty by now; a leaf leaves the chain of leaves first.</summary>
    private void Detach(byte* child, int level)
    {
        if (level == 0)
        {
            var leaf = new ScoreLeaf(child);
            if (leaf.Next != null) new ScoreLeaf(leaf.Next).Previous = leaf.Previous;
            if (leaf.Previous != null) new ScoreLeaf(leaf.Previous).Next = leaf.Next;
        }

        Free(child, level == 0 ? ScoreLeaf.Bytes : ScoreNode.Bytes);
    }

    private void GrowRoot(double score, nint member)
    {
        var old = header->Root;
        var level = header->Height;
        var root = NewNode();
        var (first, address) = level == 0
            ? (new ScoreLeaf(old).Scores[0], new ScoreLeaf(old).Members[0])
            : (new ScoreNode(old).Scores[0], new ScoreNode(old).Members[0]);
        root.Insert(0, first, address, old, header->Count);
        header->Root = root.Block;
        header->Height++;
        Debug.Assert(header->Height < ScorePath.LevelsMax);
        Split(root, 0, level, score, member);
    }

    private void ShrinkRoot()
    {
        while (header->Height > 0 && new ScoreNode(header->Root).Count <= 1)
        {
            var root = new ScoreNode(header->Root);
            if (root.Count == 0)
            {
                Free(root.Block, ScoreNode.Bytes);
                ScoreTree.Initialize(header);
                return;
            }

            header->Root = root.Children[0];
            header->Height--;
            Free(root.Block, ScoreNode.Bytes);
        }

        if (header->Count != 0 || header->Height != 0) return;
        Free(header->Root, ScoreLeaf.Bytes);
        ScoreTree.Initialize(header);
    }

    private ScoreLeaf NewLeaf()
    {
        var leaf = new ScoreLeaf(Allocate(ScoreLeaf.Bytes));
        leaf.Initialize();
        return leaf;
    }

    private ScoreNode NewNode() => new(Allocate(ScoreNode.Bytes)) { Count = 0 };

    private byte* Allocate(int bytes)
    {
        header->MemoryBytes += Heap.UsableSize(bytes);
        return heap.Allocate(bytes);
    }

    private void Free(byte* block, int bytes)
    {
        header->MemoryBytes -= Heap.UsableSize(bytes);
        heap.Free(block, bytes);
    }
}

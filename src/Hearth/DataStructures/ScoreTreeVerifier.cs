using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>Checks a <see cref="ScoreTree"/> from the root down to every element.</summary>
internal static unsafe class ScoreTreeVerifier
{
    public static void Verify(ScoreTreeHeader* header)
    {
        if (header->Root == null)
        {
            Check(header->Count == 0 && header->MemoryBytes == 0 && header->Height == 0, "an empty tree has neither elements nor nodes");
            return;
        }

        Check(header->Height == 0 || new ScoreNode(header->Root).Count > 1, "a root that is a node has two children at least");
        var walk = default(State);
        var count = Visit(header->Root, header->Height, ref walk);
        Check(walk.Leaf.Next == null, "the last leaf is the last of the chain");
        Check(count == header->Count, $"the count is {header->Count} and there are {count} elements");
        Check(walk.Bytes == header->MemoryBytes, $"the nodes count {header->MemoryBytes} bytes and have {walk.Bytes}");
    }

    private static long Visit(byte* block, int level, ref State walk)
    {
        if (level == 0) return VisitLeaf(new ScoreLeaf(block), ref walk);
        var node = new ScoreNode(block);
        Check(node.Count is > 0 and <= ScoreNode.Capacity, "a node has children, and not more than fit");
        walk.Bytes += Heap.UsableSize(ScoreNode.Bytes);
        var count = 0L;
        for (var index = 0; index < node.Count; index++)
        {
            var first = node.Children[index];
            for (var below = level - 1; below > 0; below--) first = new ScoreNode(first).Children[0];
            var leaf = new ScoreLeaf(first);
            Check(leaf.Members[0] == node.Members[index] && leaf.Scores[0].Equals(node.Scores[index]), "a node knows the first element of each child");
            var elements = Visit(node.Children[index], level - 1, ref walk);
            Check(elements == node.Counts[index], $"a child counts {node.Counts[index]} elements and has {elements}");
            count += elements;
        }

        return count;
    }

    private static int VisitLeaf(ScoreLeaf leaf, ref State walk)
    {
        Check(leaf.Count is > 0 and <= ScoreLeaf.Capacity, "a leaf has elements, and not more than fit");
        Check(leaf.Previous == walk.Leaf.Block, "a leaf knows the one before it");
        Check(walk.Leaf.Block == null || walk.Leaf.Next == leaf.Block, "a leaf knows the one behind it");
        for (var index = 0; index < leaf.Count; index++)
        {
            var (score, member) = (leaf.Scores[index], leaf.Members[index]);
            Check(!double.IsNaN(score) && new ScoredMember(member).Score.Equals(score), "an element has its member's score");
            var isAbove = walk.Member == 0 || walk.Score < score
                || (walk.Score == score && ScoredMember.BytesOf(walk.Member).SequenceCompareTo(ScoredMember.BytesOf(member)) < 0);
            Check(isAbove, "elements stand in order");
            (walk.Score, walk.Member) = (score, member);
        }

        walk.Leaf = leaf;
        walk.Bytes += Heap.UsableSize(ScoreLeaf.Bytes);
        return leaf.Count;
    }

    private static void Check(bool condition, string rule)
    {
        if (!condition) throw new InvalidOperationException($"ScoreTree: broken is the rule that {rule}.");
    }

    private struct State
    {
        public ScoreLeaf Leaf;
        public double Score;
        public nint Member;
        public long Bytes;
    }
}

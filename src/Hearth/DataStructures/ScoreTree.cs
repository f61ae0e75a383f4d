using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// The order of a big sorted set: a counted B+ tree of (score, member), in native memory.
/// <code>
/// header -> node: first elements | children | counts of elements     (up to 63 children, 1,792 bytes)
///             -> node ...
///                  -> leaf: scores | addresses of members            (up to 62 elements, 1,024 bytes; linked both ways)
/// </code>
/// Scores come first in the order, and at equal scores the bytes of the members, as C's memcmp compares them. Since scores lie in
/// the nodes, a search touches a handful of cache lines a level and no member unless scores are equal. Counts make ranks cheap.
/// <para>
/// Full nodes are split on the way down, so an insertion never has to climb back: in halves, or, when the new element comes at
/// one end, nine to one, so that a set filled in order is not left half empty. Neighbours under one parent that have shrunk are
/// merged. The tree does not own the members (<see cref="ScoredMember"/>), which no two elements share. A subtree holds less than 2^32 elements.
/// </para>
/// </summary>
internal readonly unsafe struct ScoreTree(Heap heap, ScoreTreeHeader* header)
{
    public long Count => header->Count;

    /// <summary>Bytes of the leaves and nodes, without the header and the members.</summary>
    public long MemoryBytes => header->MemoryBytes;

    private ScoreTreeShape Shape => new(heap, header);

    public static void Initialize(ScoreTreeHeader* header) => *header = default;

    /// <summary>Adds a member that is not in the tree yet. Who has something else to do first asks for the memory by <see cref="Prefetch"/>.</summary>
    public void Insert(double score, nint member)
    {
        Debug.Assert(!double.IsNaN(score));
        Shape.MakeRoomAtRoot(score, member);
        var block = header->Root;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = node.ChildOf(score, member);
            if (index < 0) node.SetFirst(index = 0, score, member);
            block = node.Children[index];
            if (ScoreTreeShape.IsFull(block, level - 1) && Shape.Split(node, index, level - 1, score, member))
            {
                block = node.Children[++index];
            }

            node.Counts[index]++;
        }

        var leaf = new ScoreLeaf(block);
        leaf.Insert(leaf.PlaceOf(score, member), score, member);
        header->Count++;
    }

    /// <summary>Takes out a member that is in the tree with this score.</summary>
    [SkipLocalsInit]
    public void Remove(double score, nint member)
    {
        ScorePath path;
        var index = Find(score, member, &path);
        Shape.Remove(ref path, index, 1);
    }

    /// <summary>Asks for the memory where an element of this score is or belongs.</summary>
    public void Prefetch(double score)
    {
        var block = header->Root;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            block = node.Children[Math.Max(ScoreSearch.CountLess(node.Scores, node.Count, score) - 1, 0)];
        }

        ScoreLeaf.Prefetch(block);
    }

    /// <summary>Gives a member of the tree another score.</summary>
    [SkipLocalsInit]
    public void Update(double oldScore, double newScore, nint member)
    {
        Debug.Assert(!double.IsNaN(newScore));
        Prefetch(newScore); // Two leaves are waited for at once: most often, the two scores lie far apart.
        ScorePath path;
        var index = Find(oldScore, member, &path);
        var leaf = path.Leaf;
        var isAboveLast = index > 0 && leaf.Scores[index - 1] < newScore;
        var isBelowNext = index + 1 < leaf.Count ? newScore < leaf.Scores[index + 1] : leaf.Next == null;
        if (isAboveLast && isBelowNext)
        {
            leaf.Scores[index] = newScore;
            return;
        }

        Shape.Remove(ref path, index, 1);
        Insert(newScore, member);
    }

    /// <summary>Takes out so many elements from this rank on, each of which the visitor sees, in their order.</summary>
    [SkipLocalsInit]
    public void RemoveRange<TVisitor>(long rank, long count, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor
    {
        Debug.Assert(rank >= 0 && count >= 0 && rank + count <= Count);
        while (count > 0)
        {
            ScorePath path;
            var index = Seek(rank, &path);
            var leaf = path.Leaf;
            var removed = (int)Math.Min(count, leaf.Count - index);
            for (var i = index; i < index + removed; i++) CacheLine.Prefetch((byte*)leaf.Members[i]);
            for (var i = index; i < index + removed; i++) visitor.Visit(leaf.Members[i]);
            Shape.Remove(ref path, index, removed);
            count -= removed;
        }
    }

    /// <summary>How many elements come before this one, which is in the tree.</summary>
    public long RankOf(double score, nint member)
    {
        var block = header->Root;
        var rank = 0L;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = node.ChildOf(score, member);
            rank += ScoreSearch.Sum(node.Counts, index);
            block = node.Children[index];
        }

        ScoreLeaf.Prefetch(block);
        return rank + new ScoreLeaf(block).IndexOf(score, member);
    }

    /// <summary>How many elements have a lower score; with <paramref name="isInclusive"/> also those that have this one.</summary>
    public long CountBelow(double score, bool isInclusive)
    {
        var block = header->Root;
        if (block == null) return 0;
        var rank = 0L;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = CountBelow(node.Scores, node.Count, score, isInclusive) - 1;
            if (index < 0) return rank;
            rank += ScoreSearch.Sum(node.Counts, index);
            block = node.Children[index];
        }

        var leaf = new ScoreLeaf(block);
        return rank + CountBelow(leaf.Scores, leaf.Count, score, isInclusive);
    }

    /// <summary>Where the elements with a lower score end, or with <paramref name="isInclusive"/> those that have this one too.</summary>
    public ScorePosition Locate(double score, bool isInclusive)
    {
        var block = header->Root;
        var rank = 0L;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = Math.Max(CountBelow(node.Scores, node.Count, score, isInclusive) - 1, 0);
            rank += ScoreSearch.Sum(node.Counts, index);
            block = node.Children[index];
        }

        if (block == null) return default;
        ScoreLeaf.Prefetch(block);
        var leaf = new ScoreLeaf(block);
        var below = CountBelow(leaf.Scores, leaf.Count, score, isInclusive);
        return new ScorePosition(leaf, below, rank + below);
    }

    /// <summary>The same by members; it means something only where all scores are equal.</summary>
    public long CountBelow(ReadOnlySpan<byte> member, bool isInclusive)
    {
        var block = header->Root;
        if (block == null) return 0;
        var rank = 0L;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = ScoreSearch.CountBelow(node.Members, node.Count, member, isInclusive) - 1;
            if (index < 0) return rank;
            rank += ScoreSearch.Sum(node.Counts, index);
            block = node.Children[index];
        }

        var leaf = new ScoreLeaf(block);
        return rank + ScoreSearch.CountBelow(leaf.Members, leaf.Count, member, isInclusive);
    }

    /// <summary>A walk over so many elements from this rank on, upwards or downwards. It ends with the next change of the tree.</summary>
    [SkipLocalsInit]
    public ScoreWalk Walk(long rank, long count, bool isDownward, bool needsMembers = true)
    {
        Debug.Assert(count >= 0 && (count == 0 || (ulong)rank < (ulong)Count));
        if (count == 0) return default;
        ScorePath path;
        var index = Seek(rank, &path);
        return new ScoreWalk(path.Leaf, index, count, isDownward, needsMembers);
    }

    /// <summary>The same over the elements behind this position, or those before it; so many there must be.</summary>
    public static ScoreWalk Walk(in ScorePosition from, long count, bool isDownward, bool needsMembers = true) =>
        count == 0 ? default : new ScoreWalk(from.Leaf, isDownward ? from.Index - 1 : from.Index, count, isDownward, needsMembers);

    /// <summary>Frees leaves and nodes in bounded steps; true when the tree is empty. Nothing else is allowed in between.</summary>
    [SkipLocalsInit]
    public bool FreeStep(int leaves)
    {
        for (; header->Root != null && leaves > 0; leaves--) Shape.FreeLastLeaf();
        return header->Root == null;
    }

    /// <summary>Checks every invariant and throws if one does not hold.</summary>
    public void Verify() => ScoreTreeVerifier.Verify(header);

    private static int CountBelow(double* scores, int count, double score, bool isInclusive) =>
        isInclusive ? ScoreSearch.CountLessOrEqual(scores, count, score) : ScoreSearch.CountLess(scores, count, score);

    private int Find(double score, nint member, ScorePath* path)
    {
        var block = header->Root;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = node.ChildOf(score, member);
            Debug.Assert(index >= 0);
            path->Set(level, block, index);
            block = node.Children[index];
        }

        ScoreLeaf.Prefetch(block);
        path->Set(0, block);
        return path->Leaf.IndexOf(score, member);
    }

    private int Seek(long rank, ScorePath* path)
    {
        var block = header->Root;
        for (var level = header->Height; level > 0; level--)
        {
            var node = new ScoreNode(block);
            var index = 0;
            for (; rank >= node.Counts[index]; index++) rank -= node.Counts[index];
            path->Set(level, block, index);
            block = node.Children[index];
        }

        ScoreLeaf.Prefetch(block);
        path->Set(0, block);
        return (int)rank;
    }
}

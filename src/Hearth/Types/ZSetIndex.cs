using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>The block of a big sorted set, to which the entry's word points.</summary>
internal struct ZSetHeader
{
    public DictHeader Dict;
    public ScoreTreeHeader Tree;

    /// <summary>Bytes of heap in the members' blocks.</summary>
    public long MemberBytes;
}

/// <summary>
/// A big sorted set: a dict finds a member with its score by name, a tree keeps them in order. Both point to the same blocks
/// (<see cref="ScoredMember"/>), which belong to this.
/// </summary>
internal readonly unsafe struct ZSetIndex(ValueSpace space, ZSetHeader* header)
{
    public ZSetHeader* Header => header;

    public long Count => header->Dict.Count;

    public Dict<ScoredMemberLayout> Dict => new(space.Heap, space.Hash, &header->Dict);

    public ScoreTree Tree => new(space.Heap, &header->Tree);

    /// <summary>Bytes of heap, header included.</summary>
    public long UsedBytes => Heap.UsableSize(sizeof(ZSetHeader)) + header->Dict.MemoryBytes + header->Tree.MemoryBytes + header->MemberBytes;

    public static ZSetIndex Create(ValueSpace space)
    {
        var header = (ZSetHeader*)space.Heap.Allocate(sizeof(ZSetHeader));
        *header = default;
        return new ZSetIndex(space, header);
    }

    public void Insert(ulong hash, ReadOnlySpan<byte> bytes, double score)
    {
        Tree.Prefetch(score);
        var member = InsertUnordered(hash, bytes, score);
        Tree.Insert(score, member.Address);
    }

    /// <summary>Adds a member to the dict alone. Until all of them are in the tree too, nothing but more of this is allowed.</summary>
    public ScoredMember InsertUnordered(ulong hash, ReadOnlySpan<byte> bytes, double score)
    {
        var member = ScoredMember.Create(space.Heap, bytes, score);
        header->MemberBytes += Heap.UsableSize(member.BlockBytes);
        Dict.Insert(hash, member.Address);
        return member;
    }

    public void SetScore(nint address, double score)
    {
        var member = new ScoredMember(address);
        Tree.Update(member.Score, score, address);
        member.Score = score;
    }

    public void Remove(ulong hash, nint address)
    {
        var member = new ScoredMember(address);
        Tree.Remove(member.Score, address);
        RemoveFromDict(hash, member);
    }

    public void RemoveRange(long rank, long count)
    {
        var visitor = new RemovingVisitor(this, space.Hash);
        Tree.RemoveRange(rank, count, ref visitor);
    }

    public (long Rank, long Count) Resolve(in ScoreRange range)
    {
        var rank = Tree.CountBelow(range.Min, range.ExcludesMin);
        var end = Tree.CountBelow(range.Max, !range.ExcludesMax);
        return (rank, Math.Max(end - rank, 0));
    }

    /// <summary>
    /// The members with scores in a range, but for the first few and not more than the limit (none when negative), and how many there
    /// are. Often the limit is reached within the first leaf, and then nobody has to look where the range ends.
    /// </summary>
    public ScoreWalk Walk(in ScoreRange range, long skipped, long limit, bool isDownward, bool needsMembers, out long count)
    {
        Debug.Assert(skipped >= 0 && skipped <= Count);
        var from = isDownward ? Tree.Locate(range.Max, !range.ExcludesMax) : Tree.Locate(range.Min, range.ExcludesMin);
        if (skipped == 0 && limit > 0 && from.TryScore(isDownward ? -limit : limit - 1, out var last)
            && (isDownward ? range.IsAboveMin(last) : range.IsBelowMax(last)))
        {
            count = limit;
            return ScoreTree.Walk(from, count, isDownward, needsMembers);
        }

        var all = isDownward ? from.Rank - Tree.CountBelow(range.Min, range.ExcludesMin) : Tree.CountBelow(range.Max, !range.ExcludesMax) - from.Rank;
        count = Math.Max(all - skipped, 0);
        if (limit >= 0) count = Math.Min(count, limit);
        if (skipped == 0) return ScoreTree.Walk(from, count, isDownward, needsMembers);
        return Tree.Walk(isDownward ? from.Rank - 1 - skipped : from.Rank + skipped, count, isDownward, needsMembers);
    }

    public (long Rank, long Count) Resolve(in LexRange range)
    {
        if (range.IsEmpty) return default;
        var rank = RankOf(range.Min, range.Min.IsExcluded);
        var end = RankOf(range.Max, !range.Max.IsExcluded);
        return (rank, Math.Max(end - rank, 0));
    }

    /// <summary>Frees a part: first the tree, leaf by leaf, then the members with the dict; true when the header is gone too.</summary>
    public bool FreeStep(int elements)
    {
        if (!Tree.FreeStep(Math.Max(elements / ScoreLeaf.Capacity, 1))) return false;
        const int elementsOfSegment = 500;
        var visitor = new FreeingVisitor(space.Heap);
        if (!Dict.ClearStep(ref visitor, Math.Max(elements / elementsOfSegment, 1))) return false;
        space.Heap.Free((byte*)header, sizeof(ZSetHeader));
        return true;
    }

    public void Verify()
    {
        Dict.Verify();
        Tree.Verify();
        Trace.Assert(Tree.Count == Count, "Dict and tree have different numbers of members.");
        var bytes = 0L;
        var walk = Tree.Walk(0, Count, isDownward: false);
        while (walk.MoveNext())
        {
            var member = new ScoredMember(walk.Member);
            bytes += Heap.UsableSize(member.BlockBytes);
            Trace.Assert(Dict.Find(space.Hash.Hash(member.Bytes), member.Bytes) == walk.Member, "A member of the tree is not the dict's.");
        }

        Trace.Assert(bytes == header->MemberBytes, "The bytes of the members are miscounted.");
    }

    private long RankOf(in LexRange.Bound bound, bool isInclusive) => bound.Place switch
    {
        LexRange.Place.BelowAll => 0,
        LexRange.Place.AboveAll => Count,
        _ => Tree.CountBelow(bound.Member.Span, isInclusive),
    };

    private void RemoveFromDict(ulong hash, ScoredMember member)
    {
        var isFound = Dict.RemoveElement(hash, member.Address);
        Debug.Assert(isFound);
        header->MemberBytes -= Heap.UsableSize(member.BlockBytes);
        member.Free(space.Heap);
    }

    private readonly struct RemovingVisitor(ZSetIndex index, KeyedHash hash) : IDictVisitor
    {
        public void Visit(nint element)
        {
            var member = new ScoredMember(element);
            index.RemoveFromDict(hash.Hash(member.Bytes), member);
        }
    }

    private readonly struct FreeingVisitor(Heap heap) : IDictVisitor
    {
        public void Visit(nint element) => new ScoredMember(element).Free(heap);
    }
}

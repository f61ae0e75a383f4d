using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// A sorted set seen through its entry: members with scores, in the order of scores and at equal scores of their bytes. A small one
/// is a listpack (<see cref="ZSetListpack"/>), a big one dict and tree (<see cref="ZSetIndex"/>), whose encoding bears the name of
/// Redis's skip list; nobody outside asks which. Ranks count from 0 at the lowest score.
/// </summary>
internal readonly unsafe struct ZSetValue(ValueSpace space, Entry entry)
{
    public bool Exists => entry.Exists;

    public long Count => !entry.Exists ? 0 : IsListpack ? Small.Count : Big.Count;

    private bool IsListpack => entry.Encoding == ValueEncoding.Listpack;

    private ZSetListpack Small => new(space.Heap, entry);

    private ZSetIndex Big => new(space, (ZSetHeader*)entry.Word);

    /// <summary>What an entry for an empty set needs, when so many members are expected and the first is so long.</summary>
    public static (ValueEncoding Encoding, long Word) Create(ValueSpace space, long members, long memberBytes) =>
        members <= space.Limits.ZSetListpackEntries && memberBytes <= space.Limits.ZSetListpackValueBytes
            ? (ValueEncoding.Listpack, Listpack.Create(space.Heap).Address)
            : (ValueEncoding.Skiplist, (nint)ZSetIndex.Create(space).Header);

    /// <summary>So many members are about to be given: if they can't all be new to a listpack, it is one no longer.</summary>
    public void Expect(long members)
    {
        if (IsListpack && members > space.Limits.ZSetListpackEntries) ConvertToIndex();
    }

    /// <summary>Takes the form of a big one, whatever its size.</summary>
    public void BecomeIndex()
    {
        if (IsListpack) ConvertToIndex();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ZSetPlace Find(ReadOnlySpan<byte> member)
    {
        if (!entry.Exists) return default;
        if (IsListpack) return FindSmall(member);
        return Find(space.Hash.Hash(member), member);
    }

    /// <summary>The same with the hash that the caller has at hand.</summary>
    public ZSetPlace Find(ulong hash, ReadOnlySpan<byte> member)
    {
        if (!entry.Exists) return default;
        if (IsListpack) return FindSmall(member);
        var address = Big.Dict.Find(hash, member);
        return new ZSetPlace(address, address == 0 ? 0 : new ScoredMember(address).Score, hash);
    }

    /// <summary>The place of a member that the caller knows to be new, for <see cref="Insert"/>.</summary>
    public ZSetPlace PlaceOfNew(ReadOnlySpan<byte> member) => IsListpack ? default : new ZSetPlace(0, 0, space.Hash.Hash(member));

    /// <summary>Adds a member that was looked for and not found.</summary>
    public void Insert(ReadOnlySpan<byte> member, in ZSetPlace place, double score)
    {
        var hash = place.Hash;
        if (IsListpack)
        {
            var limits = space.Limits;
            if (Small.Count < limits.ZSetListpackEntries && member.Length <= limits.ZSetListpackValueBytes && Small.List.CanGrow(member.Length))
            {
                Small.Insert(member, score);
                return;
            }

            ConvertToIndex();
            hash = space.Hash.Hash(member);
        }

        Big.Insert(hash, member, score);
    }

    /// <summary>Gives a member that was found another score.</summary>
    public void SetScore(ReadOnlySpan<byte> member, in ZSetPlace place, double score)
    {
        if (IsListpack)
        {
            Small.Remove((byte*)place.Address);
            Small.Insert(member, score);
        }
        else
        {
            Big.SetScore(place.Address, score);
        }
    }

    public void Remove(in ZSetPlace place)
    {
        if (IsListpack) Small.Remove((byte*)place.Address);
        else Big.Remove(place.Hash, place.Address);
    }

    public void RemoveRange(long rank, long count)
    {
        if (IsListpack) Small.RemoveRange(rank, count);
        else Big.RemoveRange(rank, count);
    }

    /// <summary>How many members come before one that was found.</summary>
    public long RankOf(in ZSetPlace place) =>
        IsListpack ? Small.RankOf((byte*)place.Address) : Big.Tree.RankOf(place.Score, place.Address);

    /// <summary>So many members from this rank on, upwards or downwards. All these ranks must exist.</summary>
    public ZSetWalk Walk(long rank, long count, bool isDownward) =>
        IsListpack ? Small.Walk(rank, count, isDownward) : new ZSetWalk(Big.Tree.Walk(rank, count, isDownward));

    /// <summary>
    /// The members with scores in a range, from its lower or its upper end, and how many they are: without so many at the beginning, and
    /// not more than the limit (none when negative).
    /// </summary>
    /// <param name="needsMembers">Whether most of the members are going to be read, and not only their scores.</param>
    public ZSetWalk Walk(in ScoreRange range, long skipped, long limit, bool isDownward, out long count, bool needsMembers = true)
    {
        if (!IsListpack) return new ZSetWalk(Big.Walk(range, skipped, limit, isDownward, needsMembers, out count));
        var (rank, all) = Small.Resolve(range);
        return Small.Walk(rank, all, skipped, limit, isDownward, out count);
    }

    /// <summary>The same for members in a range.</summary>
    public ZSetWalk Walk(in LexRange range, long skipped, long limit, bool isDownward, out long count)
    {
        var (rank, all) = Resolve(range, isDownward);
        if (IsListpack) return Small.Walk(rank, all, skipped, limit, isDownward, out count);
        count = ZSetListpack.CountTaken(all, skipped, limit);
        return Walk(isDownward ? rank + all - 1 - skipped : rank + skipped, count, isDownward);
    }

    /// <summary>All members, from the lowest score to the highest.</summary>
    public ZSetWalk WalkAll() => entry.Exists ? Walk(0, Count, isDownward: false) : default;

    /// <summary>The members in a range, as their lowest rank and how many they are.</summary>
    public (long Rank, long Count) Resolve(in ScoreRange range) => IsListpack ? Small.Resolve(range) : Big.Resolve(range);

    /// <param name="fromEnd">From which end a walk will come; it matters only where scores differ, and there only to be as Redis is.</param>
    public (long Rank, long Count) Resolve(in LexRange range, bool fromEnd) => IsListpack ? Small.Resolve(range, fromEnd) : Big.Resolve(range);

    /// <summary>A member by chance.</summary>
    public ZSetWalk Random() => Walk(space.Random.NextInt64(Count), 1, isDownward: false);

    /// <summary>Visits members in no order of theirs, about so many from the cursor on; the next cursor, 0 at the end.</summary>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IZSetVisitor
    {
        if (IsListpack)
        {
            var walk = WalkAll();
            while (walk.MoveNext()) visitor.Visit(walk.Member, walk.Score, isStoredAsText: true);
            return 0;
        }

        var adapter = new VisitorAdapter<TVisitor> { Visitor = visitor };
        var next = Big.Dict.Scan(cursor, count, ref adapter);
        visitor = adapter.Visitor;
        return next;
    }

    public static void Free(ValueSpace space, Entry entry)
    {
        while (!FreeStep(space, entry, int.MaxValue))
        {
        }
    }

    public static bool FreeStep(ValueSpace space, Entry entry, int elements)
    {
        var value = new ZSetValue(space, entry);
        if (!value.IsListpack) return value.Big.FreeStep(elements);
        value.Small.List.Free(space.Heap);
        return true;
    }

    public static long Duplicate(ValueSpace space, Entry source)
    {
        var value = new ZSetValue(space, source);
        if (value.IsListpack) return value.Small.List.Duplicate(space.Heap).Address;
        var copy = ZSetIndex.Create(space);
        var walk = value.Big.Tree.Walk(0, value.Count, isDownward: false);
        while (walk.MoveNext())
        {
            var member = ScoredMember.BytesOf(walk.Member);
            copy.Insert(space.Hash.Hash(member), member, walk.Score);
        }

        return (nint)copy.Header;
    }

    public static long ValueBytes(ValueSpace space, Entry entry)
    {
        var value = new ZSetValue(space, entry);
        return value.IsListpack ? value.Small.List.UsedBytes : value.Big.UsedBytes;
    }

    public static long ElementCount(ValueSpace space, Entry entry) => new ZSetValue(space, entry).Count;

    public static void Verify(ValueSpace space, Entry entry)
    {
        var value = new ZSetValue(space, entry);
        if (value.IsListpack) value.Small.Verify();
        else value.Big.Verify();
    }

    private ZSetPlace FindSmall(ReadOnlySpan<byte> member)
    {
        var element = Small.Find(member);
        return element == null ? default : new ZSetPlace((nint)element, ZSetListpack.ScoreBehind(Small.List, element), 0);
    }

    [SkipLocalsInit]
    private void ConvertToIndex()
    {
        var list = Small.List;
        var index = ZSetIndex.Create(space);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var walk = WalkAll();
        while (walk.MoveNext())
        {
            var member = walk.Member.ToBytes(scratch);
            index.Insert(space.Hash.Hash(member), member, walk.Score);
        }

        list.Free(space.Heap);
        entry.Word = (nint)index.Header;
        entry.SetEncoding(ValueEncoding.Skiplist);
    }

    private struct VisitorAdapter<TVisitor> : IDictVisitor
        where TVisitor : struct, IZSetVisitor
    {
        public TVisitor Visitor;

        public void Visit(nint element) =>
            Visitor.Visit(ListpackElement.FromBytes(ScoredMember.BytesOf(element)), new ScoredMember(element).Score, isStoredAsText: false);
    }
}

/// <summary>Sees members of a sorted set one by one; a struct, so that the calls are inlined.</summary>
internal interface IZSetVisitor
{
    /// <param name="isStoredAsText">Whether the set keeps its scores as clients see them; Redis shows scanned scores by that.</param>
    void Visit(ListpackElement member, double score, bool isStoredAsText);
}

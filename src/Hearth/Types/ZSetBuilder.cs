using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// A sorted set in the making, where a command gathers its result: members are found by name and their scores may change until the
/// end, and only then are they put in order, all at once. It becomes a value, or is walked and given back.
/// </summary>
internal sealed unsafe class ZSetBuilder(ValueSpace space) : IDisposable
{
    private const int FirstCapacity = 64;

    /// <summary>What a pair takes in a listpack besides its member's text.</summary>
    private const long PairBytesMax = 64;

    private readonly ZSetIndex _index = ZSetIndex.Create(space);
    private ScoredKey* _items;
    private int _capacity;
    private int _longest;
    private long _textBytes;
    private bool _isSorted;
    private bool _isGivenAway;

    public int Count { get; private set; }

    /// <summary>Adds a member that is known to be new.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> member, double score)
    {
        Debug.Assert(!_isSorted);
        if (Count == _capacity) Grow();
        _items[Count++].Member = _index.InsertUnordered(hash, member, score).Address;
        _longest = Math.Max(_longest, member.Length);
        _textBytes += member.Length;
    }

    /// <summary>The score of a member, to be changed in place; a null reference if it is not there.</summary>
    public ref double Find(ulong hash, ReadOnlySpan<byte> member)
    {
        var address = _index.Dict.Find(hash, member);
        return ref address == 0 ? ref Unsafe.NullRef<double>() : ref *(double*)address;
    }

    /// <summary>The member at this rank, once the set is in order.</summary>
    public ReadOnlySpan<byte> MemberAt(int rank) => At(rank).Bytes;

    public double ScoreAt(int rank) => At(rank).Score;

    /// <summary>Puts the members in order; none may be added after that.</summary>
    public void Sort()
    {
        if (_isSorted) return;
        _isSorted = true;
        if (Count < 2) return;
        for (var index = 0; index < Count; index++) _items[index].Key = ScoredKey.KeyOf(new ScoredMember(_items[index].Member).Score);
        var scratchBytes = (long)Count * sizeof(ScoredKey);
        var scratch = space.Heap.Allocate(scratchBytes);
        ScoreSort.Sort(_items, (ScoredKey*)scratch, Count);
        space.Heap.Free(scratch, scratchBytes);
    }

    /// <summary>The finished value in its right encoding, for a new entry. A big one takes over what the builder has.</summary>
    public (ValueEncoding Encoding, long Word) Finish()
    {
        Sort();
        var limits = space.Limits;
        var isSmall = Count <= limits.ZSetListpackEntries && _longest <= limits.ZSetListpackValueBytes
            && _textBytes + (Count * PairBytesMax) <= Listpack.SafeBytesMax;
        if (!isSmall)
        {
            for (var index = 0; index < Count; index++)
            {
                var member = new ScoredMember(_items[index].Member);
                _index.Tree.Insert(member.Score, member.Address);
            }

            FreeItems();
            _isGivenAway = true;
            return (ValueEncoding.Skiplist, (nint)_index.Header);
        }

        var list = Listpack.Create(space.Heap);
        for (var index = 0; index < Count; index++)
        {
            var member = new ScoredMember(_items[index].Member);
            list = ZSetListpack.Append(space.Heap, list, member.Bytes, member.Score);
        }

        return (ValueEncoding.Listpack, list.Address);
    }

    /// <summary>Gives back what no value has taken over.</summary>
    public void Dispose()
    {
        FreeItems();
        if (_isGivenAway) return;
        _isGivenAway = true;
        while (!_index.FreeStep(int.MaxValue))
        {
        }
    }

    private ScoredMember At(int rank)
    {
        Debug.Assert(_isSorted && (uint)rank < (uint)Count);
        return new ScoredMember(_items[rank].Member);
    }

    private void FreeItems()
    {
        if (_items != null) space.Heap.Free((byte*)_items, (long)_capacity * sizeof(ScoredKey));
        _items = null;
        _capacity = 0;
    }

    private void Grow()
    {
        var capacity = Math.Max(FirstCapacity, _capacity * 2);
        var items = (ScoredKey*)space.Heap.Allocate((long)capacity * sizeof(ScoredKey));
        new ReadOnlySpan<ScoredKey>(_items, Count).CopyTo(new Span<ScoredKey>(items, Count));
        FreeItems();
        _items = items;
        _capacity = capacity;
    }
}

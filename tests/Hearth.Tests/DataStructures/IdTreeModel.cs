using System.Runtime.InteropServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>An ID tree with a heap of its own beside a sorted list that says what must be in it.</summary>
internal sealed unsafe class IdTreeModel : IDisposable
{
    private readonly IdTreeHeader* _header = (IdTreeHeader*)NativeMemory.AllocZeroed((nuint)sizeof(IdTreeHeader));
    private readonly long* _usedBytes = (long*)NativeMemory.AllocZeroed(8);
    private readonly SortedList<StreamId, nint> _expected = [];
    private readonly ulong _seed;
    private nint _words;

    public IdTreeModel(ulong seed)
    {
        _seed = seed;
        Random = new RandomSource(seed);
    }

    public Heap Heap { get; } = new("test");

    public RandomSource Random { get; }

    public IdTree Tree => new(new CountedHeap(Heap, _usedBytes), _header);

    public int Count => _expected.Count;

    public StreamId Greatest => _expected.Count == 0 ? default : _expected.GetKeyAtIndex(Count - 1);

    public StreamId IdAt(int index) => _expected.GetKeyAtIndex(index);

    /// <summary>IDs that crowd enough to meet again; half of the seeds make so many that the tree has three levels.</summary>
    public StreamId RandomId() => new((ulong)Random.NextInt64(_seed % 2 == 0 ? 40 : 400), (ulong)Random.NextInt64(60));

    public void Insert(StreamId id)
    {
        if (!_expected.TryAdd(id, ++_words)) return;
        Tree.Insert(id, _words);
    }

    public void Remove(StreamId id)
    {
        _expected.Remove(id, out var word);
        var removed = Tree.Remove(id);
        Assert.True(removed == word, $"seed {_seed}: removing {id} gave {removed}, not {word}");
    }

    /// <summary>All that can be asked about one ID.</summary>
    public void CheckSeek(StreamId id)
    {
        _expected.TryGetValue(id, out var word);
        Assert.True(Tree.Find(id) == word, $"seed {_seed}: {id} is {Tree.Find(id)}, not {word}");

        var atLeast = FirstNotLess(id);
        CheckCursor(Tree.SeekAtLeast(id), atLeast, $"at least {id}");
        var isExact = atLeast < Count && IdAt(atLeast) == id;
        CheckCursor(Tree.SeekAtMost(id), isExact ? atLeast : atLeast - 1, $"at most {id}");
    }

    public void Verify()
    {
        Tree.Verify();
        Assert.True(Tree.Count == Count, $"seed {_seed}: {Tree.Count} IDs, not {Count}");
        Assert.True(*_usedBytes == Heap.UsedBytes, $"seed {_seed}: {*_usedBytes} bytes counted, {Heap.UsedBytes} used");
        var index = 0;
        for (var cursor = Tree.First; cursor.IsValid; cursor.MoveNext()) CheckCursor(cursor, index++, "forward");
        Assert.Equal(Count, index);
        for (var cursor = Tree.Last; cursor.IsValid; cursor.MovePrevious()) CheckCursor(cursor, --index, "backward");
        Assert.Equal(0, index);
    }

    public void Dispose()
    {
        Tree.Clear();
        Assert.Equal(0, Heap.LiveBlocks);
        Assert.Equal(0, *_usedBytes);
        Heap.Dispose();
        NativeMemory.Free(_header);
        NativeMemory.Free(_usedBytes);
    }

    private void CheckCursor(IdTreeCursor cursor, int index, string what)
    {
        var isInside = (uint)index < (uint)Count;
        Assert.True(cursor.IsValid == isInside, $"seed {_seed}: {what} is valid: {cursor.IsValid}");
        if (!isInside) return;
        Assert.True(cursor.Id == IdAt(index) && cursor.Word == _expected.GetValueAtIndex(index), $"seed {_seed}: {what} is {cursor.Id}, not {IdAt(index)}");
    }

    private int FirstNotLess(StreamId id)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IdAt(middle) < id) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

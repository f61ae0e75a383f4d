using System.Runtime.InteropServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>Elements of 16 bytes that begin with a key of 8.</summary>
internal unsafe struct GoodLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => new((void*)element, 8);
}

/// <summary>All tags are one of two.</summary>
internal unsafe struct SameTagLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => new((void*)element, 8);

    public static ulong HashOf(KeyedHash hash, ReadOnlySpan<byte> key) => hash.Hash(key) & ~0xFFUL | (hash.Hash(key) & 1);
}

/// <summary>Few different hashes, each shared by many keys.</summary>
internal unsafe struct EqualHashLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => new((void*)element, 8);

    public static ulong HashOf(KeyedHash hash, ReadOnlySpan<byte> key) => hash.Hash(key) / (ulong.MaxValue / 997) * (ulong.MaxValue / 997);
}

/// <summary>Most elements crowd in ever smaller ranges of hashes near zero, so that some segments are far deeper than others.</summary>
internal unsafe struct SkewedLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => new((void*)element, 8);

    public static ulong HashOf(KeyedHash hash, ReadOnlySpan<byte> key) => hash.Hash(key) >> (int)(hash.Hash(key) % 14);
}

/// <summary>A dict with a heap of its own beside a .NET dictionary that says what must be in it.</summary>
internal sealed unsafe class DictModel<TLayout> : IDisposable
    where TLayout : struct, IDictLayout
{
    private const int ElementBytes = 16;

    private readonly DictHeader* _header;
    private readonly KeyedHash _hasher;
    private readonly List<ulong> _ids = [];
    private readonly Dictionary<ulong, (nint Element, int Index)> _expected = [];
    private readonly ulong _seed;

    public DictModel(ulong seed)
    {
        _seed = seed;
        Random = new RandomSource(seed);
        _hasher = new KeyedHash(seed, ~seed);
        _header = (DictHeader*)NativeMemory.AllocZeroed((nuint)sizeof(DictHeader));
    }

    public Heap Heap { get; } = new("test");

    public RandomSource Random { get; }

    public Dict<TLayout> Dict => new(Heap, _hasher, _header);

    public DictHeader Header => *_header;

    public int Count => _ids.Count;

    public IReadOnlyList<ulong> Ids => _ids;

    public ulong HashOf(ulong id) => TLayout.HashOf(_hasher, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in id)));

    public bool Contains(ulong id) => _expected.ContainsKey(id);

    public ulong RandomId() => _ids[(int)Random.NextInt64(_ids.Count)];

    public void Insert(ulong id)
    {
        var element = NewElement(id);
        Dict.Insert(HashOf(id), element);
        _expected.Add(id, (element, _ids.Count));
        _ids.Add(id);
    }

    public void Remove(ulong id)
    {
        var (element, index) = _expected[id];
        var removed = Dict.Remove(HashOf(id), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in id)));
        Assert.True(removed == element, $"seed {_seed}: removing {id} gave {removed:x}, not {element:x}");
        Assert.True(Find(id) == 0, $"seed {_seed}: {id} is still there");
        Heap.Free((byte*)element, ElementBytes);
        Forget(id, index);
    }

    public void Replace(ulong id)
    {
        var (element, index) = _expected[id];
        var moved = NewElement(id);
        Assert.True(Dict.Replace(HashOf(id), element, moved), $"seed {_seed}: {id} is not there to be moved");
        Assert.False(Dict.Replace(HashOf(id), element, moved), $"seed {_seed}: {id} is there twice");
        Heap.Free((byte*)element, ElementBytes);
        _expected[id] = (moved, index);
    }

    public nint Find(ulong id) => Dict.Find(HashOf(id), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in id)));

    public void CheckFind(ulong id)
    {
        var expected = _expected.TryGetValue(id, out var entry) ? entry.Element : 0;
        Dict.PrefetchBucket(HashOf(id));
        Dict.PrefetchElements(HashOf(id));
        Assert.True(Find(id) == expected, $"seed {_seed}: {id} is at {Find(id):x}, not {expected:x}");
        var guess = Dict.Guess(HashOf(id));
        Assert.True(expected == 0 || guess != 0, $"seed {_seed}: {id} is there, and nothing is guessed");
        Assert.True(guess == 0 || _expected[*(ulong*)guess].Element == guess, $"seed {_seed}: for {id} something is guessed that is not in the dict");
    }

    public void CheckRandom()
    {
        var element = Dict.Random(Random);
        if (Count == 0) Assert.Equal(0, element);
        else Assert.True(_expected[*(ulong*)element].Element == element, $"seed {_seed}: a random element is not one of the dict's");
    }

    public void Verify()
    {
        Assert.True(Dict.Count == Count, $"seed {_seed}: count {Dict.Count}, not {Count}");
        Dict.Verify();
        Assert.True(Heap.UsedBytes == Dict.MemoryBytes + Count * (long)ElementBytes, $"seed {_seed}: a table is lost");
    }

    public void RemoveAll()
    {
        while (Count != 0) Remove(_ids[^1]);
        Verify();
        Assert.Equal(0, Heap.LiveBlocks);
    }

    /// <summary>Frees an element that the dict has already let go of.</summary>
    public void Freed(nint element)
    {
        var id = *(ulong*)element;
        Heap.Free((byte*)element, ElementBytes);
        Forget(id, _expected[id].Index);
    }

    public void Dispose()
    {
        Heap.Dispose();
        NativeMemory.Free(_header);
    }

    private void Forget(ulong id, int index)
    {
        _expected.Remove(id);
        var last = _ids[^1];
        _ids[index] = last;
        _ids.RemoveAt(_ids.Count - 1);
        if (last != id) _expected[last] = (_expected[last].Element, index);
    }

    private nint NewElement(ulong id)
    {
        var element = Heap.Allocate(ElementBytes);
        *(ulong*)element = id;
        return (nint)element;
    }
}

using System.Numerics;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>The elements that a command has met already, while it runs: open addressing in one native block.</summary>
internal readonly unsafe struct PointerSet : IDisposable
{
    private readonly Heap _heap;
    private readonly nint* _slots;
    private readonly int _bits;

    /// <summary>Room for so many.</summary>
    public PointerSet(Heap heap, long count)
    {
        _heap = heap;
        _bits = 1 + BitOperations.Log2((ulong)count * 2 | 1);
        _slots = (nint*)heap.Allocate(Bytes);
        for (var index = 0L; index < 1L << _bits; index++) _slots[index] = 0;
    }

    private long Bytes => (long)sizeof(nint) << _bits;

    /// <summary>False if it has been added before.</summary>
    public bool Add(nint pointer)
    {
        // Fibonacci hashing: addresses differ most in their middle bits, and the product's top bits hang on all of them.
        var slot = (long)(((ulong)pointer * 0x9E37_79B9_7F4A_7C15) >> (64 - _bits));
        while (_slots[slot] != 0)
        {
            if (_slots[slot] == pointer) return false;
            slot = (slot + 1) & ((1L << _bits) - 1);
        }

        _slots[slot] = pointer;
        return true;
    }

    public void Dispose() => _heap.Free((byte*)_slots, Bytes);
}

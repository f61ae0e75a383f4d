using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// A sorted array of distinct integers in one block, byte for byte Redis's intset:
/// <code>
/// | width: 4 | count: 4 | integers of 2, 4 or 8 bytes |
/// </code>
/// Numbers are little-endian. All integers are as wide as the widest needs that was ever added; the width never shrinks. A value of
/// this type is the block's address; whatever changes the contents may move the block, and so returns it like realloc.
/// </summary>
internal readonly unsafe struct Intset
{
    public const int HeaderBytes = 8;

    /// <summary>With any more and one besides, the bytes of the widest integers could not be counted by an int.</summary>
    public const int CountMax = ((int.MaxValue - HeaderBytes) / sizeof(long)) - 1;

    private readonly byte* _block;

    private Intset(byte* block) => _block = block;

    public nint Address => (nint)_block;

    public int Count => *(int*)(_block + 4);

    /// <summary>Bytes of each integer.</summary>
    public int Width => *(int*)_block;

    public int TotalBytes => HeaderBytes + Count * Width;

    /// <summary>Bytes of heap that the block takes.</summary>
    public long UsedBytes => Heap.UsableSize(TotalBytes);

    /// <summary>The whole block, as it is saved.</summary>
    public ReadOnlySpan<byte> Bytes => new(_block, TotalBytes);

    private byte* Values => _block + HeaderBytes;

    public static Intset Create(Heap heap)
    {
        var block = heap.Allocate(HeaderBytes);
        *(int*)block = sizeof(short);
        *(int*)(block + 4) = 0;
        return new Intset(block);
    }

    public static Intset FromAddress(nint address) => new((byte*)address);

    /// <summary>A copy of bytes that <see cref="Validate"/> has accepted.</summary>
    public static Intset FromBytes(Heap heap, ReadOnlySpan<byte> bytes)
    {
        var block = heap.Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        return new Intset(block);
    }

    /// <summary>Whether these bytes are an intset with at least one integer, strictly ascending. Safe for any bytes.</summary>
    public static bool Validate(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= HeaderBytes) return false;
        var width = MemoryMarshal.Read<uint>(bytes);
        var count = MemoryMarshal.Read<uint>(bytes[4..]);
        if (width is not (2 or 4 or 8) || (ulong)count * width + HeaderBytes != (ulong)bytes.Length) return false;
        fixed (byte* block = bytes)
        {
            return new Intset(block).IsAscending();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Get(int index)
    {
        Debug.Assert((uint)index < (uint)Count);
        var values = Values;
        return Width switch
        {
            sizeof(short) => ((short*)values)[index],
            sizeof(int) => ((int*)values)[index],
            _ => ((long*)values)[index],
        };
    }

    public bool Contains(long value) => Find(value) >= 0;

    /// <summary>The place of this integer, or the complement of the place where it would stand.</summary>
    public int Find(long value)
    {
        var width = Width;
        if (WidthOf(value) > width) return value < 0 ? ~0 : ~Count;
        var place = width switch
        {
            sizeof(short) => LowerBound((short*)Values, Count, (short)value),
            sizeof(int) => LowerBound((int*)Values, Count, (int)value),
            _ => LowerBound((long*)Values, Count, value),
        };
        return place < Count && Get(place) == value ? place : ~place;
    }

    public Intset Add(Heap heap, long value, out bool added)
    {
        if (WidthOf(value) > Width)
        {
            added = true;
            return Widen(heap, value);
        }

        var place = ~Find(value);
        added = place >= 0;
        if (!added) return this;

        var (count, width) = (Count, Width);
        var changed = Resize(heap, count + 1);
        var target = changed.Values + (long)place * width;
        var tail = (count - place) * width;
        new ReadOnlySpan<byte>(target, tail).CopyTo(new Span<byte>(target + width, tail));
        changed.Set(place, value);
        return changed;
    }

    public Intset Remove(Heap heap, long value, out bool removed)
    {
        var place = Find(value);
        removed = place >= 0;
        return removed ? RemoveAt(heap, place) : this;
    }

    public Intset RemoveAt(Heap heap, int place)
    {
        var (count, width) = (Count, Width);
        var target = Values + (long)place * width;
        var tail = (count - 1 - place) * width;
        new ReadOnlySpan<byte>(target + width, tail).CopyTo(new Span<byte>(target, tail));
        return Resize(heap, count - 1);
    }

    /// <summary>One of the integers by chance; there must be one.</summary>
    public long Random(RandomSource random) => Get((int)random.NextInt64(Count));

    public void Free(Heap heap) => heap.Free(_block, TotalBytes);

    public Intset Duplicate(Heap heap) => FromBytes(heap, Bytes);

    /// <summary>Checks the whole block and throws if anything is wrong.</summary>
    public void Verify()
    {
        if (Width is not (2 or 4 or 8) || Count < 0 || !IsAscending())
        {
            throw new InvalidOperationException($"The intset is damaged: {Convert.ToHexString(new ReadOnlySpan<byte>(_block, HeaderBytes))}");
        }
    }

    private static int WidthOf(long value) => value == (short)value ? sizeof(short) : value == (int)value ? sizeof(int) : sizeof(long);

    /// <summary>The number of values below this one. The loop has no branch that depends on the values.</summary>
    private static int LowerBound<T>(T* values, int count, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Integers often come in ascending order.
        if (count == 0 || values[count - 1] < value) return count;

        var start = values;
        while (count > 1)
        {
            var half = count >> 1;
            start += start[half - 1] < value ? half : 0;
            count -= half;
        }

        return (int)(start - values) + (*start < value ? 1 : 0);
    }

    /// <summary>Adds an integer that needs a larger width: it is below or above all others.</summary>
    private Intset Widen(Heap heap, long value)
    {
        var (count, width) = (Count, WidthOf(value));
        var block = heap.Allocate(HeaderBytes + (long)(count + 1) * width);
        *(int*)block = width;
        *(int*)(block + 4) = count + 1;
        var wide = new Intset(block);
        var shift = value < 0 ? 1 : 0;
        for (var index = 0; index < count; index++) wide.Set(index + shift, Get(index));
        wide.Set(value < 0 ? 0 : count, value);
        Free(heap);
        return wide;
    }

    private void Set(int index, long value)
    {
        var values = Values;
        switch (Width)
        {
            case sizeof(short):
                ((short*)values)[index] = (short)value;
                break;
            case sizeof(int):
                ((int*)values)[index] = (int)value;
                break;
            default:
                ((long*)values)[index] = value;
                break;
        }
    }

    /// <summary>Gives the block room for so many integers, and the new count.</summary>
    private Intset Resize(Heap heap, int count)
    {
        var oldTotal = TotalBytes;
        var newTotal = HeaderBytes + (long)count * Width;
        var block = _block;
        if (Heap.UsableSize(newTotal) != Heap.UsableSize(oldTotal))
        {
            block = heap.Allocate(newTotal);
            var kept = (int)Math.Min(oldTotal, newTotal);
            new ReadOnlySpan<byte>(_block, kept).CopyTo(new Span<byte>(block, kept));
            heap.Free(_block, oldTotal);
        }

        *(int*)(block + 4) = count;
        return new Intset(block);
    }

    private bool IsAscending()
    {
        for (var index = 1; index < Count; index++)
        {
            if (Get(index - 1) >= Get(index)) return false;
        }

        return true;
    }
}

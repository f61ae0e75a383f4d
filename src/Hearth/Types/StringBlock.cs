using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// The bytes of a string too long for its entry: length (8 bytes), capacity (8 bytes), then the bytes. A string that grows gets room for
/// as much again, at most 1 MiB more, so that appending costs amortised constant time.
/// </summary>
internal readonly unsafe struct StringBlock(byte* block)
{
    private const int HeaderBytes = 16;
    private const long SlackBytesMax = 1 << 20;

    public nint Address => (nint)block;

    public int Length => (int)*(long*)block;

    public Span<byte> Bytes => new(block + HeaderBytes, Length);

    /// <summary>Bytes of the block as they were asked from the heap.</summary>
    public long BlockBytes => HeaderBytes + Capacity;

    public long SpareBytes => Capacity - Length;

    private long Capacity => *(long*)(block + 8);

    public static StringBlock FromAddress(long address) => new((byte*)address);

    public static StringBlock Create(Heap heap, int length, long capacity)
    {
        var block = heap.Allocate(HeaderBytes + capacity);
        *(long*)block = length;
        *(long*)(block + 8) = capacity;
        return new StringBlock(block);
    }

    /// <summary>The block with this length, moved if it has to be; new bytes are zero.</summary>
    public StringBlock Resize(Heap heap, int length)
    {
        var oldLength = Length;
        if (length <= Capacity)
        {
            *(long*)block = length;
            if (length > oldLength) Bytes[oldLength..].Clear();
            return this;
        }

        var bigger = Create(heap, length, GrownCapacity(length));
        Bytes.CopyTo(bigger.Bytes);
        bigger.Bytes[oldLength..].Clear();
        Free(heap);
        return bigger;
    }

    public void Free(Heap heap) => heap.Free(block, BlockBytes);

    public static long GrownCapacity(int length) => length + Math.Min(length, SlackBytesMax);
}

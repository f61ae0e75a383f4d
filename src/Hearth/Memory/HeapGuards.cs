using System.Diagnostics;

namespace Hearth.Memory;

/// <summary>
/// What a debug build adds to every block, and a release build leaves out altogether:
/// <code>
/// | block, its usable size | guard, 8 bytes of 0xFB | mark: live or free, 8 bytes | padding to keep the alignment |
/// </code>
/// A fresh block is filled with 0xCD and a freed one with 0xDD. Overruns show when the block is freed, writes after the free when
/// it is handed out again, and a second free, a wrong size or a pointer that is not a block's at once.
/// </summary>
internal static unsafe class HeapGuards
{
    private const ulong Guard = 0xFBFB_FBFB_FBFB_FBFB;
    private const ulong LiveMark = 0x4556_494C_4556_494C;
    private const ulong FreeMark = 0x4545_5246_4545_5246;
    private const byte FreshPoison = 0xCD;
    private const byte FreedPoison = 0xDD;

#if DEBUG
    public static int BytesAfter(long usableSize) => usableSize % 64 == 0 ? 64 : 16;

    public static bool IsLive(byte* block, long usableSize) => *(ulong*)(block + usableSize + 8) == LiveMark;
#else
    public static int BytesAfter(long usableSize) => 0;

    public static bool IsLive(byte* block, long usableSize) => false;
#endif

    [Conditional("DEBUG")]
    public static void OnAllocate(byte* block, long usableSize, bool wasFreed)
    {
        if (wasFreed)
        {
            // The first word of a freed block is the heap's own link.
            var changed = new ReadOnlySpan<byte>(block + 8, (int)usableSize - 8).IndexOfAnyExcept(FreedPoison);
            if (changed >= 0) throw Fault($"byte {changed + 8} of a block was written after it was freed", block, usableSize);
            if (!HasMark(block, usableSize, FreeMark)) throw Fault("what follows a freed block was overwritten", block, usableSize);
        }

        Fill(block, usableSize, FreshPoison);
        *(ulong*)(block + usableSize) = Guard;
        *(ulong*)(block + usableSize + 8) = LiveMark;
    }

    [Conditional("DEBUG")]
    public static void OnFree(byte* block, long usableSize)
    {
        if (HasMark(block, usableSize, FreeMark)) throw Fault("a block is freed twice", block, usableSize);
        if (!HasMark(block, usableSize, LiveMark)) throw Fault("a block was written past its end", block, usableSize);
        Fill(block, usableSize, FreedPoison);
        *(ulong*)(block + usableSize + 8) = FreeMark;
    }

    /// <summary>Checks that the pointer is that of a block of this class in one of these regions.</summary>
    [Conditional("DEBUG")]
    public static void CheckBelongs(HeapRegion* regions, byte* block, HeapBin* bin, int classIndex)
    {
        var address = (ulong)block & ~(ulong)(HeapRegion.Bytes - 1);
        while (regions != null && ((ulong)regions & ~(ulong)(HeapRegion.Bytes - 1)) != address) regions = regions->Next;
        var slab = HeapSlab.Of(block);
        if (regions == null || (regions->FreeSlabs & (1UL << (int)(slab - (HeapSlab*)regions))) != 0 || slab == (HeapSlab*)regions)
            throw Fault("a block is freed that is not this heap's", block, bin->Size);

        if (slab->Class != classIndex) throw Fault("a block is freed with a size that is not its own", block, bin->Size);

        var offset = (long)block & (HeapSlab.DataBytes - 1);
        if (offset % bin->Stride != 0 || block >= slab->Fresh) throw Fault("a pointer into a block is freed", block, bin->Size);
    }

    [Conditional("DEBUG")]
    public static void CheckBelongs(in HeapMediumBlocks medium, in HeapLargeBlocks large, byte* block, long usableSize)
    {
        if (!(HeapLargeBlocks.IsLarge(usableSize) ? large.Contains(block, usableSize) : medium.Contains(block, usableSize)))
            throw Fault("a large block is freed that is not this heap's or not of this size", block, usableSize);
    }

    private static bool HasMark(byte* block, long usableSize, ulong mark) =>
        *(ulong*)(block + usableSize) == Guard && *(ulong*)(block + usableSize + 8) == mark;

    private static void Fill(byte* block, long usableSize, byte value)
    {
        // A huge block is poisoned at its ends only: filling it would touch pages that its owner may never use.
        const int Most = 1 << 16;
        if (usableSize <= 2 * Most)
        {
            new Span<byte>(block, (int)usableSize).Fill(value);
            return;
        }

        new Span<byte>(block, Most).Fill(value);
        new Span<byte>(block + usableSize - Most, Most).Fill(value);
    }

    private static InvalidOperationException Fault(string what, byte* block, long usableSize) =>
        new($"Heap: {what} (0x{(nint)block:x}, class of {usableSize} bytes).");
}

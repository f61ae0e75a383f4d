using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// 16 MiB of address space, aligned to its size: 64 pieces of 256 KiB, the first of which holds the headers of all, the others
/// being slabs.
/// <code>
/// | header area, 256 KiB, one page of it used | slab 1 | slab 2 | ... | slab 63 |
///        | HeapRegion | HeapSlab 1 | HeapSlab 2 | ... | HeapSlab 63 |    64 bytes each
/// </code>
/// Headers stand side by side and not in front of their slabs, and in a different page of the area for each region: headers at
/// equal distances of 256 KiB would all compete for the same few sets of the processor's caches.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = HeapSlab.Bytes)]
internal unsafe struct HeapRegion
{
    public const int Shift = 24;
    public const long Bytes = 1L << Shift;

    private const ulong AllFree = ~1UL;
    private const int ColourBits = 5;
    private const int ColourShift = 12;

    /// <summary>A bit for each slab that is not in use.</summary>
    public ulong FreeSlabs;

    /// <summary>Neighbours among all regions of the heap.</summary>
    public HeapRegion* Next;

    public HeapRegion* Previous;

    /// <summary>Neighbours among the regions that have a free slab.</summary>
    public HeapRegion* NextOpen;

    public HeapRegion* PreviousOpen;

    /// <summary>Its slabs lie in huge pages, a few of them in each.</summary>
    public bool IsHuge;

    public readonly bool IsEmpty => FreeSlabs == AllFree;

    /// <summary>Where the headers of the region at this address stand; the region's own takes the place of the first.</summary>
    public static HeapSlab* HeadersOf(ulong region) =>
        (HeapSlab*)(region + (((region >> Shift) & ((1 << ColourBits) - 1)) << ColourShift));

    public static HeapRegion* Create(bool isHuge)
    {
        var start = PageSource.Map(Bytes, Bytes);
        // The header area touches a page or two of its 64: in a huge page it would waste the rest.
        if (isHuge) PageSource.PreferHugePages(start + PageSource.HugePageBytes, Bytes - PageSource.HugePageBytes);
        var region = (HeapRegion*)HeadersOf((ulong)start);
        *region = new HeapRegion { FreeSlabs = AllFree, IsHuge = isHuge };
        return region;
    }

    public static void Destroy(HeapRegion* region) => PageSource.Unmap((byte*)((ulong)region & ~(ulong)(Bytes - 1)), Bytes);

    /// <summary>The header of a free slab, its data pointer in <c>Fresh</c>.</summary>
    public static HeapSlab* TakeSlab(HeapRegion* region)
    {
        Debug.Assert(region->FreeSlabs != 0);
        var index = BitOperations.TrailingZeroCount(region->FreeSlabs);
        region->FreeSlabs &= region->FreeSlabs - 1;
        var slab = (HeapSlab*)region + index;
        *slab = new HeapSlab { Fresh = (byte*)((ulong)region & ~(ulong)(Bytes - 1)) + index * HeapSlab.DataBytes };
        return slab;
    }

    public static HeapRegion* Of(HeapSlab* slab) => (HeapRegion*)HeadersOf((ulong)slab & ~(ulong)(Bytes - 1));

    /// <summary>Takes a slab back and gives its pages to the system.</summary>
    public static void ReturnSlab(HeapRegion* region, HeapSlab* slab)
    {
        var index = (int)(slab - (HeapSlab*)region);
        Debug.Assert(index is > 0 and < 64 && (region->FreeSlabs & (1UL << index)) == 0);
        PageSource.Discard(HeapSlab.DataOf(slab), HeapSlab.DataBytes);
        region->FreeSlabs |= 1UL << index;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// Blocks too large for a slab and too small for a mapping of their own: from 8 KiB to 1 MiB. They lie side by side in regions of 16 MiB,
/// each behind a header of 64 bytes, which knows its neighbours: a block that is freed grows together with what is free beside it.
/// <code>
/// | region header | header, block | header, free | header, block | ... | header, free | end mark |
/// </code>
/// A block comes from the shortest free stretch that is about long enough (<see cref="HeapFreeLists"/>). A stretch that was used is
/// dirty: its pages are the system's again once it is discarded. A few dirty bytes stay, since the next block may lie there; beyond
/// that the oldest stretches are discarded, several at once, so that each free costs a bounded share of it. Of the regions without a
/// block one stays mapped, so that a heap that breathes around a region's edge does not map and unmap it again and again.
/// </summary>
internal unsafe struct HeapMediumBlocks
{
    public const int HeaderBytes = 64;
    private const long RegionBytes = 16 << 20;
    private const long RegionPayload = RegionBytes - 2 * HeaderBytes;

    /// <summary>Dirty bytes that may lie idle, and how many of them a round of discarding leaves.</summary>
    private const long DirtyBytesMax = 4 << 20;
    private const long DirtyBytesKept = 2 << 20;

    private HeapFreeLists* _free;
    private Region* _regions;
    private Region* _emptyRegion;
    private HeapMediumHeader* _oldestDirty;
    private HeapMediumHeader* _newestDirty;
    private long _liveBytes;
    private long _dirtyBytes;

    /// <summary>Bytes in blocks, with their headers, and in dirty stretches: what the system has not got back.</summary>
    public readonly long ReservedBytes => _liveBytes + _dirtyBytes;

    /// <summary>A block with so many bytes behind its header.</summary>
    public byte* Allocate(long usableSize)
    {
        var size = TotalBytes(usableSize);
        if (_free == null) _free = HeapFreeLists.Create();
        var header = _free->Find(size);
        if (header == null) header = AddRegion();
        var dirty = TakeOut(header);
        var rest = header->Size - size;
        if (rest > 0) PutIn(SplitOff(header, size), Math.Min(dirty, rest));
        header->Size = size;
        header->UsableSize = usableSize;
        _liveBytes += size;
        return (byte*)header + HeaderBytes;
    }

    public void Free(byte* block)
    {
        var header = (HeapMediumHeader*)(block - HeaderBytes);
        Debug.Assert(!header->IsFree);
        _liveBytes -= header->Size;
        var dirty = header->Size;
        var next = header->Next;
        if (next->IsFree)
        {
            dirty += TakeOut(next);
            Join(header, next);
        }

        var before = header->Before;
        if (before != null && before->IsFree)
        {
            dirty += TakeOut(before);
            Join(before, header);
            header = before;
        }

        if (header->Size == RegionPayload && _emptyRegion != null)
        {
            Unmap(Region.Of(header));
            return;
        }

        PutIn(header, dirty);
        if (_dirtyBytes > DirtyBytesMax) Discard(DirtyBytesKept);
    }

    /// <summary>Gives everything back that no block lies in.</summary>
    public void Trim()
    {
        if (_emptyRegion != null)
        {
            var region = _emptyRegion;
            TakeOut(region->First);
            Unmap(region);
        }

        Discard(0);
    }

    public void FreeAll()
    {
        while (_regions != null) Unmap(_regions);
        NativeMemory.Free(_free);
        this = default;
    }

    /// <summary>Walks the block's region for a block of this usable size: for checks, not for speed.</summary>
    public readonly bool Contains(byte* block, long usableSize)
    {
        for (var region = _regions; region != null; region = region->NextRegion)
        {
            if (block < (byte*)region || block >= (byte*)region + RegionBytes) continue;
            for (var header = region->First; !header->IsEnd; header = header->Next)
            {
                if ((byte*)header + HeaderBytes == block) return !header->IsFree && header->UsableSize == usableSize;
            }
        }

        return false;
    }

    public readonly void List(List<(nint Address, long Size)> blocks)
    {
        for (var region = _regions; region != null; region = region->NextRegion)
        {
            for (var header = region->First; !header->IsEnd; header = header->Next)
            {
                if (!header->IsFree) blocks.Add(((nint)header + HeaderBytes, header->UsableSize));
            }
        }
    }

    /// <summary>Throws unless neighbours know each other, no two free stretches touch, and every sum is right.</summary>
    public readonly void Verify()
    {
        var (live, dirty) = (0L, 0L);
        for (var region = _regions; region != null; region = region->NextRegion)
        {
            HeapMediumHeader* before = null;
            var header = region->First;
            for (; !header->IsEnd; before = header, header = header->Next)
            {
                Check(header->Before == before, "a header does not know the one before it");
                Check(!header->IsFree || before == null || !before->IsFree, "two free stretches touch");
                Check(!header->IsFree || _free->Contains(header), "a free stretch is in no list");
                if (header->IsFree) dirty += header->DirtyBytes;
                else live += header->Size;
            }

            Check(header->Before == before && (byte*)header == (byte*)region + RegionBytes - HeaderBytes, "the blocks do not fill their region");
        }

        Check((live, dirty) == (_liveBytes, _dirtyBytes), "the sums are wrong");
    }

    private static long TotalBytes(long usableSize) => HeaderBytes + usableSize + HeapGuards.BytesAfter(usableSize);

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"Medium blocks: {what}.");
    }

    /// <summary>Cuts what is behind this size off a stretch; the rest is a stretch of its own.</summary>
    private static HeapMediumHeader* SplitOff(HeapMediumHeader* header, long size)
    {
        var rest = (HeapMediumHeader*)((byte*)header + size);
        *rest = new HeapMediumHeader { Before = header, Size = header->Size - size };
        rest->Next->Before = rest;
        return rest;
    }

    private static void Join(HeapMediumHeader* header, HeapMediumHeader* next)
    {
        header->Size += next->Size;
        header->Next->Before = header;
    }

    /// <summary>One more region, as a single free stretch.</summary>
    private HeapMediumHeader* AddRegion()
    {
        var region = (Region*)PageSource.Map(RegionBytes, Environment.SystemPageSize);
        *region = new Region { NextRegion = _regions };
        if (_regions != null) _regions->PreviousRegion = region;
        _regions = region;
        var first = region->First;
        *first = new HeapMediumHeader { Size = RegionPayload };
        *first->Next = new HeapMediumHeader { Before = first };
        PutIn(first, dirtyBytes: 0);
        return first;
    }

    private void Unmap(Region* region)
    {
        if (region->NextRegion != null) region->NextRegion->PreviousRegion = region->PreviousRegion;
        if (region->PreviousRegion != null) region->PreviousRegion->NextRegion = region->NextRegion;
        else _regions = region->NextRegion;
        PageSource.Unmap((byte*)region, RegionBytes);
    }

    private void PutIn(HeapMediumHeader* header, long dirtyBytes)
    {
        if (header->Size == RegionPayload) _emptyRegion = Region.Of(header);
        header->IsFree = true;
        _free->Add(header);
        header->DirtyBytes = dirtyBytes;
        if (dirtyBytes == 0) return;
        _dirtyBytes += dirtyBytes;
        header->OlderDirty = _newestDirty;
        header->NewerDirty = null;
        if (_newestDirty != null) _newestDirty->NewerDirty = header;
        else _oldestDirty = header;
        _newestDirty = header;
    }

    /// <summary>Takes a free stretch out of every list.</summary>
    /// <returns>Its dirty bytes.</returns>
    private long TakeOut(HeapMediumHeader* header)
    {
        Debug.Assert(header->IsFree);
        if (header->Size == RegionPayload) _emptyRegion = null;
        _free->Remove(header);
        header->IsFree = false;
        var dirty = header->DirtyBytes;
        if (dirty > 0) ForgetDirty(header);
        return dirty;
    }

    private void ForgetDirty(HeapMediumHeader* header)
    {
        _dirtyBytes -= header->DirtyBytes;
        header->DirtyBytes = 0;
        if (header->OlderDirty != null) header->OlderDirty->NewerDirty = header->NewerDirty;
        else _oldestDirty = header->NewerDirty;
        if (header->NewerDirty != null) header->NewerDirty->OlderDirty = header->OlderDirty;
        else _newestDirty = header->OlderDirty;
    }

    private void Discard(long bytesKept)
    {
        while (_dirtyBytes > bytesKept)
        {
            var header = _oldestDirty;
            ForgetDirty(header);
            PageSource.Discard((byte*)header + HeaderBytes, header->Size - HeaderBytes);
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = HeaderBytes)]
    private struct Region
    {
        public Region* NextRegion;
        public Region* PreviousRegion;

        public readonly HeapMediumHeader* First
        {
            get
            {
                fixed (Region* self = &this) return (HeapMediumHeader*)(self + 1);
            }
        }

        /// <summary>The region whose only stretch this is.</summary>
        public static Region* Of(HeapMediumHeader* first) => (Region*)first - 1;
    }
}

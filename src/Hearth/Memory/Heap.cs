using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// Native memory with exact accounting, for one thread at a time.
/// <para>
/// Sizes are rounded up to one of 64 classes: steps of 8 bytes to 128, then eight steps to each doubling, up to 8 KiB. A class
/// takes its blocks from slabs of 256 KiB, which are cut from regions of 16 MiB (<see cref="HeapRegion"/>). A block has no header:
/// its slab's is found from its address, and the caller says its size when it frees it. Allocating pops the free list of the
/// class's current slab, freeing pushes onto the list of the block's own slab; a slab whose last block is freed gives its pages
/// back, unless it is the current one. Larger blocks stand apart: <see cref="HeapMediumBlocks"/> up to 1 MiB, then
/// <see cref="HeapLargeBlocks"/>.
/// </para>
/// <para>
/// Every block is 8-aligned, one whose size is a multiple of 64 is 64-aligned, and addresses fit 47 bits. A block may be freed
/// with any size of the same class, so an owner that shrinks a value in place need not remember what it asked for.
/// </para>
/// </summary>
internal sealed unsafe class Heap : IDisposable
{
    private const int LargestClassSize = 8192;
    private const int ClassCount = 65;

    /// <summary>A class with so many slabs is a large one: its next comes from a region of huge pages, or has its pages ready ahead.</summary>
    private const int SlabsOfSmallClass = 4;

    /// <summary>What a large class has ready at a time: enough to share the cost of asking, little beside the megabyte that it has.</summary>
    private const long ReadyBytes = 64 * 1024;

    private readonly bool _prefersHugePages;

    // The fields that every allocation touches live in native memory: no bounds checks, no write barriers.
    private State* _state;
    private HeapRegionList _regions;
    private HeapMediumBlocks _medium;
    private HeapLargeBlocks _large;

    /// <param name="name">What it is called in reports.</param>
    /// <param name="prefersHugePages">
    /// Whether classes with many blocks should lie in huge pages: for data that are looked up in no order. Small classes keep small pages, of
    /// which they touch no more than they need.
    /// </param>
    public Heap(string name, bool prefersHugePages = false)
    {
        Name = name;
        _prefersHugePages = prefersHugePages;
        _state = (State*)NativeMemory.AlignedAlloc((nuint)(sizeof(State) + ClassCount * sizeof(HeapBin)), 64);
        Initialize();
    }

    public string Name { get; }

    /// <summary>Bytes in live blocks, each counted with the size of its class.</summary>
    public long UsedBytes => _state->UsedBytes;

    /// <summary>Bytes taken from the operating system, whether touched yet or not.</summary>
    public long ReservedBytes => _regions.SlabsInUse * HeapSlab.DataBytes + _medium.ReservedBytes + _large.ReservedBytes;

    public long LiveBlocks => _state->LiveBlocks;

    /// <summary>How many bytes a block of this size really has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long UsableSize(long size)
    {
        if (size <= 128) return size <= 8 ? 8 : (size + 7) & ~7L;
        if (size > LargestClassSize) return HeapLargeBlocks.UsableSize(size);
        var step = 1 << (BitOperations.Log2((uint)size - 1) - 3);
        return (size + step - 1) & -step;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Allocate(long size)
    {
        if ((ulong)size > LargestClassSize) return AllocateLarge(size);

        var state = _state;
        var bin = Bins(state) + ClassOf((int)size);
        var slab = bin->Current;
        var block = slab->Free;
        if (block == null) return AllocateSlow(bin);

        slab->Free = *(byte**)block;
        slab->Live++;
        state->UsedBytes += bin->Size;
        state->LiveBlocks++;
        HeapGuards.OnAllocate(block, bin->Size, wasFreed: true);
        return block;
    }

    /// <summary>Takes a block back. The size is the one it was asked for, or another of the same class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(byte* block, long size)
    {
        if ((ulong)size > LargestClassSize)
        {
            FreeLarge(block, size);
            return;
        }

        var state = _state;
        var bin = Bins(state) + ClassOf((int)size);
        HeapGuards.CheckBelongs(_regions.First, block, bin, (int)(bin - Bins(state)));
        HeapGuards.OnFree(block, bin->Size);
        var slab = HeapSlab.Of(block);
        *(byte**)block = slab->Free;
        slab->Free = block;
        state->UsedBytes -= bin->Size;
        state->LiveBlocks--;
        if (--slab->Live == 0 || slab->IsFull) FreeSlow(bin, slab);
    }

    /// <summary>Gives back what stands empty: the heap itself keeps one such slab per class, and one large block.</summary>
    public void Trim()
    {
        for (var index = 0; index < ClassCount; index++)
        {
            var bin = Bins(_state) + index;
            var slab = bin->Current;
            if (slab == &_state->NoSlab || slab->Live != 0) continue;

            bin->Current = &_state->NoSlab;
            ReturnSlab(bin, slab);
        }

        _regions.Trim();
        _medium.Trim();
        _large.ReleaseIdle();
    }

    /// <summary>Gives every block back at once.</summary>
    public void Reset() => Detach().Dispose();

    /// <summary>
    /// Empties the heap as <see cref="Reset"/> does but leaves it to the caller to give the memory back, on any thread: for many
    /// gigabytes this takes the system a while.
    /// </summary>
    public HeapRemains Detach()
    {
        var remains = new HeapRemains(_regions, _medium, _large);
        _regions = default;
        _medium = default;
        _large = default;
        Initialize();
        return remains;
    }

    public void Dispose()
    {
        if (_state == null) return;
        Detach().Dispose();
        NativeMemory.AlignedFree(_state);
        _state = null;
    }

    /// <summary>
    /// Every live block with the size of its class: the leak report of a test. Without the guards of a debug build the blocks in
    /// slabs look alike, so a release build lists the larger ones only.
    /// </summary>
    public IReadOnlyList<(nint Address, long Size)> LiveBlockList()
    {
        var blocks = new List<(nint Address, long Size)>();
        for (var region = _regions.First; region != null; region = region->Next)
        {
            for (var index = 1; index < 64; index++)
            {
                if ((region->FreeSlabs & (1UL << index)) != 0) continue;
                var slab = (HeapSlab*)region + index;
                var bin = Bins(_state) + slab->Class;
                for (var block = HeapSlab.DataOf(slab); block < slab->Fresh; block += bin->Stride)
                {
                    if (HeapGuards.IsLive(block, bin->Size)) blocks.Add(((nint)block, bin->Size));
                }
            }
        }

        _medium.List(blocks);
        _large.List(blocks);
        return blocks;
    }

    /// <summary>The classes that have slabs: bytes of a block, slabs, and live blocks in them.</summary>
    public IReadOnlyList<(int Size, int Slabs, long LiveBlocks)> Classes()
    {
        var live = new long[ClassCount];
        for (var region = _regions.First; region != null; region = region->Next)
        {
            for (var index = 1; index < 64; index++)
            {
                if ((region->FreeSlabs & (1UL << index)) != 0) continue;
                var slab = (HeapSlab*)region + index;
                live[slab->Class] += slab->Live;
            }
        }

        var classes = new List<(int Size, int Slabs, long LiveBlocks)>();
        for (var index = 0; index < ClassCount; index++)
        {
            var bin = Bins(_state)[index];
            if (bin.Slabs > 0) classes.Add((bin.Size, bin.Slabs, live[index]));
        }

        return classes;
    }

    /// <summary>Throws unless the medium blocks are in order; slabs are checked as their blocks are freed.</summary>
    public void Verify() => _medium.Verify();

    private static HeapBin* Bins(State* state) => (HeapBin*)(state + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ClassOf(int size)
    {
        if (size <= 128) return (size + 7) >> 3;

        // The step is an eighth of the power of two below: the top four bits of (size - 1) count them.
        var log = BitOperations.Log2((uint)size - 1);
        return (log - 5) * 8 + ((size - 1) >> (log - 3)) - 7;
    }

    private static int SizeOfClass(int index)
    {
        if (index <= 16) return Math.Max(index, 1) * 8;
        var log = 7 + (index - 17) / 8;
        return ((index - 17) % 8 + 9) << (log - 3);
    }

    private void Initialize()
    {
        *_state = default;
        for (var index = 0; index < ClassCount; index++)
        {
            var size = SizeOfClass(index);
            Bins(_state)[index] = new HeapBin
            {
                Current = &_state->NoSlab,
                Size = size,
                Stride = size + HeapGuards.BytesAfter(size),
            };
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* AllocateSlow(HeapBin* bin)
    {
        var slab = bin->Current;
        if (slab->Fresh == slab->End) slab = NextSlab(bin);

        var block = slab->Free;
        var wasFreed = block != null;
        if (wasFreed)
        {
            slab->Free = *(byte**)block;
        }
        else
        {
            block = slab->Fresh;
            slab->Fresh += bin->Stride;
            if (slab->Fresh > slab->Ready) MakeReady(slab);
        }

        slab->Live++;
        _state->UsedBytes += bin->Size;
        _state->LiveBlocks++;
        HeapGuards.OnAllocate(block, bin->Size, wasFreed);
        return block;
    }

    /// <summary>Makes a slab with free blocks the current one, now that the current one has none.</summary>
    private HeapSlab* NextSlab(HeapBin* bin)
    {
        var slab = bin->Partial;
        if (slab != null)
        {
            bin->Partial = slab->Next;
            if (slab->Next != null) slab->Next->Previous = null;
            slab->Next = null;
        }
        else
        {
            var isLargeClass = bin->Slabs >= SlabsOfSmallClass;
            var isHuge = isLargeClass && _prefersHugePages;
            slab = _regions.TakeSlab(isHuge);
            bin->Slabs++;
            slab->Class = (byte)(bin - Bins(_state));
            slab->End = slab->Fresh + HeapSlab.DataBytes / bin->Stride * bin->Stride;
            slab->Ready = slab->Fresh + (isLargeClass && !isHuge ? 0 : HeapSlab.DataBytes);
        }

        bin->Current->IsFull = true;
        bin->Current = slab;
        return slab;
    }

    /// <summary>
    /// Has the next pages of a slab there before they are touched: asked for in one call, they cost about half of what a fault for each
    /// does. A slab is a whole number of such steps.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeReady(HeapSlab* slab)
    {
        Debug.Assert(slab->Ready + ReadyBytes <= HeapSlab.DataOf(slab) + HeapSlab.DataBytes);
        PageSource.Populate(slab->Ready, ReadyBytes);
        slab->Ready += ReadyBytes;
    }

    /// <summary>A full slab has a free block again, or a slab has lost its last live one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeSlow(HeapBin* bin, HeapSlab* slab)
    {
        if (slab->IsFull)
        {
            slab->IsFull = false;
            slab->Next = bin->Partial;
            if (slab->Next != null) slab->Next->Previous = slab;
            bin->Partial = slab;
        }

        // The current slab stays even when empty: a class that breathes around zero would map pages again and again.
        if (slab->Live != 0 || slab == bin->Current) return;

        if (slab->Next != null) slab->Next->Previous = slab->Previous;
        if (slab->Previous != null) slab->Previous->Next = slab->Next;
        else bin->Partial = slab->Next;
        ReturnSlab(bin, slab);
    }

    private void ReturnSlab(HeapBin* bin, HeapSlab* slab)
    {
        bin->Slabs--;
        _regions.ReturnSlab(slab);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* AllocateLarge(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var block = HeapLargeBlocks.IsLarge(size) ? _large.Allocate(size) : _medium.Allocate(UsableSize(size));
        Debug.Assert((ulong)block < 1UL << 47);
        _state->LiveBlocks++;
        _state->UsedBytes += UsableSize(size);
        HeapGuards.OnAllocate(block, UsableSize(size), wasFreed: false);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeLarge(byte* block, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        HeapGuards.CheckBelongs(_medium, _large, block, UsableSize(size));
        HeapGuards.OnFree(block, UsableSize(size));
        _state->LiveBlocks--;
        _state->UsedBytes -= UsableSize(size);
        if (HeapLargeBlocks.IsLarge(size)) _large.Free(block);
        else _medium.Free(block);
    }

    /// <summary>The fields that stand in front of the bins; they fill two cache lines, the bins share two to each further one.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct State
    {
        public long UsedBytes;
        public long LiveBlocks;

        /// <summary>Stands for the current slab of a class that has none: nothing free, nothing fresh.</summary>
        public HeapSlab NoSlab;
    }
}

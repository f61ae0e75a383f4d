using System.Runtime.InteropServices;
using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.Memory;

public unsafe partial class HeapTests
{
    private const int Seed = 20_240_607;
    private const int PageBytes = 4096;

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(128, 128)]
    [InlineData(129, 144)]
    [InlineData(256, 256)]
    [InlineData(257, 288)]
    [InlineData(3584, 3584)]
    [InlineData(6656, 6656)]
    [InlineData(7681, 8192)]
    [InlineData(8192, 8192)]
    [InlineData(8193, 8256)]
    [InlineData(1 << 20, 1 << 20)]
    public void A_size_is_rounded_up_to_its_class(long size, long usable)
    {
        using var heap = new Heap("test");
        Assert.Equal(usable, Heap.UsableSize(size));
        var block = heap.Allocate(size);
        Assert.Equal(usable, heap.UsedBytes);
        heap.Free(block, size);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void No_class_wastes_more_than_an_eighth_and_classes_never_shrink()
    {
        var last = 0L;
        for (var size = 1; size <= 70_000; size++)
        {
            var usable = Heap.UsableSize(size);
            Assert.True(usable >= size && usable >= last && usable % 8 == 0, $"size {size} has {usable}");
            Assert.True(usable - size < 8 || usable - size < size / 8.0, $"size {size} has {usable}");
            Assert.Equal(usable, Heap.UsableSize(usable));
            last = usable;
        }
    }

    [Fact]
    public void Blocks_are_aligned_and_lie_below_two_to_the_47()
    {
        using var heap = new Heap("test");
        for (var size = 1; size <= 20_000; size += size < 600 ? 1 : 64 - size % 64)
        {
            for (var i = 0; i < 3; i++)
            {
                var address = (ulong)heap.Allocate(size);
                Assert.True(address % 8 == 0 && address < 1UL << 47, $"size {size} at {address:x}");
                Assert.True(size % 64 != 0 || address % 64 == 0, $"size {size} at {address:x}");
            }
        }
    }

    [Fact]
    public void A_large_class_has_its_next_pages_there_and_a_small_one_only_what_it_has_touched()
    {
        var canTell = OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 14) && Environment.SystemPageSize == PageBytes;
        if (!canTell) Assert.Skip("Only Linux from 5.14 on has pages there ahead, and the numbers here are for pages of 4 KiB.");
        const int SlabBytes = 256 * 1024;
        const int ReadyPages = 16;
        using var heap = new Heap("test");
        var slabs = 0;
        while (slabs < 6)
        {
            var block = heap.Allocate(1000);
            if ((nint)block % SlabBytes != 0) continue;
            var isLarge = ++slabs > 4; // With more than 1 MiB.
            Assert.Equal(isLarge, IsPresent(block, ReadyPages - 1));
            Assert.False(IsPresent(block, ReadyPages));
            if (!isLarge) continue;

            while (heap.Allocate(1000) < block + ReadyPages * PageBytes) ;
            Assert.True(IsPresent(block, 2 * ReadyPages - 1));
            Assert.False(IsPresent(block, 2 * ReadyPages));
        }
    }

    [Fact]
    public void Huge_pages_change_nothing_that_can_be_seen()
    {
        using var heap = new Heap("test", prefersHugePages: true);
        var blocks = new nint[10_000]; // 80 MB: five regions, all but the first of huge pages.
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = (nint)heap.Allocate(8000);
            new Span<byte>((byte*)blocks[i], 8000).Fill((byte)i);
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            Assert.True(new Span<byte>((byte*)blocks[i], 8000).IndexOfAnyExcept((byte)i) < 0, $"block {i}");
            heap.Free((byte*)blocks[i], 8000);
        }

        heap.Trim();
        Assert.Equal((0, 0), (heap.LiveBlocks, heap.ReservedBytes));
    }

    [Fact]
    public void Random_allocations_keep_their_contents_and_are_counted_exactly()
    {
        using var heap = new Heap("test");
        var random = new Random(Seed);
        var live = new List<(nint Block, int Size, byte Fill)>();
        var used = 0L;
        for (var step = 0; step < 200_000; step++)
        {
            // Phases of growth and of shrinkage, so that slabs fill up, become partial and empty.
            var growing = step / 20_000 % 2 == 0;
            if (live.Count == 0 || random.Next(100) < (growing ? 70 : 30))
            {
                var size = RandomSize(random);
                var block = heap.Allocate(size);
                var fill = (byte)random.Next(256);
                new Span<byte>(block, size).Fill(fill);
                live.Add(((nint)block, size, fill));
                used += Heap.UsableSize(size);
            }
            else
            {
                var index = random.Next(live.Count);
                FreeChecked(heap, live[index]);
                used -= Heap.UsableSize(live[index].Size);
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
            }

            Assert.True(heap.UsedBytes == used && heap.LiveBlocks == live.Count, $"seed {Seed} step {step}: {heap.UsedBytes}, not {used}");
            Assert.True(heap.ReservedBytes >= used);
        }

        foreach (var block in live) FreeChecked(heap, block);
        Assert.Equal(0, heap.UsedBytes);
        Assert.Equal(0, heap.LiveBlocks);
        heap.Trim();
        Assert.Equal(0, heap.ReservedBytes);
    }

    [Fact]
    public void Empty_slabs_are_given_back_and_one_per_class_is_kept()
    {
        using var heap = new Heap("test");
        var blocks = new nint[100_000];
        for (var i = 0; i < blocks.Length; i++) blocks[i] = (nint)heap.Allocate(1000);
        Assert.True(heap.ReservedBytes >= 100_000_000);
        foreach (var block in blocks) heap.Free((byte*)block, 1000);
        Assert.Equal(256 * 1024, heap.ReservedBytes);
        heap.Trim();
        Assert.Equal(0, heap.ReservedBytes);
        var again = heap.Allocate(1000);
        heap.Free(again, 1000);
    }

    [Fact]
    public void A_freed_block_is_the_next_one_handed_out()
    {
        using var heap = new Heap("test");
        var first = heap.Allocate(100);
        heap.Allocate(100);
        heap.Free(first, 97);
        Assert.Equal((nint)first, (nint)heap.Allocate(104));
    }

    [Fact]
    public void One_large_block_is_kept_for_the_next_of_about_its_size()
    {
        using var heap = new Heap("test");
        var first = heap.Allocate(3_000_000);
        var reserved = heap.ReservedBytes;
        heap.Free(first, 3_000_000);
        Assert.Equal(reserved, heap.ReservedBytes);
        var second = heap.Allocate(2_000_000);
        Assert.Equal((nint)first, (nint)second);
        Assert.Equal(reserved, heap.ReservedBytes);

        // Neither a much smaller block nor a larger one takes it, and a very large one is never kept.
        heap.Free(second, 2_000_000);
        heap.Free(heap.Allocate(100_000_000), 100_000_000);
        var small = heap.Allocate(1_200_000);
        Assert.NotEqual((nint)first, (nint)small);
        var large = heap.Allocate(4_000_000);
        Assert.NotEqual((nint)first, (nint)large);
        heap.Free(small, 1_200_000);
        heap.Free(large, 4_000_000);
        heap.Trim();
        Assert.Equal(0, heap.ReservedBytes);
    }

    [Fact]
    public void Reset_drops_everything_and_the_heap_goes_on()
    {
        using var heap = new Heap("test");
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 10_000; i++) *heap.Allocate(10 + i % 3000) = 1;
            *heap.Allocate(100_000) = 1;
            *heap.Allocate(5_000_000) = 1;
            heap.Reset();
            Assert.Equal(0, heap.UsedBytes);
            Assert.Equal(0, heap.LiveBlocks);
            Assert.Equal(0, heap.ReservedBytes);
        }
    }

    [Fact]
    public void Detached_memory_stays_readable_until_another_thread_gives_it_back()
    {
        using var heap = new Heap("test");
        var small = (nint)heap.Allocate(40);
        var large = (nint)heap.Allocate(3_000_000);
        *(byte*)small = 1;
        *(byte*)large = 2;
        var remains = heap.Detach();
        Assert.Equal(0, heap.UsedBytes);
        Assert.NotEqual(small, (nint)heap.Allocate(40));
        Assert.Equal(3, *(byte*)small + *(byte*)large);
        var thread = new Thread(remains.Dispose);
        thread.Start();
        thread.Join();
        Assert.Equal(1, heap.LiveBlocks);
    }

    [Fact]
    public void A_size_that_no_system_has_is_refused()
    {
        using var heap = new Heap("test");
        Assert.ThrowsAny<OutOfMemoryException>(() => heap.Allocate(long.MaxValue - 100));
        Assert.ThrowsAny<ArgumentException>(() => heap.Allocate(-1));
        Assert.Equal(0, heap.UsedBytes);
    }

    private static int RandomSize(Random random) => random.Next(100) switch
    {
        < 60 => random.Next(0, 200),
        < 85 => random.Next(200, 2000),
        < 97 => random.Next(2000, 8200),
        < 99 => random.Next(8000, 40_000),
        _ => 1 << 20,
    };

    private static void FreeChecked(Heap heap, (nint Block, int Size, byte Fill) block)
    {
        var bytes = new ReadOnlySpan<byte>((byte*)block.Block, block.Size);
        Assert.True(bytes.IndexOfAnyExcept(block.Fill) < 0, $"seed {Seed}: a block of {block.Size} bytes has changed");
        heap.Free((byte*)block.Block, block.Size);
    }

    /// <summary>Whether the page so many pages behind the one of an address takes memory.</summary>
    private static bool IsPresent(byte* address, int pages)
    {
        byte state = 0;
        var page = ((nint)address & -PageBytes) + pages * PageBytes;
        if (InCore(page, PageBytes, &state) != 0) throw new InvalidOperationException("mincore failed.");
        return (state & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(nint address, nuint length, byte* states);
}

using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.Memory;

public unsafe class HeapMediumBlocksTests
{
    private const int Seed = 20_240_608;
    private const long RegionBytes = 16 << 20;
    private const long IdleBytesMax = 8 << 20;

    [Theory]
    [InlineData(8_200, 12_000)]
    [InlineData(8_200, 900_000)]
    [InlineData(200_000, 1_048_000)]
    public void Random_blocks_keep_their_contents_in_all_orders(int smallest, int longest)
    {
        using var heap = new Heap("test");
        var random = new Random(Seed);
        var live = new List<(nint Block, int Size, byte Fill)>();
        for (var step = 0; step < 6_000; step++)
        {
            var growing = step / 1_000 % 2 == 0;
            if (live.Count == 0 || random.Next(100) < (growing ? 65 : 35))
            {
                var size = random.Next(smallest, longest);
                var fill = (byte)random.Next(256);
                var block = heap.Allocate(size);
                Assert.True((ulong)block % 64 == 0, $"seed {Seed}, step {step}: {(ulong)block:x}");
                Mark(block, size, fill);
                live.Add(((nint)block, size, fill));
            }
            else
            {
                var index = random.Next(live.Count);
                Check(live[index], step);
                heap.Free((byte*)live[index].Block, live[index].Size);
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
            }

            if (step % 100 == 0) heap.Verify();
            if (step % 1_500 == 0) heap.Trim();
            Assert.Equal((live.Count, live.Sum(block => Heap.UsableSize(block.Size))), (heap.LiveBlocks, heap.UsedBytes));
            Assert.InRange(heap.ReservedBytes, heap.UsedBytes, (heap.UsedBytes * 1.02) + IdleBytesMax + (live.Count * 128));
        }

        foreach (var block in live)
        {
            Check(block, 0);
            heap.Free((byte*)block.Block, block.Size);
        }

        heap.Verify();
        Assert.InRange(heap.ReservedBytes, 0, IdleBytesMax);
        heap.Trim();
        Assert.Equal(0, heap.ReservedBytes);
    }

    [Fact]
    public void Freed_neighbours_grow_together_whichever_goes_first()
    {
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (var order in orders)
        {
            using var heap = new Heap("test");
            nint[] blocks = [(nint)heap.Allocate(100_000), (nint)heap.Allocate(100_000), (nint)heap.Allocate(100_000)];
            var wall = heap.Allocate(100_000);
            foreach (var index in order)
            {
                heap.Free((byte*)blocks[index], 100_000);
                heap.Verify();
            }

            // The three and the headers between them, and no byte more.
            var together = blocks[2] - blocks[0] + Heap.UsableSize(100_000);
            var joined = heap.Allocate(together);
            Assert.Equal(blocks[0], (nint)joined);
            heap.Verify();
            heap.Free(joined, together);
            heap.Free(wall, 100_000);
            heap.Verify();
        }
    }

    [Fact]
    public void A_hole_is_filled_before_fresh_memory_is_taken()
    {
        using var heap = new Heap("test");
        var blocks = Enumerable.Range(0, 200).Select(_ => (nint)heap.Allocate(50_000)).ToArray();
        for (var i = 0; i < 200; i += 2) heap.Free((byte*)blocks[i], 50_000);
        var again = Enumerable.Range(0, 100).Select(_ => (nint)heap.Allocate(50_000)).ToArray();
        Assert.Equal(blocks.Where((_, index) => index % 2 == 0).Order(), again.Order());
    }

    [Fact]
    public void What_is_freed_goes_back_to_the_system_but_for_a_few_megabytes()
    {
        using var heap = new Heap("test");
        const int Size = 65_536;
        var blocks = Enumerable.Range(0, 3_000).Select(_ => (nint)heap.Allocate(Size)).ToArray();
        foreach (var block in blocks) new Span<byte>((byte*)block, Size).Fill(1);
        var full = ResidentBytes();
        foreach (var block in blocks) heap.Free((byte*)block, Size);
        Assert.InRange(heap.ReservedBytes, 0, IdleBytesMax);
        if (OperatingSystem.IsLinux()) Assert.InRange(full - ResidentBytes(), 3_000L * Size / 2, long.MaxValue);
        heap.Trim();
        Assert.Equal(0, heap.ReservedBytes);
    }

    [Fact]
    public void Pages_between_blocks_that_stay_go_back_too()
    {
        using var heap = new Heap("test");
        const int Size = 500_000;
        var blocks = Enumerable.Range(0, 200).Select(_ => (nint)heap.Allocate(Size)).ToArray();
        for (var i = 0; i < 200; i++)
        {
            if (i % 4 != 0) heap.Free((byte*)blocks[i], Size);
        }

        Assert.InRange(heap.ReservedBytes, 50 * Size, (50 * (Size + 1000)) + IdleBytesMax);
        heap.Verify();
    }

    [Fact]
    public void A_region_that_empties_and_fills_again_stays()
    {
        using var heap = new Heap("test");
        var first = heap.Allocate(1_000_000);
        heap.Free(first, 1_000_000);
        for (var i = 0; i < 100; i++)
        {
            var block = heap.Allocate(1_000_000);
            Assert.Equal((nint)first, (nint)block);
            Assert.InRange(heap.ReservedBytes, 1_000_000, RegionBytes);
            heap.Free(block, 1_000_000);
        }
    }

    private static void Mark(byte* block, int size, byte fill)
    {
        block[0] = block[size - 1] = fill;
        new Span<byte>(block + size / 2, 64).Fill(fill);
    }

    private static void Check((nint Block, int Size, byte Fill) block, int step)
    {
        var bytes = new ReadOnlySpan<byte>((byte*)block.Block, block.Size);
        var isSame = bytes[0] == block.Fill && bytes[^1] == block.Fill && bytes.Slice(block.Size / 2, 64).IndexOfAnyExcept(block.Fill) < 0;
        Assert.True(isSame, $"seed {Seed}, step {step}: a block of {block.Size} bytes has changed");
    }

    private static long ResidentBytes()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }
}

#if DEBUG
using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.Memory;

/// <summary>A release build has no guards, so these tests exist in debug builds only.</summary>
public unsafe class HeapGuardsTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(8192)]
    [InlineData(10_000)]
    [InlineData(2_000_000)]
    public void A_write_past_the_end_is_found_on_free(int size)
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(size);
        block[Heap.UsableSize(size)] = 7;
        AssertFault(() => heap.Free(block, size), "past its end");
    }

    [Theory]
    [InlineData(24)]
    [InlineData(8192)]
    public void A_second_free_is_found(int size)
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(size);
        heap.Free(block, size);
        AssertFault(() => heap.Free(block, size), "freed twice");
    }

    [Fact]
    public void A_second_free_of_a_large_block_is_found()
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(10_000);
        heap.Free(block, 10_000);
        AssertFault(() => heap.Free(block, 10_000), "not this heap's");
    }

    [Theory]
    [InlineData(24, 25)]
    [InlineData(24, 4000)]
    [InlineData(10_000, 10_100)]
    public void A_wrong_size_is_found(int size, int wrongSize)
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(size);
        AssertFault(() => heap.Free(block, wrongSize), "size");
    }

    [Fact]
    public void A_block_of_another_heap_is_found()
    {
        using var heap = new Heap("test");
        using var other = new Heap("other");
        heap.Allocate(24);
        var block = other.Allocate(24);
        AssertFault(() => heap.Free(block, 24), "not this heap's");
    }

    [Fact]
    public void A_pointer_into_a_block_is_found()
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(24);
        AssertFault(() => heap.Free(block + 8, 24), "into a block");
    }

    [Fact]
    public void A_write_after_the_free_is_found_when_the_block_is_handed_out_again()
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(40);
        heap.Free(block, 40);
        block[17] = 1;
        AssertFault(() => heap.Allocate(40), "byte 17");
    }

    [Fact]
    public void Fresh_and_freed_blocks_are_poisoned()
    {
        using var heap = new Heap("test");
        var block = heap.Allocate(40);
        Assert.Equal(-1, new ReadOnlySpan<byte>(block, 40).IndexOfAnyExcept((byte)0xCD));
        heap.Free(block, 40);
        Assert.Equal(-1, new ReadOnlySpan<byte>(block + 8, 32).IndexOfAnyExcept((byte)0xDD));
    }

    [Fact]
    public void Live_blocks_are_listed()
    {
        using var heap = new Heap("test");
        var small = heap.Allocate(24);
        var freed = heap.Allocate(24);
        var large = heap.Allocate(9000);
        heap.Free(freed, 24);
        var expected = new[] { ((nint)small, 24L), ((nint)large, 9024L) };
        Assert.Equal(expected, heap.LiveBlockList());
    }

    private static void AssertFault(Action action, string what)
    {
        var fault = Assert.Throws<InvalidOperationException>(action);
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
    }
}
#endif

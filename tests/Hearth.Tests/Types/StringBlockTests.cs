using Hearth.Memory;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class StringBlockTests : IDisposable
{
    private readonly Heap _heap = new("blocks");

    public void Dispose()
    {
        LeakCheck.Assert(_heap);
        _heap.Dispose();
    }

    [Fact]
    public void New_bytes_are_zero_even_where_longer_text_has_been()
    {
        var block = StringBlock.Create(_heap, 100, 100);
        block.Bytes.Fill(7);
        block = block.Resize(_heap, 10);
        Assert.Equal((10, 90), (block.Length, block.SpareBytes));
        block = block.Resize(_heap, 100);
        Assert.True(block.Bytes[..10].IndexOfAnyExcept((byte)7) < 0);
        Assert.True(block.Bytes[10..].IndexOfAnyExcept((byte)0) < 0);
        block = block.Resize(_heap, 1000);
        Assert.True(block.Bytes[10..].IndexOfAnyExcept((byte)0) < 0);
        block.Free(_heap);
    }

    [Fact]
    public void A_block_stays_where_it_is_while_it_has_room()
    {
        var block = StringBlock.Create(_heap, 10, 50);
        Assert.Equal(block.Address, block.Resize(_heap, 50).Address);
        Assert.Equal(0, block.SpareBytes);
        var moved = block.Resize(_heap, 51);
        Assert.NotEqual(block.Address, moved.Address);
        Assert.Equal(51, moved.SpareBytes);
        moved.Free(_heap);
    }

    [Theory]
    [InlineData(1000, 2000)]
    [InlineData(1 << 20, 2 << 20)]
    [InlineData(5 << 20, 6 << 20)]
    [InlineData(int.MaxValue, int.MaxValue + (1L << 20))]
    public void Growth_leaves_as_much_room_again_but_at_most_a_mebibyte(int length, long capacity) =>
        Assert.Equal(capacity, StringBlock.GrownCapacity(length));
}

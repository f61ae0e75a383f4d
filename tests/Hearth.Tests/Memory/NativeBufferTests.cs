using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.Memory;

public sealed class NativeBufferTests
{
    [Fact]
    public void Each_growth_adds_a_share_of_what_there_is_so_that_appending_takes_linear_time()
    {
        using var heap = new Heap("buffers");
        using var buffer = new NativeBuffer(heap);
        buffer.Append(1);
        while (buffer.Capacity < 1 << 30)
        {
            // Room that nobody writes to costs address space only.
            var before = buffer.Capacity;
            buffer.Reserve(before);
            Assert.InRange(buffer.Capacity, before + (before / 3), 2L * before + 64);
        }
    }

    [Fact]
    public void It_ends_at_what_a_span_can_count()
    {
        using var heap = new Heap("buffers");
        using var buffer = new NativeBuffer(heap);
        buffer.Append(1);
        buffer.Reserve(Array.MaxLength - 1);
        Assert.Equal(Array.MaxLength, buffer.Capacity);
        buffer.Advance(Array.MaxLength - 1);
        Assert.Throws<InsufficientMemoryException>(() => buffer.Append(1));
        Assert.Throws<InsufficientMemoryException>(() => buffer.Reserve(int.MaxValue).Length);
        Assert.Equal(Array.MaxLength, buffer.Length);
    }
}

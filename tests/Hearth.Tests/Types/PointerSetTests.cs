using Hearth.Memory;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class PointerSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Each_pointer_is_new_once(int count)
    {
        using var heap = new Heap("test");
        using (var set = new PointerSet(heap, count))
        {
            for (var i = 1; i <= count; i++) Assert.True(set.Add(i * 8));
            for (var i = 1; i <= count; i++) Assert.False(set.Add(i * 8));
        }

        Assert.Equal(0, heap.LiveBlocks);
    }
}

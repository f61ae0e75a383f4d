using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public sealed class PooledListTests
{
    [Fact]
    public void Keeps_what_was_added_in_order()
    {
        var list = new PooledList<int>();
        for (var i = 0; i < 1000; i++) list.Add(i);
        Assert.Equal(Enumerable.Range(0, 1000), list.Span.ToArray());
        list.Dispose();
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void Used_again_and_again_it_allocates_nothing()
    {
        Fill();
        Assert.Equal(0, ManagedMemory.LeastAllocated(() =>
        {
            for (var round = 0; round < 100; round++) Fill();
        }));
    }

    private static void Fill()
    {
        var list = new PooledList<long>();
        for (var i = 0; i < 500; i++) list.Add(i);
        list.Dispose();
    }
}

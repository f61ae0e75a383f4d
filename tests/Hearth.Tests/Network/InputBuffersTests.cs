using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class InputBuffersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Fitting_one_connections_block_leaves_the_shared_input_alone(int restBytes)
    {
        using var heap = new Heap("clients");
        using var buffers = new InputBuffers(heap);
        buffers.Shared.Append("another connection's words"u8);
        using var own = new NativeBuffer(heap);
        var rest = Enumerable.Range(0, restBytes).Select(i => (byte)i).ToArray();
        own.Append(new byte[4 * InputBuffers.BigBytes]);
        own.Append(rest);
        own.Consume(4 * InputBuffers.BigBytes);

        buffers.Fit(own);
        Assert.Equal(rest, own.Written.ToArray());
        Assert.InRange(own.Capacity, 0, restBytes + (restBytes / 4));
        Assert.Equal("another connection's words"u8, buffers.Shared.Written);
    }
}

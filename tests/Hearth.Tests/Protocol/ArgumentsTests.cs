using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Xunit;

namespace Hearth.Tests.Protocol;

public sealed class ArgumentsTests : IDisposable
{
    private readonly Heap _heap = new("arguments");
    private readonly CommandBatch _batch;
    private readonly NativeBuffer _input;

    public ArgumentsTests()
    {
        _batch = new CommandBatch(_heap);
        _input = new NativeBuffer(_heap);
        _input.Append("get aa\nset b \n"u8);
        PartialCommand? partial = null;
        new RespReader().Read(_batch, _input.WrittenSlice, 0, isAuthenticated: true, ref partial);
    }

    public void Dispose()
    {
        _input.Dispose();
        _batch.Dispose();
        _heap.Dispose();
    }

    [Fact]
    public void Words_are_those_of_their_own_command()
    {
        Assert.Equal(2, _batch.Count);
        Assert.Equal(["get", "aa"], Words(_batch[0]));
        Assert.Equal(["set", "b"], Words(_batch[1]));
    }

    [Fact]
    public void Skipping_leaves_the_rest()
    {
        Assert.Equal(["aa"], Words(_batch[0].Skip(1)));
        Assert.Equal(0, _batch[0].Skip(2).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch[0].Skip(3));
    }

    [Fact]
    public void A_word_that_is_not_there_is_refused_rather_than_read_from_the_next_command()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch[0].Slice(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch[0].Slice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch[0].Skip(1).Slice(1));
    }

    private static string[] Words(Arguments args) => [.. Enumerable.Range(0, args.Count).Select(i => Latin1.Text(args[i]))];
}

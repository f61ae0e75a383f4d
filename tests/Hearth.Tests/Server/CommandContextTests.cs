using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandContextTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("BITOP AND target absent")]
    [InlineData("SUNIONSTORE target absent")]
    [InlineData("SINTERSTORE target absent set")]
    [InlineData("SDIFFSTORE target absent")]
    [InlineData("ZUNIONSTORE target 1 absent")]
    [InlineData("ZINTERSTORE target 2 absent zset")]
    [InlineData("ZDIFFSTORE target 1 absent")]
    [InlineData("ZRANGESTORE target absent 0 -1")]
    [InlineData("GEOSEARCHSTORE target absent FROMLONLAT 1 1 BYRADIUS 1 km")]
    [InlineData("SORT absent STORE target")]
    public void A_target_whose_time_is_up_is_deleted_by_an_empty_result_as_one_that_lives(string command)
    {
        var (events, propagated) = (EventLog.Attach(_server), PropagationLog.Attach(_server));
        foreach (var isOver in new[] { false, true })
        {
            _server.Run("SET", "target", "value", "PX", "10");
            if (isOver) _server.Advance(TimeSpan.FromMilliseconds(11));
            events.Take();
            propagated.Take();
            Assert.Equal(":0\r\n", _server.Run(command.Split(' ')));
            Assert.Equal(["0 del target"], events.Take().Where(line => !line.Contains("keymiss", StringComparison.Ordinal)));
            Assert.Equal([command], propagated.Take());
            Assert.Equal(":0\r\n", _server.Run("EXISTS", "target"));

            _server.Run(command.Split(' '));
            Assert.Empty(propagated.Take());
        }
    }
}

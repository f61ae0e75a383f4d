using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StreamGroupCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Groups_and_consumers_are_made_and_undone()
    {
        var log = EventLog.Attach(_server);
        Assert.StartsWith("-ERR The XGROUP subcommand requires the key to exist.", _server.Run("XGROUP", "CREATE", "s", "g", "$"));
        Assert.Equal("+OK\r\n", _server.Run("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM"));
        Assert.Equal("-BUSYGROUP Consumer Group name already exists\r\n", _server.Run("XGROUP", "CREATE", "s", "g", "0"));
        Assert.Equal(":1\r\n", _server.Run("XGROUP", "CREATECONSUMER", "s", "g", "c"));
        Assert.Equal(":0\r\n", _server.Run("XGROUP", "CREATECONSUMER", "s", "g", "c"));
        Assert.Equal("+OK\r\n", _server.Run("XGROUP", "SETID", "s", "g", "5", "ENTRIESREAD", "3"));
        Assert.Equal(":0\r\n", _server.Run("XGROUP", "DELCONSUMER", "s", "g", "c"));
        Assert.Equal(":1\r\n", _server.Run("XGROUP", "DESTROY", "s", "g"));
        Assert.Equal(":0\r\n", _server.Run("XGROUP", "DESTROY", "s", "g"));
        Assert.Equal(
            [
                "0 new s", "0 xgroup-create s", "0 xgroup-createconsumer s", "0 xgroup-setid s", "0 xgroup-delconsumer s", "0 xgroup-destroy s",
            ],
            log.Take());
    }

    [Theory]
    [InlineData("XGROUP SETID s none 0", "-NOGROUP No such consumer group 'none' for key name 's'\r\n")]
    [InlineData("XGROUP CREATECONSUMER s none c", "-NOGROUP No such consumer group 'none' for key name 's'\r\n")]
    [InlineData("XGROUP CREATE s h -", "-ERR Invalid stream ID specified as stream command argument\r\n")]
    [InlineData("XGROUP SETID s g -", "+OK\r\n")]
    [InlineData("XGROUP CREATE s h 0 ENTRIESREAD -2", "-ERR value for ENTRIESREAD must be positive or -1\r\n")]
    [InlineData("XGROUP CREATE s h 0 ENTRIESREAD", "-ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.\r\n")]
    [InlineData("XGROUP SETID s g 0 MKSTREAM", "-ERR unknown subcommand or wrong number of arguments for 'SETID'. Try XGROUP HELP.\r\n")]
    [InlineData("XPENDING s none", "-NOGROUP No such key 's' or consumer group 'none'\r\n")]
    [InlineData("XPENDING s g - +", "-ERR syntax error\r\n")]
    [InlineData("XPENDING s g", "*4\r\n:0\r\n$-1\r\n$-1\r\n*-1\r\n")]
    [InlineData("XPENDING s g - + 10 nobody", "*0\r\n")]
    [InlineData("XACK s none x", ":0\r\n")]
    [InlineData("XACK s g x", "-ERR Invalid stream ID specified as stream command argument\r\n")]
    public void Replies_are_those_of_redis(string command, string expected)
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        Assert.Equal(expected, _server.Run(command.Split(' ')));
    }

    [Fact]
    public void Pending_entries_are_listed_by_range_idleness_and_consumer()
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        for (var i = 1; i <= 3; i++)
        {
            _server.Run("XADD", "s", $"{i}-0", "f", "v");
            _server.Run("XREADGROUP", "GROUP", "g", i == 2 ? "b" : "a", "STREAMS", "s", ">");
            _server.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal("*3\r\n" + Pending(1, "a", 30) + Pending(2, "b", 20) + Pending(3, "a", 10), _server.Run("XPENDING", "s", "g", "-", "+", "9"));
        Assert.Equal("*2\r\n" + Pending(1, "a", 30) + Pending(3, "a", 10), _server.Run("XPENDING", "s", "g", "-", "+", "9", "a"));
        Assert.Equal("*1\r\n" + Pending(2, "b", 20), _server.Run("XPENDING", "s", "g", "IDLE", "15", "(1-0", "+", "9"));
        Assert.Equal("*1\r\n" + Pending(1, "a", 30), _server.Run("XPENDING", "s", "g", "-", "+", "1"));
        Assert.Equal(":2\r\n", _server.Run("XGROUP", "DELCONSUMER", "s", "g", "a"));
        Assert.Equal("*1\r\n" + Pending(2, "b", 20), _server.Run("XPENDING", "s", "g", "-", "+", "9"));
    }

    [Fact]
    public void Nothing_is_repeated_where_nothing_changed()
    {
        _server.Run("XADD", "s", "1-0", "f", "v");
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        var log = PropagationLog.Attach(_server);
        _server.Run("XACK", "s", "g", "1-0");
        _server.Run("XGROUP", "DESTROY", "s", "none");
        _server.Run("XGROUP", "DELCONSUMER", "s", "g", "nobody");
        Assert.Empty(log.Take());
        _server.Run("XGROUP", "CREATECONSUMER", "s", "g", "c");
        Assert.Equal(["XGROUP CREATECONSUMER s g c"], log.Take());
    }

    private static string Pending(int number, string consumer, int idleMs) =>
        $"*4\r\n$3\r\n{number}-0\r\n$1\r\n{consumer}\r\n:{idleMs}\r\n:1\r\n";
}

using System.Diagnostics;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StreamClaimCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public StreamClaimCommandsTests()
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        for (var i = 1; i <= 4; i++) _server.Run("XADD", "s", $"{i}-0", "f", $"{i}");
        _server.Run("XREADGROUP", "GROUP", "g", "a", "COUNT", "3", "STREAMS", "s", ">");
        _server.Advance(TimeSpan.FromMilliseconds(100));
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_claim_takes_over_what_has_waited_long_enough()
    {
        Assert.Equal("*0\r\n", _server.Run("XCLAIM", "s", "g", "b", "101", "1-0"));
        Assert.Equal("*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nf\r\n$1\r\n1\r\n", _server.Run("XCLAIM", "s", "g", "b", "100", "1-0", "4-0"));
        Assert.Equal("*1\r\n*4\r\n$3\r\n1-0\r\n$1\r\nb\r\n:0\r\n:2\r\n", Pending("b"));
        Assert.Equal("*1\r\n$3\r\n2-0\r\n", _server.Run("XCLAIM", "s", "g", "b", "0", "2", "JUSTID", "IDLE", "70", "RETRYCOUNT", "5"));
        Assert.Equal("*2\r\n*4\r\n$3\r\n1-0\r\n$1\r\nb\r\n:0\r\n:2\r\n*4\r\n$3\r\n2-0\r\n$1\r\nb\r\n:70\r\n:5\r\n", Pending("b"));
    }

    [Fact]
    public void A_claim_with_force_makes_pending_what_was_not()
    {
        Assert.Equal("*1\r\n$3\r\n4-0\r\n", _server.Run("XCLAIM", "s", "g", "b", "100000", "4-0", "9-0", "FORCE", "JUSTID"));
        Assert.Equal("*1\r\n*4\r\n$3\r\n4-0\r\n$1\r\nb\r\n:0\r\n:1\r\n", Pending("b"));
    }

    [Fact]
    public void What_was_deleted_is_dropped_by_a_claim()
    {
        _server.Run("XDEL", "s", "1-0", "2-0");
        Assert.Equal("*0\r\n", _server.Run("XCLAIM", "s", "g", "b", "0", "1-0"));
        Assert.Equal(
            "*3\r\n$3\r\n0-0\r\n*1\r\n*2\r\n$3\r\n3-0\r\n*2\r\n$1\r\nf\r\n$1\r\n3\r\n*1\r\n$3\r\n2-0\r\n",
            _server.Run("XAUTOCLAIM", "s", "g", "b", "0", "-"));
        Assert.Equal("*0\r\n", Pending("a"));
    }

    [Fact]
    public void Claiming_by_and_by_goes_on_where_it_stopped()
    {
        Assert.Equal("*3\r\n$3\r\n3-0\r\n*2\r\n$3\r\n1-0\r\n$3\r\n2-0\r\n*0\r\n", _server.Run("XAUTOCLAIM", "s", "g", "b", "50", "0", "COUNT", "2", "JUSTID"));
        Assert.Equal("*3\r\n$3\r\n0-0\r\n*1\r\n$3\r\n3-0\r\n*0\r\n", _server.Run("XAUTOCLAIM", "s", "g", "b", "50", "3-0", "COUNT", "2", "JUSTID"));
        Assert.Equal("*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n", _server.Run("XAUTOCLAIM", "s", "g", "b", "50", "0", "COUNT", "1", "JUSTID"));
    }

    [Theory]
    [InlineData("XCLAIM s none b 0 1", "-NOGROUP No such key 's' or consumer group 'none'\r\n")]
    [InlineData("XCLAIM s g b x 1", "-ERR Invalid min-idle-time argument for XCLAIM\r\n")]
    [InlineData("XCLAIM s g b 0 1 WHAT", "-ERR Unrecognized XCLAIM option 'WHAT'\r\n")]
    [InlineData("XCLAIM s g b 0 1 IDLE x", "-ERR Invalid IDLE option argument for XCLAIM\r\n")]
    [InlineData("XAUTOCLAIM s g b x 0", "-ERR Invalid min-idle-time argument for XAUTOCLAIM\r\n")]
    [InlineData("XAUTOCLAIM s g b 0 0 COUNT 0", "-ERR COUNT must be > 0\r\n")]
    [InlineData("XAUTOCLAIM s g b 0 0 WHAT", "-ERR syntax error\r\n")]
    public void Errors_are_in_redis_words(string command, string expected) => Assert.Equal(expected, _server.Run(command.Split(' ')));

    [Fact]
    public void Claims_are_repeated_with_what_they_mean()
    {
        var log = PropagationLog.Attach(_server);
        var now = _server.Engine.Clock.NowMs;
        _server.Run("XCLAIM", "s", "g", "b", "0", "1", "4-0", "IDLE", "30");
        Assert.Equal([$"XCLAIM s g b 0 1 TIME {now - 30} RETRYCOUNT 2 FORCE JUSTID LASTID 3-0"], log.Take());
        _server.Run("XCLAIM", "s", "g", "b", "1000", "1", "LASTID", "9-9");
        Assert.Equal(["XGROUP SETID s g 9-9 ENTRIESREAD 3"], log.Take());
        _server.Run("XAUTOCLAIM", "s", "g", "b", "50", "0");
        Assert.Equal(
            [
                "MULTI", $"XCLAIM s g b 0 2-0 TIME {now} RETRYCOUNT 2 FORCE JUSTID LASTID 9-9",
                $"XCLAIM s g b 0 3-0 TIME {now} RETRYCOUNT 2 FORCE JUSTID LASTID 9-9", "EXEC",
            ],
            log.Take());
    }

    private string Pending(string consumer) => _server.Run("XPENDING", "s", "g", "-", "+", "10", consumer);

    /// <summary>To look for an entry is to step over all fields of its node, which a client may have made very many.</summary>
    [Fact]
    public void Ids_that_are_not_pending_are_not_looked_for()
    {
        const int Many = 100_000;
        var limit = TimeSpan.FromSeconds(20);
        using var server = new TestServer();
        server.Run(["XADD", "s", "1-1", .. Enumerable.Repeat("f", Many)]);
        server.Run("XGROUP", "CREATE", "s", "g", "0");
        var began = Stopwatch.GetTimestamp();
        Assert.Equal("*0\r\n", server.Run(["XCLAIM", "s", "g", "c", "0", .. Enumerable.Repeat("1-1", Many)]));
        Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"It took {Stopwatch.GetElapsedTime(began)}.");
    }
}

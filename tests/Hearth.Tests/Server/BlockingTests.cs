using System.Diagnostics;
using System.Text;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>What holds for every command that waits; what each does is tested with its family.</summary>
public sealed class BlockingTests : IDisposable
{
    private readonly TestServer _server = new();
    private readonly Client _waiting;

    public BlockingTests() => _waiting = _server.Connect();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("BLPOP", "RPUSH key element")]
    [InlineData("BZPOPMIN", "ZADD key 1 element")]
    public void A_command_that_waits_counts_once(string command, string push)
    {
        _server.RunAs(_waiting, command, "key", "0");
        _server.Run(push.Split(' '));
        Assert.NotEqual("", TestServer.Received(_waiting));
        _server.RunAs(_waiting, command, "key", "1");
        _server.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual("", TestServer.Received(_waiting));
        Assert.Equal(2, Counters(command).Calls);
    }

    [Fact]
    public void The_time_of_waiting_is_not_the_commands()
    {
        _server.RunAs(_waiting, "BLPOP", "key", "1");
        var start = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(200));
        var waited = Stopwatch.GetTimestamp() - start;
        _server.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("*-1\r\n", TestServer.Received(_waiting));
        Assert.InRange(Counters("BLPOP").Ticks, 0, waited - 1);
    }

    [Fact]
    public void A_wait_without_reply_ends_without_one()
    {
        _server.RunAs(_waiting, "CLIENT", "REPLY", "SKIP");
        _server.RunAs(_waiting, "BLPOP", "key", "1");
        _server.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", TestServer.Received(_waiting));
        Assert.Equal("+PONG\r\n", _server.RunAs(_waiting, "PING"));
    }

    private CommandCounters Counters(string command)
    {
        var row = _server.Engine.Commands.Find(Encoding.ASCII.GetBytes(command))!;
        return _server.Engine.Statistics.Commands[row.Index];
    }
}

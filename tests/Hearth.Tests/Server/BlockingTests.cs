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

    [Theory]
    [InlineData("SKIP")]
    [InlineData("OFF")]
    public void Messages_arrive_also_where_the_reply_is_not_wanted(string mode)
    {
        _server.Run("CONFIG", "SET", "notify-keyspace-events", "KEA");
        _server.RunAs(_waiting, "HELLO", "3");
        _server.RunAs(_waiting, "SUBSCRIBE", "__keyevent@0__:lpop");
        _server.RunAs(_waiting, "CLIENT", "REPLY", mode);
        _server.RunAs(_waiting, "BLPOP", "key", "0");
        _server.Run("RPUSH", "key", "element");
        Assert.Equal(">3\r\n$7\r\nmessage\r\n$19\r\n__keyevent@0__:lpop\r\n$3\r\nkey\r\n", TestServer.Received(_waiting));
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

    [Fact]
    public void A_client_that_is_about_to_be_closed_takes_nothing()
    {
        _server.RunAs(_waiting, "BLPOP", "key", "0");
        _server.Engine.Clients.CloseLater(_waiting);
        _server.Run("RPUSH", "key", "element");
        Assert.Equal(":1\r\n", _server.Run("LLEN", "key"));
        _server.Engine.CloseDoomed();
    }

    private CommandCounters Counters(string command)
    {
        var row = _server.Engine.Commands.Find(Encoding.ASCII.GetBytes(command))!;
        return _server.Engine.Statistics.Commands[row.Index];
    }
}

using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ServerCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Time_is_the_servers_clock_in_seconds_and_microseconds()
    {
        var start = ManualTime.Start.ToUnixTimeSeconds();
        Assert.Equal($"*2\r\n$10\r\n{start}\r\n$1\r\n0\r\n", _server.Run("TIME"));
        _server.Advance(TimeSpan.FromSeconds(61) + TimeSpan.FromMicroseconds(7));
        Assert.Equal($"*2\r\n$10\r\n{start + 61}\r\n$1\r\n7\r\n", _server.Run("TIME"));
        _server.Advance(TimeSpan.FromMicroseconds(999_992));
        Assert.Equal($"*2\r\n$10\r\n{start + 61}\r\n$6\r\n999999\r\n", _server.Run("TIME"));
        _server.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal($"*2\r\n$10\r\n{start + 62}\r\n$1\r\n0\r\n", _server.Run("TIME"));
        Assert.Equal("-ERR wrong number of arguments for 'time' command\r\n", _server.Run("TIME", "x"));
    }

    [Fact]
    public void Shutdown_that_shall_save_is_refused()
    {
        Assert.Equal("-ERR Errors trying to SHUTDOWN. Check logs.\r\n", _server.Run("SHUTDOWN", "SAVE"));
        Assert.Equal("+PONG\r\n", _server.Run("PING"));
    }

    [Theory]
    [InlineData("-ERR syntax error\r\n", "NOSAVE", "SAVE")]
    [InlineData("-ERR syntax error\r\n", "NOW", "FOO")]
    [InlineData("-ERR syntax error\r\n", "ABORT", "FORCE")]
    [InlineData("-ERR No shutdown in progress.\r\n", "ABORT")]
    public void Shutdown_that_makes_no_sense_is_refused(string error, params string[] arguments) =>
        Assert.Equal(error, _server.Run(["SHUTDOWN", .. arguments]));

    [Theory]
    [InlineData]
    [InlineData("NOSAVE")]
    [InlineData("NOW", "FORCE")]
    public void Shutdown_answers_nothing_and_takes_no_more_commands(params string[] arguments)
    {
        var client = _server.Connect();
        Assert.Equal("", _server.RunAs(client, ["SHUTDOWN", .. arguments]));
        Assert.True(client.IsClosing);
    }

    [Fact]
    public void Swapped_databases_change_places_for_everybody()
    {
        var other = _server.Connect();
        _server.RunAs(other, "SELECT", "1");
        _server.Run("SET", "a", "1");
        _server.RunAs(other, "SET", "b", "2", "PX", "100000");
        Assert.Equal("+OK\r\n", _server.Run("SWAPDB", "0", "1"));
        Assert.Equal("$1\r\n2\r\n", _server.Run("GET", "b"));
        Assert.Equal(":100000\r\n", _server.Run("PTTL", "b"));
        Assert.Equal("$1\r\n1\r\n", _server.RunAs(other, "GET", "a"));
        Assert.Equal(":1\r\n", _server.Run("DBSIZE"));
    }

    [Fact]
    public void Flushing_is_propagated_even_where_nothing_was()
    {
        var propagated = PropagationLog.Attach(_server);
        _server.Run("FLUSHDB");
        _server.Run("FLUSHALL", "ASYNC");
        Assert.Equal(["FLUSHDB", "FLUSHALL ASYNC"], propagated.Take());
    }

    [Fact]
    public void The_picture_of_the_version_ends_with_the_version() =>
        Assert.EndsWith("Hearth ver. 0.1.0 (redis 7.2.6)\n\r\n", _server.Run("LOLWUT"), StringComparison.Ordinal);
}

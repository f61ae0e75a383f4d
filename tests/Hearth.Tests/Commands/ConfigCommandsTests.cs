using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ConfigCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Fact]
    public void Get_takes_several_patterns_and_shows_each_parameter_once()
    {
        Assert.Equal("*4\r\n$2\r\nhz\r\n$2\r\n10\r\n$7\r\ntimeout\r\n$1\r\n0\r\n", _server.Run("CONFIG", "GET", "hz", "HZ", "time*ut", "nope", "timeout"));
        Assert.Equal("*0\r\n", _server.Run("CONFIG", "GET", "nope"));
        _server.Run("HELLO", "3");
        Assert.Equal("%1\r\n$2\r\nhz\r\n$2\r\n10\r\n", _server.Run("CONFIG", "GET", "h[z]"));
    }

    [Fact]
    public void Set_changes_all_or_nothing()
    {
        Assert.Equal("+OK\r\n", _server.Run("CONFIG", "SET", "hz", "20", "timeout", "30"));
        Assert.StartsWith("-ERR CONFIG SET failed (possibly related to argument 'timeout')", _server.Run("CONFIG", "SET", "hz", "40", "timeout", "soon"));
        Assert.Equal("-ERR Unknown option or number of arguments for CONFIG SET - 'nope'\r\n", _server.Run("CONFIG", "SET", "hz", "40", "nope", "1"));
        Assert.Equal((20, 30), (_server.Engine.Config.Hz, _server.Engine.Config.TimeoutSeconds));
    }

    [Fact]
    public void Set_with_a_name_that_has_no_value_is_a_syntax_error() =>
        Assert.Equal("-ERR syntax error\r\n", _server.Run("CONFIG", "SET", "hz", "20", "timeout"));

    [Fact]
    public void Resetstat_starts_the_counters_anew()
    {
        _server.Run("GET", "absent");
        _server.Run("NOPE");
        Assert.Contains("keyspace_misses:1\r\n", _server.Run("INFO", "stats"));
        Assert.Contains("errorstat_ERR:count=1\r\n", _server.Run("INFO", "errorstats"));
        Assert.Equal("+OK\r\n", _server.Run("CONFIG", "RESETSTAT"));
        Assert.Contains("keyspace_misses:0\r\n", _server.Run("INFO", "stats"));
        Assert.DoesNotContain("errorstat_ERR", _server.Run("INFO", "errorstats"));
        Assert.DoesNotContain("cmdstat_get", _server.Run("INFO", "commandstats"));
    }

    [Fact]
    public void Rewrite_needs_a_file() =>
        Assert.Equal("-ERR The server is running without a config file\r\n", _server.Run("CONFIG", "REWRITE"));

    public void Dispose() => _server.Dispose();
}

using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ObjectCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("12", "int")]
    [InlineData("-9223372036854775808", "int")]
    [InlineData("9223372036854775808", "embstr")]
    [InlineData("012", "embstr")]
    [InlineData("", "embstr")]
    [InlineData("12345678901234567890123456789012345678901234", "embstr")]
    [InlineData("123456789012345678901234567890123456789012345", "raw")]
    public void Encoding_shows_how_a_string_is_kept(string value, string encoding)
    {
        _server.Run("SET", "k", value);
        Assert.Equal($"${encoding.Length}\r\n{encoding}\r\n", _server.Run("OBJECT", "ENCODING", "k"));
    }

    [Fact]
    public void A_string_changed_in_place_is_raw_from_then_on()
    {
        _server.Run("MSET", "a", "12", "b", "12", "c", "12", "d", "12");
        _server.Run("APPEND", "a", "3");
        _server.Run("SETBIT", "b", "0", "0");
        _server.Run("BITFIELD", "c", "SET", "u8", "0", "49");
        _server.Run("BITOP", "AND", "d", "d");
        foreach (var key in new[] { "a", "b", "c", "d" }) Assert.Equal("$3\r\nraw\r\n", _server.Run("OBJECT", "ENCODING", key));
    }

    [Theory]
    [InlineData("0", 2147483647)]
    [InlineData("9999", 2147483647)]
    [InlineData("10000", 1)]
    [InlineData("-1", 1)]
    [InlineData("text", 1)]
    public void Small_integers_count_as_shared(string value, int count)
    {
        _server.Run("SET", "k", value);
        Assert.Equal($":{count}\r\n", _server.Run("OBJECT", "REFCOUNT", "k"));
    }

    [Fact]
    public void No_integer_is_shared_where_eviction_needs_its_access_clock()
    {
        _server.Run("SET", "k", "5");
        _server.Engine.Config.MaxMemoryPolicy = MaxMemoryPolicy.AllKeysLru;
        Assert.Equal(":2147483647\r\n", _server.Run("OBJECT", "REFCOUNT", "k"));
        _server.Engine.Config.MaxMemory = 1 << 30;
        Assert.Equal(":1\r\n", _server.Run("OBJECT", "REFCOUNT", "k"));
    }

    [Fact]
    public void Idle_time_counts_seconds_and_asking_for_it_does_not_end_them()
    {
        _server.Run("SET", "k", "v");
        _server.Advance(TimeSpan.FromSeconds(42));
        Assert.Equal(":42\r\n", _server.Run("OBJECT", "IDLETIME", "k"));
        Assert.Equal(":42\r\n", _server.Run("OBJECT", "IDLETIME", "k"));
        Assert.StartsWith("-ERR An LFU maxmemory policy is not selected", _server.Run("OBJECT", "FREQ", "k"), StringComparison.Ordinal);
    }

    [Fact]
    public void Frequency_is_known_under_an_lfu_policy_only()
    {
        _server.Engine.AccessClock.IsLfu = true;
        _server.Run("SET", "k", "v");
        Assert.Equal(":5\r\n", _server.Run("OBJECT", "FREQ", "k"));
        _server.Run("GET", "k");
        Assert.Equal(":6\r\n", _server.Run("OBJECT", "FREQ", "k"));
        Assert.StartsWith("-ERR An LFU maxmemory policy is selected", _server.Run("OBJECT", "IDLETIME", "k"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ENCODING")]
    [InlineData("FREQ")]
    [InlineData("IDLETIME")]
    [InlineData("REFCOUNT")]
    public void An_absent_key_is_null_and_a_silent_miss(string subcommand)
    {
        var events = EventLog.Attach(_server);
        var misses = _server.Engine.KeyspaceStatistics.Misses;
        Assert.Equal("$-1\r\n", _server.Run("OBJECT", subcommand, "absent"));
        Assert.Equal(misses + 1, _server.Engine.KeyspaceStatistics.Misses);
        Assert.Empty(events.Take());
    }

    [Fact]
    public void Help_has_lines_for_every_subcommand()
    {
        var help = _server.Run("OBJECT", "HELP");
        Assert.StartsWith("*11\r\n+OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n+ENCODING <key>\r\n", help, StringComparison.Ordinal);
        Assert.EndsWith("+HELP\r\n+    Prints this help.\r\n", help, StringComparison.Ordinal);
        Assert.Equal(12, help.Split("\r\n").Length - 1);
    }

    public void Dispose() => _server.Dispose();
}

using System.Text.RegularExpressions;
using Hearth.Server;
using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed partial class DebugCommandsTests : IDisposable
{
    private const string NoSuchKey = "-ERR no such key\r\n";

    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("12", "int", 2)]
    [InlineData("-129", "int", 3)]
    [InlineData("32768", "int", 5)]
    [InlineData("-2147483648", "int", 5)]
    [InlineData("2147483648", "int", 11)]
    [InlineData("hello", "embstr", 6)]
    [InlineData("", "embstr", 1)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", "raw", 66)]
    public void Object_shows_the_encoding_and_the_length_in_an_rdb_file(string value, string encoding, int serializedLength)
    {
        _server.Run("SET", "key", value);
        _server.Advance(TimeSpan.FromSeconds(12));
        var clock = _server.Engine.Keyspaces[0].Peek(Key.Of("key"u8, _server.Engine.Hash)).AccessClock;
        Assert.Matches(
            $@"^\+Value at:0x[0-9a-f]+ refcount:1 encoding:{encoding} serializedlength:{serializedLength} lru:{clock} lru_seconds_idle:12\r\n$", _server.Run("DEBUG", "OBJECT", "key"));
        Assert.Equal(NoSuchKey, _server.Run("DEBUG", "OBJECT", "absent"));
    }

    [Fact]
    public void A_long_string_has_a_length_of_five_bytes()
    {
        _server.Run("SET", "key", new string('x', 16384));
        Assert.Contains(" serializedlength:16389 ", _server.Run("DEBUG", "OBJECT", "key"), StringComparison.Ordinal);
        _server.Run("SETRANGE", "key", "0", "y");
        Assert.Contains(" encoding:raw ", _server.Run("DEBUG", "OBJECT", "key"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sdslen_shows_lengths_and_the_sizes_of_blocks()
    {
        // 8 bytes of header, 3 of key and 5 of value fill a block of 16.
        _server.Run("SET", "key", "hello");
        Assert.Equal("+key_sds_len:3, key_sds_avail:0, key_zmalloc: 16, val_sds_len:5, val_sds_avail:0, val_zmalloc: 0\r\n", _server.Run("DEBUG", "SDSLEN", "key"));

        // 8 of header, 8 of address and 3 of key make 24; the value has 16 bytes of lengths before it, and room for as much again once it grew.
        _server.Run("SET", "key", new string('x', 2000));
        Assert.Equal("+key_sds_len:3, key_sds_avail:0, key_zmalloc: 24, val_sds_len:2000, val_sds_avail:0, val_zmalloc: 2048\r\n", _server.Run("DEBUG", "SDSLEN", "key"));
        _server.Run("APPEND", "key", new string('y', 100));
        var grown = SdsLine().Match(_server.Run("DEBUG", "SDSLEN", "key"));
        Assert.Equal("2100", grown.Groups[1].Value);
        Assert.InRange(int.Parse(grown.Groups[2].Value), 1000, 2200);

        _server.Run("SET", "number", "12");
        Assert.Equal("-ERR Not an sds encoded string.\r\n", _server.Run("DEBUG", "SDSLEN", "number"));
        Assert.Equal(NoSuchKey, _server.Run("DEBUG", "SDSLEN", "absent"));
    }

    [Fact]
    public void Htstats_counts_the_keys_of_both_tables()
    {
        for (var i = 0; i < 100; i++) _server.Run("SET", $"{i}", "value");
        for (var i = 0; i < 7; i++) _server.Run("EXPIRE", $"{i}", "100");
        var keyspace = _server.Engine.Keyspaces[0];
        var text = _server.Run("DEBUG", "HTSTATS", "0");
        Assert.Contains($"[Dictionary HT]\n number of elements: 100\n bytes: {keyspace.Keys.MemoryBytes}\n bytes per element: ", text, StringComparison.Ordinal);
        Assert.Contains($"[Expires HT]\n number of elements: 7\n bytes: {keyspace.Expires.MemoryBytes}\n bytes per element: ", text, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(_server.Run("DEBUG", "HTSTATS", "1"), "No stats available for empty dictionaries"));
        Assert.Equal("-ERR Out of range database\r\n", _server.Run("DEBUG", "HTSTATS", "16"));
        Assert.Equal("-ERR Out of range database\r\n", _server.Run("DEBUG", "HTSTATS", "-1"));
        Assert.Equal("-ERR value is not an integer or out of range\r\n", _server.Run("DEBUG", "HTSTATS", "x"));
    }

    [Fact]
    public void Structsize_shows_the_sizes_that_memory_is_made_of() =>
        Assert.Matches(@"^\+bits:64 entry:8 dict:\d+ bucket:64\r\n$", _server.Run("DEBUG", "STRUCTSIZE"));

    [Fact]
    public void Help_lists_what_there_is()
    {
        var names = Word().Matches(_server.Run("DEBUG", "HELP")).Select(match => match.Groups[1].Value).ToArray();
        Assert.Contains("CONFIG-REWRITE-FORCE-ALL", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal("-ERR unknown subcommand or wrong number of arguments for 'NOPE'. Try DEBUG HELP.\r\n", _server.Run("DEBUG", "NOPE"));
    }

    [Fact]
    public void An_error_on_demand_is_in_no_statistics()
    {
        Assert.Equal("-FOO a  b \r\n", _server.Run("DEBUG", "ERROR", "FOO a\r\nb\n"));
        Assert.Equal(0, _server.Engine.Statistics.ErrorReplies);
        Assert.Empty(_server.Engine.Statistics.Errors);
    }

    [Fact]
    public void Populate_makes_keys_that_are_not_there_yet()
    {
        _server.Run("SET", "key:1", "mine");
        Assert.Equal("+OK\r\n", _server.Run("DEBUG", "POPULATE", "3"));
        Assert.Equal("*3\r\n$7\r\nvalue:0\r\n$4\r\nmine\r\n$7\r\nvalue:2\r\n", _server.Run("MGET", "key:0", "key:1", "key:2"));
        _server.Run("DEBUG", "POPULATE", "2", "p", "10");
        Assert.Equal("$10\r\nvalue:1\0\0\0\r\n", _server.Run("GET", "p:1"));
        Assert.Equal(":5\r\n", _server.Run("DBSIZE"));
        Assert.Equal("-ERR value is out of range, must be positive\r\n", _server.Run("DEBUG", "POPULATE", "1", "q", "2147483647"));
    }

    [Fact]
    public void Keys_stay_while_the_active_cycle_is_off()
    {
        _server.Run("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        Assert.False(_server.Engine.IsActiveExpiryOn);
        _server.Run("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        Assert.True(_server.Engine.IsActiveExpiryOn);
    }

    [Fact]
    public void Another_replication_id_takes_the_place_of_the_old_one()
    {
        var before = _server.Engine.ReplicationId;
        _server.Run("DEBUG", "CHANGE-REPL-ID");
        Assert.Matches("^[0-9a-f]{40}$", _server.Engine.ReplicationId);
        Assert.NotEqual(before, _server.Engine.ReplicationId);
        Assert.Contains($"\r\nmaster_replid:{_server.Engine.ReplicationId}\r\n", _server.Run("INFO", "replication"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Debug_needs_to_be_enabled(bool isEnabled)
    {
        using var server = new TestServer(config => config.EnableDebugCommand = isEnabled ? LocalAccess.Yes : LocalAccess.No);
        var refusal = "-ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, "
            + "otherwise you need to set this option in the configuration file, and then restart the server.\r\n";
        Assert.Equal(isEnabled ? "+OK\r\n" : refusal, server.Run("DEBUG", "SLEEP", "0"));
    }

    [GeneratedRegex(@"val_sds_len:(\d+), val_sds_avail:(\d+)")]
    private static partial Regex SdsLine();

    [GeneratedRegex(@"\+([A-Z-]+)\r\n")]
    private static partial Regex Word();
}

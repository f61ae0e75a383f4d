using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class BitmapCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Fact]
    public void Setting_a_bit_grows_the_string_and_returns_the_old_one()
    {
        Assert.Equal(":0\r\n", _server.Run("SETBIT", "k", "10", "1"));
        Assert.Equal("$2\r\n\0 \r\n", _server.Run("GET", "k"));
        Assert.Equal(":1\r\n", _server.Run("SETBIT", "k", "10", "0"));
        Assert.Equal(":0\r\n", _server.Run("GETBIT", "k", "10"));
        Assert.Equal(":0\r\n", _server.Run("GETBIT", "k", "4294967295"));
        Assert.Equal(":0\r\n", _server.Run("GETBIT", "absent", "0"));
    }

    [Fact]
    public void Bits_of_a_counter_are_those_of_its_digits()
    {
        _server.Run("SET", "k", "10");
        Assert.Equal(":5\r\n", _server.Run("BITCOUNT", "k"));
        Assert.Equal(":1\r\n", _server.Run("GETBIT", "k", "2"));
        _server.Run("SETBIT", "k", "7", "0");
        Assert.Equal("$2\r\n00\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void A_bit_that_does_not_change_is_no_change_unless_the_string_grows()
    {
        var events = EventLog.Attach(_server);
        _server.Run("SETBIT", "k", "7", "0");
        Assert.Equal(["0 new k", "0 setbit k"], events.Take());
        _server.Run("SETBIT", "k", "7", "0");
        Assert.Empty(events.Take());
        _server.Run("SETBIT", "k", "8", "0");
        Assert.Equal(["0 setbit k"], events.Take());
    }

    [Theory]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "-1", "1")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "4294967296", "1")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "#1", "x")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "9223372036854775807", "1")]
    [InlineData("-ERR bit is not an integer or out of range\r\n", "1", "2")]
    [InlineData("-ERR bit is not an integer or out of range\r\n", "1", "-1")]
    [InlineData("-ERR bit is not an integer or out of range\r\n", "1", "x")]
    public void A_bit_or_an_offset_that_can_not_be_is_refused(string error, string offset, string bit)
    {
        Assert.Equal(error, _server.Run("SETBIT", "k", offset, bit));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
    }

    [Fact]
    public void The_longest_string_follows_proto_max_bulk_len()
    {
        _server.Engine.Config.ProtoMaxBulkLength = 1 << 20;
        Assert.Equal(":0\r\n", _server.Run("SETBIT", "k", "8388607", "1"));
        Assert.Equal("-ERR bit offset is not an integer or out of range\r\n", _server.Run("SETBIT", "k", "8388608", "1"));
        Assert.Equal(":1\r\n", _server.Run("BITCOUNT", "k"));
    }

    [Theory]
    [InlineData(26)]
    [InlineData(26, "0", "-1")]
    [InlineData(4, "0", "0")]
    [InlineData(6, "1", "1")]
    [InlineData(6, "1", "1", "BYTE")]
    [InlineData(17, "5", "30", "BIT")]
    [InlineData(0, "-1", "-2")]
    [InlineData(0, "-1000", "-2000", "nonsense")]
    [InlineData(4, "-2000", "-1000")]
    [InlineData(0, "6", "100")]
    [InlineData(26, "-9223372036854775808", "9223372036854775807", "BIT")]
    public void Counts_the_bits_of_a_range(int expected, params string[] range)
    {
        _server.Run("SET", "k", "foobar");
        Assert.Equal($":{expected}\r\n", _server.Run(["BITCOUNT", "k", .. range]));
        Assert.Equal(":0\r\n", _server.Run(["BITCOUNT", "absent", .. range]));
    }

    [Theory]
    [InlineData("-ERR syntax error\r\n", "1")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "1", "x", "nonsense")]
    [InlineData("-ERR syntax error\r\n", "1", "2", "BITS")]
    [InlineData("-ERR syntax error\r\n", "x", "2", "BIT", "more")]
    public void A_range_of_bitcount_that_makes_no_sense_is_refused_where_there_is_a_key(string error, params string[] range)
    {
        _server.Run("SET", "k", "foobar");
        Assert.Equal(error, _server.Run(["BITCOUNT", "k", .. range]));
        Assert.Equal(":0\r\n", _server.Run(["BITCOUNT", "absent", .. range]));
    }

    [Theory]
    [InlineData("\u00ff\u00f0\0", 12, "0")]
    [InlineData("\u00ff\u00f0\0", 16, "0", "2")]
    [InlineData("\u00ff\u00ff\u00ff", 24, "0")]
    [InlineData("\u00ff\u00ff\u00ff", 24, "0", "1")]
    [InlineData("\u00ff\u00ff\u00ff", -1, "0", "0", "-1")]
    [InlineData("\u00ff\u00ff\u00ff", -1, "0", "0", "-1", "BIT")]
    [InlineData("\0\u00ff\u00f0", 8, "1", "0")]
    [InlineData("\0\u00ff\u00f0", 16, "1", "2")]
    [InlineData("\0\u00ff\u00f0", 9, "1", "9", "9", "BIT")]
    [InlineData("\0\0\0", -1, "1")]
    [InlineData("\0\0\0", -1, "1", "7", "-3", "BIT")]
    [InlineData("\u00ff", -1, "0", "1")]
    [InlineData("", -1, "0")]
    public void Finds_the_first_bit_of_a_range(string value, int expected, params string[] arguments)
    {
        _server.Run("SET", "k", value);
        Assert.Equal($":{expected}\r\n", _server.Run(["BITPOS", "k", .. arguments]));
    }

    [Theory]
    [InlineData("-ERR The bit argument must be 1 or 0.\r\n", "2", "x")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "x")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "1", "x", "y", "nonsense")]
    [InlineData("-ERR syntax error\r\n", "1", "1", "y", "nonsense")]
    [InlineData("-ERR syntax error\r\n", "1", "1", "2", "BIT", "more")]
    public void A_search_that_makes_no_sense_is_refused(string error, params string[] arguments)
    {
        _server.Run("SET", "k", "foobar");
        Assert.Equal(error, _server.Run(["BITPOS", "k", .. arguments]));
    }

    [Fact]
    public void An_absent_key_is_an_endless_row_of_zeros()
    {
        Assert.Equal(":0\r\n", _server.Run("BITPOS", "absent", "0", "nonsense"));
        Assert.Equal(":-1\r\n", _server.Run("BITPOS", "absent", "1"));
    }

    [Theory]
    [InlineData("AND", "`bc`ab\0\0\0\0")]
    [InlineData("or", "goofev1234")]
    [InlineData("XOR", "\a\r\f\u0006\u0004\u00141234")]
    public void Combines_strings_of_different_lengths(string operation, string expected)
    {
        _server.Run("MSET", "a", "foobar", "b", "abcdef1234");
        Assert.Equal(":10\r\n", _server.Run("BITOP", operation, "to", "a", "b"));
        Assert.Equal($"$10\r\n{expected}\r\n", _server.Run("GET", "to"));
        Assert.Equal(":10\r\n", _server.Run("BITOP", operation, "b", "b", "a"));
        Assert.Equal($"$10\r\n{expected}\r\n", _server.Run("GET", "b"));
    }

    [Fact]
    public void A_combination_takes_integers_long_strings_and_absent_keys()
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        _server.Run("MSET", "number", "1234", "long", text);
        Assert.Equal($":{text.Length}\r\n", _server.Run("BITOP", "OR", "to", "absent", "long", "absent"));
        Assert.Equal($"${text.Length}\r\n{text}\r\n", _server.Run("GET", "to"));
        _server.Run("BITOP", "XOR", "to", "to", "number", "long");
        Assert.Equal("$4\r\n1234\r\n", _server.Run("GETRANGE", "to", "0", "3"));
        Assert.Equal(":4\r\n", _server.Run("BITOP", "NOT", "to", "number"));
        Assert.Equal("$4\r\n\u00ce\u00cd\u00cc\u00cb\r\n", _server.Run("GET", "to"));
    }

    [Fact]
    public void The_result_of_a_combination_has_no_expiry_and_an_empty_one_no_key()
    {
        _server.Run("SET", "to", "old", "EX", "100");
        var events = EventLog.Attach(_server);
        _server.Run("BITOP", "OR", "to", "to");
        Assert.Equal(":-1\r\n", _server.Run("TTL", "to"));
        Assert.Equal(["0 set to"], events.Take());
        Assert.Equal(":0\r\n", _server.Run("BITOP", "AND", "to", "absent"));
        Assert.Equal(["0 keymiss absent", "0 del to"], events.Take());
        Assert.Equal(":0\r\n", _server.Run("BITOP", "AND", "to", "absent"));
        Assert.Equal(["0 keymiss absent"], events.Take());
    }

    [Fact]
    public void A_combination_that_makes_no_sense_is_refused()
    {
        Assert.Equal("-ERR syntax error\r\n", _server.Run("BITOP", "NAND", "to", "a"));
        Assert.Equal("-ERR BITOP NOT must be called with a single source key.\r\n", _server.Run("BITOP", "NOT", "to", "a", "b"));
    }

    public void Dispose() => _server.Dispose();
}

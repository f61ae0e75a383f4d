using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StringCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Fact]
    public void A_string_that_was_set_can_be_read()
    {
        Assert.Equal("+OK\r\n", _server.Run("SET", "greeting", "hello"));
        Assert.Equal("$5\r\nhello\r\n", _server.Run("GET", "greeting"));
        Assert.Equal("$-1\r\n", _server.Run("GET", "absent"));
    }

    [Fact]
    public void A_key_expires_when_its_time_is_up()
    {
        _server.Run("SET", "k", "v", "PX", "50");
        _server.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal("$1\r\nv\r\n", _server.Run("GET", "k"));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("$-1\r\n", _server.Run("GET", "k"));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
    }

    [Theory]
    [InlineData("NX", "XX")]
    [InlineData("EX", "5", "PX", "5")]
    [InlineData("EX", "5", "KEEPTTL")]
    [InlineData("EX")]
    [InlineData("FOO")]
    public void Options_that_contradict_each_other_are_syntax_errors(params string[] options) =>
        Assert.Equal("-ERR syntax error\r\n", _server.Run(["SET", "k", "v", .. options]));

    [Theory]
    [InlineData("EX", "0", "-ERR invalid expire time in 'set' command\r\n")]
    [InlineData("PX", "-1", "-ERR invalid expire time in 'set' command\r\n")]
    [InlineData("EX", "9223372036854775807", "-ERR invalid expire time in 'set' command\r\n")]
    [InlineData("EX", "1.5", "-ERR value is not an integer or out of range\r\n")]
    public void A_wrong_expiry_is_refused_and_changes_nothing(string unit, string value, string error)
    {
        Assert.Equal(error, _server.Run("SET", "k", "v", unit, value));
        Assert.Equal("$-1\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void Set_with_get_returns_the_old_value_whether_it_sets_or_not()
    {
        Assert.Equal("$-1\r\n", _server.Run("SET", "k", "1", "GET"));
        Assert.Equal("$1\r\n1\r\n", _server.Run("SET", "k", "2", "NX", "GET"));
        Assert.Equal("$1\r\n1\r\n", _server.Run("SET", "k", "3", "XX", "GET"));
        Assert.Equal("$1\r\n3\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void Appending_byte_by_byte_builds_the_string_through_every_size()
    {
        var expected = new System.Text.StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            var letter = ((char)('a' + (i % 26))).ToString();
            expected.Append(letter);
            Assert.Equal($":{i + 1}\r\n", _server.Run("APPEND", "k", letter));
        }

        Assert.Equal($"$3000\r\n{expected}\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void Writing_a_range_beyond_the_end_pads_with_zero_bytes()
    {
        _server.Run("SET", "k", "12");
        Assert.Equal(":6\r\n", _server.Run("SETRANGE", "k", "4", "xy"));
        Assert.Equal("$6\r\n12\0\0xy\r\n", _server.Run("GET", "k"));
    }

    [Theory]
    [InlineData("0", "2", "abc")]
    [InlineData("-3", "-1", "efg")]
    [InlineData("5", "100", "fg")]
    [InlineData("3", "1", "")]
    [InlineData("-1", "-5", "")]
    [InlineData("-100", "-100", "a")]
    public void A_range_counts_from_either_end(string start, string end, string expected)
    {
        _server.Run("SET", "k", "abcdefg");
        Assert.Equal($"${expected.Length}\r\n{expected}\r\n", _server.Run("GETRANGE", "k", start, end));
    }

    [Fact]
    public void MSetNx_sets_all_keys_or_none()
    {
        Assert.Equal(":1\r\n", _server.Run("MSETNX", "a", "1", "b", "2"));
        Assert.Equal(":0\r\n", _server.Run("MSETNX", "b", "3", "c", "4"));
        Assert.Equal("*3\r\n$1\r\n1\r\n$1\r\n2\r\n$-1\r\n", _server.Run("MGET", "a", "b", "c"));
    }

    [Fact]
    public void Counters_stop_at_the_ends_of_64_bits()
    {
        _server.Run("SET", "k", "9223372036854775806");
        Assert.Equal(":9223372036854775807\r\n", _server.Run("INCR", "k"));
        Assert.Equal("-ERR increment or decrement would overflow\r\n", _server.Run("INCR", "k"));
        Assert.Equal("-ERR decrement would overflow\r\n", _server.Run("DECRBY", "k", "-9223372036854775808"));
        Assert.Equal("-ERR value is not an integer or out of range\r\n", _server.Run("INCRBY", "k", "1x"));
    }

    [Fact]
    public void Adding_floats_keeps_the_digits_of_a_long_double()
    {
        _server.Run("SET", "k", "0.1");
        Assert.Equal("$3\r\n0.3\r\n", _server.Run("INCRBYFLOAT", "k", "0.2"));
        Assert.Equal("$4\r\n5000\r\n", _server.Run("INCRBYFLOAT", "other", "5e3"));
        Assert.Equal("-ERR value is not a valid float\r\n", _server.Run("INCRBYFLOAT", "k", "abc"));
        Assert.Equal("-ERR value is not a valid float\r\n", _server.Run("INCRBYFLOAT", "k", "nan"));
        Assert.Equal("-ERR increment would produce NaN or Infinity\r\n", _server.Run("INCRBYFLOAT", "k", "inf"));
    }

    [Fact]
    public void Lcs_finds_bytes_length_and_ranges()
    {
        _server.Run("MSET", "a", "ohmytext", "b", "mynewtext");
        Assert.Equal("$6\r\nmytext\r\n", _server.Run("LCS", "a", "b"));
        Assert.Equal(":6\r\n", _server.Run("LCS", "a", "b", "LEN"));
        Assert.Equal(
            "*4\r\n$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n:4\r\n$3\r\nlen\r\n:6\r\n",
            _server.Run("LCS", "a", "b", "IDX", "MINMATCHLEN", "4", "WITHMATCHLEN"));
    }

    [Fact]
    public void A_table_for_lcs_that_no_array_holds_is_refused()
    {
        _server.Run("CONFIG", "SET", "proto-max-bulk-len", "20gb");
        var text = new string('x', 60_000);
        _server.Run("MSET", "a", text, "b", text);
        Assert.Equal("-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n", _server.Run("LCS", "a", "b"));
    }

    public void Dispose() => _server.Dispose();
}

using System.Globalization;
using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class BitFieldCommandsTests : IDisposable
{
    private const string WrongType =
        "-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.\r\n";

    private readonly TestServer _server = new();

    [Fact]
    public void Operations_run_in_order_and_each_is_answered()
    {
        Assert.Equal("*3\r\n:0\r\n:200\r\n:-56\r\n", _server.Run("BITFIELD", "k", "SET", "u8", "8", "200", "GET", "u8", "#1", "GET", "i8", "#1"));
        Assert.Equal("$2\r\n\0\u00c8\r\n", _server.Run("GET", "k"));
        Assert.Equal("*0\r\n", _server.Run("BITFIELD", "k"));
        Assert.Equal("*1\r\n:51200\r\n", _server.Run("BITFIELD_RO", "k", "GET", "u16", "8"));
    }

    [Theory]
    [InlineData("WRAP", ":4\r\n", ":-128\r\n", ":255\r\n")]
    [InlineData("SAT", ":255\r\n", ":127\r\n", ":0\r\n")]
    [InlineData("FAIL", "$-1\r\n", "$-1\r\n", "$-1\r\n")]
    public void Overflow_is_handled_as_chosen_for_the_operations_behind(string overflow, string unsigned, string signed, string below)
    {
        _server.Run("BITFIELD", "k", "SET", "u8", "0", "250", "SET", "i8", "8", "127", "SET", "u8", "16", "0");
        Assert.Equal(
            $"*4\r\n:4\r\n{unsigned}{signed}{below}",
            _server.Run("BITFIELD", "k", "INCRBY", "u8", "24", "4", "OVERFLOW", overflow, "INCRBY", "u8", "0", "10", "INCRBY", "i8", "8", "1", "INCRBY", "u8", "16", "-1"));
    }

    [Theory]
    [InlineData("i8", "-9223372036854775808", "127")] // Redis measures the distance to the maximum in 64 bits.
    [InlineData("i8", "-9223372036854775681", "127")]
    [InlineData("i8", "-9223372036854775680", "-128")]
    [InlineData("i64", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("u8", "-1", "255")]
    [InlineData("i1", "1", "0")]
    [InlineData("u63", "9223372036854775807", "9223372036854775807")]
    public void Saturation_takes_the_end_that_redis_takes(string type, string value, string expected)
    {
        _server.Run("BITFIELD", "k", "OVERFLOW", "SAT", "SET", type, "0", value);
        Assert.Equal($"*1\r\n:{expected}\r\n", _server.Run("BITFIELD", "k", "GET", type, "0"));
    }

    [Theory]
    [InlineData("-ERR syntax error\r\n", "GET", "u8")]
    [InlineData("-ERR syntax error\r\n", "SET", "u8", "0")]
    [InlineData("-ERR syntax error\r\n", "OVERFLOW")]
    [InlineData("-ERR Invalid OVERFLOW type specified\r\n", "OVERFLOW", "BEND", "GET", "u64", "0")]
    [InlineData(WrongType, "GET", "u64", "x")]
    [InlineData(WrongType, "GET", "i65", "0")]
    [InlineData(WrongType, "GET", "U8", "0")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "SET", "u8", "-1", "x")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "SET", "u8", "#-1", "1")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "GET", "u8", "#536870912")]
    [InlineData("-ERR bit offset is not an integer or out of range\r\n", "GET", "i64", "#9223372036854775807")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "SET", "u8", "0", "9223372036854775808")]
    public void One_wrong_operation_stops_all(string error, params string[] wrong)
    {
        Assert.Equal(error, _server.Run(["BITFIELD", "k", "SET", "u8", "0", "1", .. wrong]));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
    }

    /// <summary>CVE-2021-32761: an offset that overflows when it becomes an index into the string.</summary>
    [Theory]
    [InlineData("4294967232")]
    [InlineData("9223372036854775800")]
    [InlineData("#4611686018427387904")]
    [InlineData("#67108864")]
    public void An_offset_never_wraps_around_into_the_string(string offset)
    {
        const string OutOfRange = "-ERR bit offset is not an integer or out of range\r\n";
        _server.Engine.Config.ProtoMaxBulkLength = 1 << 20;
        _server.Run("SET", "k", "short");
        Assert.Equal(OutOfRange, _server.Run("BITFIELD", "k", "SET", "i64", offset, "-1"));
        Assert.Equal(OutOfRange, _server.Run("BITFIELD", "k", "GET", "i64", offset));
        Assert.Equal("$5\r\nshort\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void No_field_reaches_beyond_the_longest_string()
    {
        _server.Engine.Config.ProtoMaxBulkLength = 1L << 40;
        var beyond = ((StringValue.BytesMax - 7) * 8).ToString(CultureInfo.InvariantCulture);
        Assert.Equal("-ERR bit offset is not an integer or out of range\r\n", _server.Run("BITFIELD", "k", "SET", "i64", beyond, "1"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
    }

    [Fact]
    public void The_read_only_form_refuses_writes_after_all_other_errors()
    {
        Assert.Equal("-ERR BITFIELD_RO only supports the GET subcommand\r\n", _server.Run("BITFIELD_RO", "k", "SET", "u8", "0", "1"));
        Assert.Equal("-ERR syntax error\r\n", _server.Run("BITFIELD_RO", "k", "SET", "u8", "0", "1", "GET"));
        Assert.Equal("*1\r\n:0\r\n", _server.Run("BITFIELD_RO", "k", "OVERFLOW", "SAT", "GET", "u8", "0"));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
    }

    [Fact]
    public void One_event_and_one_change_for_each_write_that_changed_something()
    {
        var events = EventLog.Attach(_server);
        var dirty = _server.Engine.Dirty;
        _server.Run("BITFIELD", "k", "SET", "u8", "0", "0", "SET", "u8", "8", "1");
        Assert.Equal(["0 new k", "0 setbit k"], events.Take());
        Assert.Equal(dirty + 2, _server.Engine.Dirty);
        _server.Run("BITFIELD", "k", "SET", "u8", "0", "0", "GET", "u8", "0");
        _server.Run("BITFIELD", "k", "GET", "u8", "0");
        Assert.Empty(events.Take());
        Assert.Equal(dirty + 2, _server.Engine.Dirty);
    }

    [Fact]
    public void A_failed_write_leaves_a_grown_string_and_no_change()
    {
        var events = EventLog.Attach(_server);
        Assert.Equal("*1\r\n$-1\r\n", _server.Run("BITFIELD", "k", "OVERFLOW", "FAIL", "SET", "u4", "12", "16"));
        Assert.Equal("$2\r\n\0\0\r\n", _server.Run("GET", "k"));
        Assert.Equal(["0 new k"], events.Take());
    }

    public void Dispose() => _server.Dispose();
}

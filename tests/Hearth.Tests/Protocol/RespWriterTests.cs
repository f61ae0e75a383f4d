using System.Text;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Tests.Primitives;
using Xunit;

namespace Hearth.Tests.Protocol;

public sealed class RespWriterTests : IDisposable
{
    private readonly Heap _heap = new("replies");
    private readonly NativeBuffer _buffer;
    private readonly RespWriter _writer;

    public RespWriterTests()
    {
        _buffer = new NativeBuffer(_heap);
        _writer = new RespWriter(_buffer);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        LeakCheck.Assert(_heap);
        _heap.Dispose();
    }

    [Fact]
    public void Replies_that_outgrow_the_buffer_are_dropped_and_the_handler_runs_on()
    {
        _writer.BytesMax = 100;
        var outer = _writer.BeginDeferred();
        _writer.Bulk(new byte[60]);
        Assert.False(_writer.IsOverfull);
        var inner = _writer.BeginDeferred();
        _writer.Bulk(new byte[60]);
        Assert.True(_writer.IsOverfull);
        _writer.Integer(1);
        _writer.EndDeferredMap(inner, 1);
        _writer.EndDeferredArray(outer, 2);
        for (var i = 0; i < 100; i++) _writer.Ok();
        Assert.True(_writer.Length <= 100);
        Assert.True(_writer.IsOverfull);

        // What may be long is not even copied, so that millions of long values cost little.
        var length = _writer.Length;
        _writer.Bulk(new byte[10]);
        Assert.Equal(length, _writer.Length);

        _buffer.Clear();
        _writer.Target(_buffer, 2);
        Assert.False(_writer.IsOverfull);
    }

    [Fact]
    public void A_number_known_later_goes_where_the_reply_stood() => Assert.Equal("*2\r\n$19\r\n9223372036854775807\r\n:7\r\n", Write(2, reply =>
    {
        reply.Array(2);
        var start = reply.BeginDeferred();
        reply.Integer(7);
        reply.InsertBulkInteger(start, long.MaxValue);
    }));

    [Fact]
    public void What_both_versions_write_alike()
    {
        foreach (var version in (int[])[2, 3])
        {
            Assert.Equal("+OK\r\n", Write(version, reply => reply.Ok()));
            Assert.Equal("+PONG\r\n", Write(version, reply => reply.SimpleString("PONG"u8)));
            Assert.Equal("-ERR no\r\n", Write(version, reply => reply.Error("ERR no"u8)));
            Assert.Equal("$0\r\n\r\n", Write(version, reply => reply.Bulk(""u8)));
            Assert.Equal("$3\r\n\r\n\0\r\n", Write(version, reply => reply.Bulk("\r\n\0"u8)));
            Assert.Equal("$2\r\n-1\r\n", Write(version, reply => reply.BulkInteger(-1)));
            Assert.Equal("*0\r\n", Write(version, reply => reply.Array(0)));
            Assert.Equal("+raw\r\n", Write(version, reply => reply.Raw("+raw\r\n"u8)));
        }
    }

    [Fact]
    public void What_RESP3_tells_apart_and_RESP2_does_not()
    {
        AssertShapes("$-1\r\n", "_\r\n", reply => reply.Null());
        AssertShapes("*-1\r\n", "_\r\n", reply => reply.NullArray());
        AssertShapes(":1\r\n", "#t\r\n", reply => reply.Boolean(true));
        AssertShapes(":0\r\n", "#f\r\n", reply => reply.Boolean(false));
        AssertShapes("*4\r\n", "%2\r\n", reply => reply.Map(2));
        AssertShapes("*24\r\n", "%12\r\n", reply => reply.Map(12));
        AssertShapes("*2\r\n", "~2\r\n", reply => reply.Set(2));
        AssertShapes("*2\r\n:1\r\n:2\r\n", "*1\r\n*2\r\n:1\r\n:2\r\n", reply => WritePair(reply, isDeferred: false));
        AssertShapes("*2\r\n:1\r\n:2\r\n", "*1\r\n*2\r\n:1\r\n:2\r\n", reply => WritePair(reply, isDeferred: true));
        AssertShapes("*3\r\n", ">3\r\n", reply => reply.Push(3));
        AssertShapes("$3\r\n1.5\r\n", ",1.5\r\n", reply => reply.Double(1.5));
        AssertShapes("$1\r\n3\r\n", ",3\r\n", reply => reply.Double(3));
        AssertShapes("$3\r\n0.1\r\n", ",0.1\r\n", reply => reply.Double(0.1));
        AssertShapes("$3\r\ninf\r\n", ",inf\r\n", reply => reply.Double(double.PositiveInfinity));
        AssertShapes("$4\r\n-inf\r\n", ",-inf\r\n", reply => reply.Double(double.NegativeInfinity));
        AssertShapes("$5\r\n1e+21\r\n", ",1e+21\r\n", reply => reply.Double(1e21));
        AssertShapes("$20\r\n12345678901234567890\r\n", "(12345678901234567890\r\n", reply => reply.BigNumber("12345678901234567890"u8));
        AssertShapes("$2\r\nab\r\n", "=6\r\ntxt:ab\r\n", reply => reply.Verbatim("ab"u8, "txt"u8));
        AssertShapes("$0\r\n\r\n", "=4\r\nmkd:\r\n", reply => reply.Verbatim(""u8, "mkd"u8));
    }

    [Fact]
    public void Only_RESP3_has_attributes_and_pushes()
    {
        _writer.UseVersion(2);
        Assert.False(_writer.HasAttributes || _writer.HasPush);
        _writer.UseVersion(3);
        Assert.True(_writer.HasAttributes && _writer.HasPush);
        Assert.Equal("|1\r\n", Write(3, reply => reply.Attribute(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-10)]
    [InlineData(1234567890123)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integers_of_any_length(long value)
    {
        Assert.Equal($":{value}\r\n", Write(2, reply => reply.Integer(value)));
        Assert.Equal($"${value.ToString().Length}\r\n{value}\r\n", Write(2, reply => reply.BulkInteger(value)));
        if (value >= 0) Assert.Equal($"*{value}\r\n", Write(2, reply => reply.Array(value)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(70_000)]
    public void Bulks_of_any_length(int length)
    {
        var text = new string('x', length);
        Assert.Equal($"${length}\r\n{text}\r\n+OK\r\n", Write(2, reply =>
        {
            reply.Bulk(text);
            reply.Ok();
        }));
    }

    [Fact]
    public void Bulks_read_nothing_but_their_text()
    {
        if (!GuardedMemory.IsSupported) Assert.Skip("The guards are Linux's.");
        using var guarded = new GuardedMemory();
        var random = new Random(7);
        for (var length = 0; length <= 130; length++)
        {
            var text = new byte[length];
            random.NextBytes(text);
            byte[] expected = [.. Encoding.ASCII.GetBytes($"${length}\r\n"), .. text, (byte)'\r', (byte)'\n'];
            _writer.Bulk(guarded.PlaceAtStart(text));
            _writer.Bulk(guarded.PlaceAtEnd(text));
            Assert.Equal([.. expected, .. expected], _buffer.Written.ToArray());
            _buffer.Clear();
        }
    }

    [Fact]
    public void An_error_can_hold_no_second_reply()
    {
        Assert.Equal("-ERR unknown 'a  +OK  b'\r\n", Write(2, reply => reply.Error("ERR unknown 'a\r\n+OK\n\rb'"u8)));
        Assert.Equal("-ERR \u00e9\0\r\n", Write(2, reply => reply.Error("ERR \u00e9\0")));
    }

    [Fact]
    public void Errors_are_counted_and_heard_of_with_their_text()
    {
        var heard = new List<string>();
        _writer.Observer = new ErrorLog(heard);
        var before = _writer.ErrorCount;
        Write(2, reply =>
        {
            reply.Error("ERR one"u8);
            reply.Error("WRONGTYPE two");
            reply.SimpleString("-no error"u8);
        });
        Assert.Equal(["ERR one", "WRONGTYPE two"], heard);
        Assert.Equal(2, _writer.ErrorCount - before);
    }

    [Fact]
    public void A_deferred_length_is_put_in_before_what_was_counted()
    {
        Assert.Equal("+OK\r\n*2\r\n:1\r\n:2\r\n+OK\r\n", Write(2, reply =>
        {
            reply.Ok();
            var start = reply.BeginDeferred();
            reply.Integer(1);
            reply.Integer(2);
            reply.EndDeferredArray(start, 2);
            reply.Ok();
        }));

        AssertShapes("*2\r\n:1\r\n:2\r\n", "%1\r\n:1\r\n:2\r\n", reply => Deferred(reply, 2, start => reply.EndDeferredMap(start, 1)));
        AssertShapes("*2\r\n:1\r\n:2\r\n", "~2\r\n:1\r\n:2\r\n", reply => Deferred(reply, 2, start => reply.EndDeferredSet(start, 2)));
        AssertShapes("*0\r\n", "*0\r\n", reply => Deferred(reply, 0, start => reply.EndDeferredArray(start, 0)));
    }

    [Fact]
    public void Deferred_lengths_nest()
    {
        Assert.Equal("*2\r\n*1\r\n:1\r\n*0\r\n", Write(2, reply =>
        {
            var outer = reply.BeginDeferred();
            Deferred(reply, 1, inner => reply.EndDeferredArray(inner, 1));
            Deferred(reply, 0, inner => reply.EndDeferredArray(inner, 0));
            reply.EndDeferredArray(outer, 2);
        }));
    }

    [Fact]
    public void A_long_deferred_reply_keeps_all_its_bytes()
    {
        const int Count = 20_000;
        var text = Write(2, reply => Deferred(reply, Count, start => reply.EndDeferredArray(start, Count)));
        Assert.Equal($"*{Count}\r\n" + string.Concat(Enumerable.Range(1, Count).Select(i => $":{i}\r\n")), text);
    }

    [Fact]
    public void Replies_go_where_they_are_directed()
    {
        using var other = new NativeBuffer(_heap);
        _writer.Target(_buffer, 2);
        _writer.Null();
        _writer.Target(other, 3);
        _writer.Null();
        Assert.Equal("$-1\r\n", Latin1.Text(_buffer.Written));
        Assert.Equal("_\r\n", Latin1.Text(other.Written));
        Assert.Equal(3, _writer.Length);
    }

    private static void Deferred(RespWriter reply, int count, Action<int> end)
    {
        var start = reply.BeginDeferred();
        for (var i = 1; i <= count; i++) reply.Integer(i);
        end(start);
    }

    private static void WritePair(RespWriter reply, bool isDeferred)
    {
        var start = reply.BeginDeferred();
        if (!isDeferred) reply.Pairs(1);
        reply.Pair();
        reply.Integer(1);
        reply.Integer(2);
        if (isDeferred) reply.EndDeferredPairs(start, 1);
    }

    private void AssertShapes(string resp2, string resp3, Action<RespWriter> write)
    {
        Assert.Equal(resp2, Write(2, write));
        Assert.Equal(resp3, Write(3, write));
    }

    private string Write(int version, Action<RespWriter> write)
    {
        // An empty buffer has no memory at all, so each reply also proves that it makes its own room.
        _buffer.Release();
        _writer.Target(_buffer, version);
        write(_writer);
        return Latin1.Text(_buffer.Written);
    }

    private sealed class ErrorLog(List<string> heard) : IErrorObserver
    {
        public void OnError(ReadOnlySpan<byte> text) => heard.Add(Latin1.Text(text));
    }
}

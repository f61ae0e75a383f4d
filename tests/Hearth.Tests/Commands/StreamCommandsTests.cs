using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StreamCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Entries_come_out_in_the_order_of_their_ids()
    {
        Assert.Equal("$3\r\n1-1\r\n", _server.Run("XADD", "s", "1-1", "field", "1"));
        Assert.Equal("$3\r\n1-2\r\n", _server.Run("XADD", "s", "1-*", "field", "two"));
        Assert.Equal("$3\r\n5-0\r\n", _server.Run("XADD", "s", "5", "other", "-3"));
        Assert.Equal(
            "*3\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$5\r\nfield\r\n$1\r\n1\r\n*2\r\n$3\r\n1-2\r\n*2\r\n$5\r\nfield\r\n$3\r\ntwo\r\n"
            + "*2\r\n$3\r\n5-0\r\n*2\r\n$5\r\nother\r\n$2\r\n-3\r\n",
            _server.Run("XRANGE", "s", "-", "+"));
        Assert.Equal("*1\r\n*2\r\n$3\r\n5-0\r\n*2\r\n$5\r\nother\r\n$2\r\n-3\r\n", _server.Run("XREVRANGE", "s", "+", "-", "COUNT", "1"));
        Assert.Equal(":3\r\n", _server.Run("XLEN", "s"));
        Assert.Equal("+stream\r\n", _server.Run("TYPE", "s"));
        Assert.Equal("$6\r\nstream\r\n", _server.Run("OBJECT", "ENCODING", "s"));
    }

    [Fact]
    public void The_server_chooses_ids_by_its_clock_but_never_goes_back()
    {
        var nowMs = _server.Engine.Clock.NowMs;
        Assert.Equal(Bulk($"{nowMs}-0"), _server.Run("XADD", "s", "*", "f", "v"));
        Assert.Equal(Bulk($"{nowMs}-1"), _server.Run("XADD", "s", "*", "f", "v"));
        _server.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(Bulk($"{nowMs + 5}-0"), _server.Run("XADD", "s", "*", "f", "v"));
        _server.Run("XSETID", "s", $"{nowMs + 9}-18446744073709551615");
        Assert.Equal(Bulk($"{nowMs + 10}-0"), _server.Run("XADD", "s", "*", "f", "v"));
    }

    [Theory]
    [InlineData("XADD s 5-0 f v", "-ERR The ID specified in XADD is equal or smaller than the target stream top item\r\n")]
    [InlineData("XADD s 0-0 f v", "-ERR The ID specified in XADD must be greater than 0-0\r\n")]
    [InlineData("XADD s x f v", "-ERR Invalid stream ID specified as stream command argument\r\n")]
    [InlineData("XADD s 6 f v g", "-ERR wrong number of arguments for 'xadd' command\r\n")]
    [InlineData("XADD s MAXLEN 3 MINID 4 6 f v", "-ERR syntax error, MAXLEN and MINID options at the same time are not compatible\r\n")]
    [InlineData("XADD s MAXLEN 3 LIMIT 4 6 f v", "-ERR syntax error, LIMIT cannot be used without the special ~ option\r\n")]
    [InlineData("XADD s LIMIT 4 6 f v", "-ERR syntax error, LIMIT cannot be used without specifying a trimming strategy\r\n")]
    [InlineData("XADD s MAXLEN -1 6 f v", "-ERR The MAXLEN argument must be >= 0.\r\n")]
    [InlineData("XADD full * f v", "-ERR The stream has exhausted the last possible ID, unable to add more items\r\n")]
    [InlineData("XADD string 6 f v", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("XADD absent NOMKSTREAM 6 f v", "$-1\r\n")]
    [InlineData("XTRIM s 5 5", "-ERR syntax error\r\n")]
    [InlineData("XTRIM s LIMIT 0", "-ERR syntax error, XTRIM must be called with a trimming strategy\r\n")]
    [InlineData("XTRIM absent MAXLEN 0", ":0\r\n")]
    [InlineData("XDEL absent x", ":0\r\n")]
    [InlineData("XDEL s 5-0 x", "-ERR Invalid stream ID specified as stream command argument\r\n")]
    [InlineData("XRANGE s - + COUNT 0", "*-1\r\n")]
    [InlineData("XRANGE absent - + COUNT 0", "*0\r\n")]
    [InlineData("XRANGE s (5-0 +", "*0\r\n")]
    [InlineData("XRANGE s (18446744073709551615-18446744073709551615 +", "-ERR invalid start ID for the interval\r\n")]
    [InlineData("XRANGE s - (0-0", "-ERR invalid end ID for the interval\r\n")]
    [InlineData("XSETID absent 5", "-ERR no such key\r\n")]
    [InlineData("XSETID s 4", "-ERR The ID specified in XSETID is smaller than the target stream top item\r\n")]
    [InlineData("XSETID s 9 ENTRIESADDED 0", "-ERR The entries_added specified in XSETID is smaller than the target stream length\r\n")]
    [InlineData("XSETID s 9 MAXDELETEDID 10", "-ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id\r\n")]
    [InlineData("XSETID full 1", "-ERR The ID specified in XSETID is smaller than current max_deleted_entry_id\r\n")]
    public void What_cannot_be_is_refused_in_redis_words(string command, string expected)
    {
        _server.Run("SET", "string", "x");
        _server.Run("XADD", "s", "5-0", "f", "v");
        _server.Run("XADD", "full", "18446744073709551615-18446744073709551615", "f", "v");
        _server.Run("XDEL", "full", "18446744073709551615-18446744073709551615");
        Assert.Equal(expected, _server.Run(command.Split(' ')));
        Assert.Equal(":1\r\n", _server.Run("XLEN", "s"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "absent"));
    }

    [Fact]
    public void A_stream_outlives_its_entries()
    {
        _server.Run("XADD", "s", "5-0", "f", "v");
        Assert.Equal(":1\r\n", _server.Run("XDEL", "s", "5-0", "5-0", "6-0"));
        Assert.Equal(":0\r\n", _server.Run("XLEN", "s"));
        Assert.Equal(":1\r\n", _server.Run("EXISTS", "s"));
        Assert.StartsWith("-ERR The ID specified", _server.Run("XADD", "s", "5-0", "f", "v"));
    }

    [Fact]
    public void Trimming_is_exact_or_by_whole_nodes()
    {
        for (var i = 1; i <= 250; i++) _server.Run("XADD", "s", $"{i}-0", "f", "v");
        Assert.Equal(":0\r\n", _server.Run("XTRIM", "s", "MAXLEN", "~", "200"));
        Assert.Equal(":100\r\n", _server.Run("XTRIM", "s", "MAXLEN", "~", "150"));
        Assert.Equal(":0\r\n", _server.Run("XTRIM", "s", "MINID", "~", "250", "LIMIT", "99"));
        Assert.Equal(":1\r\n", _server.Run("XTRIM", "s", "MAXLEN", "=", "149"));
        Assert.Equal(":48\r\n", _server.Run("XTRIM", "s", "MINID", "150"));
        Assert.Equal(":101\r\n", _server.Run("XLEN", "s"));
        _server.Run("XADD", "s", "MAXLEN", "1", "300", "f", "v");
        Assert.Equal("*1\r\n*2\r\n$5\r\n300-0\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n", _server.Run("XRANGE", "s", "-", "+"));
    }

    [Fact]
    public void Node_limits_are_settings()
    {
        _server.Run("CONFIG", "SET", "stream-node-max-entries", "3");
        for (var i = 1; i <= 7; i++) _server.Run("XADD", "s", $"{i}-0", "f", "v");
        Assert.Equal(":6\r\n", _server.Run("XTRIM", "s", "MAXLEN", "~", "1"));
    }

    [Fact]
    public void A_copy_is_a_stream_of_its_own()
    {
        _server.Run("XADD", "s", "1-0", "f", "v");
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        _server.Run("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
        Assert.Equal(":1\r\n", _server.Run("COPY", "s", "t"));
        Assert.Equal(":1\r\n", _server.Run("XACK", "t", "g", "1-0"));
        Assert.Equal(":1\r\n", _server.Run("XDEL", "t", "1-0"));
        Assert.Equal(":1\r\n", _server.Run("XLEN", "s"));
        Assert.Equal("*4\r\n:1\r\n$3\r\n1-0\r\n$3\r\n1-0\r\n*1\r\n*2\r\n$1\r\nc\r\n$1\r\n1\r\n", _server.Run("XPENDING", "s", "g"));
    }

    [Fact]
    public void What_the_server_decides_is_repeated_as_it_was_decided()
    {
        var log = PropagationLog.Attach(_server);
        var id = $"{_server.Engine.Clock.NowMs}-0";
        _server.Run("XADD", "s", "MAXLEN", "~", "1000", "LIMIT", "7", "*", "f", "v");
        _server.Run("XADD", "s", "NOMKSTREAM", "MINID", "~", "5", "9999999999999-*", "f", "v");
        _server.Run("XADD", "s", "MAXLEN", "5", "99999999999999-1", "f", "v");
        _server.Run("XTRIM", "s", "MAXLEN", "~", "1");
        _server.Run("XDEL", "s", "1-1");
        Assert.Equal(
            [
                $"XADD s MAXLEN = 1 LIMIT 7 {id} f v",
                $"XADD s NOMKSTREAM MINID = {id} 9999999999999-0 f v",
                "XADD s MAXLEN 5 99999999999999-1 f v",
            ],
            log.Take());
    }

    [Fact]
    public void A_limit_that_is_left_over_in_what_is_repeated_does_no_harm()
    {
        using var replica = new TestServer();
        var link = replica.Connect();
        link.RepeatsPropagated = true;
        for (var i = 1; i < 6; i++) replica.Run("XADD", "s", $"{i}-0", "f", "v");
        Assert.Equal(":4\r\n", replica.RunAs(link, "XTRIM", "s", "MAXLEN", "=", "1", "LIMIT", "2"));
        Assert.Equal("$3\r\n6-0\r\n", replica.RunAs(link, "XADD", "s", "MINID", "=", "6", "LIMIT", "0", "6-0", "f", "v"));
        Assert.Equal(":1\r\n", replica.Run("XLEN", "s"));
        Assert.StartsWith("-ERR syntax error, LIMIT", replica.Run("XTRIM", "s", "MAXLEN", "=", "1", "LIMIT", "2"));
    }

    private static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";
}

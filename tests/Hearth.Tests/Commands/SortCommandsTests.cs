using System.Diagnostics;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class SortCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public SortCommandsTests()
    {
        _server.Run("RPUSH", "list", "3", "1", "10", "2");
        _server.Run("SADD", "ints", "3", "1", "10", "2");
        _server.Run("SADD", "texts", "b", "a", "C", "10");
        _server.Run("ZADD", "zset", "1", "c", "2", "b", "3", "a");
        _server.Run("MSET", "w_1", "30", "w_2", "20", "w_3", "10", "t_1", "one", "t_2", "two", "t_3", "three");
        _server.Run("HSET", "h_1", "weight", "3", "name", "eins");
        _server.Run("HSET", "h_2", "weight", "1.5", "name", "zwei");
        _server.Run("SET", "string", "v");
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("SORT list", "1 2 3 10")]
    [InlineData("SORT list DESC", "10 3 2 1")]
    [InlineData("SORT list DESC ASC", "1 2 3 10")]
    [InlineData("SORT list ALPHA", "1 10 2 3")]
    [InlineData("sort list alpha desc limit 1 2", "2 10")]
    [InlineData("SORT list LIMIT 1 2", "2 3")]
    [InlineData("SORT list LIMIT -5 2", "1 2")]
    [InlineData("SORT list LIMIT 1 -7", "2 3 10")]
    [InlineData("SORT list LIMIT 5 1", "")]
    [InlineData("SORT list LIMIT 0 0", "")]
    [InlineData("SORT list BY nosort", "3 1 10 2")]
    [InlineData("SORT list BY nosort DESC", "2 10 1 3")]
    [InlineData("SORT list BY nosort LIMIT 1 2", "1 10")]
    [InlineData("SORT list BY nosort DESC LIMIT 1 2", "10 1")]
    [InlineData("SORT list BY nosort BY w_*", "3 1 10 2")]
    [InlineData("SORT list BY w_*", "10 3 2 1")]
    [InlineData("SORT list BY w_* DESC LIMIT 0 2", "1 2")]
    [InlineData("SORT list BY h_*->weight", "10 3 2 1")]
    [InlineData("SORT list BY h_*->", "1 10 2 3")]
    [InlineData("SORT list BY t_* ALPHA", "10 1 3 2")]
    [InlineData("SORT list GET t_*", "one two three (nil)")]
    [InlineData("SORT list GET # GET h_*->name LIMIT 0 3", "1 eins 2 zwei 3 (nil)")]
    [InlineData("SORT list GET nokey LIMIT 0 1", "(nil)")]
    [InlineData("SORT list GET list* GET h_*->nofield GET t_*->x LIMIT 0 1", "(nil) (nil) (nil)")]
    [InlineData("SORT ints", "1 2 3 10")]
    [InlineData("SORT texts ALPHA", "10 C a b")]
    [InlineData("SORT zset ALPHA", "a b c")]
    [InlineData("SORT zset BY nosort", "c b a")]
    [InlineData("SORT zset BY nosort DESC LIMIT 1 1", "b")]
    [InlineData("SORT zset BY nosort LIMIT 1 2", "b a")]
    [InlineData("SORT zset BY nosort DESC LIMIT 0 2", "a b")]
    [InlineData("SORT zset BY nosort LIMIT 3 2", "")]
    [InlineData("SORT_RO list", "1 2 3 10")]
    [InlineData("SORT absent", "")]
    [InlineData("SORT absent BY w_* GET t_*", "")]
    public void What_is_returned(string command, string elements) => Assert.Equal(elements, Elements(_server.Run(command.Split(' '))));

    [Theory]
    [InlineData("SORT string", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("SORT h_1", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("SORT texts", "-ERR One or more scores can't be converted into double\r\n")]
    [InlineData("SORT list BY t_*", "-ERR One or more scores can't be converted into double\r\n")]
    [InlineData("SORT list LIMIT 1", "-ERR syntax error\r\n")]
    [InlineData("SORT list LIMIT 1 x", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("SORT list BY", "-ERR syntax error\r\n")]
    [InlineData("SORT list GET", "-ERR syntax error\r\n")]
    [InlineData("SORT list STORE", "-ERR syntax error\r\n")]
    [InlineData("SORT_RO list STORE x", "-ERR syntax error\r\n")]
    [InlineData("SORT list FOO", "-ERR syntax error\r\n")]
    public void What_is_refused(string command, string error) => Assert.Equal(error, _server.Run(command.Split(' ')));

    [Theory]
    [InlineData("", true)]
    [InlineData(" 1", true)]
    [InlineData("\t\n1", true)]
    [InlineData("1\0x", true)]
    [InlineData("inf", true)]
    [InlineData("-Infinity", true)]
    [InlineData("0x1p3", true)]
    [InlineData("1e308", true)]
    [InlineData(" ", false)]
    [InlineData("1 ", false)]
    [InlineData("nan", false)]
    [InlineData("1e309", false)]
    [InlineData("1e-320", false)]
    [InlineData("1e-400", false)]
    [InlineData("1x", false)]
    public void What_is_a_number(string text, bool isNumber)
    {
        _server.Run("RPUSH", "l", text);
        Assert.Equal(isNumber, _server.Run("SORT", "l")[0] == '*');
    }

    [Fact]
    public void The_result_can_be_stored_over_anything()
    {
        _server.Run("SET", "target", "v", "EX", "100");
        Assert.Equal(":4\r\n", _server.Run("SORT", "list", "STORE", "target"));
        Assert.Equal("1 2 3 10", Elements(_server.Run("LRANGE", "target", "0", "-1")));
        Assert.Equal(":-1\r\n", _server.Run("TTL", "target"));
        Assert.Equal("$8\r\nlistpack\r\n", _server.Run("OBJECT", "ENCODING", "target"));
        Assert.Equal(":8\r\n", _server.Run("SORT", "list", "GET", "t_*", "GET", "#", "STORE", "list"));
        Assert.Equal("one 1 two 2 three 3  10", Elements(_server.Run("LRANGE", "list", "0", "-1")));
        Assert.Equal(":4\r\n", _server.Run("SORT", "texts", "BY", "nosort", "DESC", "STORE", "target"));
        Assert.Equal("b a C 10", Elements(_server.Run("LRANGE", "target", "0", "-1")));
    }

    [Fact]
    public void An_empty_result_deletes_the_target()
    {
        var events = EventLog.Attach(_server);
        var propagated = PropagationLog.Attach(_server);
        Assert.Equal(":0\r\n", _server.Run("SORT", "absent", "STORE", "list"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "list"));
        Assert.Equal(":0\r\n", _server.Run("SORT", "ints", "LIMIT", "0", "0", "STORE", "absent"));
        Assert.Equal(":4\r\n", _server.Run("SORT", "ints", "STORE", "list"));
        Assert.Equal(["0 del list", "0 new list", "0 sortstore list"], events.Take().Where(line => !line.Contains("keymiss")));
        Assert.Equal(["SORT absent STORE list", "SORT ints STORE list"], propagated.Take());
    }

    [Fact]
    public void A_stored_list_has_the_encoding_of_its_size()
    {
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "3");
        _server.Run("SORT", "list", "STORE", "long");
        _server.Run("SORT", "list", "LIMIT", "0", "3", "STORE", "short");
        Assert.Equal("$9\r\nquicklist\r\n", _server.Run("OBJECT", "ENCODING", "long"));
        Assert.Equal("$8\r\nlistpack\r\n", _server.Run("OBJECT", "ENCODING", "short"));
    }

    [Fact]
    public void A_sorted_set_is_no_listpack_any_more()
    {
        Assert.Equal("$8\r\nlistpack\r\n", _server.Run("OBJECT", "ENCODING", "zset"));
        _server.Run("SORT_RO", "zset", "BY", "nosort");
        Assert.Equal("$8\r\nskiplist\r\n", _server.Run("OBJECT", "ENCODING", "zset"));
    }

    [Fact]
    public void Keys_of_patterns_may_expire_on_the_way()
    {
        _server.Run("SET", "w_1", "5", "PX", "10");
        _server.Run("SET", "t_2", "gone", "PX", "10");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal("one (nil) three (nil)", Elements(_server.Run("SORT", "list", "GET", "t_*")));
        Assert.Equal("1 10 3 2", Elements(_server.Run("SORT", "list", "BY", "w_*")));
    }

    [Fact]
    public void Many_elements_come_out_in_order()
    {
        for (var i = 0; i < 3000; i++) _server.Run("RPUSH", "many", ((i * 7919) % 3001).ToString());
        var sorted = Elements(_server.Run("SORT", "many")).Split(' ').Select(int.Parse).ToList();
        Assert.Equal(3000, sorted.Count);
        Assert.Equal(sorted.Order(), sorted);
        Assert.Equal(sorted[10..20].Select(number => number.ToString()), Elements(_server.Run("SORT", "many", "LIMIT", "10", "10")).Split(' '));
    }

    [Fact]
    public void A_reply_that_is_too_long_in_any_case_is_not_gone_on_with()
    {
        const int Elements = 30_000;
        var limit = TimeSpan.FromSeconds(20);
        _server.Engine.Context.Reply.BytesMax = 1000;
        _server.Run(["RPUSH", "long", .. Enumerable.Repeat("x", Elements)]);
        var began = Stopwatch.GetTimestamp();
        _server.Run(["SORT", "long", "BY", "nosort", .. Enumerable.Range(0, 2 * Elements).Select(static i => i % 2 == 0 ? "GET" : "#")]);
        Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"It took {Stopwatch.GetElapsedTime(began)}.");
    }

    private static string Elements(string reply)
    {
        Assert.StartsWith("*", reply);
        var lines = reply.Split("\r\n")[1..^1];
        var elements = new List<string>();
        for (var i = 0; i < lines.Length; i++) elements.Add(lines[i] == "$-1" ? "(nil)" : lines[++i]);
        return string.Join(' ', elements);
    }

    [Fact]
    public void Equal_weights_of_a_set_are_stored_in_the_same_order_by_every_server()
    {
        string[] members = [.. Enumerable.Range(0, 40).Select(static i => "member" + i)];
        string[] orders = [.. new ulong[] { 1, 2, 3 }.Select(seed =>
        {
            using var server = new TestServer(static config => config.Encodings.SetListpackEntries = 4, seed);
            server.Run(["SADD", "s", .. members]);
            server.Run("SORT", "s", "BY", "weight*", "ALPHA", "LIMIT", "5", "20", "STORE", "sorted");
            return server.Run("LRANGE", "sorted", "0", "-1");
        })];
        Assert.Equal(orders[0], orders[1]);
        Assert.Equal(orders[0], orders[2]);
    }
}

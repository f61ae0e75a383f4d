using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StreamReadCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Reading_gives_what_lies_behind_an_id()
    {
        AddThree();
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(3), _server.Run("XREAD", "STREAMS", "s", "2"));
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*2\r\n" + Entry(1) + Entry(2), _server.Run("XREAD", "COUNT", "2", "STREAMS", "absent", "s", "0", "0"));
        Assert.Equal("*-1\r\n", _server.Run("XREAD", "STREAMS", "s", "3"));
        Assert.Equal("*-1\r\n", _server.Run("XREAD", "STREAMS", "s", "absent", "$", "$"));
    }

    [Fact]
    public void In_resp3_the_streams_make_a_map()
    {
        AddThree();
        _server.Run("HELLO", "3");
        Assert.Equal("%1\r\n$1\r\ns\r\n*1\r\n" + Entry(3), _server.Run("XREAD", "STREAMS", "s", "2"));
        Assert.Equal("%1\r\n$1\r\ns\r\n*1\r\n" + Entry(3), _server.Run("XREAD", "STREAMS", "absent", "s", "0", "2"));
        Assert.Equal("_\r\n", _server.Run("XREAD", "STREAMS", "s", "3"));
    }

    [Theory]
    [InlineData("XREAD COUNT 1", "-ERR wrong number of arguments for 'xread' command\r\n")]
    [InlineData("XREAD COUNT 1 NOSTREAMS s 0", "-ERR syntax error\r\n")]
    [InlineData("XREAD STREAMS s t 0", "-ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.\r\n")]
    [InlineData("XREAD STREAMS s >", "-ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.\r\n")]
    [InlineData("XREAD NOACK STREAMS s 0", "-ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.\r\n")]
    [InlineData("XREAD GROUP g c STREAMS s 0", "-ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.\r\n")]
    [InlineData("XREAD BLOCK -1 STREAMS s 0", "-ERR timeout is negative\r\n")]
    [InlineData("XREAD BLOCK x STREAMS s 0", "-ERR timeout is not an integer or out of range\r\n")]
    [InlineData("XREADGROUP COUNT 1 NOACK STREAMS s 0", "-ERR Missing GROUP option for XREADGROUP\r\n")]
    [InlineData("XREADGROUP GROUP g c STREAMS s t 0", "-ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.\r\n")]
    [InlineData("XREADGROUP GROUP g c STREAMS s 0", "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    [InlineData("XREADGROUP GROUP g c STREAMS string 0", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    public void What_cannot_be_is_refused_in_redis_words(string command, string expected)
    {
        _server.Run("SET", "string", "x");
        Assert.Equal(expected, _server.Run(command.Split(' ')));
    }

    [Fact]
    public void A_group_hands_out_each_entry_once_and_keeps_it_pending()
    {
        AddThree();
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*2\r\n" + Entry(1) + Entry(2), ReadGroup("a", "2", ">"));
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(3), ReadGroup("b", "2", ">"));
        Assert.Equal("*-1\r\n", ReadGroup("b", "2", ">"));
        Assert.Equal(":1\r\n", _server.Run("XACK", "s", "g", "2-0", "9-0"));
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(1), ReadGroup("a", "9", "0"));
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*0\r\n", ReadGroup("a", "9", "1"));

        _server.Run("XDEL", "s", "1-0");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*-1\r\n", ReadGroup("a", "9", "0"));
        Assert.Equal("*1\r\n*4\r\n$3\r\n1-0\r\n$1\r\na\r\n:0\r\n:2\r\n", _server.Run("XPENDING", "s", "g", "-", "+", "1"));
    }

    [Fact]
    public void A_group_that_is_set_back_delivers_again_to_whoever_asks()
    {
        AddThree();
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        ReadGroup("a", "9", ">");
        _server.Run("XGROUP", "SETID", "s", "g", "1");
        ReadGroup("b", "9", ">");
        Assert.Equal("*4\r\n:3\r\n$3\r\n1-0\r\n$3\r\n3-0\r\n*2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n", _server.Run("XPENDING", "s", "g"));
    }

    [Fact]
    public void A_consumer_comes_into_being_even_if_it_gets_nothing()
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        var log = EventLog.Attach(_server);
        Assert.Equal("*-1\r\n", ReadGroup("a", "9", ">"));
        Assert.Equal(["0 xgroup-createconsumer s"], log.Take());
        Assert.Equal(":0\r\n", _server.Run("XGROUP", "CREATECONSUMER", "s", "g", "a"));
    }

    [Fact]
    public void What_a_group_does_is_repeated_as_its_outcome()
    {
        AddThree();
        var now = _server.Engine.Clock.NowMs;
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        var log = PropagationLog.Attach(_server);
        ReadGroup("a", "1", ">");
        Assert.Equal([$"XCLAIM s g a 0 1-0 TIME {now} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0"], log.Take());

        ReadGroup("a", "2", ">");
        Assert.Equal(
            [
                "MULTI", $"XCLAIM s g a 0 2-0 TIME {now} RETRYCOUNT 1 FORCE JUSTID LASTID 2-0",
                $"XCLAIM s g a 0 3-0 TIME {now} RETRYCOUNT 1 FORCE JUSTID LASTID 3-0", "EXEC",
            ],
            log.Take());

        ReadGroup("a", "9", "0");
        ReadGroup("a", "9", ">");
        Assert.Empty(log.Take());

        _server.Run("XADD", "s", "4-0", "f", "4");
        log.Take();
        _server.Run("XREADGROUP", "GROUP", "g", "b", "NOACK", "STREAMS", "s", ">");
        Assert.Equal(["MULTI", "XGROUP CREATECONSUMER s g b", "XGROUP SETID s g 4-0 ENTRIESREAD 4", "EXEC"], log.Take());
    }

    [Fact]
    public void A_reader_waits_for_what_comes_after_the_end()
    {
        AddThree();
        var reader = _server.Connect();
        Assert.Equal("", _server.RunAs(reader, "XREAD", "BLOCK", "0", "STREAMS", "s", "t", "$", "$"));
        _server.Run("XADD", "s", "4-0", "f", "4");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(4), TestServer.Received(reader));

        Assert.Equal("", _server.RunAs(reader, "XREAD", "BLOCK", "100", "STREAMS", "s", "$"));
        _server.Run("XDEL", "s", "4-0");
        _server.Run("DEL", "s");
        Assert.Equal("", TestServer.Received(reader));
        _server.Advance(TimeSpan.FromMilliseconds(101));
        Assert.Equal("*-1\r\n", TestServer.Received(reader));
    }

    [Fact]
    public void An_entry_that_comes_and_goes_in_one_transaction_wakes_nobody()
    {
        var reader = _server.Connect();
        Assert.Equal("", _server.RunAs(reader, "XREAD", "BLOCK", "0", "STREAMS", "s", "$"));
        foreach (var command in (string[])["MULTI", "XADD s 1-0 f 1", "XDEL s 1-0", "EXEC"]) _server.Run(command.Split(' '));
        Assert.Equal("", TestServer.Received(reader));
        _server.Run("XADD", "s", "2-0", "f", "2");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(2), TestServer.Received(reader));
    }

    [Fact]
    public void Nobody_waits_inside_a_transaction()
    {
        _server.Run("MULTI");
        _server.Run("XREAD", "BLOCK", "0", "STREAMS", "s", "$");
        Assert.Equal("*1\r\n*-1\r\n", _server.Run("EXEC"));
    }

    [Fact]
    public void Waiting_consumers_are_served_in_turn()
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        var (first, second) = (_server.Connect(), _server.Connect());
        foreach (var client in (Client[])[first, second])
        {
            Assert.Equal("", _server.RunAs(client, "XREADGROUP", "GROUP", "g", $"c{client.Id}", "COUNT", "1", "BLOCK", "0", "STREAMS", "s", ">"));
        }

        _server.Run("XADD", "s", "1-0", "f", "1");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(1), TestServer.Received(first));
        Assert.Equal("", TestServer.Received(second));
        _server.Run("XADD", "s", "2-0", "f", "2");
        Assert.Equal("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n" + Entry(2), TestServer.Received(second));
    }

    [Theory]
    [InlineData("XGROUP DESTROY s g", "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    [InlineData("DEL s", "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    [InlineData("FLUSHALL", "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    [InlineData("RENAME s t", "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    [InlineData("SET s x", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("XGROUP DESTROY s other", "")]
    [InlineData("XSETID s 10", "")]
    public void A_waiting_consumer_hears_that_its_group_has_gone(string command, string expected)
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        _server.Run("XGROUP", "CREATE", "s", "other", "0");
        var reader = _server.Connect();
        Assert.Equal("", _server.RunAs(reader, "XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">"));
        _server.Run(command.Split(' '));
        Assert.Equal(expected, TestServer.Received(reader));
    }

    private static string Entry(int number) => $"*2\r\n$3\r\n{number}-0\r\n*2\r\n$1\r\nf\r\n$1\r\n{number}\r\n";

    private void AddThree()
    {
        for (var i = 1; i <= 3; i++) _server.Run("XADD", "s", $"{i}-0", "f", $"{i}");
    }

    private string ReadGroup(string consumer, string count, string id) =>
        _server.Run("XREADGROUP", "GROUP", "g", consumer, "COUNT", count, "STREAMS", "s", id);
}

using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class StreamInfoCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public StreamInfoCommandsTests() => _server.Run("HELLO", "3");

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_stream_tells_what_it_has_and_had()
    {
        for (var i = 1; i <= 3; i++) _server.Run("XADD", "s", $"{i}-0", "f", "v");
        _server.Run("XDEL", "s", "1-0");
        Assert.Equal(
            "%10 length :2 radix-tree-keys :1 radix-tree-nodes :2 last-generated-id 3-0 max-deleted-entry-id 1-0 entries-added :3 "
            + "recorded-first-entry-id 2-0 groups :0 first-entry *2 2-0 *2 f v last-entry *2 3-0 *2 f v",
            Flat("XINFO", "STREAM", "s"));
        _server.Run("XTRIM", "s", "MAXLEN", "0");
        Assert.Equal(
            "%10 length :0 radix-tree-keys :0 radix-tree-nodes :1 last-generated-id 3-0 max-deleted-entry-id 1-0 entries-added :3 "
            + "recorded-first-entry-id 0-0 groups :0 first-entry _ last-entry _",
            Flat("XINFO", "STREAM", "s"));
    }

    [Fact]
    public void Consumers_are_told_apart_by_when_they_asked_and_when_they_got()
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
        _server.Run("XGROUP", "CREATECONSUMER", "s", "g", "z");
        _server.Run("XADD", "s", "1-0", "f", "v");
        _server.Run("XREADGROUP", "GROUP", "g", "a", "STREAMS", "s", ">");
        _server.Advance(TimeSpan.FromMilliseconds(7));
        _server.Run("XREADGROUP", "GROUP", "g", "a", "STREAMS", "s", ">");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal("*2 %4 name a pending :1 idle :2 inactive :9 %4 name z pending :0 idle :9 inactive :-1", Flat("XINFO", "CONSUMERS", "s", "g"));

        var now = _server.Engine.Clock.NowMs;
        Assert.Equal(
            "%9 length :1 radix-tree-keys :1 radix-tree-nodes :2 last-generated-id 1-0 max-deleted-entry-id 0-0 entries-added :1 "
            + "recorded-first-entry-id 1-0 entries *1 *2 1-0 *2 f v groups *1 %7 name g last-delivered-id 1-0 entries-read :1 lag :0 pel-count :1 "
            + $"pending *1 *4 1-0 a :{now - 9} :1 consumers *2 %5 name a seen-time :{now - 2} active-time :{now - 9} pel-count :1 "
            + $"pending *1 *3 1-0 :{now - 9} :1 %5 name z seen-time :{now - 9} active-time :-1 pel-count :0 pending *0",
            Flat("XINFO", "STREAM", "s", "FULL"));
    }

    // What a group has read is known only where no entry is missing that it might have read or not.
    [Theory]
    [InlineData("", ":0", ":5")]
    [InlineData("XREADGROUP GROUP g c COUNT 2 STREAMS s >", ":2", ":3")]
    [InlineData("XREADGROUP GROUP g c STREAMS s >", ":5", ":0")]
    [InlineData("XDEL s 4-0", ":0", "_")]
    [InlineData("XDEL s 1-0 | XREADGROUP GROUP g c COUNT 2 STREAMS s >", ":2", ":3")]
    [InlineData("XDEL s 4-0 | XREADGROUP GROUP g c COUNT 3 STREAMS s >", "_", "_")]
    [InlineData("XDEL s 4-0 | XREADGROUP GROUP g c STREAMS s >", ":5", ":0")]
    [InlineData("XGROUP SETID s g 3-0", "_", "_")]
    [InlineData("XGROUP SETID s g 1-0", "_", ":4")]
    [InlineData("XGROUP SETID s g 5-0", "_", ":0")]
    [InlineData("XGROUP SETID s g 9-0", "_", "_")]
    [InlineData("XTRIM s MAXLEN 2", ":0", ":5")]
    public void The_lag_of_a_group_is_known_or_not(string commands, string read, string lag)
    {
        _server.Run("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM", "ENTRIESREAD", "0");
        for (var i = 1; i <= 5; i++) _server.Run("XADD", "s", $"{i}-0", "f", "v");
        foreach (var command in commands.Split(" | ", StringSplitOptions.RemoveEmptyEntries)) _server.Run(command.Split(' '));
        Assert.Contains($"entries-read {read} lag {lag}", Flat("XINFO", "GROUPS", "s"));
    }

    [Theory]
    [InlineData("XINFO STREAM absent", "-ERR no such key\r\n")]
    [InlineData("XINFO STREAM s WHAT", "-ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.\r\n")]
    [InlineData("XINFO STREAM s FULL COUNT x", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("XINFO CONSUMERS s none", "-NOGROUP No such consumer group 'none' for key name 's'\r\n")]
    [InlineData("XINFO GROUPS s", "*0\r\n")]
    public void Replies_are_those_of_redis(string command, string expected)
    {
        _server.Run("XADD", "s", "1-0", "f", "v");
        Assert.Equal(expected, _server.Run(command.Split(' ')));
    }

    /// <summary>A reply on one line, without the lengths of its strings.</summary>
    private string Flat(params string[] words) =>
        string.Join(' ', _server.Run(words).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '$'));
}

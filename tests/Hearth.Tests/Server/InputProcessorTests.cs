using System.Text;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class InputProcessorTests
{
    private const int ReplyBytesMax = 1000;

    private static readonly string Long = new('x', ReplyBytesMax / 2);

    [Fact]
    public void Who_asks_for_a_longer_reply_than_a_buffer_can_hold_is_closed()
    {
        using var server = new TestServer();
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        var client = server.Connect();
        Assert.Equal("", server.RunAs(client, "MGET", "long", "long"));
        Assert.True(client.IsDoomed);
        Assert.Equal("", server.RunAs(client, "PING"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
    }

    [Fact]
    public void So_is_one_whose_replies_are_turned_off()
    {
        using var server = new TestServer();
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        var client = server.Connect();
        server.RunAs(client, "CLIENT", "REPLY", "OFF");
        Assert.Equal("", server.RunAs(client, "MGET", "long", "long"));
        Assert.True(client.IsDoomed);
    }

    [Fact]
    public void A_transaction_with_too_long_a_reply_happens_and_is_propagated_all_the_same()
    {
        using var server = new TestServer();
        var log = PropagationLog.Attach(server);
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        log.Take();
        var client = server.Connect();
        foreach (var command in (string[])["MULTI", "SET a 1", "MGET long long", "SET b 2", "EXEC"]) server.RunAs(client, command.Split(' '));
        Assert.True(client.IsDoomed);
        Assert.Equal(["MULTI", "SET a 1", "SET b 2", "EXEC"], log.Take());
        Assert.Equal("*2\r\n$1\r\n1\r\n$1\r\n2\r\n", server.Run("MGET", "a", "b"));
    }

    [Fact]
    public void Messages_to_oneself_count_against_the_limit_while_they_are_held()
    {
        using var server = new TestServer(config => config.OutputBufferLimits = [default, default, new(ReplyBytesMax, 0, 0)]);
        var client = server.Connect();
        server.RunAs(client, "HELLO", "3");
        server.RunAs(client, "SUBSCRIBE", "channel");
        server.RunAs(client, "MULTI");
        for (var i = 0; i < 4; i++) server.RunAs(client, "PUBLISH", "channel", Long);
        Assert.False(client.IsDoomed);
        server.RunAs(client, "EXEC");
        Assert.True(client.IsDoomed);
    }

    [Theory]
    [InlineData("FLUSHDB")]
    [InlineData("FLUSHDB ASYNC")]
    [InlineData("FLUSHALL")]
    [InlineData("SWAPDB 0 1")]
    public void What_follows_a_transaction_that_empties_the_database_is_looked_up_anew(string command)
    {
        using var server = new TestServer();
        var client = server.Connect();
        for (var i = 0; i < 30; i++) server.Run("SET", $"{i}", "value");
        server.RunAs(client, "MULTI");
        server.RunAs(client, command.Split(' '));
        var gets = string.Concat(Enumerable.Range(0, 30).Select(i => $"GET {i}\r\n"));
        var replies = string.Concat(Enumerable.Repeat("$-1\r\n", 30));
        Assert.Equal("*1\r\n+OK\r\n" + replies, server.SendAs(client, Encoding.ASCII.GetBytes("EXEC\r\n" + gets)));
    }
}

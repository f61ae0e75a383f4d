using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class PubSubCommandsTests
{
    [Fact]
    public void Subscriptions_are_confirmed_one_by_one_with_how_many_there_are()
    {
        using var server = new TestServer();
        Assert.Equal(Words("subscribe", "a", 1) + Words("subscribe", "b", 2) + Words("subscribe", "a", 2), server.Run("SUBSCRIBE", "a", "b", "a"));
        Assert.Equal(Words("psubscribe", "a*", 3), server.Run("PSUBSCRIBE", "a*"));
        Assert.Equal(Words("ssubscribe", "a", 1), server.Run("SSUBSCRIBE", "a"));
        Assert.Equal(Words("unsubscribe", "a", 2) + Words("unsubscribe", "x", 2), server.Run("UNSUBSCRIBE", "a", "x"));
        Assert.Equal(Words("unsubscribe", "b", 1), server.Run("UNSUBSCRIBE"));
        Assert.Equal("*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:1\r\n", server.Run("UNSUBSCRIBE"));
        Assert.Equal(Words("punsubscribe", "a*", 0), server.Run("PUNSUBSCRIBE"));
        Assert.Equal(Words("sunsubscribe", "a", 0), server.Run("SUNSUBSCRIBE"));
        server.Run("HELLO", "3");
        Assert.Equal(">3\r\n$12\r\nsunsubscribe\r\n_\r\n:0\r\n", server.Run("SUNSUBSCRIBE"));
        Assert.Equal(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", server.Run("SUBSCRIBE", "a"));
    }

    [Fact]
    public void A_message_comes_in_the_protocol_of_each_subscriber()
    {
        using var server = new TestServer();
        var (second, third) = (server.Connect(), server.Connect());
        server.RunAs(second, "SUBSCRIBE", "news");
        server.RunAs(third, "HELLO", "3");
        server.RunAs(third, "SUBSCRIBE", "news");
        server.RunAs(third, "PSUBSCRIBE", "n?ws", "nothing");
        Assert.Equal(":3\r\n", server.Run("PUBLISH", "news", "a\r\nb"));
        Assert.Equal("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$4\r\na\r\nb\r\n", TestServer.Received(second));
        Assert.Equal(
            ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$4\r\na\r\nb\r\n>4\r\n$8\r\npmessage\r\n$4\r\nn?ws\r\n$4\r\nnews\r\n$4\r\na\r\nb\r\n",
            TestServer.Received(third));
        Assert.Equal(":0\r\n", server.Run("SPUBLISH", "news", "x"));
        Assert.Equal(":0\r\n", server.Run("PUBLISH", "nothin", "x"));
        Assert.Equal("", TestServer.Received(second) + TestServer.Received(third));
    }

    [Fact]
    public void Shard_channels_are_a_world_of_their_own()
    {
        using var server = new TestServer();
        var second = server.Connect();
        server.RunAs(second, "SSUBSCRIBE", "ch");
        server.RunAs(second, "PSUBSCRIBE", "*");
        Assert.Equal(":1\r\n", server.Run("SPUBLISH", "ch", "x"));
        Assert.Equal("*3\r\n$8\r\nsmessage\r\n$2\r\nch\r\n$1\r\nx\r\n", TestServer.Received(second));
        Assert.Equal("*1\r\n$2\r\nch\r\n", server.Run("PUBSUB", "SHARDCHANNELS"));
        Assert.Equal("*4\r\n$2\r\nch\r\n:1\r\n$1\r\nq\r\n:0\r\n", server.Run("PUBSUB", "SHARDNUMSUB", "ch", "q"));
        Assert.Equal("*0\r\n", server.Run("PUBSUB", "CHANNELS"));
        Assert.Equal(":1\r\n", server.Run("PUBSUB", "NUMPAT"));
    }

    [Fact]
    public void In_resp2_a_subscriber_may_only_listen()
    {
        using var server = new TestServer();
        server.Run("SSUBSCRIBE", "a");
        const string Refused = "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n";
        Assert.Equal(Refused, server.Run("GET", "k"));
        Assert.Equal("*2\r\n$4\r\npong\r\n$0\r\n\r\n", server.Run("PING"));
        Assert.Equal("*2\r\n$4\r\npong\r\n$2\r\nhi\r\n", server.Run("PING", "hi"));
        server.Run("SUNSUBSCRIBE");
        Assert.Equal("$-1\r\n", server.Run("GET", "k"));
        server.Run("SUBSCRIBE", "a");
        Assert.Equal("+RESET\r\n", server.Run("RESET"));
        Assert.Equal("*2\r\n$1\r\na\r\n:0\r\n", server.Run("PUBSUB", "NUMSUB", "a"));
        server.Run("HELLO", "3");
        server.Run("SUBSCRIBE", "a");
        Assert.Equal("+PONG\r\n", server.Run("PING"));
        Assert.Equal("_\r\n", server.Run("GET", "k"));
    }

    [Fact]
    public void A_message_to_oneself_follows_the_reply()
    {
        using var server = new TestServer();
        var client = server.Connect();
        server.RunAs(client, "HELLO", "3");
        server.RunAs(client, "SUBSCRIBE", "me");
        const string Message = ">3\r\n$7\r\nmessage\r\n$2\r\nme\r\n$1\r\nx\r\n";
        Assert.Equal($"+PONG\r\n:1\r\n{Message}+PONG\r\n", server.SendAs(client, "PING\r\nPUBLISH me x\r\nPING\r\n"u8));
        Assert.Equal(
            $"+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n:1\r\n>3\r\n$9\r\nsubscribe\r\n$3\r\nyou\r\n:2\r\n+PONG\r\n{Message}",
            server.SendAs(client, "MULTI\r\nPUBLISH me x\r\nSUBSCRIBE you\r\nPING\r\nEXEC\r\n"u8));
    }

    [Fact]
    public void Pushes_come_also_while_replies_are_off()
    {
        using var server = new TestServer();
        var client = server.Connect();
        server.RunAs(client, "HELLO", "3");
        Assert.Equal(
            ">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n",
            server.SendAs(client, "CLIENT REPLY OFF\r\nSUBSCRIBE c\r\nPUBLISH c x\r\nPING\r\n"u8));
        server.Run("PUBLISH", "c", "y");
        Assert.Equal(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\ny\r\n", TestServer.Received(client));
        Assert.Equal("+OK\r\n", server.RunAs(client, "CLIENT", "REPLY", "ON"));
        Assert.Equal(
            ">3\r\n$11\r\nunsubscribe\r\n$1\r\nc\r\n:0\r\n+PONG\r\n", server.SendAs(client, "CLIENT REPLY SKIP\r\nUNSUBSCRIBE c\r\nPING\r\n"u8));
    }

    [Fact]
    public void Shard_channels_can_not_be_subscribed_to_in_a_transaction()
    {
        using var server = new TestServer();
        server.Run("MULTI");
        server.Run("SSUBSCRIBE", "a");
        server.Run("SUBSCRIBE", "a");
        Assert.Equal("*2\r\n-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client\r\n" + Words("subscribe", "a", 1), server.Run("EXEC"));
    }

    [Fact]
    public void Clients_that_leave_are_no_subscribers_any_more()
    {
        using var server = new TestServer();
        var client = server.Connect();
        server.RunAs(client, "SUBSCRIBE", "a", "b");
        server.RunAs(client, "PSUBSCRIBE", "a*");
        Assert.Contains(" flags=P db=0 sub=2 psub=1 ssub=0 ", server.Run("CLIENT", "LIST", "TYPE", "pubsub"));
        Assert.Equal(":1\r\n", server.Run("CLIENT", "KILL", "TYPE", "pubsub"));
        Assert.Equal(":0\r\n", server.Run("PUBLISH", "a", "x"));
        Assert.Equal(":0\r\n", server.Run("PUBSUB", "NUMPAT"));
        Assert.Equal("*0\r\n", server.Run("PUBSUB", "CHANNELS"));
    }

    [Fact]
    public void The_subcommands_of_pubsub_check_their_arguments()
    {
        using var server = new TestServer();
        server.RunAs(server.Connect(), "SUBSCRIBE", "abc", "b");
        Assert.Equal("*1\r\n$3\r\nabc\r\n", server.Run("PUBSUB", "CHANNELS", "a*"));
        Assert.Equal("*0\r\n", server.Run("PUBSUB", "NUMSUB"));
        Assert.Equal(
            "-ERR unknown subcommand or wrong number of arguments for 'channels'. Try PUBSUB HELP.\r\n", server.Run("PUBSUB", "channels", "a", "b"));
        Assert.Equal("-ERR unknown subcommand 'x'. Try PUBSUB HELP.\r\n", server.Run("PUBSUB", "x"));
        Assert.StartsWith("*", server.Run("PUBSUB", "HELP"));
    }

    private static string Words(string word, string name, int count) => $"*3\r\n${word.Length}\r\n{word}\r\n${name.Length}\r\n{name}\r\n:{count}\r\n";
}

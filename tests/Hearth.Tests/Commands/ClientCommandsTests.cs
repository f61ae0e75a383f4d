using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ClientCommandsTests
{
    private const string Syntax = "-ERR syntax error\r\n";

    [Fact]
    public void The_line_of_a_client_has_the_fields_of_redis_in_order()
    {
        using var server = new TestServer();
        server.Run("CLIENT", "SETINFO", "lib-ver", "1.0");
        server.Advance(TimeSpan.FromSeconds(90));
        var reply = server.Run("CLIENT", "INFO");
        var fields = reply.Split("\r\n")[1].TrimEnd('\n').Split(' ');
        Assert.Equal(
            "id addr laddr fd name age idle flags db sub psub ssub multi qbuf qbuf-free argv-mem multi-mem rbs rbp obl oll omem tot-mem "
            + "events cmd user redir resp lib-name lib-ver",
            string.Join(' ', fields.Select(field => field.Split('=')[0])));
        Assert.Contains("age=90", fields);
        Assert.Contains("idle=0", fields);
        Assert.Contains("argv-mem=10", fields);
        Assert.Contains("multi=-1", fields);
        Assert.Contains("cmd=client|info", fields);
        Assert.Contains("lib-ver=1.0", fields);
    }

    [Fact]
    public void The_list_shows_each_client_with_what_it_sent_last()
    {
        using var server = new TestServer();
        var second = server.Connect();
        var third = server.Connect();
        server.RunAs(second, "CLIENT", "SETNAME", "second");
        server.RunAs(third, "NOSUCH");
        var lines = server.Run("CLIENT", "LIST").Split("\r\n")[1].TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(" cmd=client|list ", lines[0]);
        Assert.Contains(" name=second ", lines[1]);
        Assert.Contains(" cmd=client|setname ", lines[1]);
        Assert.Contains(" cmd=NULL ", lines[2]);
        server.Run("HELLO", "3");
        Assert.Contains("txt:id=" + second.Id + " ", server.Run("CLIENT", "LIST", "ID", second.Id.ToString(), "999"));
        Assert.Equal("=4\r\ntxt:\r\n", server.Run("CLIENT", "LIST", "TYPE", "replica"));
        Assert.Equal("-ERR Unknown client type 'x'\r\n", server.Run("CLIENT", "LIST", "TYPE", "x"));
        Assert.Equal("-ERR Invalid client ID\r\n", server.Run("CLIENT", "LIST", "ID", "1", "x"));
        Assert.Equal(Syntax, server.Run("CLIENT", "LIST", "ID"));
    }

    [Fact]
    public void Killed_clients_are_gone_at_once()
    {
        using var server = new TestServer();
        var second = server.Connect();
        var third = server.Connect();
        Assert.Equal(":1\r\n", server.Run("CLIENT", "KILL", "ID", second.Id.ToString(), "TYPE", "normal", "USER", "default"));
        Assert.Equal(":0\r\n", server.Run("CLIENT", "KILL", "ID", second.Id.ToString()));
        Assert.Equal(2, server.Engine.Clients.Count);
        Assert.Equal("", server.RunAs(second, "PING"));
        Assert.Equal(":0\r\n", server.Run("CLIENT", "KILL", "TYPE", "pubsub"));
        Assert.Equal(":1\r\n", server.Run("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes"));
        Assert.True(third.IsClosing);
        Assert.Equal("+PONG\r\n", server.Run("PING"));
    }

    [Fact]
    public void A_client_that_kills_itself_gets_its_reply_and_nothing_after()
    {
        using var server = new TestServer();
        var client = server.Connect();
        Assert.Equal(":1\r\n", server.SendAs(client, "CLIENT KILL SKIPME no ID 2\r\nPING\r\n"u8));
        Assert.True(client.IsClosing);
    }

    [Theory]
    [InlineData("-ERR client-id should be greater than 0\r\n", "ID", "0")]
    [InlineData("-ERR Unknown client type 'x'\r\n", "TYPE", "x")]
    [InlineData("-ERR No such user 'x'\r\n", "USER", "x")]
    [InlineData(Syntax, "SKIPME", "x")]
    [InlineData(Syntax, "MAXAGE", "1")]
    [InlineData(Syntax, "ID", "1", "ADDR")]
    [InlineData("-ERR No such client\r\n", "1.2.3.4:5")]
    [InlineData(":0\r\n", "ADDR", "1.2.3.4:5", "LADDR", "1.2.3.4:6")]
    public void What_kill_refuses(string reply, params string[] filter)
    {
        using var server = new TestServer();
        Assert.Equal(reply, server.Run(["CLIENT", "KILL", .. filter]));
    }

    [Fact]
    public void Replies_can_be_turned_off_or_skipped()
    {
        using var server = new TestServer();
        var client = server.Connect();
        Assert.Equal("$1\r\nb\r\n", server.SendAs(client, "CLIENT REPLY SKIP\r\nECHO a\r\nECHO b\r\n"u8));
        Assert.Equal("", server.SendAs(client, "CLIENT REPLY OFF\r\nECHO a\r\nCLIENT REPLY SKIP\r\nNOSUCH\r\n"u8));
        Assert.Equal("", server.SendAs(client, "ECHO b\r\n"u8));
        Assert.Equal("+OK\r\n$1\r\nc\r\n", server.SendAs(client, "CLIENT REPLY ON\r\nECHO c\r\n"u8));
        Assert.Equal("+OK\r\n", server.SendAs(client, "CLIENT REPLY SKIP\r\nCLIENT REPLY ON\r\n"u8));
        Assert.Equal(Syntax, server.RunAs(client, "CLIENT", "REPLY", "x"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("\u007f")]
    [InlineData("é")]
    public void Names_that_would_break_the_list_are_refused(string name)
    {
        using var server = new TestServer();
        Assert.Equal("-ERR Client names cannot contain spaces, newlines or special characters.\r\n", server.Run("CLIENT", "SETNAME", name));
        Assert.Equal("-ERR LIB-name cannot contain spaces, newlines or special characters.\r\n", server.Run("CLIENT", "SETINFO", "LIB-name", name));
        Assert.Equal("-ERR Unrecognized option 'LIB'\r\n", server.Run("CLIENT", "SETINFO", "LIB", name));
    }

    [Fact]
    public void An_empty_name_is_no_name()
    {
        using var server = new TestServer();
        Assert.Equal("+OK\r\n", server.Run("CLIENT", "SETNAME", "x"));
        Assert.Equal("$1\r\nx\r\n", server.Run("CLIENT", "GETNAME"));
        Assert.Equal("+OK\r\n", server.Run("CLIENT", "SETNAME", ""));
        Assert.Equal("$-1\r\n", server.Run("CLIENT", "GETNAME"));
    }
}

using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ConnectionCommandsTests
{
    private const string WrongPassword = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    private const string NoAuth = "-NOAUTH Authentication required.\r\n";

    [Fact]
    public void Hello_switches_the_protocol_from_its_own_reply_on()
    {
        using var server = new TestServer();
        Assert.StartsWith("%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.2.6\r\n$5\r\nproto\r\n:3\r\n", server.Run("HELLO", "3"));
        Assert.Equal("_\r\n", server.Run("CLIENT", "GETNAME"));
        Assert.StartsWith("*14\r\n", server.Run("HELLO", "2"));
        Assert.Equal("$-1\r\n", server.Run("CLIENT", "GETNAME"));
    }

    [Fact]
    public void Hello_without_a_version_keeps_it_and_one_that_fails_changes_nothing()
    {
        using var server = new TestServer();
        server.Run("HELLO", "3", "SETNAME", "first");
        Assert.StartsWith("%7\r\n", server.Run("HELLO"));
        Assert.Equal("-NOPROTO unsupported protocol version\r\n", server.Run("HELLO", "4"));
        Assert.Equal("-ERR Protocol version is not an integer or out of range\r\n", server.Run("HELLO", "2.0"));
        Assert.Equal("-ERR Syntax error in HELLO option 'AUTH'\r\n", server.Run("HELLO", "2", "AUTH", "default"));
        Assert.Equal(WrongPassword, server.Run("HELLO", "2", "SETNAME", "second", "AUTH", "nobody", "x"));
        Assert.StartsWith("-ERR Client names cannot", server.Run("HELLO", "2", "SETNAME", "a b"));
        Assert.Equal("$5\r\nfirst\r\n", server.Run("CLIENT", "GETNAME"));
        Assert.Equal("_\r\n", server.Run("GET", "absent"));
    }

    [Fact]
    public void A_password_is_asked_for_before_anything_else()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        Assert.Equal(NoAuth, server.Run("PING"));
        Assert.StartsWith("-NOAUTH HELLO must be called", server.Run("HELLO", "3"));
        Assert.Equal(WrongPassword, server.Run("AUTH", "Secret"));
        Assert.Equal(WrongPassword, server.Run("AUTH", "somebody", "secret"));
        Assert.Equal("-ERR syntax error\r\n", server.Run("AUTH", "default", "secret", "x"));
        Assert.Equal(NoAuth, server.Run("PING"));
        Assert.Equal("+OK\r\n", server.Run("AUTH", "secret"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
        Assert.Equal(WrongPassword, server.Run("AUTH", "default", "wrong"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
        Assert.Equal("+RESET\r\n", server.Run("RESET"));
        Assert.Equal(NoAuth, server.Run("PING"));
        Assert.StartsWith("%7\r\n", server.Run("HELLO", "3", "AUTH", "default", "secret"));
    }

    [Fact]
    public void Wrong_passwords_are_counted()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        server.Run("AUTH", "wrong");
        server.Run("HELLO", "3", "AUTH", "nobody", "secret");
        server.Run("AUTH", "secret");
        Assert.Contains("acl_access_denied_auth:2\r\n", server.Run("INFO", "stats"));
    }

    [Fact]
    public void Without_a_password_the_short_auth_is_a_mistake_and_the_long_one_takes_any()
    {
        using var server = new TestServer();
        Assert.StartsWith("-ERR AUTH <password> called without any password configured", server.Run("AUTH", "x"));
        Assert.Equal("+OK\r\n", server.Run("AUTH", "default", "x"));
        Assert.Equal(WrongPassword, server.Run("AUTH", "somebody", "x"));
    }

    [Fact]
    public void Nobody_is_asked_for_a_password_that_has_been_taken_away()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        Assert.Equal(NoAuth, server.Run("PING"));
        server.Engine.Config.RequirePass = [];
        Assert.Equal("+PONG\r\n", server.Run("PING"));
    }

    [Theory]
    [InlineData("AUTH secret\r\n", "+OK\r\n")]
    [InlineData("*2\r\n$4\r\nPING\r\n$1\r\nx\r\n*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n", NoAuth + "+OK\r\n")]
    public void What_follows_the_login_at_once_may_be_long(string login, string reply)
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        var words = new string('x', 20_000);
        var input = $"{login}*2\r\n$4\r\nECHO\r\n$20000\r\n{words}\r\n*12\r\n$6\r\nEXISTS\r\n{string.Concat(Enumerable.Repeat("$1\r\na\r\n", 11))}";
        Assert.Equal($"{reply}$20000\r\n{words}\r\n:0\r\n", server.SendAs(server.Connect(), System.Text.Encoding.ASCII.GetBytes(input)));
    }

    [Fact]
    public void Select_takes_a_database_that_exists()
    {
        using var server = new TestServer();
        Assert.Equal("+OK\r\n", server.Run("SELECT", "15"));
        Assert.Equal("-ERR DB index is out of range\r\n", server.Run("SELECT", "16"));
        Assert.Equal("-ERR DB index is out of range\r\n", server.Run("SELECT", "-1"));
        Assert.Equal("-ERR value is not an integer or out of range\r\n", server.Run("SELECT", "one"));
        Assert.Equal("-ERR value is out of range, value must between -2147483648 and 2147483647\r\n", server.Run("SELECT", "2147483648"));
        Assert.Contains(" db=15 ", server.Run("CLIENT", "INFO"));
    }

    [Fact]
    public void Reset_forgets_all_that_the_connection_has_set()
    {
        using var server = new TestServer();
        server.Run("HELLO", "3", "SETNAME", "me");
        server.Run("SELECT", "3");
        server.Run("CLIENT", "NO-EVICT", "ON");
        server.Run("CLIENT", "NO-TOUCH", "ON");
        server.Run("CLIENT", "SETINFO", "LIB-NAME", "library");
        server.Run("CLIENT", "REPLY", "OFF");
        Assert.Equal("+RESET\r\n", server.Run("RESET"));
        Assert.Equal("$-1\r\n", server.Run("CLIENT", "GETNAME"));
        var line = server.Run("CLIENT", "INFO");
        Assert.Contains(" flags=N db=0 ", line);
        Assert.Contains(" resp=2 lib-name=library lib-ver=\n", line);
    }

    [Fact]
    public void Nothing_is_executed_after_quit()
    {
        using var server = new TestServer();
        var client = server.Connect();
        Assert.Equal("+OK\r\n", server.SendAs(client, "QUIT now\r\nSELECT 1\r\n"u8));
        Assert.Equal(0, client.Database);
    }
}

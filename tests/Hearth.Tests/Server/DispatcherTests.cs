using Hearth.Primitives;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>Refusals, their texts and their order, as redis-server 7.0.15 has them.</summary>
public sealed class DispatcherTests : IDisposable
{
    private const string NoAuth = "-NOAUTH Authentication required.\r\n";
    private const string DebugNotAllowed =
        "-ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, "
        + "otherwise you need to set this option in the configuration file, and then restart the server.\r\n";

    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("", "foo")]
    [InlineData("'a' 'b' ", "foo", "a", "b")]
    [InlineData("", "")]
    [InlineData("'a  b' 'c' ", "foo", "a\r\nb", "c\0d")]
    [InlineData("'port' ", "config|get", "port")]
    public void An_unknown_command_is_named_with_its_arguments(string arguments, params string[] words) =>
        Assert.Equal($"-ERR unknown command '{words[0]}', with args beginning with: {arguments}\r\n", _server.Run(words));

    [Fact]
    public void What_is_quoted_of_an_unknown_command_is_bounded()
    {
        var error = _server.Run(new string('x', 200), new string('y', 100), new string('z', 100), "w");
        Assert.Equal($"-ERR unknown command '{new string('x', 128)}', with args beginning with: '{new string('y', 100)}' '{new string('z', 25)}' \r\n", error);
        Assert.Equal($"-ERR unknown command 'foo', with args beginning with: '{new string('y', 124)}' 'z' \r\n", _server.Run("foo", new string('y', 124), "z", "k"));
        Assert.Equal($"-ERR unknown command 'foo', with args beginning with: '{new string('y', 125)}' \r\n", _server.Run("foo", new string('y', 125), "z"));
    }

    [Theory]
    [InlineData("-ERR unknown subcommand 'foo'. Try CONFIG HELP.", "config", "foo")]
    [InlineData("-ERR unknown subcommand ''. Try CONFIG HELP.", "CONFIG", "")]
    [InlineData("-ERR unknown subcommand 'f  oo'. Try CONFIG HELP.", "Config", "f\r\noo", "a")]
    [InlineData("-ERR unknown subcommand 'nope'. Try OBJECT HELP.", "object", "nope", "k")]
    [InlineData("-ERR unknown subcommand 'nope'. Try CLIENT HELP.", "client", "nope")]
    [InlineData("-ERR unknown subcommand 'nope'. Try COMMAND HELP.", "command", "nope")]
    [InlineData("-ERR wrong number of arguments for 'config' command", "CONFIG")]
    [InlineData("-ERR wrong number of arguments for 'config|get' command", "CONFIG", "GET")]
    [InlineData("-ERR wrong number of arguments for 'config|set' command", "Config", "Set", "a")]
    [InlineData("-ERR wrong number of arguments for 'get' command", "GET")]
    [InlineData("-ERR wrong number of arguments for 'get' command", "get", "a", "b")]
    [InlineData("-ERR wrong number of arguments for 'ping' command", "ping", "a", "b")]
    [InlineData("-ERR wrong number of arguments for 'set' command", "SET", "k")]
    public void Subcommands_and_numbers_of_arguments_are_checked(string error, params string[] words) =>
        Assert.Equal(error + "\r\n", _server.Run(words));

    [Fact]
    public void A_long_subcommand_is_quoted_in_part() =>
        Assert.Equal($"-ERR unknown subcommand '{new string('F', 128)}'. Try CONFIG HELP.\r\n", _server.Run("config", new string('F', 300)));

    [Fact]
    public void A_command_must_exist_and_have_its_arguments_before_a_password_is_asked_for()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        Assert.StartsWith("-ERR unknown command 'nope'", server.Run("nope"));
        Assert.StartsWith("-ERR wrong number of arguments for 'get'", server.Run("GET"));
        Assert.StartsWith("-ERR unknown subcommand 'nope'", server.Run("CONFIG", "nope"));
        Assert.Equal(NoAuth, server.Run("GET", "k"));
        Assert.Equal(NoAuth, server.Run("CONFIG", "GET", "port"));
        Assert.Equal(NoAuth, server.Run("MULTI"));
        Assert.Equal(NoAuth, server.Run("PING"));
    }

    [Fact]
    public void Nothing_of_a_refused_command_happens()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        server.Run("SET", "k", "v");
        server.Run("AUTH", "secret");
        Assert.Equal("$-1\r\n", server.Run("GET", "k"));
    }

    [Theory]
    [InlineData("no", DebugNotAllowed)]
    [InlineData("local", "+OK\r\n")]
    [InlineData("yes", "+OK\r\n")]
    public void A_protected_command_needs_its_directive(string directive, string reply)
    {
        using var server = new TestServer(config => config.EnableDebugCommand = Enum.Parse<LocalAccess>(directive, ignoreCase: true));
        Assert.Equal(reply, server.Run("DEBUG", "SLEEP", "0"));
        Assert.Equal("-ERR wrong number of arguments for 'debug' command\r\n", server.Run("DEBUG"));
    }

    [Fact]
    public void A_protected_command_is_refused_as_such_before_a_password_is_asked_for()
    {
        using var server = new TestServer(config =>
        {
            config.RequirePass = "secret"u8.ToArray();
            config.EnableDebugCommand = LocalAccess.No;
        });
        Assert.Equal(DebugNotAllowed, server.Run("DEBUG", "SLEEP", "0"));
        server.Engine.Config.EnableDebugCommand = LocalAccess.Yes;
        Assert.Equal(NoAuth, server.Run("DEBUG", "SLEEP", "0"));
    }

    [Fact]
    public void In_a_transaction_refusals_come_at_once_and_spoil_it()
    {
        Begin();
        Assert.StartsWith("-ERR unknown command", _server.Run("nope"));
        Assert.StartsWith("-EXECABORT Transaction discarded because of previous errors.", _server.Run("EXEC"));
        Begin();
        Assert.Equal("+QUEUED\r\n", _server.Run("DEBUG", "SLEEP"));
        Assert.StartsWith("*1\r\n-ERR unknown subcommand or wrong number of arguments for 'SLEEP'", _server.Run("EXEC"));
        Begin();
        Assert.Equal(
            "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command\r\n", _server.Run("EXEC", "a"));
        Assert.Equal("-ERR EXEC without MULTI\r\n", _server.Run("EXEC"));

        void Begin() => Assert.Equal("+OK\r\n", _server.Run("MULTI"));
    }

    [Fact]
    public void A_protected_command_spoils_a_transaction()
    {
        _server.Engine.Config.EnableDebugCommand = LocalAccess.No;
        _server.Run("MULTI");
        Assert.Equal(DebugNotAllowed, _server.Run("DEBUG", "SLEEP", "0"));
        Assert.StartsWith("-EXECABORT", _server.Run("EXEC"));
    }

    [Fact]
    public void What_may_not_be_in_a_transaction_is_refused_in_one()
    {
        var refused = _server.Engine.Commands.Commands.Where(command => command.Has(CommandFlags.NoMulti)).ToArray();
        Assert.NotEmpty(refused);
        foreach (var command in refused)
        {
            _server.Run("MULTI");
            var words = Enumerable.Repeat("x", Math.Abs(command.Arity) - 1).Prepend(command.Name).ToArray();
            Assert.Equal("-ERR Command not allowed inside a transaction\r\n", _server.Run(words));
            Assert.StartsWith("-EXECABORT", _server.Run("EXEC"));
        }
    }

    [Fact]
    public void A_RESP2_client_in_subscribe_mode_may_only_subscribe_and_leave()
    {
        Assert.StartsWith("*3\r\n$9\r\nsubscribe\r\n", _server.Run("SUBSCRIBE", "channel"));
        Assert.Equal(InSubscribeMode("get"), _server.Run("GET", "k"));
        Assert.Equal(InSubscribeMode("config|get"), _server.Run("CONFIG", "GET", "port"));
        Assert.Equal(InSubscribeMode("multi"), _server.Run("MULTI"));
        Assert.Equal(InSubscribeMode("hello"), _server.Run("HELLO", "3"));
        Assert.Equal(InSubscribeMode("debug"), _server.Run("DEBUG", "SLEEP", "0"));
        // Whether it exists and has its arguments is looked at first.
        Assert.StartsWith("-ERR wrong number of arguments for 'get'", _server.Run("GET"));
        Assert.StartsWith("-ERR unknown command 'nope'", _server.Run("nope"));
        Assert.StartsWith("-ERR unknown subcommand 'nope'", _server.Run("CONFIG", "nope"));
        Assert.Equal("*2\r\n$4\r\npong\r\n$1\r\nx\r\n", _server.Run("PING", "x"));
        Assert.Equal("+RESET\r\n", _server.Run("RESET"));
        Assert.Equal("$-1\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void A_RESP3_client_may_do_everything_while_subscribed()
    {
        _server.Run("HELLO", "3");
        Assert.StartsWith(">3\r\n$9\r\nsubscribe\r\n", _server.Run("SUBSCRIBE", "channel"));
        Assert.Equal("_\r\n", _server.Run("GET", "k"));
        Assert.Equal("+PONG\r\n", _server.Run("PING"));
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("host:", "example.com")]
    [InlineData("Post")]
    public void What_a_browser_sends_ends_its_connection_without_a_word(params string[] words)
    {
        var client = _server.Connect();
        Assert.Equal("+PONG\r\n", _server.SendAs(client, Latin1.Bytes($"PING\r\n{string.Join(' ', words)}\r\nSET k v\r\n")));
        Assert.True(client.IsClosing);
        Assert.Equal("$-1\r\n", _server.Run("GET", "k"));
        Assert.Equal(2, _server.Engine.Statistics.CommandsProcessed);
    }

    private static string InSubscribeMode(string command) =>
        $"-ERR Can't execute '{command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n";
}

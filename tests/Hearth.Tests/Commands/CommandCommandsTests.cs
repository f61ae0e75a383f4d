using Hearth.Commands;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class CommandCommandsTests : IDisposable
{
    private readonly TestServer _server = new();
    private readonly Client _resp3;

    public CommandCommandsTests()
    {
        _resp3 = _server.Connect();
        _resp3.Protocol = 3;
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Info_and_docs_of_every_command_have_the_oracles_structure()
    {
        var oracle = CommandOracle.Load();
        foreach (var command in CommandFamilies.All.SelectMany(command => new[] { command }.Concat(command.Subcommands)))
        {
            var name = command.FullName;
            Assert.Equal(name + CommandOracle.Expected(oracle, name), name + CommandOracle.Actual(_server, _resp3, name));
        }
    }

    [Fact]
    public void Info_in_RESP2_is_arrays_throughout() => Assert.Equal(
        "*1\r\n*10\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@read\r\n+@string\r\n+@fast\r\n*0\r\n"
        + "*1\r\n*6\r\n$5\r\nflags\r\n*2\r\n+RO\r\n+access\r\n"
        + "$12\r\nbegin_search\r\n*4\r\n$4\r\ntype\r\n$5\r\nindex\r\n$4\r\nspec\r\n*2\r\n$5\r\nindex\r\n:1\r\n"
        + "$9\r\nfind_keys\r\n*4\r\n$4\r\ntype\r\n$5\r\nrange\r\n$4\r\nspec\r\n*6\r\n$7\r\nlastkey\r\n:0\r\n$7\r\nkeystep\r\n:1\r\n"
        + "$5\r\nlimit\r\n:0\r\n*0\r\n",
        _server.Run("COMMAND", "INFO", "GET"));

    [Fact]
    public void Info_in_RESP3_has_sets_and_maps() => Assert.StartsWith(
        "*1\r\n*10\r\n$3\r\nget\r\n:2\r\n~2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n~3\r\n+@read\r\n+@string\r\n+@fast\r\n~0\r\n"
        + "~1\r\n%3\r\n$5\r\nflags\r\n~2\r\n+RO\r\n+access\r\n$12\r\nbegin_search\r\n%2\r\n",
        _server.RunAs(_resp3, "COMMAND", "INFO", "get"));

    [Fact]
    public void Info_has_a_null_for_each_unknown_name()
    {
        Assert.Equal("*2\r\n$-1\r\n$-1\r\n", _server.Run("COMMAND", "INFO", "nosuch", "command|nosuch"));
        Assert.Equal("*1\r\n_\r\n", _server.RunAs(_resp3, "COMMAND", "INFO", "nosuch"));
    }

    [Fact]
    public void Subcommands_stand_with_their_container_and_can_be_asked_for()
    {
        var info = ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND", "INFO", "command", "COMMAND|Docs"))!.AsArray();
        Assert.Equal(7, info[0]!.AsArray()[9]!.AsArray().Count);
        Assert.Equal("command|docs", info[1]!.AsArray()[0]!.GetValue<string>());
        var docs = ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND", "DOCS", "command"))!["command"]!["subcommands"]!.AsObject();
        Assert.Equal(7, docs.Count);
        Assert.Equal("server", docs["command|list"]!["group"]!.GetValue<string>());
    }

    [Fact]
    public void Without_names_all_commands_are_told()
    {
        var count = CommandFamilies.All.Length;
        Assert.Equal($":{count}\r\n", _server.Run("COMMAND", "COUNT"));
        Assert.Equal(count, ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND"))!.AsArray().Count);
        Assert.Equal(count, ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND", "INFO"))!.AsArray().Count);
        Assert.Equal(count, ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND", "DOCS"))!.AsObject().Count);
        Assert.Equal(CommandFamilies.RowCount, ReplyJson.Parse(_server.RunAs(_resp3, "COMMAND", "LIST"))!.AsArray().Count);
    }

    [Fact]
    public void Docs_leave_unknown_names_out()
    {
        Assert.Equal("*0\r\n", _server.Run("COMMAND", "DOCS", "nosuch"));
        Assert.Equal("%0\r\n", _server.RunAs(_resp3, "COMMAND", "DOCS", "nosuch"));
        Assert.StartsWith("*2\r\n$3\r\nget\r\n*10\r\n$7\r\nsummary\r\n", _server.Run("COMMAND", "DOCS", "nosuch", "GET"));
    }

    [Theory]
    [InlineData("PATTERN", "COMMAND|GET*", "*2\r\n$15\r\ncommand|getkeys\r\n$23\r\ncommand|getkeysandflags\r\n")]
    [InlineData("pattern", "nosuch*", "*0\r\n")]
    [InlineData("ACLCAT", "nosuch", "*0\r\n")]
    [InlineData("MODULE", "command", "*0\r\n")]
    [InlineData("NOSUCH", "x", "-ERR syntax error\r\n")]
    public void List_filters_names(string filter, string value, string reply) =>
        Assert.Equal(reply, _server.Run("COMMAND", "LIST", "FILTERBY", filter, value));

    [Fact]
    public void List_filters_by_category_in_any_case()
    {
        var names = ReplyJson.Parse(_server.RunAs(_resp3, "command", "list", "filterby", "aclcat", "STRING"))!.AsArray();
        Assert.Contains("get", names.Select(name => name!.GetValue<string>()));
        Assert.DoesNotContain("ping", names.Select(name => name!.GetValue<string>()));
    }

    [Theory]
    [InlineData("LIST FILTERBY", "-ERR syntax error\r\n")]
    [InlineData("LIST FILTERBY PATTERN", "-ERR syntax error\r\n")]
    [InlineData("LIST FILTERBY PATTERN a b", "-ERR syntax error\r\n")]
    [InlineData("LIST x", "-ERR syntax error\r\n")]
    [InlineData("GETKEYS get key", "*1\r\n$3\r\nkey\r\n")]
    [InlineData("GETKEYSANDFLAGS get key", "*1\r\n*2\r\n$3\r\nkey\r\n*2\r\n+RO\r\n+access\r\n")]
    [InlineData("GETKEYS nosuch", "-ERR Invalid command specified\r\n")]
    [InlineData("GETKEYS command nosuch", "-ERR Invalid command specified\r\n")]
    [InlineData("GETKEYS ping", "-ERR The command has no key arguments\r\n")]
    [InlineData("GETKEYS get a b", "-ERR Invalid number of arguments specified for command\r\n")]
    [InlineData("GETKEYS", "-ERR wrong number of arguments for 'command|getkeys' command\r\n")]
    [InlineData("COUNT x", "-ERR wrong number of arguments for 'command|count' command\r\n")]
    [InlineData("NOSUCH", "-ERR unknown subcommand 'NOSUCH'. Try COMMAND HELP.\r\n")]
    public void Replies_as_redis_does(string line, string reply) =>
        Assert.Equal(reply, _server.Run(["COMMAND", .. line.Split(' ')]));

    [Fact]
    public void Help_shows_the_syntax_of_every_subcommand()
    {
        var help = _server.Run("COMMAND", "HELP");
        Assert.StartsWith("*17\r\n+COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n+(no subcommand)\r\n", help);
        Assert.Contains("+INFO [<command-name> ...]\r\n+    Describes some commands, or all.\r\n", help);
        Assert.Contains("+LIST [FILTERBY (MODULE <module-name>|ACLCAT <category>|PATTERN <pattern>)]\r\n", help);
        Assert.EndsWith("+HELP\r\n+    Prints this help.\r\n", help);
    }

    [Fact]
    public void A_renamed_command_is_told_by_its_own_name()
    {
        _server.Engine.Commands.Rename("get"u8, "fetch"u8);
        Assert.Equal("*1\r\n$-1\r\n", _server.Run("COMMAND", "INFO", "get"));
        Assert.StartsWith("*1\r\n*10\r\n$3\r\nget\r\n", _server.Run("COMMAND", "INFO", "fetch"));
        Assert.Equal("*1\r\n$1\r\nk\r\n", _server.Run("COMMAND", "GETKEYS", "fetch", "k"));
    }
}

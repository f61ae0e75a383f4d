using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandHelpTests
{
    [Theory]
    [InlineData("key", "<key>")]
    [InlineData("slot:integer...", "<slot> [<slot> ...]")]
    [InlineData("[command-name...]", "[<command-name> ...]")]
    [InlineData("[ID client-id:integer...]", "[ID <client-id> [<client-id> ...]]")]
    [InlineData("[PREFIX prefix]...", "[PREFIX <prefix> ...]")]
    [InlineData("data:(parameter value)...", "<parameter> <value> [<parameter> <value> ...]")]
    [InlineData("enabled:<ON | OFF>", "(ON|OFF)")]
    [InlineData("[flush-type:<ASYNC | SYNC>]", "[ASYNC|SYNC]")]
    [InlineData("[FILTERBY filterby:<MODULE module-name | PATTERN pattern>]", "[FILTERBY (MODULE <module-name>|PATTERN <pattern>)]")]
    [InlineData("node\"node-id\"", "<node-id>")]
    [InlineData("[full-block:(FULL [COUNT count:integer])]", "[FULL [COUNT <count>]]")]
    [InlineData("empty-string=''", "\"\"")]
    public void An_argument_reads_as_in_a_syntax_line(string syntax, string line) =>
        Assert.Equal(line, CommandHelp.Line(CommandSyntax.Parse(syntax).Single()));

    [Fact]
    public void Help_lists_the_rows_in_their_order_and_itself_last()
    {
        var container = new Command("BOX", -2, CommandFlags.None)
        {
            Summary = "Holds.",
            Subcommands =
            [
                new("OPEN", -2, CommandFlags.None) { Syntax = "[key]", Summary = "Opens." },
                new("HELP", 2, CommandFlags.None) { Summary = "Helps." },
                new("SHUT", 2, CommandFlags.None) { Summary = "Shuts." },
            ],
        };
        Assert.Equal(
            [
                "BOX <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                "OPEN [<key>]", "    Opens.", "SHUT", "    Shuts.", "HELP", "    Prints this help.",
            ],
            CommandHelp.Lines(container));
    }
}

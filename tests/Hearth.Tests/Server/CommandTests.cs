using System.Text.Json;
using Hearth.Commands;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandTests
{
    private static readonly JsonElement Oracle = CommandOracle.Load();

    [Fact]
    public void Every_row_says_what_redis_says()
    {
        foreach (var command in Everything(CommandFamilies.All))
        {
            var name = command.FullName + "\n";
            var oracle = OracleOf(command.FullName);
            Assert.Equal(name + CommandOracle.Describe(oracle), name + CommandOracle.Describe(command));
            Assert.Empty(command.Subcommands.Select(subcommand => subcommand.FullName).Except(CommandOracle.SubcommandsOf(oracle)));
        }
    }

    [Fact]
    public void Every_row_has_a_summary_and_a_handler_or_subcommands()
    {
        foreach (var command in Everything(CommandFamilies.All))
        {
            Assert.True(command.Summary.EndsWith('.'), command.FullName);
            Assert.True(command.Handler is not null || command.Subcommands.Length != 0, command.FullName);
        }
    }

    [Fact]
    public void A_row_whose_key_specs_do_not_suffice_has_a_key_finder()
    {
        const KeySpecFlags Unreliable = KeySpecFlags.VariableFlags | KeySpecFlags.Incomplete;
        foreach (var command in Everything(CommandFamilies.All))
        {
            if (!command.KeySpecs.Any(spec => (spec.Flags & Unreliable) != 0 || spec.Begin == BeginSearch.Unknown)) continue;
            Assert.True(command.KeyFinder is not null, command.FullName);
        }
    }

    private static IEnumerable<Command> Everything(IEnumerable<Command> commands) =>
        commands.SelectMany(command => new[] { command }.Concat(command.Subcommands));

    private static JsonElement OracleOf(string fullName)
    {
        var bar = fullName.IndexOf('|');
        return bar < 0 ? Oracle.GetProperty(fullName) : Oracle.GetProperty(fullName[..bar]).GetProperty("subcommands").GetProperty(fullName);
    }
}

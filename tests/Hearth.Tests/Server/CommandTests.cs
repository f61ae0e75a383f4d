using Hearth.Commands;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandTests
{
    private static IEnumerable<Command> Rows => CommandFamilies.All.SelectMany(command => new[] { command }.Concat(command.Subcommands));

    [Fact]
    public void Every_row_has_a_summary_and_a_handler_or_subcommands()
    {
        foreach (var command in Rows)
        {
            Assert.True(command.Summary.EndsWith('.'), command.FullName);
            Assert.True(command.Handler is not null || command.Subcommands.Length != 0, command.FullName);
        }
    }

    [Fact]
    public void No_name_stands_in_two_rows() =>
        Assert.Empty(Rows.GroupBy(command => command.FullName).Where(rows => rows.Count() > 1).Select(rows => rows.Key));

    [Fact]
    public void A_row_whose_key_specs_do_not_suffice_has_a_key_finder()
    {
        const KeySpecFlags Unreliable = KeySpecFlags.VariableFlags | KeySpecFlags.Incomplete;
        foreach (var command in Rows)
        {
            if (!command.KeySpecs.Any(spec => (spec.Flags & Unreliable) != 0 || spec.Begin == BeginSearch.Unknown)) continue;
            Assert.True(command.KeyFinder is not null, command.FullName);
        }
    }

    [Fact]
    public void A_deprecated_row_says_what_replaces_it() =>
        Assert.All(Rows, command => Assert.Equal(command.DeprecatedSince is null, command.ReplacedBy is null));
}

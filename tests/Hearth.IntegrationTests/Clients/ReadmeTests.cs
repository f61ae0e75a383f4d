using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>What the README shows of redis-cli is what it prints.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void The_exchange_of_the_readme_is_what_redis_cli_prints()
    {
        Requirement.Need(ClientProgram.Succeeds("redis-cli", "--version"), "client: redis-cli is not installed (on Debian: apt-get install redis-tools)");
        var readme = File.ReadAllText(Path.Combine(HearthProcess.RepositoryRoot(), "README.md"));
        var lines = Exchange().Match(readme).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var commands = lines.Select(line => Prompt().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();
        var shown = lines.Where(line => !Prompt().IsMatch(line)).ToArray();
        Assert.True(commands.Length > 5 && shown.Length > 5, "The exchange has not been found.");

        using var hearth = new HearthProcess();
        var printed = ClientProgram.RunReading(
            string.Concat(commands.Select(command => command + "\n")), "redis-cli", "-p", hearth.Port.ToString(CultureInfo.InvariantCulture), "--no-raw");
        Assert.Equal(shown, printed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex(@"^\$ redis-cli\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Exchange();

    [GeneratedRegex(@"^127\.0\.0\.1:6379(?:\(TX\))?> (.*)$")]
    private static partial Regex Prompt();
}

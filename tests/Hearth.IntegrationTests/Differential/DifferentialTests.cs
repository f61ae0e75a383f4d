using System.Globalization;
using Hearth.IntegrationTests.Support;
using Hearth.Network;
using Xunit;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Random commands on Hearth and on redis-server, side by side. The suite runs a slice; these variables make it longer or repeat one:
/// HEARTH_DIFF_COMMANDS (how many), HEARTH_DIFF_SEED, HEARTH_DIFF_FAMILIES (names of <see cref="Family.All"/>, with commas).
/// </summary>
public class DifferentialTests
{
    private const long CommandsOfSlice = 250_000;
    private const int DefaultSeed = 20240229;

    [Fact]
    public void Random_commands_get_the_same_replies_from_Hearth_and_the_oracle() => Run(PollerKind.Default, CommandsOfSlice, Setting("HEARTH_DIFF_SEED", DefaultSeed));

    public static TheoryData<string> Others => PollerNames.Others;

    [Theory]
    [MemberData(nameof(Others))]
    public void The_poller_makes_no_difference(string poller) =>
        Run(Enum.Parse<PollerKind>(poller), CommandsOfSlice / 4, Setting("HEARTH_DIFF_SEED", DefaultSeed) + 1);

    private static void Run(PollerKind poller, long commands, long seed)
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth(poller);
        using var run = new DifferentialRun(oracle.Port, hearth.Port, WaiverList.Load());
        var families = (Environment.GetEnvironmentVariable("HEARTH_DIFF_FAMILIES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        run.Run((int)seed, Setting("HEARTH_DIFF_COMMANDS", commands), families);
        var summary = run.Summary((int)seed);
        Assert.True(run.Findings.Count == 0, summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
    }

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

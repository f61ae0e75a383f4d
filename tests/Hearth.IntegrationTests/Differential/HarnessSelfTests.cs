using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Differential;

/// <summary>A harness that finds nothing must be known to find something: here it compares the oracle with itself, and with a liar.</summary>
public class HarnessSelfTests
{
    private const int Seed = 7;
    private const long Commands = 40_000;

    [Fact]
    public void The_oracle_does_not_differ_from_itself()
    {
        using var left = OracleServer.StartOrSkip();
        using var right = OracleServer.StartOrSkip();
        using var run = new DifferentialRun(left.Port, right.Port, WaiverList.None);
        run.Run(Seed, Commands, []);
        Assert.True(run.Findings.Count == 0, run.Summary(Seed));
        Assert.True(run.StepsRun >= Commands, run.Summary(Seed));
        Assert.True(run.EpisodesOfOwnSettings >= Commands / 1000, run.Summary(Seed));
    }

    [Fact]
    public void The_usual_settings_are_the_defaults_but_for_streams()
    {
        using var server = OracleServer.StartOrSkip();
        using var fresh = server.Connect();
        Assert.Equal(["stream-node-max-entries"], EncodingSettings.Usual.ChangesOf(fresh));
    }

    [Fact]
    public void A_wrong_reply_is_found_and_its_sequence_shortened()
    {
        using var left = OracleServer.StartOrSkip();
        using var right = OracleServer.StartOrSkip();
        using var run = new DifferentialRun(left.Port, right.Port, WaiverList.None, LieAboutLongStrings);
        run.Run(Seed, Commands, ["string"]);
        Assert.True(run.Findings.Count >= 1, run.Summary(Seed));
        Assert.InRange(run.LastMinimal.Count, 2, 3); // A write that makes the string, and STRLEN.
        Assert.Equal("STRLEN", run.LastMinimal[^1].Name);
    }

    [Fact]
    public void A_write_that_is_lost_shows_in_the_state_alone()
    {
        using var left = OracleServer.StartOrSkip();
        using var right = OracleServer.StartOrSkip();
        using var oracle = left.Connect();
        using var hearth = right.Connect();
        oracle.Require("SET", "string:1", "a");
        var comparer = new ReplyComparer(CommandSpec.LoadAll(), WaiverList.None);
        var divergence = new StateComparer(comparer).Compare(oracle, hearth, 0);
        Assert.NotNull(divergence);
        Assert.Equal("state KEYS", divergence.Signature);
    }

    [Fact]
    public void Waivers_load_and_cover_only_what_they_name()
    {
        var waivers = WaiverList.Load();
        Assert.True(waivers.Skips("waitaof"));
        Assert.False(waivers.Skips("get"));
        Assert.True(waivers.Covers("object|encoding", Parse("$9\r\nquicklist\r\n"), Parse("$8\r\nlistpack\r\n")));
        Assert.False(waivers.Covers("object|encoding", Parse("$8\r\nlistpack\r\n"), Parse("$9\r\nquicklist\r\n")));
        Assert.True(waivers.Covers("zscore", Parse("$19\r\n0.10000000000000001\r\n"), Parse("$3\r\n0.1\r\n")));
        Assert.False(waivers.Covers("zscore", Parse("$19\r\n0.10000000000000001\r\n"), Parse("$3\r\n0.2\r\n")));
        Assert.False(waivers.Covers("get", Parse("$19\r\n0.10000000000000001\r\n"), Parse("$3\r\n0.1\r\n")));
    }

    private static RespValue LieAboutLongStrings(Step step, RespValue reply)
    {
        if (step.Name != "STRLEN" || reply.Kind != RespKind.Integer || reply.Integer < 40) return reply;
        return Parse(string.Create(CultureInfo.InvariantCulture, $":{reply.Integer + 1}\r\n"));
    }

    private static RespValue Parse(string reply)
    {
        var parser = new RespParser(Encoding.Latin1.GetBytes(reply));
        Assert.True(parser.TryParse(out var value));
        return value;
    }
}

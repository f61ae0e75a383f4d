using System.Globalization;
using Hearth.IntegrationTests.Differential;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Events;

/// <summary>Hearth notifies of the same events in the same order as Redis, and counts the same hits and misses.</summary>
public class EventComparisonTests
{
    private const int Seed = 13;
    private const int Episodes = 150;
    private const int EpisodeLength = 40;

    [Fact]
    public void Random_commands_cause_the_events_and_counts_that_they_cause_in_redis()
    {
        using var oracle = OracleServer.StartOrSkip("--enable-debug-command", "yes");
        using var hearth = new EmbeddedHearth();
        using var expected = new EventRecorder(oracle.Port);
        using var actual = new EventRecorder(hearth.Port);
        var compared = 0;
        using var run = new ObservedRun(oracle.Port, hearth.Port, () =>
        {
            var difference = Difference(expected.Take(), actual.Take(), out var count);
            compared += count;
            return difference;
        });

        if (run.Run(Seed, Episodes, EpisodeLength, "string", "bitmap", "hyperloglog", "list", "hash", "set", "sorted-set", "stream", "geo", "generic", "transactions") is { } found) Assert.Fail(found);
        Assert.True(compared > Episodes * EpisodeLength / 10, $"Only {compared} events were compared.");
    }

    private static string? Difference(List<string> expected, List<string> actual, out int compared)
    {
        for (compared = 0; compared < Math.Max(expected.Count, actual.Count); compared++)
        {
            if (compared < expected.Count && compared < actual.Count && expected[compared] == actual[compared]) continue;
            return string.Create(
                CultureInfo.InvariantCulture, $"event {compared}\n    oracle: {Around(expected, compared)}\n    hearth: {Around(actual, compared)}");
        }

        return null;
    }

    private static string Around(List<string> events, int index) =>
        index >= events.Count ? "(nothing)" : string.Join(" | ", events.Skip(index).Take(5));
}

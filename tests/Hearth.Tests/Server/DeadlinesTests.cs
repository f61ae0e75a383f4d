using Hearth.Memory;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class DeadlinesTests
{
    private const int Seed = 5;

    [Fact]
    public void The_next_is_the_earliest_whatever_comes_and_goes()
    {
        using var heap = new Heap("test");
        var random = new Random(Seed);
        var deadlines = new Deadlines();
        var model = new SortedSet<(long DeadlineMs, long Sequence)>();
        var waits = new Dictionary<long, BlockedClient>();
        for (var step = 0; step < 50_000; step++)
        {
            // More come than go for a while, and then the other way round.
            if (model.Count == 0 || random.Next(100) < (step / 5000 % 2 == 0 ? 65 : 35))
            {
                var wait = new BlockedClient(null!, heap) { DeadlineMs = random.Next(200), Sequence = step };
                deadlines.Add(wait);
                model.Add((wait.DeadlineMs, step));
                waits.Add(step, wait);
            }
            else
            {
                // Half of them end in time; the others are served before.
                var isInTime = random.Next(2) == 0;
                var leaving = isInTime ? waits[model.Min.Sequence] : waits.Values.ElementAt(random.Next(Math.Min(waits.Count, 50)));
                deadlines.Remove(leaving);
                Assert.Equal(-1, leaving.DeadlinePlace);
                model.Remove((leaving.DeadlineMs, leaving.Sequence));
                waits.Remove(leaving.Sequence);
                leaving.Dispose();
            }

            long? next = model.Count == 0 ? null : model.Min.Sequence;
            Assert.True(deadlines.Count == model.Count && deadlines.Next?.Sequence == next, $"seed {Seed}, step {step}");
            if (step % 50 == 0) deadlines.Verify();
        }

        foreach (var wait in waits.Values) wait.Dispose();
    }
}

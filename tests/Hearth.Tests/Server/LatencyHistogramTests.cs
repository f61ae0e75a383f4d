using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class LatencyHistogramTests
{
    private const int Seed = 20260101;

    [Fact]
    public void Percentiles_are_no_less_than_the_truth_and_at_most_a_sixteenth_more()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 50; round++)
        {
            var histogram = new LatencyHistogram();
            var values = new long[random.Next(1, 2000)];
            foreach (ref var value in values.AsSpan())
            {
                value = (long)Math.Pow(2, random.NextDouble() * 35);
                histogram.Add(LatencyHistogram.BucketOf(value));
            }

            Array.Sort(values);
            Assert.Equal(values.Length, histogram.Count);
            foreach (var percent in (double[])[0, 1, 50, 99, 99.9, 100])
            {
                var truth = values[Math.Max((int)Math.Ceiling(values.Length * percent / 100) - 1, 0)];
                var told = histogram.Percentile(percent);
                Assert.True(told >= truth && told <= truth + (truth / 16), $"seed {Seed}, round {round}, {percent} %: {told} for {truth}");
            }
        }
    }

    [Fact]
    public void Every_duration_has_a_bucket_and_longer_ones_have_later_buckets()
    {
        var last = -1;
        for (long value = 1; value < 1L << 37; value += Math.Max(1, value / 40))
        {
            var bucket = LatencyHistogram.BucketOf(value);
            Assert.True(bucket >= last, $"{value}");
            last = bucket;
        }

        Assert.Equal(LatencyHistogram.BucketOf(1), LatencyHistogram.BucketOf(0));
        Assert.Equal(LatencyHistogram.BucketOf(1), LatencyHistogram.BucketOf(long.MinValue));
        Assert.Equal(last, LatencyHistogram.BucketOf(long.MaxValue));
        new LatencyHistogram().Add(LatencyHistogram.BucketOf(long.MaxValue));
    }

    [Fact]
    public void An_empty_histogram_has_no_percentiles() => Assert.Equal(0, new LatencyHistogram().Percentile(50));

    [Fact]
    public void Counts_add_up_to_all_and_no_longer_duration_is_in_them()
    {
        var histogram = new LatencyHistogram();
        for (var nanoseconds = 1L; nanoseconds <= 1 << 20; nanoseconds *= 2) histogram.Add(LatencyHistogram.BucketOf(nanoseconds));
        Assert.Equal(0, histogram.CountUpTo(0));
        Assert.Equal(1, histogram.CountUpTo(1));
        Assert.Equal(10, histogram.CountUpTo(1023));
        Assert.Equal(21, histogram.CountUpTo(1L << 22));
    }
}

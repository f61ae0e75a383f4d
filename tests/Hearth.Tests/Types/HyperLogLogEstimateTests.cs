using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class HyperLogLogEstimateTests
{
    /// <summary>What redis-server counts when every register holds the same.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 23637)]
    [InlineData(2, 47274)]
    [InlineData(31, 25380159564675)]
    [InlineData(50, long.MinValue)]
    [InlineData(51, long.MinValue)]
    [InlineData(63, long.MinValue)]
    public void Equal_registers_count_as_in_redis(int value, long expected)
    {
        var histogram = new int[HyperLogLogEstimate.HistogramLength];
        histogram[value] = HyperLogLog.Registers;
        Assert.Equal(expected, HyperLogLogEstimate.Cardinality(histogram));
    }

    [Fact]
    public void Few_elements_are_counted_almost_exactly_and_many_within_a_few_standard_errors()
    {
        var bytes = new byte[HyperLogLogDense.Bytes];
        HyperLogLog.WriteHeader(bytes, HyperLogLogEncoding.Dense);
        const double StandardError = 1.04 / 128;
        for (var i = 1; i <= 1_000_000; i++)
        {
            var (index, run) = HyperLogLog.Locate(BitConverter.GetBytes(i));
            HyperLogLogDense.TryRaise(bytes, index, run);
            if (i is not (1 or 10 or 100 or 1_000 or 10_000 or 40_000 or 100_000 or 1_000_000)) continue;
            Assert.True(HyperLogLog.TryCount(bytes, out var estimate));
            Assert.InRange(estimate, i - (i * 4 * StandardError), i + (i * 4 * StandardError));
            if (i <= 10) Assert.Equal(i, estimate);
        }
    }
}

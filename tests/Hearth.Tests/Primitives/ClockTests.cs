using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class ClockTests
{
    [Fact]
    public void Wall_time_stands_still_until_it_is_refreshed()
    {
        var provider = new ManualTimeProvider(unixMs: 1_700_000_000_123);
        var clock = new Clock(provider);
        Assert.Equal(1_700_000_000_123, clock.NowMs);
        Assert.Equal(1_700_000_000_123_000, clock.NowMicroseconds);

        provider.Advance(TimeSpan.FromMicroseconds(1_999));
        Assert.Equal(1_700_000_000_123, clock.NowMs);

        clock.Refresh();
        Assert.Equal(1_700_000_000_124, clock.NowMs);
        Assert.Equal(1_700_000_000_124_999, clock.NowMicroseconds);
    }

    [Fact]
    public void Wall_time_follows_a_clock_that_is_set_back()
    {
        var provider = new ManualTimeProvider();
        var clock = new Clock(provider);
        provider.SetWallClock(DateTimeOffset.UnixEpoch.AddMilliseconds(5));
        clock.Refresh();
        Assert.Equal(5, clock.NowMs);
    }

    [Fact]
    public void Monotonic_time_is_read_afresh_and_ignores_the_wall_clock()
    {
        var provider = new ManualTimeProvider();
        var clock = new Clock(provider);
        var start = clock.MonotonicMicroseconds;
        provider.Advance(TimeSpan.FromMilliseconds(3));
        provider.SetWallClock(DateTimeOffset.UnixEpoch);
        Assert.Equal(3_000, clock.MonotonicMicroseconds - start);
    }

    [Theory]
    [InlineData(1_000_000_000, 9_000_000_000_000_000_999, 9_000_000_000_000_000)]
    [InlineData(10_000_000, 9_000_000_000_000_000_007, 900_000_000_000_000_000)]
    [InlineData(24_000_000, 24_000_012, 1_000_000)]
    [InlineData(3_579_545, 3_579_545L * 1_000_000 + 1_789_773, 1_000_000_500_000)]
    public void Monotonic_time_converts_any_frequency_without_overflow(long frequency, long timestamp, long expectedMicroseconds)
    {
        var provider = new ManualTimeProvider { Frequency = frequency };
        provider.SetTimestamp(timestamp);
        Assert.Equal(expectedMicroseconds, new Clock(provider).MonotonicMicroseconds);
    }
}

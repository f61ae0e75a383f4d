using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Store;

public class AccessClockTests
{
    private const ulong Seed = 7;

    [Fact]
    public void The_LRU_clock_counts_seconds_in_24_bits()
    {
        using var store = new StoreHarness();
        Assert.Equal((uint)(ManualTime.Start.ToUnixTimeSeconds() & 0xFFFFFF), store.AccessClock.LruNow);
        store.Time.Advance(TimeSpan.FromSeconds(5));
        store.Clock.Refresh();
        var before = store.AccessClock.LruNow;
        store.AccessClock.Refresh();
        Assert.Equal(before + 5, store.AccessClock.LruNow);
    }

    [Fact]
    public void Idle_time_starts_anew_with_every_touch()
    {
        using var store = new StoreHarness();
        var entry = store.Set("k", "v");
        Assert.Equal(0, store.AccessClock.IdleMs(entry));
        store.Advance(61_000);
        Assert.Equal(61_000, store.AccessClock.IdleMs(entry));
        store.AccessClock.Touch(entry);
        Assert.Equal(0, store.AccessClock.IdleMs(entry));
    }

    [Fact]
    public void Idle_time_survives_the_wrap_of_the_clock()
    {
        using var store = new StoreHarness();
        var entry = store.Set("k", "v");
        // From ten seconds before the wrap to five after it. As in Redis, the wrap itself costs a second.
        store.Advance((0xFFFFFF - store.AccessClock.LruNow - 10 + 1) * 1000L);
        store.AccessClock.Touch(entry);
        store.Advance(15_000);
        Assert.True(store.AccessClock.LruNow < entry.AccessClock);
        Assert.InRange(store.AccessClock.IdleMs(entry), 14_000, 15_000);
    }

    [Theory]
    [InlineData(0, 100, 105, 105)] // Without a log factor every access counts.
    [InlineData(1, 1000, 40, 60)]
    [InlineData(10, 100, 8, 12)]
    [InlineData(10, 1000, 16, 22)]
    [InlineData(10, 100_000, 130, 160)]
    [InlineData(100, 1000, 7, 11)]
    public void The_LFU_counter_grows_with_the_logarithm_of_the_accesses(int logFactor, int accesses, int averageMin, int averageMax)
    {
        using var store = new StoreHarness(seed: Seed);
        store.AccessClock.IsLfu = true;
        store.AccessClock.LfuLogFactor = logFactor;
        var keys = Math.Max(1, 20_000 / accesses);
        var sum = 0L;
        for (var i = 0; i < keys; i++)
        {
            var entry = store.Set($"{i}", "v");
            Assert.Equal(5u, store.AccessClock.Frequency(entry));
            for (var access = 0; access < accesses; access++) store.AccessClock.Touch(entry);
            sum += store.AccessClock.Frequency(entry);
        }

        Assert.InRange((double)sum / keys, averageMin, averageMax);
    }

    [Fact]
    public void The_LFU_counter_stops_at_its_greatest_value()
    {
        using var store = new StoreHarness(seed: Seed);
        store.AccessClock.IsLfu = true;
        store.AccessClock.LfuLogFactor = 0;
        var entry = store.Set("k", "v");
        for (var i = 0; i < 1000; i++) store.AccessClock.Touch(entry);
        Assert.Equal(255u, store.AccessClock.Frequency(entry));
    }

    [Fact]
    public void The_LFU_counter_falls_by_one_for_every_decay_time()
    {
        using var store = new StoreHarness(seed: Seed);
        store.AccessClock.IsLfu = true;
        store.AccessClock.LfuLogFactor = 0;
        var entry = store.Set("k", "v");
        for (var i = 0; i < 15; i++) store.AccessClock.Touch(entry);
        Assert.Equal(20u, store.AccessClock.Frequency(entry));
        store.Advance(3 * 60_000);
        Assert.Equal(17u, store.AccessClock.Frequency(entry));
        store.AccessClock.LfuDecayMinutes = 3;
        Assert.Equal(19u, store.AccessClock.Frequency(entry));
        store.AccessClock.LfuDecayMinutes = 0;
        Assert.Equal(20u, store.AccessClock.Frequency(entry));
        store.AccessClock.LfuDecayMinutes = 1;
        store.AccessClock.Touch(entry);
        Assert.Equal(18u, store.AccessClock.Frequency(entry));
        store.Advance(1000 * 60_000);
        Assert.Equal(0u, store.AccessClock.Frequency(entry));
    }

    [Fact]
    public void The_LFU_minutes_survive_their_wrap()
    {
        using var store = new StoreHarness(seed: Seed);
        store.AccessClock.IsLfu = true;
        store.AccessClock.LfuLogFactor = 0;
        var minutesToWrap = 0x10000 - (store.NowMs / 60_000 % 0x10000);
        store.Advance((minutesToWrap - 2) * 60_000);
        var entry = store.Set("k", "v");
        for (var i = 0; i < 15; i++) store.AccessClock.Touch(entry);
        store.Advance(4 * 60_000);
        // As in Redis, the wrap itself costs a minute.
        Assert.InRange(store.AccessClock.Frequency(entry), 16u, 17u);
    }

    [Fact]
    public void A_new_entry_looks_as_used_just_now()
    {
        using var store = new StoreHarness(seed: Seed);
        Entry entry = store.Set("a", "v");
        Assert.Equal(store.AccessClock.LruNow, entry.AccessClock);
        store.AccessClock.IsLfu = true;
        entry = store.Set("b", "v");
        Assert.Equal(5u, entry.AccessClock & 255);
        Assert.Equal((uint)(store.NowMs / 60_000) & 0xFFFF, entry.AccessClock >> 8);
    }
}

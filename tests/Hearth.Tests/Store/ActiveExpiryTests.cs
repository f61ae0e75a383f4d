using Hearth.Store;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Store;

public class ActiveExpiryTests
{
    private const long Forever = long.MaxValue / 2;

    [Fact]
    public void Fifty_thousand_keys_of_one_second_go_in_one_run_without_limit()
    {
        const int Keys = 50_000;
        using var store = new StoreHarness();
        for (var i = 0; i < Keys; i++) store.Set($"{i}", "v", store.NowMs + 1000);
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics);
        store.Advance(1000);
        Assert.True(expiry.Run(Forever));
        Assert.Equal(Keys, store.Keyspace.Count); // Their last millisecond.
        store.Advance(1);
        Assert.True(expiry.Run(Forever));
        Assert.Equal((0, 0), (store.Keyspace.Count, store.Keyspace.Expires.Count));
        Assert.Equal((Keys, Keys), (store.Statistics.ExpiredKeys, store.Expired.Distinct().Count()));
    }

    [Fact]
    public void Keys_that_stay_are_left_alone_and_cost_a_sample()
    {
        using var store = new StoreHarness(databases: 4);
        for (var i = 0; i < 4000; i++) store.Set($"{i}", "v", store.NowMs + 1_000_000, i % 4);
        store.Set("forever", "v");
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics);
        Assert.True(expiry.Run(Forever));
        Assert.Equal(4001, store.Keyspaces.Sum(keyspace => keyspace.Count));
        Assert.Equal(0, store.Statistics.ExpiredStalePercent);
        Assert.Empty(store.Expired);
    }

    [Fact]
    public void Runs_over_and_over_find_the_few_expired_among_many()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 10_000; i++) store.Set($"{i}", "v", store.NowMs + (i % 100 == 0 ? 10 : 1_000_000));
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics);
        store.Advance(11);
        // A sample of twenty finds hardly any; a walk over all keys takes five hundred samples.
        for (var i = 0; i < 600; i++) Assert.True(expiry.Run(Forever));
        Assert.Equal(9900, store.Keyspace.Count);
    }

    [Fact]
    public void The_budget_holds_when_time_passes_during_the_samples()
    {
        var store = new StoreHarness(databases: 2);
        using (store)
        {
            for (var i = 0; i < 20_000; i++) store.Set($"{i}", "v", store.NowMs + 1000, i % 2);
            store.Advance(1001);
            // Each removed key takes a microsecond: a budget of a millisecond is a thousand keys, and at most four samples more.
            var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics)
            {
                AfterEach = () => store.Time.Advance(TimeSpan.FromMicroseconds(1)),
            };
            Assert.False(expiry.Run(1000));
            Assert.InRange(store.Statistics.ExpiredKeys, 1000, 1200);
            Assert.Equal(1, store.Statistics.ExpireCyclesCutShort);
            Assert.InRange(store.Statistics.ExpireCycleMicroseconds, 1000, 1200);

            // The next run goes on with the other database: none waits for the first to be done.
            var first = store.Keyspaces[0].Count;
            Assert.Equal(10_000, store.Keyspaces[1].Count);
            Assert.False(expiry.Run(1000));
            Assert.Equal(first, store.Keyspaces[0].Count);
            Assert.InRange(store.Keyspaces[1].Count, 8_500, 9_100);

            while (!expiry.Run(1000))
            {
            }

            Assert.Equal(20_000, store.Statistics.ExpiredKeys);
        }
    }

    [Fact]
    public void Each_removal_is_a_unit_of_its_own()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 50; i++) store.Set($"{i}", "v", store.NowMs);
        store.Advance(1);
        var calls = new List<string>();
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics)
        {
            BeforeEach = () => calls.Add($"before {store.Expired.Count}"),
            AfterEach = () => calls.Add($"after {store.Expired.Count}"),
        };
        expiry.Run(Forever);
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(i => (string[])[$"before {i}", $"after {i + 1}"]), calls);
    }

    [Fact]
    public void More_effort_takes_bigger_samples_and_tolerates_fewer_overdue_keys()
    {
        using var store = new StoreHarness();
        // One in twelve has expired: that is tolerable at effort 1, and not at effort 10.
        for (var i = 0; i < 12_000; i++) store.Set($"{i}", "v", store.NowMs + (i % 12 == 0 ? 0 : 1_000_000));
        store.Advance(1);
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics) { Effort = 10 };
        expiry.Run(Forever);
        var removed = store.Statistics.ExpiredKeys;
        Assert.InRange(removed, 100, 1000);

        using var other = new StoreHarness();
        for (var i = 0; i < 12_000; i++) other.Set($"{i}", "v", other.NowMs + (i % 12 == 0 ? 0 : 1_000_000));
        other.Advance(1);
        new ActiveExpiry(other.Keyspaces, other.Clock, other.Statistics).Run(Forever);
        Assert.InRange(other.Statistics.ExpiredKeys, 0, removed / 4);
    }

    [Fact]
    public void The_average_time_to_live_is_that_of_the_sampled_keys_and_follows_slowly()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 1000; i++) store.Set($"{i}", "v", store.NowMs + 50_000);
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics);
        expiry.Run(Forever);
        Assert.Equal(50_000, store.Keyspace.AverageTtlMs);
        store.Advance(25_000);
        expiry.Run(Forever);
        Assert.Equal((50_000 / 50 * 49) + (25_000 / 50), store.Keyspace.AverageTtlMs);
        for (var i = 0; i < 500; i++) expiry.Run(Forever);
        Assert.InRange(store.Keyspace.AverageTtlMs, 25_000, 25_500);
    }

    [Fact]
    public void Keys_that_expire_at_the_end_of_time_have_a_long_average()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 100; i++) store.Set($"{i}", "v", long.MaxValue);
        new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics).Run(Forever);
        Assert.InRange(store.Keyspace.AverageTtlMs, long.MaxValue / 2, long.MaxValue);
    }

    [Fact]
    public void A_database_without_expiring_keys_has_no_average()
    {
        using var store = new StoreHarness();
        store.Set("k", "v", store.NowMs + 1000);
        var expiry = new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics);
        expiry.Run(Forever);
        Assert.Equal(1000, store.Keyspace.AverageTtlMs);
        store.Advance(1001);
        expiry.Run(Forever);
        Assert.Equal((0, 0), (store.Keyspace.Count, store.Keyspace.AverageTtlMs));
    }

    [Fact]
    public void The_share_of_overdue_keys_is_a_running_average()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 1000; i++) store.Set($"{i}", "v", store.NowMs);
        store.Advance(1);
        new ActiveExpiry(store.Keyspaces, store.Clock, store.Statistics).Run(Forever);
        Assert.Equal(0.05, store.Statistics.ExpiredStalePercent, 3);
    }
}

using Hearth.Primitives;
using Hearth.Store;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Store;

public class KeyspaceTests
{
    [Theory]
    [InlineData(1, 10, 3000)] // Few keys: nearly everything overwrites something.
    [InlineData(2, 300, 10_000)]
    [InlineData(3, 5000, 40_000)] // Many: tables grow, split and merge.
    public void Random_changes_leave_what_a_dictionary_would_hold(ulong seed, int keys, int steps)
    {
        using var model = new KeyspaceModel(seed, keys);
        model.Run(steps);
    }

    [Fact]
    public void A_key_whose_time_is_up_is_removed_by_whoever_looks_for_it()
    {
        using var store = new StoreHarness();
        store.Set("k", "v", store.NowMs + 10);
        store.Advance(10);
        Assert.Equal("v", store.Get("k"));
        store.Advance(1);
        Assert.Empty(store.Expired);
        Assert.True(store.Keyspace.Peek(store.Key("k")).Exists);
        Assert.Null(store.Get("k"));
        Assert.Equal(["0 k"], store.Expired);
        Assert.Equal((0, 0, 1), (store.Keyspace.Count, store.Keyspace.Expires.Count, store.Statistics.ExpiredKeys));
        Assert.False(store.Keyspace.Delete(store.Key("k")));
    }

    [Fact]
    public void Only_reads_count_as_hits_and_misses()
    {
        using var store = new StoreHarness();
        store.Set("k", "v");
        Assert.Equal((0, 0), (store.Statistics.Hits, store.Statistics.Misses));
        store.Keyspace.Find(store.Key("k"), Lookup.Read);
        store.Keyspace.Find(store.Key("k"), Lookup.Read | Lookup.NoTouch);
        store.Keyspace.Find(store.Key("no"), Lookup.Read);
        store.Keyspace.Find(store.Key("no"), Lookup.Write);
        Assert.Equal((2, 1), (store.Statistics.Hits, store.Statistics.Misses));
    }

    [Fact]
    public void A_lookup_touches_a_key_unless_it_is_told_not_to()
    {
        using var store = new StoreHarness();
        var entry = store.Set("k", "v");
        store.Advance(5000);
        store.Keyspace.Find(store.Key("k"), Lookup.Read | Lookup.NoTouch);
        Assert.Equal(5000, store.AccessClock.IdleMs(entry));
        store.Keyspace.Peek(store.Key("k"));
        Assert.Equal(5000, store.AccessClock.IdleMs(entry));
        store.Keyspace.Find(store.Key("k"), Lookup.Write);
        Assert.Equal(0, store.AccessClock.IdleMs(entry));
    }

    [Fact]
    public void Overwriting_keeps_how_often_a_key_was_used()
    {
        using var store = new StoreHarness();
        store.AccessClock.IsLfu = true;
        store.AccessClock.LfuLogFactor = 0; // Every access counts.
        store.Set("k", "v");
        for (var i = 0; i < 20; i++) store.Set("k", i % 2 == 0 ? "another, longer value that needs another block" : $"{i}");
        Assert.Equal(25u, store.AccessClock.Frequency(store.Keyspace.Peek(store.Key("k"))));
    }

    [Fact]
    public void Small_overwrites_stay_in_the_entry_and_other_ones_free_it()
    {
        using var store = new StoreHarness();
        var first = store.Set("k", "value");
        Assert.True(first.Equals(store.Set("k", "other")));
        Assert.True(first.Equals(store.Set("k", "a")));
        var blocks = store.Heap.LiveBlocks;
        store.Set("k", new string('x', 5000));
        Assert.Equal(blocks + 1, store.Heap.LiveBlocks);
        store.Set("k", "12");
        Assert.Equal(blocks, store.Heap.LiveBlocks);
    }

    [Fact]
    public void Overwriting_sets_or_drops_the_expiry()
    {
        using var store = new StoreHarness();
        store.Set("k", "v", 1_000_000_000_000_000);
        Assert.Equal(1_000_000_000_000_000, store.Keyspace.Peek(store.Key("k")).ExpireAtMs);
        Assert.Equal(1, store.Keyspace.Expires.Count);
        store.Set("k", "w", 2_000_000_000_000_000);
        Assert.Equal(2_000_000_000_000_000, store.Keyspace.Peek(store.Key("k")).ExpireAtMs);
        store.Set("k", "x");
        Assert.False(store.Keyspace.Peek(store.Key("k")).HasExpiry);
        Assert.Equal(0, store.Keyspace.Expires.Count);
    }

    [Fact]
    public void Writing_into_a_string_keeps_its_expiry_and_its_use()
    {
        using var store = new StoreHarness();
        var expireAtMs = store.NowMs + 1000;
        store.Set("k", "12", expireAtMs).AccessClock = 77;
        var key = store.Key("k");
        store.Keyspace.WritableString(key, store.Keyspace.Peek(key), 2000)[1999] = (byte)'x';
        Assert.Equal((expireAtMs, 77u), (store.Keyspace.Peek(key).ExpireAtMs, store.Keyspace.Peek(key).AccessClock));
        store.Keyspace.SetInteger(key, store.Keyspace.Peek(key), 5);
        Assert.Equal(expireAtMs, store.Keyspace.Peek(key).ExpireAtMs);
        store.Keyspace.SetText(key, store.Keyspace.Peek(key), "5.5"u8);
        Assert.Equal((expireAtMs, "5.5"), (store.Keyspace.Peek(key).ExpireAtMs, StoreHarness.Text(store.Keyspace.Peek(key))));
    }

    [Fact]
    public void The_observer_hears_of_new_keys_and_of_no_others()
    {
        using var store = new StoreHarness();
        store.Set("a", "1");
        store.Set("a", "a longer value than before, for another block");
        store.Keyspace.SetExpiry(store.Key("a"), store.Keyspace.Peek(store.Key("a")), 1_000_000_000_000_000);
        store.Keyspace.WritableString(store.Key("b"), default, 3);
        store.Keyspace.CopyHere(store.Key("c"), default, store.Keyspace.Peek(store.Key("a")));
        store.Keyspace.MoveHere(store.Key("d"), default, store.Keyspace, store.Key("a"), store.Keyspace.Peek(store.Key("a")));
        Assert.Equal(["0 a", "0 b", "0 c", "0 d"], store.Added);
    }

    [Fact]
    public void Random_finds_every_key_and_nothing_in_an_empty_database()
    {
        using var store = new StoreHarness();
        Assert.False(store.Keyspace.Random(store.Random).Exists);
        for (var i = 0; i < 20; i++) store.Set($"{i}", "v");
        var seen = new HashSet<string>();
        for (var i = 0; i < 2000; i++) seen.Add(Latin1.Text(store.Keyspace.Random(store.Random).Key));
        Assert.Equal(20, seen.Count);
    }

    [Fact]
    public void Databases_exchange_everything_but_their_numbers()
    {
        using var store = new StoreHarness(databases: 2);
        store.Set("a", "0", store.NowMs + 1000, database: 0);
        store.Set("b", "1", database: 1);
        store.Keyspaces[0].AverageTtlMs = 7;
        store.Keyspaces[0].SwapContents(store.Keyspaces[1]);
        Assert.Equal(("1", null, null, "0"), (store.Get("b", 0), store.Get("a", 0), store.Get("b", 1), store.Get("a", 1)));
        Assert.Equal((0, 1), (store.Keyspaces[0].Index, store.Keyspaces[1].Index));
        Assert.Equal((0, 7), (store.Keyspaces[0].AverageTtlMs, store.Keyspaces[1].AverageTtlMs));
    }

    [Fact]
    public void Clearing_gives_every_block_back()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 5000; i++) store.Set($"{i}", new string('x', i), i % 3 == 0 ? long.MaxValue : Entry.NoExpiry);
        Assert.True(store.Heap.LiveBlocks > 5000);
        store.Keyspace.Clear();
        Assert.Equal((0, 0), (store.Keyspace.Count, store.Keyspace.Expires.Count));
        Assert.Equal(store.EmptyBlocks, store.Heap.LiveBlocks);
    }
}

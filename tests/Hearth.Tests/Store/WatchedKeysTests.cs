using System.Diagnostics;
using Hearth.Store;
using Xunit;

namespace Hearth.Tests.Store;

/// <summary>The rules of WATCH, as redis-server 7.0.15 follows them.</summary>
public sealed class WatchedKeysTests : IDisposable
{
    private readonly StoreHarness _store = new(databases: 2);
    private readonly WatchedKeys _watched;
    private readonly Watch _watch = new();

    public WatchedKeysTests() => _watched = new WatchedKeys(_store.Hash, _store.Clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_change_of_a_watched_key_spoils_and_one_of_another_key_does_not()
    {
        WatchKey("k");
        Touch("other");
        Touch("K");
        Touch("k", database: 1);
        Assert.False(_watch.IsDirty);
        Touch("k");
        Assert.True(_watch.IsDirty);
    }

    [Fact]
    public void A_key_watched_in_two_databases_is_two_keys()
    {
        WatchKey("k", database: 1);
        Touch("k", database: 0);
        Assert.False(_watch.IsDirty);
        WatchKey("k", database: 0);
        Assert.Equal(2, _watch.Keys.Count);
        Touch("k", database: 0);
        Assert.True(_watch.IsDirty);
    }

    [Fact]
    public void Watching_very_many_keys_takes_no_quadratic_time()
    {
        const int Keys = 100_000;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Keys; i++) WatchKey($"{i}");
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"{Stopwatch.GetElapsedTime(start)} for {Keys} keys");
        _watched.RemoveAll(_watch);
        Assert.True(_watched.IsEmpty);
    }

    [Fact]
    public void Watching_twice_is_watching_once()
    {
        WatchKey("k");
        WatchKey("k");
        Assert.Single(_watch.Keys);
        _watched.RemoveAll(_watch);
        Assert.True(_watched.IsEmpty);
    }

    [Fact]
    public void Several_watch_a_key_and_each_lets_go_of_its_own()
    {
        var other = new Watch();
        WatchKey("a");
        WatchKey("b");
        _watched.Add(other, _store.Keyspace, _store.Key("b"));
        _watched.RemoveAll(_watch);
        Assert.False(_watched.IsEmpty);
        Touch("a");
        Touch("b");
        Assert.Equal((false, true), (_watch.IsDirty, other.IsDirty));
        _watched.RemoveAll(other);
        Assert.True(_watched.IsEmpty);
    }

    [Fact]
    public void A_key_whose_time_comes_has_expired_before_anybody_removes_it()
    {
        _store.Set("k", "v", _store.NowMs + 10);
        WatchKey("k");
        Assert.False(HasExpired());
        _store.Advance(11);
        Assert.True(HasExpired());
        Assert.False(_watch.IsDirty);
    }

    [Fact]
    public void What_had_expired_before_may_be_removed_but_not_come_back()
    {
        _store.Set("k", "v", _store.NowMs);
        _store.Advance(1);
        WatchKey("k");
        Assert.False(HasExpired());
        _store.Get("k"); // Removes it.
        Touch("k");
        Assert.False(_watch.IsDirty);
        _store.Set("k", "w");
        Touch("k");
        Assert.True(_watch.IsDirty);
    }

    [Fact]
    public void What_had_expired_before_and_is_set_at_once_has_changed()
    {
        _store.Set("k", "v", _store.NowMs);
        _store.Advance(1);
        WatchKey("k");
        _store.Set("k", "w");
        Touch("k");
        Assert.True(_watch.IsDirty);
    }

    [Theory]
    [InlineData("absent", false)]
    [InlineData("expired", false)]
    [InlineData("existing", true)]
    public void Emptying_a_database_changes_the_keys_that_exist(string state, bool spoils)
    {
        Prepare(state, 0);
        WatchKey("k");
        _watched.TouchAll(_store.Keyspaces[1]);
        Assert.False(_watch.IsDirty);
        _watched.TouchAll(_store.Keyspaces[0]);
        Assert.Equal(spoils, _watch.IsDirty);
        _store.Keyspaces[0].Clear();
        _store.Set("k", "new");
        Touch("k");
        Assert.True(_watch.IsDirty);
    }

    [Theory]
    [InlineData("absent", "absent", false)]
    [InlineData("absent", "expired", false)]
    [InlineData("absent", "existing", true)]
    [InlineData("expired", "absent", false)]
    [InlineData("expired", "expired", false)]
    [InlineData("expired", "existing", true)]
    [InlineData("existing", "absent", true)]
    [InlineData("existing", "expired", true)]
    [InlineData("existing", "existing", true)]
    public void Exchanging_databases_changes_what_exists_in_either(string before, string after, bool spoils)
    {
        Prepare(before, 0);
        Prepare(after, 1);
        _store.Advance(5);
        WatchKey("k");
        _watched.TouchAll(_store.Keyspaces[0], replacement: _store.Keyspaces[1]);
        _store.Keyspaces[0].SwapContents(_store.Keyspaces[1]);
        Assert.Equal(spoils, _watch.IsDirty);
        if (spoils) return;

        // A key that came expired and is now removed is still no change.
        Assert.False(HasExpired());
        if (_store.Keyspaces[0].Peek(_store.Key("k")).Exists && _store.Get("k") is null) Touch("k");
        Assert.False(_watch.IsDirty);
    }

    private void Prepare(string state, int database)
    {
        if (state == "existing") _store.Set("k", "v", database: database);
        if (state == "expired") _store.Set("k", "v", _store.NowMs, database);
        if (state == "expired") _store.Advance(1);
    }

    private void WatchKey(string key, int database = 0) => _watched.Add(_watch, _store.Keyspaces[database], _store.Key(key));

    private void Touch(string key, int database = 0) => _watched.Touch(_store.Keyspaces[database], _store.Key(key));

    private bool HasExpired() => _watched.HasExpired(_watch, _store.Keyspaces);
}

using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Store;
using Hearth.Tests.Server;
using Hearth.Types;

namespace Hearth.Tests.Store;

/// <summary>Databases with all that they need, a clock moved by hand, and a record of what they tell their observer.</summary>
internal sealed class StoreHarness : IKeyspaceObserver, IDisposable
{
    public StoreHarness(int databases = 1, ulong seed = 1)
    {
        Clock = new Clock(Time);
        Random = new RandomSource(seed);
        Hash = new KeyedHash(Random.NextUInt64(), Random.NextUInt64());
        AccessClock = new AccessClock(Clock, Random);
        AccessClock.Refresh();
        Values = new ValueSpace(Heap, Hash, Random, new EncodingLimits());
        LazyFree = new LazyFree(Values, Statistics);
        Keyspaces = new Keyspace[databases];
        for (var i = 0; i < databases; i++) Keyspaces[i] = new Keyspace(Values, LazyFree, Clock, AccessClock, Statistics, this, i);
        EmptyBlocks = Heap.LiveBlocks;
    }

    public ManualTime Time { get; } = new();

    public Heap Heap { get; } = new("data");

    public Clock Clock { get; }

    public RandomSource Random { get; }

    public KeyedHash Hash { get; }

    public AccessClock AccessClock { get; }

    public KeyspaceStatistics Statistics { get; } = new();

    public ValueSpace Values { get; }

    public Keyspace[] Keyspaces { get; }

    public Keyspace Keyspace => Keyspaces[0];

    public LazyFree LazyFree { get; }

    /// <summary>Blocks of the heap when all databases are empty.</summary>
    public long EmptyBlocks { get; }

    public long NowMs => Clock.NowMs;

    public List<string> Added { get; } = [];

    public List<string> Expired { get; } = [];

    public void Advance(long ms)
    {
        Time.Advance(TimeSpan.FromMilliseconds(ms));
        Clock.Refresh();
        AccessClock.Refresh();
    }

    public Key Key(string text) => Hearth.Types.Key.Of(Latin1.Bytes(text), Hash);

    public Entry Set(string key, string value, long expireAtMs = Entry.NoExpiry, int database = 0)
    {
        var keyspace = Keyspaces[database];
        keyspace.SetString(Key(key), keyspace.Find(Key(key), Lookup.Write), Latin1.Bytes(value), expireAtMs);
        return keyspace.Peek(Key(key));
    }

    /// <summary>The value of a key; null when it does not exist, or no longer.</summary>
    public string? Get(string key, int database = 0)
    {
        var entry = Keyspaces[database].Find(Key(key), Lookup.Read);
        return entry.Exists ? Text(entry) : null;
    }

    public static string Text(Entry entry) => Latin1.Text(new StringValue(entry).Bytes(new byte[StringValue.ScratchBytes]));

    public void Verify()
    {
        foreach (var keyspace in Keyspaces) keyspace.Verify();
    }

    public void OnAdded(Keyspace keyspace, in Key key) => Added.Add($"{keyspace.Index} {Latin1.Text(key.Bytes)}");

    public void OnRemoved(Keyspace keyspace, in Key key)
    {
    }

    public void OnExpired(Keyspace keyspace, in Key key) => Expired.Add($"{keyspace.Index} {Latin1.Text(key.Bytes)}");

    public void Dispose()
    {
        Verify();
        LazyFree.Finish();
        foreach (var keyspace in Keyspaces) keyspace.Dispose();
        LeakCheck.Assert(Heap);
        Heap.Dispose();
    }
}

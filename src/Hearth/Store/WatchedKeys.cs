using Hearth.Primitives;
using Hearth.Types;

namespace Hearth.Store;

/// <summary>The keys that one client watches, and whether one of them has changed since.</summary>
internal sealed class Watch
{
    public List<WatchedKey> Keys { get; } = [];

    /// <summary>A watched key has changed: EXEC will refuse.</summary>
    public bool IsDirty { get; set; }
}

internal sealed class WatchedKey(Watch watch, int database, byte[] key)
{
    public Watch Watch { get; } = watch;

    public int Database { get; } = database;

    public byte[] Key { get; } = key;

    /// <summary>The key's time was up already when it was watched: that it gets removed now is no change.</summary>
    public bool WasExpired { get; set; }
}

/// <summary>Who watches which key. Every change of a key asks here, so an empty registry costs one comparison.</summary>
internal sealed class WatchedKeys(KeyedHash hash, Clock clock)
{
    private readonly Dictionary<byte[], List<WatchedKey>> _watchers = new(new BytesComparer(hash));
    private Dictionary<byte[], List<WatchedKey>>.AlternateLookup<ReadOnlySpan<byte>> ByKey =>
        _watchers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool IsEmpty => _watchers.Count == 0;

    public void Add(Watch watch, Keyspace keyspace, in Key key)
    {
        // Either list would tell; the client that watches very many keys, or the key that very many watch, has a short other one.
        var isKnown = ByKey.TryGetValue(key.Bytes, out var watchers);
        if (isKnown && Contains(watchers!.Count < watch.Keys.Count ? watchers : watch.Keys, watch, keyspace, key)) return;

        var bytes = key.Bytes.ToArray();
        var watched = new WatchedKey(watch, keyspace.Index, bytes) { WasExpired = IsExpired(keyspace.Peek(key)) };
        watch.Keys.Add(watched);
        if (isKnown) watchers!.Add(watched);
        else _watchers.Add(bytes, [watched]);
    }

    public void RemoveAll(Watch watch)
    {
        foreach (var watched in watch.Keys)
        {
            var list = _watchers[watched.Key];
            list.Remove(watched);
            if (list.Count == 0) _watchers.Remove(watched.Key);
        }

        watch.Keys.Clear();
    }

    /// <summary>A key has changed or gone.</summary>
    public void Touch(Keyspace keyspace, in Key key)
    {
        if (IsEmpty || !ByKey.TryGetValue(key.Bytes, out var list)) return;
        foreach (var watched in list)
        {
            if (watched.Database != keyspace.Index) continue;
            if (watched.WasExpired)
            {
                // What was gone for the client already may be removed; anything else from now on is a change.
                watched.WasExpired = false;
                if (!keyspace.Peek(key).Exists) continue;
            }

            watched.Watch.IsDirty = true;
        }
    }

    /// <summary>A whole database is about to be emptied, or to be replaced by another's contents.</summary>
    public void TouchAll(Keyspace keyspace, Keyspace? replacement = null)
    {
        foreach (var list in _watchers.Values)
        {
            foreach (var watched in list)
            {
                if (watched.Database == keyspace.Index) Touch(watched, keyspace, replacement);
            }
        }
    }

    /// <summary>Whether a watched key's time has come since it was watched, though nobody has removed it yet.</summary>
    public bool HasExpired(Watch watch, Keyspace[] keyspaces)
    {
        foreach (var watched in watch.Keys)
        {
            if (!watched.WasExpired && IsExpired(keyspaces[watched.Database].Peek(Key.Of(watched.Key, hash)))) return true;
        }

        return false;
    }

    private static bool Contains(List<WatchedKey> list, Watch watch, Keyspace keyspace, in Key key)
    {
        foreach (var known in list)
        {
            if (known.Watch == watch && known.Database == keyspace.Index && key.Bytes.SequenceEqual(known.Key)) return true;
        }

        return false;
    }

    private void Touch(WatchedKey watched, Keyspace keyspace, Keyspace? replacement)
    {
        var key = Key.Of(watched.Key, hash);
        var before = keyspace.Peek(key);
        var after = replacement is null ? default : replacement.Peek(key);
        if (!before.Exists && !after.Exists) return;
        var wasThere = before.Exists && !watched.WasExpired;
        if (!wasThere && (!after.Exists || IsExpired(after)))
        {
            // Gone for the client before and now: what matters is whether a removal from now on would be a change.
            watched.WasExpired = after.Exists;
            return;
        }

        watched.Watch.IsDirty = true;
    }

    private bool IsExpired(Entry entry) => entry.Exists && entry.IsExpiredAt(clock.NowMs);
}

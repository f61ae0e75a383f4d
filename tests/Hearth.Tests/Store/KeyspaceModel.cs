using Hearth.Store;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Store;

/// <summary>
/// Does the same random things to databases and to dictionaries of .NET, and compares: what is found, what has expired, how many keys
/// there are, and that every block that is no key's is given back.
/// </summary>
internal sealed class KeyspaceModel(ulong seed, int keys) : IDisposable
{
    private const int Databases = 3;

    private readonly Random _random = new((int)seed);
    private readonly StoreHarness _store = new(Databases, seed);
    private readonly Dictionary<string, (string Value, long ExpireAtMs)>[] _model = [[], [], []];
    private string _step = "";

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step(step);
            if (step % (steps / 20) == 0) Compare();
        }

        Compare();
        FlushAll();
        Compare();
        Check(_store.Heap.LiveBlocks == _store.EmptyBlocks, "blocks are left after everything was flushed");
    }

    public void Dispose() => _store.Dispose();

    private void Step(int step)
    {
        var (db, key, other) = (_random.Next(Databases), RandomKey(), RandomKey());
        var choice = _random.Next(1000);
        _step = $"seed {seed}, step {step} ({choice}), database {db}, key {key}, other key {other}";
        switch (choice)
        {
            case < 350: Set(db, key); break;
            case < 450: Get(db, key); break;
            case < 600: Delete(db, key); break;
            case < 700: Expire(db, key); break;
            case < 750: Persist(db, key); break;
            case < 830: Rename(db, key, _random.Next(3) == 0 ? _random.Next(Databases) : db, other); break;
            case < 860: Copy(db, key, other); break;
            case < 900: Append(db, key); break;
            case < 930: SetInteger(db, key); break;
            case < 990: _store.Advance(_random.Next(400)); break;
            case < 994: Swap(db, _random.Next(Databases)); break;
            case < 996: Flush(db, isLazy: false); break;
            case < 998: Flush(db, isLazy: true); break;
            default: _store.LazyFree.Step(); break;
        }
    }

    private string RandomKey()
    {
        var number = _random.Next(keys);
        return number % 50 == 0 ? $"{number}".PadLeft(300, 'k') : $"key:{number}";
    }

    private string RandomValue() => _random.Next(5) switch
    {
        0 => _random.NextInt64(long.MinValue, long.MaxValue).ToString(),
        1 => "",
        2 => new string('v', _random.Next(2000)),
        _ => new string('v', _random.Next(60)),
    };

    private long RandomExpiry() => _random.Next(2) == 0 ? Entry.NoExpiry : _store.NowMs + _random.Next(-100, 3000);

    private void Set(int db, string key)
    {
        var (value, expireAtMs) = (RandomValue(), RandomExpiry());
        _store.Set(key, value, expireAtMs, db);
        Forget(db, key);
        _model[db][key] = (value, expireAtMs);
    }

    private void Get(int db, string key)
    {
        Forget(db, key);
        var expected = _model[db].TryGetValue(key, out var known) ? known.Value : null;
        Check(_store.Get(key, db) == expected, "another value is found");
    }

    private void Delete(int db, string key)
    {
        Forget(db, key);
        Check(_store.Keyspaces[db].Delete(_store.Key(key)) == _model[db].Remove(key), "deletion says another thing");
    }

    private void Expire(int db, string key) => SetExpiry(db, key, _store.NowMs + _random.Next(-50, 3000));

    private void Persist(int db, string key) => SetExpiry(db, key, Entry.NoExpiry);

    private void SetExpiry(int db, string key, long expireAtMs)
    {
        var entry = Find(db, key);
        if (!entry.Exists) return;
        _store.Keyspaces[db].SetExpiry(_store.Key(key), entry, expireAtMs);
        _model[db][key] = (_model[db][key].Value, expireAtMs);
    }

    private void Rename(int db, string key, int targetDb, string target)
    {
        var entry = Find(db, key);
        if (!entry.Exists || (db == targetDb && key == target)) return;
        var overwritten = Find(targetDb, target);
        _store.Keyspaces[targetDb].MoveHere(_store.Key(target), overwritten, _store.Keyspaces[db], _store.Key(key), entry);
        _model[targetDb][target] = _model[db][key];
        _model[db].Remove(key);
    }

    private void Copy(int db, string key, string target)
    {
        var entry = Find(db, key);
        if (!entry.Exists || key == target) return;
        var overwritten = Find(db, target);
        _store.Keyspaces[db].CopyHere(_store.Key(target), overwritten, entry);
        _model[db][target] = _model[db][key];
    }

    private void Append(int db, string key)
    {
        var entry = Find(db, key);
        var before = entry.Exists ? _model[db][key] : ("", Entry.NoExpiry);
        var length = before.Item1.Length + _random.Next(30);
        var bytes = _store.Keyspaces[db].WritableString(_store.Key(key), entry, length);
        bytes[before.Item1.Length..].Fill((byte)'+');
        _model[db][key] = (before.Item1.PadRight(length, '+'), before.Item2);
    }

    private void SetInteger(int db, string key)
    {
        var entry = Find(db, key);
        var value = _random.NextInt64(-1000, 1000);
        _store.Keyspaces[db].SetInteger(_store.Key(key), entry, value);
        _model[db][key] = ($"{value}", entry.Exists ? _model[db][key].ExpireAtMs : Entry.NoExpiry);
    }

    private void Swap(int first, int second)
    {
        if (first == second) return;
        _store.Keyspaces[first].SwapContents(_store.Keyspaces[second]);
        (_model[first], _model[second]) = (_model[second], _model[first]);
    }

    private void Flush(int db, bool isLazy)
    {
        if (isLazy)
        {
            var (all, expiring) = _store.Keyspaces[db].TakeTables();
            _store.LazyFree.Add(all, expiring);
        }
        else
        {
            _store.Keyspaces[db].Clear();
        }

        _model[db].Clear();
    }

    private void FlushAll()
    {
        _store.LazyFree.Forget();
        _store.Heap.Reset();
        foreach (var keyspace in _store.Keyspaces) keyspace.Reinitialize();
        foreach (var model in _model) model.Clear();
    }

    private Entry Find(int db, string key)
    {
        Forget(db, key);
        var entry = _store.Keyspaces[db].Find(_store.Key(key), Lookup.Write);
        Check(entry.Exists == _model[db].ContainsKey(key), "a key is there in one only");
        return entry;
    }

    /// <summary>Looking a key up removes it when its time is up, so the model does the same.</summary>
    private void Forget(int db, string key)
    {
        if (_model[db].TryGetValue(key, out var known) && known.ExpireAtMs != Entry.NoExpiry && known.ExpireAtMs < _store.NowMs) _model[db].Remove(key);
    }

    private void Compare()
    {
        _store.Verify();
        for (var db = 0; db < Databases; db++)
        {
            var keyspace = _store.Keyspaces[db];
            Check(keyspace.Count == _model[db].Count, $"{keyspace.Count} keys instead of {_model[db].Count}");
            var expiring = _model[db].Values.Count(known => known.ExpireAtMs != Entry.NoExpiry);
            Check(keyspace.Expires.Count == expiring, $"{keyspace.Expires.Count} expiring keys instead of {expiring}");
            foreach (var (key, (value, expireAtMs)) in _model[db])
            {
                var entry = keyspace.Peek(_store.Key(key));
                Check(entry.Exists && StoreHarness.Text(entry) == value && entry.ExpireAtMs == expireAtMs, $"key {key} differs");
                Check(keyspace.Expires.Find(_store.Key(key)).Exists == entry.HasExpiry, $"key {key} is not indexed as it should");
            }
        }
    }

    private void Check(bool isRight, string what) => Assert.True(isRight, $"{_step}: {what}");
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Types;

namespace Hearth.Store;

[Flags]
internal enum Lookup
{
    Read = 0,

    /// <summary>Neither a hit nor a miss for the statistics.</summary>
    Write = 1,

    /// <summary>The access does not count for LRU and LFU.</summary>
    NoTouch = 2,
}

/// <summary>
/// One database: the table of all its entries and the index of those that expire. Every change of a key goes through here, so that
/// the two tables agree, an entry's blocks are freed once, and a later snapshot sees each change before it happens.
/// </summary>
internal sealed class Keyspace : IDisposable
{
    private const int EntryTypes = 8;

    private readonly ValueSpace _values;
    private readonly Heap _heap;
    private readonly KeyedHash _hash;
    private readonly LazyFree _lazyFree;
    private readonly Clock _clock;
    private readonly AccessClock _accessClock;
    private readonly KeyspaceStatistics _statistics;
    private readonly IKeyspaceObserver _observer;
    private long[] _countsByType = new long[EntryTypes];

    public Keyspace(
        ValueSpace values, LazyFree lazyFree, Clock clock, AccessClock accessClock, KeyspaceStatistics statistics, IKeyspaceObserver observer, int index)
    {
        _values = values;
        _heap = values.Heap;
        _hash = values.Hash;
        _lazyFree = lazyFree;
        _clock = clock;
        _accessClock = accessClock;
        _statistics = statistics;
        _observer = observer;
        Index = index;
        Keys = new EntryTable(_heap, _hash);
        Expires = new EntryTable(_heap, _hash);
    }

    /// <summary>The database's number; SWAPDB changes it.</summary>
    public int Index { get; set; }

    public EntryTable Keys { get; private set; }

    /// <summary>The entries that have an expiry: the same blocks, in a table of their own.</summary>
    public EntryTable Expires { get; private set; }

    public long Count => Keys.Count;

    /// <summary>How many keys hold a value of this type.</summary>
    public long CountOf(KeyType type) => _countsByType[(int)type];

    /// <summary>Where the active cycle goes on in the expires index.</summary>
    public ulong ExpiryCursor { get; set; }

    /// <summary>Running average of the time to live of expiring keys, in milliseconds.</summary>
    public long AverageTtlMs { get; set; }

    /// <summary>The entry of a key, expired or not, without counting the access.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Peek(in Key key) => Keys.Find(key);

    /// <summary>The entry of a key; one whose time is up is removed first and does not exist.</summary>
    public Entry Find(in Key key, Lookup how)
    {
        var entry = Keys.Find(key);
        if (entry.Exists && entry.IsExpiredAt(_clock.NowMs))
        {
            Expire(key, entry);
            entry = default;
        }

        if ((how & Lookup.Write) == 0)
        {
            if (entry.Exists) _statistics.Hits++;
            else _statistics.Misses++;
        }

        if (entry.Exists && (how & Lookup.NoTouch) == 0) _accessClock.Touch(entry);
        return entry;
    }

    /// <summary>Stores a string under a key, over whatever is there (which the caller has looked up).</summary>
    public void SetString(in Key key, Entry existing, ReadOnlySpan<byte> value, long expireAtMs)
    {
        if (existing.Exists && existing.Type == KeyType.String && existing.HasExpiry == (expireAtMs != Entry.NoExpiry)
            && StringValue.TryOverwrite(existing, value))
        {
            if (existing.HasExpiry) existing.ExpireAtMs = expireAtMs;
            return;
        }

        Put(key, existing, StringValue.Create(_heap, key.Bytes, value, expireAtMs));
    }

    /// <summary>Stores a string that stays text even if it looks like an integer, over the string that is there; its expiry stays.</summary>
    public void SetText(in Key key, Entry existing, ReadOnlySpan<byte> text)
    {
        var expireAtMs = existing.Exists ? existing.ExpireAtMs : Entry.NoExpiry;
        Put(key, existing, StringValue.CreateText(_heap, key.Bytes, text, expireAtMs));
    }

    /// <summary>Stores an integer under a key, over the string that is there; its expiry stays.</summary>
    public void SetInteger(in Key key, Entry existing, long value)
    {
        if (existing.Exists && existing.Type == KeyType.String && existing.Encoding == ValueEncoding.Integer)
        {
            existing.Word = value;
            return;
        }

        var expireAtMs = existing.Exists ? existing.ExpireAtMs : Entry.NoExpiry;
        Put(key, existing, StringValue.CreateInteger(_heap, key.Bytes, value, expireAtMs));
    }

    /// <summary>The string of a key as bytes to write into, with this length, new bytes zero; created when absent. Its expiry stays.</summary>
    public Span<byte> WritableString(scoped in Key key, Entry existing, int length) => WritableString(key, ref existing, length);

    /// <summary>The same where more is to be done with the entry, whose address may change.</summary>
    public Span<byte> WritableString(scoped in Key key, scoped ref Entry existing, int length)
    {
        if (!existing.Exists)
        {
            existing = StringValue.Create(_heap, key.Bytes, default, Entry.NoExpiry);
            Insert(key, existing);
        }

        var changed = existing;
        var bytes = StringValue.MakeWritable(_heap, ref changed, length);
        if (!changed.Equals(existing))
        {
            Repoint(key.Hash, existing, changed);
            existing.FreeBlock(_heap); // An integer or a string in place: there is no value block to free.
            existing = changed;
        }

        return bytes;
    }

    /// <summary>Removes a key if it exists and its time is not up.</summary>
    public bool Delete(in Key key, bool isLazy = false)
    {
        var entry = Find(key, Lookup.Write | Lookup.NoTouch);
        if (!entry.Exists) return false;
        Delete(key, entry, isLazy);
        return true;
    }

    /// <summary>Removes a key that has been looked up; a big value may be left to be freed later.</summary>
    public void Delete(in Key key, Entry entry, bool isLazy = false)
    {
        Detach(key, entry);
        FreeEntry(entry, isLazy);
    }

    /// <summary>Sets when a key expires; <see cref="Entry.NoExpiry"/> makes it stay. The entry's address may change.</summary>
    public void SetExpiry(in Key key, Entry entry, long expireAtMs)
    {
        if (entry.HasExpiry && expireAtMs != Entry.NoExpiry)
        {
            entry.ExpireAtMs = expireAtMs;
            return;
        }

        if (entry.ExpireAtMs == expireAtMs) return;
        var changed = entry.CopyBlock(_heap, entry.Key, expireAtMs);
        Repoint(key.Hash, entry, changed);
        entry.FreeBlock(_heap);
    }

    /// <summary>Moves an entry to another key, over whatever is there, within this database or from another one.</summary>
    public void MoveHere(in Key target, Entry overwritten, Keyspace from, in Key source, Entry entry)
    {
        if (overwritten.Exists) Delete(target, overwritten, _lazyFree.DefersOverwritten);
        var moved = entry.CopyBlock(_heap, target.Bytes, entry.ExpireAtMs);
        from.Detach(source, entry);
        entry.FreeBlock(_heap);
        Insert(target, moved, keepAccess: true);
    }

    /// <summary>Stores a copy of an entry's value, with its expiry, under another key, over whatever is there.</summary>
    public void CopyHere(in Key target, Entry overwritten, Entry source)
    {
        if (overwritten.Exists) Delete(target, overwritten, _lazyFree.DefersOverwritten);
        Insert(target, EntryValues.Duplicate(_values, target.Bytes, source));
    }

    /// <summary>A finished entry for <see cref="Put"/> whose string has this length, and the bytes that the caller must fill.</summary>
    public Entry CreateRawString(scoped in Key key, int length, out Span<byte> bytes, long expireAtMs = Entry.NoExpiry) =>
        StringValue.CreateRaw(_heap, key.Bytes, length, out bytes, expireAtMs);

    /// <summary>
    /// An entry for a collection, whose value block the word points to. It is in no table yet: the caller fills it, and puts it under
    /// its key by <see cref="Put"/> or gives it back by <see cref="FreeEntry"/>.
    /// </summary>
    public Entry CreateEntry(in Key key, KeyType type, ValueEncoding encoding, long word) =>
        Entry.CreateWithWord(_heap, key.Bytes, type, encoding, word, Entry.NoExpiry);

    /// <summary>Puts a finished entry under a key, over whatever is there.</summary>
    public void Put(in Key key, Entry existing, Entry entry)
    {
        if (!existing.Exists)
        {
            Insert(key, entry);
            return;
        }

        // The lookup has counted as an access already; a key that is overwritten often must not look new to LFU each time.
        entry.AccessClock = existing.AccessClock;
        Repoint(key.Hash, existing, entry);
        _countsByType[(int)existing.Type]--;
        _countsByType[(int)entry.Type]++;
        if (existing.Type != KeyType.String) _observer.OnRemoved(this, key);
        FreeEntry(existing, _lazyFree.DefersOverwritten);
    }

    /// <summary>Removes a key whose time is up, and tells the observer.</summary>
    public void Expire(in Key key, Entry entry)
    {
        // The key's bytes may be the entry's own: the observer hears of them before they are freed.
        Detach(key, entry);
        _statistics.ExpiredKeys++;
        _observer.OnExpired(this, key);
        FreeEntry(entry, _lazyFree.DefersExpired);
    }

    /// <summary>Whether the entry's time is up; then it has been removed.</summary>
    public bool ExpireIfNeeded(Entry entry)
    {
        if (!entry.IsExpiredAt(_clock.NowMs)) return false;
        Expire(KeyOf(entry), entry);
        return true;
    }

    /// <summary>A key at random, expired ones not excluded; none in an empty database.</summary>
    public Entry Random(RandomSource random) => Keys.Random(random);

    public Key KeyOf(Entry entry) => Key.Of(entry.Key, _hash);

    /// <summary>Frees an entry that no table points to any more, with its value; a big one may be left to be freed later.</summary>
    public void FreeEntry(Entry entry, bool isLazy = false)
    {
        if (isLazy)
        {
            _lazyFree.Add(entry);
            return;
        }

        EntryValues.Free(_values, entry);
        entry.FreeBlock(_heap);
    }

    /// <summary>Removes every key, in place.</summary>
    public void Clear()
    {
        var (keys, expires) = (Keys, Expires);
        StartAnew();
        expires.Dispose();
        var visitor = new FreeingVisitor(this);
        while (!keys.ClearStep(ref visitor, int.MaxValue))
        {
        }

        keys.Dispose();
    }

    /// <summary>Takes both tables away, to be freed later in steps, and leaves the database empty.</summary>
    public (EntryTable Keys, EntryTable Expires) TakeTables()
    {
        var tables = (Keys, Expires);
        StartAnew();
        return tables;
    }

    /// <summary>Starts anew after the heap has dropped everything.</summary>
    public void Reinitialize()
    {
        Keys.Reinitialize();
        Expires.Reinitialize();
        Array.Clear(_countsByType);
        ExpiryCursor = 0;
        AverageTtlMs = 0;
    }

    /// <summary>Exchanges the contents of two databases; each keeps its number.</summary>
    public void SwapContents(Keyspace other)
    {
        (Keys, other.Keys) = (other.Keys, Keys);
        (Expires, other.Expires) = (other.Expires, Expires);
        (_countsByType, other._countsByType) = (other._countsByType, _countsByType);
        (ExpiryCursor, other.ExpiryCursor) = (other.ExpiryCursor, ExpiryCursor);
        (AverageTtlMs, other.AverageTtlMs) = (other.AverageTtlMs, AverageTtlMs);
    }

    public void Verify()
    {
        Keys.Verify();
        Expires.Verify();
        Trace.Assert(Expires.Count <= Keys.Count, "More expiring keys than keys.");
        var visitor = new VerifyingVisitor(this);
        for (ulong cursor = 0; (cursor = Keys.Scan(cursor, 1000, ref visitor)) != 0;)
        {
        }

        Trace.Assert(visitor.Expiring == Expires.Count, "The expires index misses keys or has too many.");
        for (var type = 0; type < EntryTypes; type++)
        {
            Trace.Assert(visitor.CountsByType[type] == _countsByType[type], $"The count of keys of type {(KeyType)type} is wrong.");
        }
    }

    public void Dispose()
    {
        Clear();
        Keys.Dispose();
        Expires.Dispose();
    }

    private void StartAnew()
    {
        Keys = new EntryTable(_heap, _hash);
        Expires = new EntryTable(_heap, _hash);
        Array.Clear(_countsByType);
        ExpiryCursor = 0;
        AverageTtlMs = 0;
    }

    private void Insert(in Key key, Entry entry, bool keepAccess = false)
    {
        if (!keepAccess) entry.AccessClock = _accessClock.Fresh();
        Keys.Insert(key.Hash, entry);
        _countsByType[(int)entry.Type]++;
        if (entry.HasExpiry) Expires.Insert(key.Hash, entry);
        _observer.OnAdded(this, key);
    }

    private void Detach(in Key key, Entry entry)
    {
        var found = Keys.Remove(key.Hash, entry);
        Debug.Assert(found);
        _countsByType[(int)entry.Type]--;
        if (entry.Type != KeyType.String) _observer.OnRemoved(this, key);
        if (!entry.HasExpiry) return;
        found = Expires.Remove(key.Hash, entry);
        Debug.Assert(found);
    }

    /// <summary>Puts one entry into the place of another of the same key, in both tables.</summary>
    private void Repoint(ulong hash, Entry old, Entry replacement)
    {
        var found = Keys.Replace(hash, old, replacement);
        Debug.Assert(found);
        if (old.HasExpiry && replacement.HasExpiry) Expires.Replace(hash, old, replacement);
        else if (old.HasExpiry) Expires.Remove(hash, old);
        else if (replacement.HasExpiry) Expires.Insert(hash, replacement);
    }

    private readonly struct FreeingVisitor(Keyspace keyspace) : IEntryVisitor
    {
        public void Visit(Entry entry) => keyspace.FreeEntry(entry);
    }

    private struct VerifyingVisitor(Keyspace keyspace) : IEntryVisitor
    {
        public long Expiring;

        public long[] CountsByType { get; } = new long[EntryTypes];

        public void Visit(Entry entry)
        {
            CountsByType[(int)entry.Type]++;
            EntryValues.Verify(keyspace._values, entry);
            if (!entry.HasExpiry) return;
            Expiring++;
            Trace.Assert(keyspace.Expires.Find(keyspace.KeyOf(entry)).Equals(entry), "The expires index points elsewhere.");
        }
    }
}

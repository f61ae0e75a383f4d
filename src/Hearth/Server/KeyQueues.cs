using System.Diagnostics;
using System.Runtime.InteropServices;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>The clients that wait for one key, in the order in which they came.</summary>
internal sealed class KeyQueue(int database, byte[] key) : LinkedList<BlockedClient>
{
    public int Database { get; } = database;

    public byte[] Key { get; } = key;

    /// <summary>How many of them are to be woken also when the key goes.</summary>
    public int EndWithKey { get; set; }

    /// <summary>It stands in the list of keys to be served.</summary>
    public bool IsReady { get; set; }

    /// <summary>It has been empty, and is kept for the next who waits for the key.</summary>
    public bool IsKept { get; set; }
}

/// <summary>
/// Which clients wait for which key of which database. An empty one costs one comparison. Workers wait for the same few keys again and
/// again, so queues that have become empty stay for a while, and so do the places in them: then waiting allocates nothing.
/// </summary>
internal sealed class KeyQueues(KeyedHash hash)
{
    /// <summary>When so many queues have become empty, those that still are go together. No more places are kept for reuse either.</summary>
    private const int KeptMax = 1024;

    /// <summary>A queue for a longer key goes as soon as it is empty.</summary>
    private const int KeptKeyBytesMax = 256;

    /// <summary>Who has waited for more keys at once gives the room for their places back.</summary>
    private const int PlacesRoomMax = 64;

    private readonly Dictionary<int, Dictionary<byte[], KeyQueue>> _byDatabase = [];
    private readonly List<KeyQueue> _kept = [];
    private readonly Stack<LinkedListNode<BlockedClient>> _freePlaces = [];

    /// <summary>Keys that somebody waits for.</summary>
    public int Count { get; private set; }

    /// <summary>Keys whose going somebody waits for.</summary>
    public int EndWithKeyCount { get; private set; }

    public KeyQueue? Find(int database, ReadOnlySpan<byte> key) =>
        Count > 0 && _byDatabase.TryGetValue(database, out var queues)
            && queues.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var queue) && queue.Count > 0 ? queue : null;

    /// <summary>The keys of a database that somebody waits for.</summary>
    public IEnumerable<KeyQueue> Of(int database) =>
        _byDatabase.TryGetValue(database, out var queues) ? queues.Values.Where(static queue => queue.Count > 0) : [];

    /// <summary>Puts a client at the end of a key's queue, unless it stands there.</summary>
    public void Add(int database, ReadOnlySpan<byte> key, BlockedClient blocked)
    {
        var queue = FindOrCreate(database, key);
        // A key that is named twice: a client that comes to its end has no other behind it.
        if (queue.Last?.Value == blocked) return;
        if (queue.Count == 0) Count++;
        if (blocked.EndsWithKey && queue.EndWithKey++ == 0) EndWithKeyCount++;
        if (_freePlaces.TryPop(out var place)) place.Value = blocked;
        else place = new LinkedListNode<BlockedClient>(blocked);
        queue.AddLast(place);
        blocked.Places.Add(place);
    }

    /// <summary>Takes a client out of all the queues that it stands in.</summary>
    public void Remove(BlockedClient blocked)
    {
        foreach (var place in blocked.Places)
        {
            var queue = (KeyQueue)place.List!;
            queue.Remove(place);
            place.Value = null!;
            if (_freePlaces.Count < KeptMax) _freePlaces.Push(place);
            if (blocked.EndsWithKey && --queue.EndWithKey == 0) EndWithKeyCount--;
            if (queue.Count == 0) OnEmpty(queue);
        }

        blocked.Places.Clear();
        if (blocked.Places.Capacity > PlacesRoomMax) blocked.Places.Capacity = 0;
    }

    public void Verify()
    {
        var (occupied, endWithKey, kept) = (0, 0, 0);
        foreach (var queue in _byDatabase.Values.SelectMany(static queues => queues.Values))
        {
            Trace.Assert(queue.Count > 0 || queue.IsKept, "An empty queue is kept, and nothing will give it up.");
            Trace.Assert(queue.EndWithKey == queue.Count(static blocked => blocked.EndsWithKey), "A queue has miscounted who waits for its key to go.");
            if (queue.Count > 0) occupied++;
            if (queue.EndWithKey > 0) endWithKey++;
            if (queue.IsKept) kept++;
        }

        Trace.Assert((occupied, endWithKey) == (Count, EndWithKeyCount), "The queues with clients in them are miscounted.");
        Trace.Assert(kept == _kept.Count && kept < KeptMax && _freePlaces.Count <= KeptMax, "More is kept than is listed, or than is allowed.");
    }

    private KeyQueue FindOrCreate(int database, ReadOnlySpan<byte> key)
    {
        ref var queues = ref CollectionsMarshal.GetValueRefOrAddDefault(_byDatabase, database, out _);
        queues ??= new(new BytesComparer(hash));
        if (queues.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var queue)) return queue;
        queue = new KeyQueue(database, key.ToArray());
        queues.Add(queue.Key, queue);
        return queue;
    }

    private void OnEmpty(KeyQueue queue)
    {
        Count--;
        if (queue.Key.Length > KeptKeyBytesMax)
        {
            _byDatabase[queue.Database].Remove(queue.Key);
            return;
        }

        if (queue.IsKept) return;
        queue.IsKept = true;
        _kept.Add(queue);
        if (_kept.Count == KeptMax) GiveUpKept();
    }

    private void GiveUpKept()
    {
        foreach (var kept in _kept)
        {
            kept.IsKept = false;
            if (kept.Count == 0) _byDatabase[kept.Database].Remove(kept.Key);
        }

        _kept.Clear();
        foreach (var queues in _byDatabase.Values)
        {
            // Somebody may have waited for very many keys.
            if (queues.Capacity > 4 * Math.Max(queues.Count, KeptMax)) queues.TrimExcess();
        }
    }
}

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
}

/// <summary>Which clients wait for which key of which database. An empty one costs one comparison.</summary>
internal sealed class KeyQueues(KeyedHash hash)
{
    private readonly Dictionary<int, Dictionary<byte[], KeyQueue>> _byDatabase = [];

    /// <summary>Keys that somebody waits for.</summary>
    public int Count { get; private set; }

    /// <summary>Keys whose going somebody waits for.</summary>
    public int EndWithKeyCount { get; private set; }

    public KeyQueue? Find(int database, ReadOnlySpan<byte> key) =>
        Count > 0 && _byDatabase.TryGetValue(database, out var queues)
            && queues.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var queue) ? queue : null;

    /// <summary>The keys of a database that somebody waits for.</summary>
    public IEnumerable<KeyQueue> Of(int database) => _byDatabase.TryGetValue(database, out var queues) ? queues.Values : [];

    /// <summary>Puts a client at the end of a key's queue, unless it stands there.</summary>
    public void Add(int database, ReadOnlySpan<byte> key, BlockedClient blocked)
    {
        var queue = Find(database, key);
        if (queue is null)
        {
            if (!_byDatabase.TryGetValue(database, out var queues)) _byDatabase.Add(database, queues = new(new BytesComparer(hash)));
            queue = new KeyQueue(database, key.ToArray());
            queues.Add(queue.Key, queue);
            Count++;
        }

        // A key that is named twice: a client that comes to its end has no other behind it.
        if (queue.Last?.Value == blocked) return;
        if (blocked.EndsWithKey && queue.EndWithKey++ == 0) EndWithKeyCount++;
        blocked.Places.Add(queue.AddLast(blocked));
    }

    /// <summary>Takes a client out of all the queues that it stands in.</summary>
    public void Remove(BlockedClient blocked)
    {
        foreach (var place in blocked.Places)
        {
            var queue = (KeyQueue)place.List!;
            queue.Remove(place);
            if (blocked.EndsWithKey && --queue.EndWithKey == 0) EndWithKeyCount--;
            if (queue.Count > 0) continue;
            var queues = _byDatabase[queue.Database];
            queues.Remove(queue.Key);
            if (queues.Count == 0) _byDatabase.Remove(queue.Database);
            Count--;
        }

        blocked.Places.Clear();
    }
}

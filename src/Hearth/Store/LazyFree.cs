using Hearth.Types;

namespace Hearth.Store;

/// <summary>
/// Tables that a command has taken out of the keyspace and left to be freed later: each slice of the loop frees a few segments, so that
/// no turn is long. (Redis hands them to a thread; here one thread owns the heap.)
/// </summary>
internal sealed class LazyFree(Keyspace anyKeyspace, KeyspaceStatistics statistics)
{
    private const int SegmentsPerStep = 4;

    private readonly Queue<(EntryTable Keys, EntryTable Expires)> _tables = [];

    /// <summary>Keys not freed yet.</summary>
    public long PendingObjects { get; private set; }

    public bool IsIdle => _tables.Count == 0;

    public void Add(EntryTable keys, EntryTable expires)
    {
        PendingObjects += keys.Count;
        _tables.Enqueue((keys, expires));
    }

    /// <summary>Frees a bounded number of keys; false when nothing was left to do.</summary>
    public bool Step()
    {
        if (!_tables.TryPeek(out var tables)) return false;
        // The index points to the same entries, so it goes first, and only its own memory.
        var (keys, expires) = tables;
        if (!expires.ForgetStep(SegmentsPerStep)) return true;
        var before = keys.Count;
        var visitor = new FreeingVisitor(anyKeyspace);
        var isEmpty = keys.ClearStep(ref visitor, SegmentsPerStep);
        PendingObjects -= before - keys.Count;
        statistics.LazyFreedObjects += before - keys.Count;
        if (isEmpty)
        {
            _tables.Dequeue();
            expires.Dispose();
            keys.Dispose();
        }

        return true;
    }

    /// <summary>The heap is about to drop everything, the waiting tables too.</summary>
    public void Forget()
    {
        statistics.LazyFreedObjects += PendingObjects;
        PendingObjects = 0;
        _tables.Clear();
    }

    public void Finish()
    {
        while (Step())
        {
        }
    }

    private readonly struct FreeingVisitor(Keyspace keyspace) : IEntryVisitor
    {
        public void Visit(Entry entry) => keyspace.FreeEntry(entry);
    }
}

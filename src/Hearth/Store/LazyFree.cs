using Hearth.Types;

namespace Hearth.Store;

/// <summary>
/// What commands have taken out of the keyspace and left to be freed later: whole tables, and big values. Each slice of the loop frees
/// a bounded part, so that no turn is long. (Redis hands them to a thread; here one thread owns the heap.)
/// </summary>
internal sealed class LazyFree(ValueSpace values, KeyspaceStatistics statistics)
{
    private const int SegmentsPerStep = 4;

    private const int ElementsPerStep = 512;

    /// <summary>A value of no more elements is freed at once: to put it off would be more work.</summary>
    private const int ElementsFreedAtOnce = 64;

    private readonly Queue<(EntryTable Keys, EntryTable Expires)> _tables = [];
    private readonly Queue<Entry> _entries = [];

    /// <summary>Whether big values that expire are freed later.</summary>
    public bool DefersExpired { get; set; }

    /// <summary>Whether big values that another one takes the place of are freed later.</summary>
    public bool DefersOverwritten { get; set; }

    /// <summary>Keys not freed yet.</summary>
    public long PendingObjects { get; private set; }

    public bool IsIdle => _tables.Count == 0 && _entries.Count == 0;

    public void Add(EntryTable keys, EntryTable expires)
    {
        PendingObjects += keys.Count;
        _tables.Enqueue((keys, expires));
    }

    /// <summary>Frees an entry that no table points to any more: at once if its value is small, later if it is big.</summary>
    public void Add(Entry entry)
    {
        if (EntryValues.ElementCount(values, entry) <= ElementsFreedAtOnce)
        {
            EntryValues.Free(values, entry);
            entry.FreeBlock(values.Heap);
            return;
        }

        PendingObjects++;
        _entries.Enqueue(entry);
    }

    /// <summary>Frees a bounded part; false when nothing was left to do.</summary>
    public bool Step()
    {
        if (_entries.TryPeek(out var entry))
        {
            if (!EntryValues.FreeStep(values, entry, ElementsPerStep)) return true;
            _entries.Dequeue();
            entry.FreeBlock(values.Heap);
            PendingObjects--;
            statistics.LazyFreedObjects++;
            return true;
        }

        if (!_tables.TryPeek(out var tables)) return false;
        // The index points to the same entries, so it goes first, and only its own memory.
        var (keys, expires) = tables;
        if (!expires.ForgetStep(SegmentsPerStep)) return true;
        var (before, waiting) = (keys.Count, _entries.Count);
        var visitor = new FreeingVisitor(this);
        var isEmpty = keys.ClearStep(ref visitor, SegmentsPerStep);
        // Those that turned out to be big have been queued, and counted anew, by the visitor.
        PendingObjects -= before - keys.Count;
        statistics.LazyFreedObjects += before - keys.Count - (_entries.Count - waiting);
        if (isEmpty)
        {
            _tables.Dequeue();
            expires.Dispose();
            keys.Dispose();
        }

        return true;
    }

    /// <summary>The heap is about to drop everything, what waits here too.</summary>
    public void Forget()
    {
        statistics.LazyFreedObjects += PendingObjects;
        PendingObjects = 0;
        _tables.Clear();
        _entries.Clear();
    }

    public void Finish()
    {
        while (Step())
        {
        }
    }

    private readonly struct FreeingVisitor(LazyFree owner) : IEntryVisitor
    {
        public void Visit(Entry entry) => owner.Add(entry);
    }
}

using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>A <see cref="Dict{TLayout}"/> of entries: the keyspace and the expires index of a database, seen without pointers.</summary>
internal sealed unsafe class EntryTable : IDisposable
{
    private readonly Heap _heap;
    private readonly KeyedHash _hash;
    private DictHeader* _header;

    public EntryTable(Heap heap, KeyedHash hash)
    {
        _heap = heap;
        _hash = hash;
        Reinitialize();
    }

    public long Count => Table.Count;

    /// <summary>Bytes of the table itself, without the entries.</summary>
    public long MemoryBytes => Table.MemoryBytes;

    private Dict<EntryLayout> Table => new(_heap, _hash, _header);

    /// <summary>Starts anew with an empty table after the heap has dropped everything.</summary>
    public void Reinitialize()
    {
        _header = (DictHeader*)_heap.Allocate(sizeof(DictHeader));
        Dict<EntryLayout>.Initialize(_header);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Find(in Key key) => Entry.FromAddress(Table.Find(key.Hash, key.Bytes));

    /// <summary>Nearly always the entry of the key with this hash; for prefetching only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Guess(ulong hash) => Entry.FromAddress(Table.Guess(hash));

    public void Insert(ulong hash, Entry entry) => Table.Insert(hash, entry.Address);

    public bool Remove(ulong hash, Entry entry) => Table.RemoveElement(hash, entry.Address);

    public bool Replace(ulong hash, Entry old, Entry replacement) => Table.Replace(hash, old.Address, replacement.Address);

    public void PrefetchBucket(ulong hash) => Table.PrefetchBucket(hash);

    public void PrefetchEntries(ulong hash) => Table.PrefetchElements(hash);

    public Entry Random(RandomSource random) => Entry.FromAddress(Table.Random(random));

    /// <summary>Visits at least so many entries from the cursor on, in hash order; the next cursor, 0 at the end.</summary>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor
    {
        var adapter = new VisitorAdapter<TVisitor> { Visitor = visitor };
        var next = Table.Scan(cursor, count, ref adapter);
        visitor = adapter.Visitor;
        return next;
    }

    /// <summary>Takes entries out in bounded steps, each of them given to the visitor to free; true when the table is empty.</summary>
    public bool ClearStep<TVisitor>(ref TVisitor visitor, int segments)
        where TVisitor : struct, IEntryVisitor
    {
        var adapter = new VisitorAdapter<TVisitor> { Visitor = visitor };
        var done = Table.ClearStep(ref adapter, segments);
        visitor = adapter.Visitor;
        return done;
    }

    /// <summary>Empties the table in bounded steps and leaves the entries to whoever else has them; true when it is empty.</summary>
    public bool ForgetStep(int segments)
    {
        var nobody = default(VisitorAdapter<IgnoringVisitor>);
        return Table.ClearStep(ref nobody, segments);
    }

    /// <summary>The sizes of the table's parts in bytes, for DEBUG STRUCTSIZE.</summary>
    public static string DescribeSizes() => $"dict:{sizeof(DictHeader)} bucket:{DictBucket.Bytes}";

    public void Verify() => Table.Verify();

    /// <summary>Frees the table's own memory; the entries are somebody else's by now.</summary>
    public void Dispose()
    {
        if (_header == null) return;
        ForgetStep(int.MaxValue);
        _heap.Free((byte*)_header, sizeof(DictHeader));
        _header = null;
    }

    private struct IgnoringVisitor : IEntryVisitor
    {
        public readonly void Visit(Entry entry)
        {
        }
    }

    private struct VisitorAdapter<TVisitor> : IDictVisitor
        where TVisitor : struct, IEntryVisitor
    {
        public TVisitor Visitor;

        public void Visit(nint element) => Visitor.Visit(Entry.FromAddress(element));
    }
}

/// <summary>Sees entries one by one; a struct, so that the calls are inlined.</summary>
internal interface IEntryVisitor
{
    void Visit(Entry entry);
}

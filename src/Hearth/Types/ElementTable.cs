using System.Diagnostics;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// The form of a big hash or set: a <see cref="Dict{TLayout}"/> of blocks, one for each element, under a header block with the dict's
/// root and the bytes of all elements. The table owns the elements.
/// </summary>
internal readonly unsafe struct ElementTable<TLayout>(ValueSpace space, long address)
    where TLayout : struct, IElementLayout
{
    /// <summary>A segment has some hundred elements; freeing goes by segments.</summary>
    private const int ElementsPerSegment = 256;

    private readonly ElementTableHeader* _header = (ElementTableHeader*)address;

    public long Address => (long)_header;

    public long Count => _header->Dict.Count;

    /// <summary>Bytes of heap: header, tables and elements.</summary>
    public long UsedBytes => Heap.UsableSize(sizeof(ElementTableHeader)) + _header->Dict.MemoryBytes + _header->ElementBytes;

    private Dict<TLayout> Dict => new(space.Heap, space.Hash, &_header->Dict);

    public static ElementTable<TLayout> Create(ValueSpace space)
    {
        var header = (ElementTableHeader*)space.Heap.Allocate(sizeof(ElementTableHeader));
        *header = default;
        return new ElementTable<TLayout>(space, (long)header);
    }

    /// <summary>The element of this key, or 0.</summary>
    public nint Find(ulong hash, ReadOnlySpan<byte> key) => Dict.Find(hash, key);

    /// <summary>Adds an element whose key is known to be absent.</summary>
    public void Insert(ulong hash, nint element)
    {
        Dict.Insert(hash, element);
        _header->ElementBytes += Heap.UsableSize(TLayout.BlockBytes(element));
    }

    /// <summary>Puts an element in the place of another one of the same key, which is freed.</summary>
    public void Replace(ulong hash, nint element, nint replacement)
    {
        var found = Dict.Replace(hash, element, replacement);
        Debug.Assert(found);
        _header->ElementBytes += Heap.UsableSize(TLayout.BlockBytes(replacement));
        FreeElement(element);
    }

    /// <summary>Takes an element out and frees it.</summary>
    public void Delete(ulong hash, nint element)
    {
        var found = Dict.RemoveElement(hash, element);
        Debug.Assert(found);
        FreeElement(element);
    }

    public void PrefetchBucket(ulong hash) => Dict.PrefetchBucket(hash);

    public void PrefetchElements(ulong hash) => Dict.PrefetchElements(hash);

    /// <summary>An element by chance; there must be one.</summary>
    public nint Random() => Dict.Random(space.Random);

    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor => Dict.Scan(cursor, count, ref visitor);

    public void VisitAll<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor
    {
        for (ulong cursor = 0; (cursor = Dict.Scan(cursor, int.MaxValue, ref visitor)) != 0;)
        {
        }
    }

    /// <summary>Visits so many different elements, each as likely as any other; fewer than there are.</summary>
    public void VisitSample<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor
    {
        Debug.Assert(count < Count);
        if (count > Count / 3)
        {
            // One pass over all is cheaper than drawing the same ones again and again.
            var choosing = new ChoosingVisitor<TVisitor>(visitor, new Choice(space.Random, Count, count));
            VisitAll(ref choosing);
            visitor = choosing.Visitor;
            return;
        }

        using var seen = new PointerSet(space.Heap, count);
        while (count > 0)
        {
            var element = Random();
            if (!seen.Add(element)) continue;
            visitor.Visit(element);
            count--;
        }
    }

    /// <summary>Frees all elements and the table.</summary>
    public void Free()
    {
        while (!FreeStep(int.MaxValue))
        {
        }
    }

    /// <summary>Frees some so many elements; true when everything, the header too, is freed.</summary>
    public bool FreeStep(int elements)
    {
        var visitor = new FreeingVisitor(space.Heap);
        if (!Dict.ClearStep(ref visitor, Math.Max(elements / ElementsPerSegment, 1))) return false;
        space.Heap.Free((byte*)_header, sizeof(ElementTableHeader));
        return true;
    }

    public void Verify()
    {
        Dict.Verify();
        var visitor = default(SummingVisitor);
        VisitAll(ref visitor);
        Trace.Assert(visitor.Bytes == _header->ElementBytes, $"The elements have {visitor.Bytes} bytes and count {_header->ElementBytes}.");
    }

    private void FreeElement(nint element)
    {
        var bytes = TLayout.BlockBytes(element);
        _header->ElementBytes -= Heap.UsableSize(bytes);
        space.Heap.Free((byte*)element, bytes);
    }

    private readonly struct FreeingVisitor(Heap heap) : IDictVisitor
    {
        public void Visit(nint element) => heap.Free((byte*)element, TLayout.BlockBytes(element));
    }

    private struct SummingVisitor : IDictVisitor
    {
        public long Bytes;

        public void Visit(nint element) => Bytes += Heap.UsableSize(TLayout.BlockBytes(element));
    }

    private struct ChoosingVisitor<TVisitor>(TVisitor visitor, Choice choice) : IDictVisitor
        where TVisitor : struct, IDictVisitor
    {
        public TVisitor Visitor = visitor;

        public void Visit(nint element)
        {
            if (choice.Take()) Visitor.Visit(element);
        }
    }
}

/// <summary>The block that the word of a big hash or set points to.</summary>
internal struct ElementTableHeader
{
    public DictHeader Dict;

    /// <summary>Bytes of heap in all elements.</summary>
    public long ElementBytes;
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// What handlers know of a hash: its fields and their values. A small one is a listpack of fields and values in turn, in the order in
/// which the fields came; a big one, and for good, an <see cref="ElementTable{TLayout}"/> of <see cref="FieldBlock"/>s. What is read
/// is valid until the hash changes.
/// </summary>
internal readonly unsafe struct HashValue(ValueSpace space, Entry entry)
{
    public Entry Entry { get; } = entry;

    public bool Exists => Entry.Exists;

    /// <summary>How many fields there are.</summary>
    public long Count => IsTable ? Table.Count : Listpack.Count / 2;

    private bool IsTable => Entry.Encoding == ValueEncoding.Hashtable;

    private ElementTable<FieldLayout> Table => new(space, Entry.Word);

    private Listpack Listpack => Listpack.FromAddress((nint)Entry.Word);

    /// <summary>The encoding and the word of an entry for a hash without fields.</summary>
    public static (ValueEncoding Encoding, long Word) CreateEmpty(ValueSpace space) => (ValueEncoding.Listpack, Listpack.Create(space.Heap).Address);

    public static void Free(ValueSpace space, Entry entry)
    {
        var value = new HashValue(space, entry);
        if (value.IsTable) value.Table.Free();
        else value.Listpack.Free(space.Heap);
    }

    public static bool FreeStep(ValueSpace space, Entry entry, int elements)
    {
        var value = new HashValue(space, entry);
        if (value.IsTable) return value.Table.FreeStep(elements);
        value.Listpack.Free(space.Heap);
        return true;
    }

    public static long Duplicate(ValueSpace space, Entry source)
    {
        var value = new HashValue(space, source);
        if (!value.IsTable) return value.Listpack.Duplicate(space.Heap).Address;
        var copying = new CopyingVisitor(space, ElementTable<FieldLayout>.Create(space));
        value.Visit(ref copying);
        return copying.Table.Address;
    }

    public static long ValueBytes(ValueSpace space, Entry entry)
    {
        var value = new HashValue(space, entry);
        return value.IsTable ? value.Table.UsedBytes : value.Listpack.UsedBytes;
    }

    public static long ElementCount(ValueSpace space, Entry entry) => new HashValue(space, entry).Count;

    public static void Verify(ValueSpace space, Entry entry)
    {
        var value = new HashValue(space, entry);
        if (value.IsTable)
        {
            value.Table.Verify();
            return;
        }

        var listpack = value.Listpack;
        listpack.Verify();
        Trace.Assert(listpack.Count % 2 == 0, "A field has no value.");
        Trace.Assert(value.Count > 0, "An empty hash has not been deleted.");
        for (var place = listpack.First(); place != null; place = listpack.Next(listpack.Next(place)))
        {
            Trace.Assert(listpack.Find(listpack.First(), Listpack.Get(place), skip: 1) == place, "A field is there twice.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<byte> field, out ListpackElement value)
    {
        value = default;
        if (IsTable)
        {
            var element = Table.Find(space.Hash.Hash(field), field);
            if (element == 0) return false;
            value = ListpackElement.FromBytes(FieldBlock.FromAddress(element).Value);
            return true;
        }

        var listpack = Listpack;
        var place = listpack.Find(listpack.First(), field, skip: 1);
        if (place == null) return false;
        value = Listpack.Get(listpack.Next(place));
        return true;
    }

    public bool Contains(ReadOnlySpan<byte> field) => TryGet(field, out _);

    /// <summary>Gets ready for so many fields, most of them new: filling a listpack that can't hold them would be wasted.</summary>
    public void MakeRoom(long fields)
    {
        if (!IsTable && fields > space.Limits.HashListpackEntries) ConvertToTable();
    }

    /// <summary>Sets a field; true if it is new.</summary>
    public bool Set(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (!IsTable)
        {
            if (TrySetInListpack(field, value, out var isNew)) return isNew;
            ConvertToTable();
        }

        var (table, hash) = (Table, space.Hash.Hash(field));
        var element = table.Find(hash, field);
        if (element == 0)
        {
            table.Insert(hash, FieldBlock.Create(space.Heap, field, value).Address);
            return true;
        }

        var block = FieldBlock.FromAddress(element);
        if (!block.TryOverwrite(value)) table.Replace(hash, element, FieldBlock.Create(space.Heap, field, value).Address);
        return false;
    }

    public bool Remove(ReadOnlySpan<byte> field)
    {
        if (IsTable)
        {
            var (table, hash) = (Table, space.Hash.Hash(field));
            var element = table.Find(hash, field);
            if (element == 0) return false;
            table.Delete(hash, element);
            return true;
        }

        var listpack = Listpack;
        var place = listpack.Find(listpack.First(), field, skip: 1);
        if (place == null) return false;
        Store(listpack.DeleteRange(space.Heap, ref place, 2));
        return true;
    }

    /// <summary>Visits all fields.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor
    {
        if (IsTable)
        {
            var adapter = new BlockVisitor<TVisitor> { Visitor = visitor };
            Table.VisitAll(ref adapter);
            visitor = adapter.Visitor;
            return;
        }

        var listpack = Listpack;
        for (var place = listpack.First(); place != null; place = listpack.Next(place))
        {
            var field = place;
            place = listpack.Next(place);
            visitor.Visit(Listpack.Get(field), Listpack.Get(place));
        }
    }

    /// <summary>Visits some fields behind the cursor and returns the next one, 0 at the end; a small hash is visited at once.</summary>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor
    {
        if (!IsTable)
        {
            Visit(ref visitor);
            return 0;
        }

        var adapter = new BlockVisitor<TVisitor> { Visitor = visitor };
        cursor = Table.Scan(cursor, count, ref adapter);
        visitor = adapter.Visitor;
        return cursor;
    }

    /// <summary>Visits a random field so many times over, the same ones again and again.</summary>
    public void VisitRandom<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor
    {
        if (IsTable)
        {
            for (; count > 0; count--)
            {
                var block = FieldBlock.FromAddress(Table.Random());
                visitor.Visit(ListpackElement.FromBytes(block.Field), ListpackElement.FromBytes(block.Value));
            }

            return;
        }

        // Walking to each choice takes as long as walking over everything once and remembering the places.
        var listpack = Listpack;
        using var places = new ListpackIndex(space.Heap, listpack, isLong: count > 2);
        var fields = listpack.Count / 2;
        for (; count > 0; count--)
        {
            var place = places.Seek((int)space.Random.NextInt64(fields) * 2);
            visitor.Visit(Listpack.Get(place), Listpack.Get(listpack.Next(place)));
        }
    }

    /// <summary>Visits so many different fields by chance; all if there are no more.</summary>
    public void VisitSample<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor
    {
        if (count >= Count)
        {
            Visit(ref visitor);
        }
        else if (IsTable)
        {
            var adapter = new BlockVisitor<TVisitor> { Visitor = visitor };
            Table.VisitSample(count, ref adapter);
            visitor = adapter.Visitor;
        }
        else
        {
            var choosing = new ChoosingVisitor<TVisitor>(visitor, new Choice(space.Random, Count, count));
            Visit(ref choosing);
            visitor = choosing.Visitor;
        }
    }

    private bool TrySetInListpack(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, out bool isNew)
    {
        isNew = false;
        var limits = space.Limits;
        var (listpack, longest) = (Listpack, limits.HashListpackValueBytes);
        if (field.Length > longest || value.Length > longest || !listpack.CanGrow((long)field.Length + value.Length)) return false;

        ListpackElement name = field;
        var place = listpack.Find(listpack.First(), name, skip: 1);
        if (place != null)
        {
            place = listpack.Next(place);
            Store(listpack.Replace(space.Heap, ref place, value));
            return true;
        }

        if (listpack.Count / 2 >= limits.HashListpackEntries) return false;
        Store(listpack.AppendPair(space.Heap, name, value));
        isNew = true;
        return true;
    }

    private void Store(Listpack listpack) => StoreWord(listpack.Address);

    private void StoreWord(long word)
    {
        var changed = Entry;
        changed.Word = word;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConvertToTable()
    {
        var copying = new CopyingVisitor(space, ElementTable<FieldLayout>.Create(space));
        Visit(ref copying);
        Listpack.Free(space.Heap);
        StoreWord(copying.Table.Address);
        Entry.SetEncoding(ValueEncoding.Hashtable);
    }

    private struct BlockVisitor<TVisitor> : IDictVisitor
        where TVisitor : struct, IFieldVisitor
    {
        public TVisitor Visitor;

        public void Visit(nint element)
        {
            var block = FieldBlock.FromAddress(element);
            Visitor.Visit(ListpackElement.FromBytes(block.Field), ListpackElement.FromBytes(block.Value));
        }
    }

    private readonly struct CopyingVisitor(ValueSpace space, ElementTable<FieldLayout> table) : IFieldVisitor
    {
        public ElementTable<FieldLayout> Table { get; } = table;

        [SkipLocalsInit]
        public void Visit(ListpackElement field, ListpackElement value)
        {
            var name = field.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
            var text = value.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
            Table.Insert(space.Hash.Hash(name), FieldBlock.Create(space.Heap, name, text).Address);
        }
    }

    private struct ChoosingVisitor<TVisitor>(TVisitor visitor, Choice choice) : IFieldVisitor
        where TVisitor : struct, IFieldVisitor
    {
        public TVisitor Visitor = visitor;

        public void Visit(ListpackElement field, ListpackElement value)
        {
            if (choice.Take()) Visitor.Visit(field, value);
        }
    }
}

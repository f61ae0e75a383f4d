using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// What handlers know of a set: its members. A small one of integers only is an intset, another small one a listpack, a big one an
/// <see cref="ElementTable{TLayout}"/> of <see cref="MemberBlock"/>s; a set that has grown into the next form keeps it. What is read
/// is valid until the set changes.
/// </summary>
internal readonly unsafe struct SetValue(ValueSpace space, Entry entry)
{
    public Entry Entry { get; } = entry;

    public bool Exists => Entry.Exists;

    /// <summary>Whether it has the form of a big set.</summary>
    public bool IsTable => Entry.Encoding == ValueEncoding.Hashtable;

    public bool IsIntset => Entry.Encoding == ValueEncoding.Intset;

    /// <summary>How many members there are.</summary>
    public long Count => Entry.Encoding switch
    {
        ValueEncoding.Hashtable => Table.Count,
        ValueEncoding.Listpack => Listpack.Count,
        _ => Intset.Count,
    };

    private ElementTable<MemberLayout> Table => new(space, Entry.Word);

    private Listpack Listpack => Listpack.FromAddress((nint)Entry.Word);

    private Intset Intset => Intset.FromAddress((nint)Entry.Word);

    /// <summary>No more than an intset can hold, whatever the configuration says.</summary>
    private long IntsetLimit => Math.Min(space.Limits.SetIntsetEntries, Intset.CountMax);

    /// <summary>The encoding and the word of an entry for a set without members that is to get so many, this one first.</summary>
    public static (ValueEncoding Encoding, long Word) CreateEmpty(ValueSpace space, ListpackElement first, long members)
    {
        var limits = space.Limits;
        if (first.IsInteger && members <= limits.SetIntsetEntries) return CreateEmptyIntset(space);
        return members <= limits.SetListpackEntries ? CreateEmptyListpack(space) : CreateEmptyTable(space);
    }

    public static (ValueEncoding Encoding, long Word) CreateEmptyIntset(ValueSpace space) => (ValueEncoding.Intset, Intset.Create(space.Heap).Address);

    public static (ValueEncoding Encoding, long Word) CreateEmptyListpack(ValueSpace space) =>
        (ValueEncoding.Listpack, Listpack.Create(space.Heap).Address);

    public static void Free(ValueSpace space, Entry entry)
    {
        while (!FreeStep(space, entry, int.MaxValue))
        {
        }
    }

    public static bool FreeStep(ValueSpace space, Entry entry, int elements)
    {
        var value = new SetValue(space, entry);
        switch (entry.Encoding)
        {
            case ValueEncoding.Hashtable:
                return value.Table.FreeStep(elements);
            case ValueEncoding.Listpack:
                value.Listpack.Free(space.Heap);
                return true;
            default:
                value.Intset.Free(space.Heap);
                return true;
        }
    }

    public static long Duplicate(ValueSpace space, Entry source)
    {
        var value = new SetValue(space, source);
        switch (source.Encoding)
        {
            case ValueEncoding.Hashtable:
                var copying = new CopyingVisitor(space, ElementTable<MemberLayout>.Create(space));
                value.Visit(ref copying);
                return copying.Table.Address;
            case ValueEncoding.Listpack:
                return value.Listpack.Duplicate(space.Heap).Address;
            default:
                return value.Intset.Duplicate(space.Heap).Address;
        }
    }

    public static long ValueBytes(ValueSpace space, Entry entry)
    {
        var value = new SetValue(space, entry);
        return entry.Encoding switch
        {
            ValueEncoding.Hashtable => value.Table.UsedBytes,
            ValueEncoding.Listpack => value.Listpack.UsedBytes,
            _ => value.Intset.UsedBytes,
        };
    }

    public static long ElementCount(ValueSpace space, Entry entry) => new SetValue(space, entry).Count;

    public static void Verify(ValueSpace space, Entry entry)
    {
        var value = new SetValue(space, entry);
        if (entry.Encoding == ValueEncoding.Hashtable) value.Table.Verify();
        else if (entry.Encoding == ValueEncoding.Listpack) VerifyListpack(value.Listpack);
        else value.Intset.Verify();
        Trace.Assert(value.Count > 0, "An empty set has not been deleted.");
    }

    public bool Contains(ReadOnlySpan<byte> member) => Contains(ListpackElement.FromBytes(member));

    /// <summary>Whether the set has this member, whose bytes may be those of an integer.</summary>
    [SkipLocalsInit]
    public bool Contains(ListpackElement member)
    {
        switch (Entry.Encoding)
        {
            case ValueEncoding.Hashtable:
                var bytes = member.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
                return Table.Find(space.Hash.Hash(bytes), bytes) != 0;
            case ValueEncoding.Listpack:
                var listpack = Listpack;
                return listpack.Find(listpack.First(), Canonical(member), skip: 0) != null;
            default:
                member = Canonical(member);
                return member.IsInteger && Intset.Contains(member.Integer);
        }
    }

    /// <summary>The same for bytes whose hash is known; a table is asked for it, other forms are not.</summary>
    public bool Contains(ulong hash, ReadOnlySpan<byte> member) =>
        Entry.Encoding == ValueEncoding.Hashtable ? Table.Find(hash, member) != 0 : Contains(member);

    /// <summary>The first step ahead of a lookup in a big set.</summary>
    public void PrefetchBucket(ulong hash)
    {
        if (Entry.Encoding == ValueEncoding.Hashtable) Table.PrefetchBucket(hash);
    }

    /// <summary>The second step.</summary>
    public void PrefetchElements(ulong hash)
    {
        if (Entry.Encoding == ValueEncoding.Hashtable) Table.PrefetchElements(hash);
    }

    /// <summary>Gets ready for so many members, most of them new: filling a small form that can't hold them would be wasted.</summary>
    public void MakeRoom(long members)
    {
        var isTooMany = Entry.Encoding switch
        {
            ValueEncoding.Listpack => members > space.Limits.SetListpackEntries,
            ValueEncoding.Intset => members > space.Limits.SetIntsetEntries,
            _ => false,
        };
        if (isTooMany) ConvertToTable();
    }

    public bool Add(ReadOnlySpan<byte> member) => Add(ListpackElement.FromBytes(member));

    /// <summary>Adds a member, whose bytes may be those of an integer; false if the set has it.</summary>
    [SkipLocalsInit]
    public bool Add(ListpackElement member) => Entry.Encoding switch
    {
        ValueEncoding.Hashtable => AddToTable(member.ToBytes(stackalloc byte[ListpackElement.ScratchBytes])),
        ValueEncoding.Listpack => AddToListpack(Canonical(member)),
        _ => AddToIntset(Canonical(member)),
    };

    public bool Remove(ReadOnlySpan<byte> member) => Remove(ListpackElement.FromBytes(member));

    [SkipLocalsInit]
    public bool Remove(ListpackElement member)
    {
        switch (Entry.Encoding)
        {
            case ValueEncoding.Hashtable:
                var bytes = member.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
                var hash = space.Hash.Hash(bytes);
                var element = Table.Find(hash, bytes);
                if (element == 0) return false;
                Table.Delete(hash, element);
                return true;
            case ValueEncoding.Listpack:
                var listpack = Listpack;
                var place = listpack.Find(listpack.First(), Canonical(member), skip: 0);
                if (place == null) return false;
                StoreWord(listpack.Delete(space.Heap, ref place).Address);
                return true;
            default:
                member = Canonical(member);
                if (!member.IsInteger) return false;
                StoreWord(Intset.Remove(space.Heap, member.Integer, out var removed).Address);
                return removed;
        }
    }

    /// <summary>A set of which all members are known to be integers becomes an intset, if there are not too many for one.</summary>
    public void ConvertToIntset()
    {
        if (Entry.Encoding == ValueEncoding.Intset || Count > IntsetLimit) return;
        var gathering = new GatheringVisitor(space, Intset.Create(space.Heap));
        Visit(ref gathering);
        Free(space, Entry);
        Become(ValueEncoding.Intset, gathering.Intset.Address);
    }

    /// <summary>Visits all members.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        switch (Entry.Encoding)
        {
            case ValueEncoding.Hashtable:
                var adapter = new BlockVisitor<TVisitor> { Visitor = visitor };
                Table.VisitAll(ref adapter);
                visitor = adapter.Visitor;
                break;
            case ValueEncoding.Listpack:
                var listpack = Listpack;
                for (var place = listpack.First(); place != null; place = listpack.Next(place)) visitor.Visit(Listpack.Get(place));
                break;
            default:
                var intset = Intset;
                for (var index = 0; index < intset.Count; index++) visitor.Visit(intset.Get(index));
                break;
        }
    }

    /// <summary>Visits some members behind the cursor and returns the next one, 0 at the end; a small set is visited at once.</summary>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        if (Entry.Encoding != ValueEncoding.Hashtable)
        {
            Visit(ref visitor);
            return 0;
        }

        var adapter = new BlockVisitor<TVisitor> { Visitor = visitor };
        cursor = Table.Scan(cursor, count, ref adapter);
        visitor = adapter.Visitor;
        return cursor;
    }

    /// <summary>The blocks of a big set, as <see cref="Scan"/> visits their members.</summary>
    public ulong ScanBlocks<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor => Table.Scan(cursor, count, ref visitor);

    /// <summary>Visits a random member so many times over, the same ones again and again.</summary>
    public void VisitRandom<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        if (Entry.Encoding != ValueEncoding.Listpack)
        {
            for (; count > 0; count--) visitor.Visit(RandomMember());
            return;
        }

        // Walking to each choice takes as long as walking over everything once and remembering the places.
        using var places = new ListpackIndex(space.Heap, Listpack, isLong: count > 2);
        var members = Listpack.Count;
        for (; count > 0; count--) visitor.Visit(Listpack.Get(places.Seek((int)space.Random.NextInt64(members))));
    }

    /// <summary>Visits so many different members by chance; all if there are no more.</summary>
    public void VisitSample<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        if (count >= Count)
        {
            Visit(ref visitor);
        }
        else if (Entry.Encoding == ValueEncoding.Hashtable)
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

    /// <summary>Takes so many members out by chance, fewer than there are; each is visited first.</summary>
    public void Pop<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        Debug.Assert(count < Count);
        if (Entry.Encoding == ValueEncoding.Listpack)
        {
            PopFromListpack(count, ref visitor);
            return;
        }

        // As in Redis: when few stay, they are taken out into a set of their own, which may be of a smaller form.
        const int StayingWeight = 5;
        if ((Count - count) * StayingWeight <= count)
        {
            PopAllBut(Count - count, ref visitor);
            return;
        }

        for (; count > 0; count--)
        {
            if (Entry.Encoding == ValueEncoding.Intset)
            {
                var place = (int)space.Random.NextInt64(Intset.Count);
                visitor.Visit(Intset.Get(place));
                StoreWord(Intset.RemoveAt(space.Heap, place).Address);
            }
            else
            {
                var element = Table.Random();
                var member = MemberBlock.FromAddress(element).Member;
                visitor.Visit(ListpackElement.FromBytes(member));
                Table.Delete(space.Hash.Hash(member), element);
            }
        }
    }

    private static (ValueEncoding Encoding, long Word) CreateEmptyTable(ValueSpace space) =>
        (ValueEncoding.Hashtable, ElementTable<MemberLayout>.Create(space).Address);

    private static void VerifyListpack(Listpack listpack)
    {
        listpack.Verify();
        for (var place = listpack.First(); place != null; place = listpack.Next(place))
        {
            Trace.Assert(listpack.Find(listpack.First(), Listpack.Get(place), skip: 0) == place, "A member is there twice.");
        }
    }

    /// <summary>Bytes from a table may be those of an integer, which the other forms keep as such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ListpackElement Canonical(ListpackElement member) => member.IsInteger ? member : new ListpackElement(member.Bytes);

    private ListpackElement RandomMember() => Entry.Encoding == ValueEncoding.Intset
        ? Intset.Random(space.Random)
        : ListpackElement.FromBytes(MemberBlock.FromAddress(Table.Random()).Member);

    private bool AddToTable(ReadOnlySpan<byte> member)
    {
        var hash = space.Hash.Hash(member);
        if (Table.Find(hash, member) != 0) return false;
        Table.Insert(hash, MemberBlock.Create(space.Heap, member));
        return true;
    }

    private bool AddToListpack(ListpackElement member)
    {
        var listpack = Listpack;
        if (listpack.Find(listpack.First(), member, skip: 0) != null) return false;
        var length = member.TextLength();
        if (listpack.Count < space.Limits.SetListpackEntries && length <= space.Limits.SetListpackValueBytes && listpack.CanGrow(length))
        {
            StoreWord(listpack.Append(space.Heap, member).Address);
            return true;
        }

        ConvertToTable();
        return Add(member);
    }

    private bool AddToIntset(ListpackElement member)
    {
        var intset = Intset;
        if (member.IsInteger)
        {
            StoreWord(intset.Add(space.Heap, member.Integer, out var added).Address);
            if (added && Intset.Count > IntsetLimit) ConvertToTable();
            return added;
        }

        if (FitsListpack(intset, member)) ConvertToListpack();
        else ConvertToTable();
        return Add(member);
    }

    /// <summary>Whether the integers and this text may become a listpack together.</summary>
    private bool FitsListpack(Intset intset, ListpackElement member)
    {
        var limits = space.Limits;
        var longest = member.Bytes.Length;
        if (intset.Count > 0)
        {
            longest = Math.Max(longest, new ListpackElement(intset.Get(0)).TextLength());
            longest = Math.Max(longest, new ListpackElement(intset.Get(intset.Count - 1)).TextLength());
        }

        const int IntegerBytesMax = 11;
        return intset.Count < limits.SetListpackEntries && longest <= limits.SetListpackValueBytes
            && member.Bytes.Length + (long)intset.Count * IntegerBytesMax <= Listpack.SafeBytesMax;
    }

    private void PopFromListpack<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        var listpack = Listpack;
        var choice = new Choice(space.Random, listpack.Count, count);
        for (var place = listpack.First(); place != null;)
        {
            if (!choice.Take())
            {
                place = listpack.Next(place);
                continue;
            }

            visitor.Visit(Listpack.Get(place));
            listpack = listpack.Delete(space.Heap, ref place);
        }

        StoreWord(listpack.Address);
    }

    private void PopAllBut<TVisitor>(long staying, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        var (encoding, word) = Entry.Encoding == ValueEncoding.Intset ? CreateEmptyIntset(space) : CreateEmptyListpack(space);
        var (oldEncoding, oldWord) = (Entry.Encoding, Entry.Word);
        for (; staying > 0; staying--)
        {
            // The entry stands for the old set and for the new one by turns.
            var member = RandomMember();
            Become(encoding, word);
            Add(member);
            (encoding, word) = (Entry.Encoding, Entry.Word);
            Become(oldEncoding, oldWord);
            Remove(member);
            oldWord = Entry.Word;
        }

        Visit(ref visitor);
        Free(space, Entry);
        Become(encoding, word);
    }

    private void StoreWord(long word)
    {
        var changed = Entry;
        changed.Word = word;
    }

    private void Become(ValueEncoding encoding, long word)
    {
        StoreWord(word);
        Entry.SetEncoding(encoding);
    }

    private void ConvertToListpack()
    {
        var (intset, listpack) = (Intset, Listpack.Create(space.Heap));
        for (var index = 0; index < intset.Count; index++) listpack = listpack.Append(space.Heap, intset.Get(index));
        intset.Free(space.Heap);
        Become(ValueEncoding.Listpack, listpack.Address);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConvertToTable()
    {
        var copying = new CopyingVisitor(space, ElementTable<MemberLayout>.Create(space));
        Visit(ref copying);
        Free(space, Entry);
        Become(ValueEncoding.Hashtable, copying.Table.Address);
    }

    private struct BlockVisitor<TVisitor> : IDictVisitor
        where TVisitor : struct, IElementVisitor
    {
        public TVisitor Visitor;

        public void Visit(nint element) => Visitor.Visit(ListpackElement.FromBytes(MemberBlock.FromAddress(element).Member));
    }

    private readonly struct CopyingVisitor(ValueSpace space, ElementTable<MemberLayout> table) : IElementVisitor
    {
        public ElementTable<MemberLayout> Table { get; } = table;

        [SkipLocalsInit]
        public void Visit(ListpackElement element)
        {
            var member = element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
            Table.Insert(space.Hash.Hash(member), MemberBlock.Create(space.Heap, member));
        }
    }

    private struct GatheringVisitor(ValueSpace space, Intset intset) : IElementVisitor
    {
        public Intset Intset { get; private set; } = intset;

        public void Visit(ListpackElement element) => Intset = Intset.Add(space.Heap, Canonical(element).Integer, out _);
    }

    private struct ChoosingVisitor<TVisitor>(TVisitor visitor, Choice choice) : IElementVisitor
        where TVisitor : struct, IElementVisitor
    {
        public TVisitor Visitor = visitor;

        public void Visit(ListpackElement element)
        {
            if (choice.Take()) Visitor.Visit(element);
        }
    }
}

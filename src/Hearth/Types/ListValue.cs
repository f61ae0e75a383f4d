using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// A list. A small one is a single listpack, which the entry's word points to; a big one is a quicklist, and the word points to its header.
/// <code>
/// listpack:   word → | capacity of the block 4 | start 4 | room | listpack | room |
/// quicklist:  word → | header | → node ↔ node ↔ node
/// </code>
/// <c>list-max-listpack-size</c> limits both the single listpack and the nodes. Handlers say when elements are about to come in
/// (<see cref="PrepareToAdd"/>) and when some have gone (<see cref="Settle"/>): then, and only then, the encoding changes, as in Redis.
/// </summary>
internal readonly unsafe struct ListValue(ValueSpace space, Entry entry)
{
    /// <summary>Bytes in front of a small list, where its deque keeps what it needs to know.</summary>
    private const int SmallHeaderBytes = 8;

    /// <summary>What a new list gets at most before anything is in it.</summary>
    private const long FirstBytesMax = 8192;

    public Entry Entry => entry;

    public bool Exists => entry.Exists;

    public long Count => !entry.Exists ? 0 : IsSmall ? Small.Listpack.Count : Big.Count;

    public bool IsEmpty => !entry.Exists || (IsSmall ? Small.Listpack.IsEmpty : Big.Count == 0);

    /// <summary>The listpack of a small list, for reading.</summary>
    public Listpack SmallListpack => Small.Listpack;

    private bool IsSmall => entry.Encoding == ValueEncoding.Listpack;

    private ListpackDeque Small
    {
        get
        {
            var block = (byte*)entry.Word;
            return new ListpackDeque(block, *(int*)block, *(int*)(block + 4));
        }
    }

    private Quicklist Big => new(space.Heap, (QuicklistHeader*)entry.Word, space.Limits.ListPlainFromBytes);

    /// <summary>
    /// A new, empty list under this key that is in no table yet. Elements of so many bytes of text together are about to be pushed to it.
    /// </summary>
    public static ListValue Create(ValueSpace space, ReadOnlySpan<byte> key, long textBytes, long elements, ListEnd grows)
    {
        // Two bytes around each short element; what they lack for others is got when they come.
        var room = Math.Min(textBytes + (2 * elements), FirstBytesMax);
        var deque = ListpackDeque.Create(space.Heap, room, grows, SmallHeaderBytes);
        return new ListValue(space, Entry.CreateWithWord(space.Heap, key, KeyType.List, ValueEncoding.Listpack, WordOf(deque), Entry.NoExpiry));
    }

    /// <summary>A new, empty list that may become a big one: <see cref="SettleNew"/> decides once it has been filled.</summary>
    public static ListValue CreateBig(ValueSpace space, ReadOnlySpan<byte> key)
    {
        var word = (long)Quicklist.Create(space.Heap, space.Limits.ListListpackSize);
        return new ListValue(space, Entry.CreateWithWord(space.Heap, key, KeyType.List, ValueEncoding.Quicklist, word, Entry.NoExpiry));
    }

    /// <summary>So many elements, of so many bytes of text together, are about to come in: changes the encoding if they would be too much.</summary>
    public void PrepareToAdd(long textBytes, long elements)
    {
        if (!IsSmall) return;
        var deque = Small;
        var fill = space.Limits.ListListpackSize;
        var listpack = deque.Listpack;
        // Counting may take long where the listpack does not know, and only a limit by elements asks.
        var count = fill < 0 ? 0 : listpack.Count + elements;
        if (QuicklistFill.IsExceeded(fill, listpack.TotalBytes + textBytes, count)) BecomeBig(deque, fill);
    }

    /// <summary>Elements have gone, or have become smaller: a quicklist of one node that is at most half full becomes a small list.</summary>
    public void Settle()
    {
        if (IsSmall) return;
        Big.SettleEnds();
        if (Big.NodeCount != 1 || Big.Head->IsPlain) return;
        var head = Big.Head;
        if (QuicklistFill.IsAtMostHalf(space.Limits.ListListpackSize, head->ContentBytes, head->Count)) BecomeSmall();
    }

    /// <summary>Gives a list that has been filled as a quicklist the encoding that suits it.</summary>
    public void SettleNew()
    {
        if (IsSmall || Big.NodeCount != 1 || Big.Head->IsPlain) return;
        var head = Big.Head;
        if (QuicklistFill.IsWithin(space.Limits.ListListpackSize, head->ContentBytes, head->Count)) BecomeSmall();
    }

    /// <summary>Adds an element at an end. It must not lie in this list.</summary>
    public void Push(ListEnd end, ListpackElement element)
    {
        if (!IsSmall)
        {
            Big.Push(end, element);
            return;
        }

        var deque = Small;
        deque.Push(space.Heap, end, element, SmallHeaderBytes);
        Store(deque);
    }

    /// <summary>The first or the last element; there must be one.</summary>
    public ListpackElement Peek(ListEnd end)
    {
        Listpack listpack;
        if (IsSmall)
        {
            listpack = Small.Listpack;
        }
        else
        {
            var node = end == ListEnd.Head ? Big.Head : Big.Tail;
            if (node->IsPlain) return new ListpackElement(node->PlainElement);
            listpack = node->Listpack;
        }

        return ListpackEncoding.Read(end == ListEnd.Head ? listpack.First() : listpack.Last());
    }

    /// <summary>Takes the first or the last element out; there must be one.</summary>
    public void Drop(ListEnd end)
    {
        if (!IsSmall)
        {
            Big.Drop(end);
            return;
        }

        var deque = Small;
        deque.Drop(space.Heap, end, SmallHeaderBytes);
        Store(deque);
    }

    /// <summary>Takes an element from one end and adds it at another, or the same.</summary>
    public void Rotate(ListEnd from, ListEnd to)
    {
        // The element lies in the block that is about to change.
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var element = Peek(from);
        var text = element.ToBytes(scratch);
        var copy = space.Heap.Allocate(text.Length);
        var copied = new Span<byte>(copy, text.Length);
        text.CopyTo(copied);
        Drop(from);
        PrepareToAdd(element.IsInteger ? 0 : copied.Length, 1);
        Push(to, copied);
        space.Heap.Free(copy, copied.Length);
    }

    /// <summary>A cursor whose first step leads to the element at this place, counted from 0, or from -1 at the tail; to none if there is none.</summary>
    public ListCursor From(long index, bool isBackward = false)
    {
        if (IsSmall)
        {
            var listpack = Small.Listpack;
            return new ListCursor(listpack, listpack.Seek(index), isBackward);
        }

        if (index < 0) index += Big.Count;
        if ((ulong)index >= (ulong)Big.Count) return default;
        var node = Big.Seek(index, out var indexInNode);
        return new ListCursor(node, indexInNode, isBackward);
    }

    /// <summary>
    /// Shows so many elements, all of them there, from an index on that counts from 0. It is what a <see cref="ListCursor"/> does, but with
    /// the place in a register. Compiled by itself, it has the visitor's code in its loop; as a part of its caller it would have calls there,
    /// because the compiler inlines so much into one method and no more.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Visit<TVisitor>(long index, long count, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        QuicklistNode* node = null;
        byte* at;
        if (IsSmall)
        {
            at = Small.Listpack.Seek(index);
        }
        else
        {
            node = Big.Seek(index, out var indexInNode);
            at = node->IsPlain ? null : node->Listpack.Seek(indexInNode);
        }

        while (true)
        {
            if (at == null)
            {
                visitor.Visit(new ListpackElement(node->PlainElement));
                count--;
            }
            else
            {
                for (; count > 0 && *at != ListpackEncoding.End; count--) visitor.Visit(ListpackEncoding.Take(ref at));
            }

            if (count == 0) return;
            node = node->Next;
            at = node->IsPlain ? null : node->Listpack.First();
        }
    }

    /// <summary>Puts another element in the place of the one that the cursor is at, which is of no use afterwards.</summary>
    public void Replace(in ListCursor at, ListpackElement element)
    {
        if (!IsSmall)
        {
            new QuicklistEditor(Big).Replace(at.Node, at.Position, element);
            return;
        }

        var deque = Small;
        deque.Replace(space.Heap, at.Position, element, SmallHeaderBytes);
        Store(deque);
    }

    /// <summary>Adds an element before or behind the one that the cursor is at, which is of no use afterwards.</summary>
    public void Insert(in ListCursor at, ListpackElement element, bool after)
    {
        if (!IsSmall)
        {
            new QuicklistEditor(Big).Insert(at.Node, at.Position, element, after);
            return;
        }

        var deque = Small;
        deque.Insert(space.Heap, after ? ListpackEncoding.Skip(at.Position) : at.Position, element, SmallHeaderBytes);
        Store(deque);
    }

    /// <summary>Takes the element out that the cursor is at; the cursor goes on behind it.</summary>
    public void Remove(scoped ref ListCursor at)
    {
        if (!IsSmall)
        {
            var node = at.Node;
            if (node->Count == 1)
            {
                at.LeaveNode();
                Big.Delete(node);
                return;
            }

            var position = Big.Delete(node, at.Position);
            at.OnRemoved(node->Listpack, position);
            return;
        }

        var deque = Small;
        var behind = deque.Remove(space.Heap, at.Position, ListpackEncoding.Skip(at.Position), 1, SmallHeaderBytes);
        Store(deque);
        at.OnRemoved(deque.Listpack, behind);
    }

    /// <summary>Takes so many elements out from a place on; all of them must be there.</summary>
    public void RemoveRange(long index, long count)
    {
        if (count <= 0) return;
        if (!IsSmall)
        {
            Big.DeleteRange(index, count);
            return;
        }

        var deque = Small;
        var from = deque.Listpack.Seek(index);
        var to = from;
        for (var left = count; left > 0; left--) to = ListpackEncoding.Skip(to);
        deque.Remove(space.Heap, from, to, (int)count, SmallHeaderBytes);
        Store(deque);
    }

    /// <summary>The bytes that the list takes in an RDB file without compression.</summary>
    public long SavedBytes()
    {
        const int NodeTypeBytes = 1;
        if (IsSmall) return SavedLength.OfLength(1) + NodeTypeBytes + SavedLength.OfBytes(Small.Listpack.TotalBytes);
        var sum = SavedLength.OfLength(Big.NodeCount);
        for (var node = Big.Head; node != null; node = node->Next) sum += NodeTypeBytes + SavedLength.OfBytes(node->ContentBytes);
        return sum;
    }

    /// <summary>What DEBUG OBJECT says of a big list besides; nothing for a small one.</summary>
    public string QuicklistFacts() => IsSmall ? "" : QuicklistReport.Facts(Big);

    /// <summary>The nodes of a big list in words; null for a small one.</summary>
    public List<string>? QuicklistLines(bool withElements) => IsSmall ? null : QuicklistReport.Lines(Big, withElements);

    public static void Free(ValueSpace space, Entry entry) => FreeStep(space, entry, int.MaxValue);

    public static bool FreeStep(ValueSpace space, Entry entry, int elements)
    {
        var list = new ListValue(space, entry);
        if (!list.IsSmall) return list.Big.FreeStep(elements == int.MaxValue ? long.MaxValue : elements);
        list.Small.Free(space.Heap);
        return true;
    }

    public static long Duplicate(ValueSpace space, Entry source)
    {
        var list = new ListValue(space, source);
        if (!list.IsSmall) return (long)list.Big.Duplicate();
        var listpack = list.Small.Listpack;
        return WordOf(ListpackDeque.FromElements(space.Heap, ElementsOf(listpack), listpack.Count, SmallHeaderBytes));
    }

    public static long ValueBytes(ValueSpace space, Entry entry)
    {
        var list = new ListValue(space, entry);
        return list.IsSmall ? list.Small.Capacity : list.Big.UsedBytes;
    }

    public static long ElementCount(ValueSpace space, Entry entry) => new ListValue(space, entry).Count;

    public static void Verify(ValueSpace space, Entry entry)
    {
        var list = new ListValue(space, entry);
        Trace.Assert(entry.Encoding is ValueEncoding.Listpack or ValueEncoding.Quicklist, $"A list has the encoding {entry.Encoding}.");
        Trace.Assert(!list.IsEmpty, "An empty list has a key.");
        if (list.IsSmall) list.Small.Verify(SmallHeaderBytes);
        else list.Big.Verify();
    }

    private static ReadOnlySpan<byte> ElementsOf(Listpack listpack) => listpack.Bytes[Listpack.HeaderBytes..^1];

    private static long WordOf(in ListpackDeque deque)
    {
        *(int*)deque.Block = deque.Capacity;
        *(int*)(deque.Block + 4) = deque.Start;
        return (long)deque.Block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(in ListpackDeque deque)
    {
        var word = WordOf(deque);
        if (entry.Word != word) SetWord(word);
    }

    private void SetWord(long word)
    {
        var changed = entry;
        changed.Word = word;
    }

    private void BecomeBig(in ListpackDeque deque, int fill)
    {
        var header = Quicklist.Create(space.Heap, fill);
        var listpack = deque.Listpack;
        if (!listpack.IsEmpty)
        {
            var node = QuicklistNode.FromElements(space.Heap, ElementsOf(listpack), listpack.Count);
            new Quicklist(space.Heap, header, 0).Link(node, behind: null);
        }

        deque.Free(space.Heap);
        SetWord((long)header);
        entry.SetEncoding(ValueEncoding.Quicklist);
    }

    private void BecomeSmall()
    {
        var node = Big.Head;
        var deque = ListpackDeque.FromElements(space.Heap, ElementsOf(node->Listpack), node->Count, SmallHeaderBytes);
        Big.FreeStep(long.MaxValue);
        SetWord(WordOf(deque));
        entry.SetEncoding(ValueEncoding.Listpack);
    }
}

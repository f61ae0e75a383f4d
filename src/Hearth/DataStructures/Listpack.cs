using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A list of short elements in one block, byte for byte Redis's listpack, so that saving and loading one is a copy:
/// <code>
/// | total bytes: 4 | elements: 2 | element | element | ... | 255 |
/// </code>
/// Numbers are little-endian. The count of elements is 65535 once there were that many: then they have to be counted. See
/// <see cref="ListpackEncoding"/> for the elements.
/// <para>
/// A value of this type is the block's address. Whatever changes the contents may move the block, and so returns it like realloc;
/// element pointers that are passed by reference follow. Within its size class of the <see cref="Heap"/> the block stays in place.
/// Elements passed in must not lie in the listpack itself. A block holds at most <see cref="SafeBytesMax"/> bytes: who adds elements
/// of unbounded size asks <see cref="CanGrow"/> first.
/// </para>
/// </summary>
internal readonly unsafe struct Listpack
{
    public const int HeaderBytes = 6;
    public const int EmptyBytes = HeaderBytes + 1;
    public const int UnknownCount = 0xFFFF;

    /// <summary>Redis lets no listpack grow beyond this.</summary>
    public const long SafeBytesMax = 1 << 30;

    private readonly byte* _block;

    private Listpack(byte* block) => _block = block;

    public nint Address => (nint)_block;

    public bool Exists => _block != null;

    public int TotalBytes => *(int*)_block;

    /// <summary>Bytes of heap that the block takes.</summary>
    public long UsedBytes => Heap.UsableSize(TotalBytes);

    /// <summary>The whole block, as it is saved.</summary>
    public ReadOnlySpan<byte> Bytes => new(_block, TotalBytes);

    public bool IsEmpty => TotalBytes == EmptyBytes;

    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => StoredCount != UnknownCount ? StoredCount : CountElements();
    }

    private ref ushort StoredCount => ref *(ushort*)(_block + 4);

    private byte* EndMark => _block + TotalBytes - 1;

    public static Listpack Create(Heap heap)
    {
        var block = heap.Allocate(EmptyBytes);
        *(int*)block = EmptyBytes;
        *(ushort*)(block + 4) = 0;
        block[HeaderBytes] = ListpackEncoding.End;
        return new Listpack(block);
    }

    public static Listpack FromAddress(nint address) => new((byte*)address);

    /// <summary>A copy of bytes that <see cref="Validate"/> has accepted.</summary>
    public static Listpack FromBytes(Heap heap, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(ListpackValidator.IsFrameValid(bytes));
        var block = heap.Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        return new Listpack(block);
    }

    /// <summary>Whether these bytes are a listpack down to every element. Safe for any bytes.</summary>
    public static bool Validate(ReadOnlySpan<byte> bytes) => ListpackValidator.IsValid(bytes, out _);

    /// <summary>Bytes that an element takes, all told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long EncodedBytes(ListpackElement element) => ListpackEncoding.TotalBytes(element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListpackElement Get(byte* element) => ListpackEncoding.Read(element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equals(byte* element, ListpackElement value) => ListpackEncoding.Read(element).Equals(value);

    /// <summary>The two lists one after the other; both blocks are used up.</summary>
    public static Listpack Merge(Heap heap, Listpack first, Listpack second)
    {
        var count = Math.Min(first.Count + second.Count, UnknownCount);
        var added = second.TotalBytes - EmptyBytes;
        var position = first.EndMark;
        var merged = first.Splice(heap, ref position, 0, added);
        new ReadOnlySpan<byte>(second._block + HeaderBytes, added).CopyTo(new Span<byte>(position, added));
        merged.StoredCount = (ushort)count;
        second.Free(heap);
        return merged;
    }

    public void Free(Heap heap) => heap.Free(_block, TotalBytes);

    public Listpack Duplicate(Heap heap) => FromBytes(heap, Bytes);

    /// <summary>Whether an element of so many bytes of text may be added.</summary>
    public bool CanGrow(long bytes) => TotalBytes + bytes <= SafeBytesMax;

    /// <summary>Null if the list is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* First()
    {
        var first = _block + HeaderBytes;
        return *first == ListpackEncoding.End ? null : first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Last() => Previous(EndMark);

    /// <summary>Null behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Next(byte* element)
    {
        var next = ListpackEncoding.Skip(element);
        Debug.Assert(next <= EndMark);
        return *next == ListpackEncoding.End ? null : next;
    }

    /// <summary>Null before the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Previous(byte* element)
    {
        if (element == _block + HeaderBytes) return null;
        var previous = ListpackEncoding.SkipBack(element);
        Debug.Assert(previous >= _block + HeaderBytes);
        return previous;
    }

    /// <summary>The element at this place, counted from 0, or from -1 at the tail; null if there is none.</summary>
    public byte* Seek(long index)
    {
        if (StoredCount != UnknownCount)
        {
            long count = StoredCount;
            var fromHead = index < 0 ? index + count : index;
            if ((ulong)fromHead >= (ulong)count) return null;

            // Walk from the nearer end.
            index = fromHead <= count / 2 ? fromHead : fromHead - count;
        }

        var element = index >= 0 ? First() : Last();
        if (index >= 0)
        {
            for (; index > 0 && element != null; index--) element = Next(element);
        }
        else
        {
            for (; index < -1 && element != null; index++) element = Previous(element);
        }

        return element;
    }

    /// <summary>
    /// The first element at or behind <paramref name="from"/> that equals the value; so many are skipped between any two that are
    /// compared (1 in a list of pairs whose first halves are looked for). Null if there is none.
    /// </summary>
    public byte* Find(byte* from, ListpackElement value, int skip)
    {
        if (from == null) return null;
        if (value.IsInteger || value.Bytes.Length >= 64) return FindAny(from, value, skip);

        // Bytes of this length have the same first byte, and nothing with a lower one can be equal.
        var bytes = value.Bytes;
        var first = (byte)(0x80 | bytes.Length);
        while (*from != ListpackEncoding.End)
        {
            if (*from == first)
            {
                if (new ReadOnlySpan<byte>(from + 1, bytes.Length).SequenceEqual(bytes)) return from;
            }
            else if (*from >= 0xE0 && Equals(from, value))
            {
                return from;
            }

            from = ListpackEncoding.Skip(from);
            for (var left = skip; left > 0 && *from != ListpackEncoding.End; left--) from = ListpackEncoding.Skip(from);
        }

        return null;
    }

    public Listpack Append(Heap heap, ListpackElement value)
    {
        var position = EndMark;
        return InsertAt(heap, ref position, value);
    }

    public Listpack Prepend(Heap heap, ListpackElement value)
    {
        var position = _block + HeaderBytes;
        return InsertAt(heap, ref position, value);
    }

    /// <summary>Adds two elements at the end, moving the block at most once.</summary>
    public Listpack AppendPair(Heap heap, ListpackElement first, ListpackElement second)
    {
        var position = EndMark;
        return InsertPairAt(heap, ref position, first, second);
    }

    /// <summary>
    /// Makes room for so many elements of so many bytes at the end, which the caller writes there with <see cref="ListpackEncoding"/>:
    /// the block moves at most once however many they are.
    /// </summary>
    public Listpack Extend(Heap heap, long bytes, int elements, out byte* position)
    {
        position = EndMark;
        var changed = Splice(heap, ref position, 0, bytes);
        changed.AddToCount(elements);
        return changed;
    }

    /// <summary>Adds an element before or behind the given one, which then points to the new one.</summary>
    public Listpack Insert(Heap heap, ref byte* element, ListpackElement value, bool after)
    {
        if (after) element = ListpackEncoding.Skip(element);
        return InsertAt(heap, ref element, value);
    }

    /// <summary>Adds two elements before the given one, or at the end if that is null; it then points to the first of them.</summary>
    public Listpack InsertPair(Heap heap, ref byte* element, ListpackElement first, ListpackElement second)
    {
        if (element == null) element = EndMark;
        return InsertPairAt(heap, ref element, first, second);
    }

    public Listpack Replace(Heap heap, ref byte* element, ListpackElement value)
    {
        var removed = (int)(ListpackEncoding.Skip(element) - element);
        var changed = Splice(heap, ref element, removed, ListpackEncoding.TotalBytes(value));
        ListpackEncoding.Write(element, value);
        return changed;
    }

    /// <summary>Takes the element out; it becomes the next one, or null.</summary>
    public Listpack Delete(Heap heap, ref byte* element) => DeleteRange(heap, ref element, 1);

    /// <summary>Takes out up to so many elements from here on; the first becomes the one behind them, or null.</summary>
    public Listpack DeleteRange(Heap heap, ref byte* element, long count)
    {
        var behind = element;
        var removed = 0;
        while (removed < count && *behind != ListpackEncoding.End)
        {
            behind = ListpackEncoding.Skip(behind);
            removed++;
        }

        var changed = Splice(heap, ref element, (int)(behind - element), 0);
        if (StoredIsKnown(changed)) changed.StoredCount -= (ushort)removed;
        if (*element == ListpackEncoding.End) element = null;
        return changed;
    }

    /// <summary>Takes out up to so many elements from this place on, as <see cref="Seek"/> counts; nothing if there is no such place.</summary>
    public Listpack DeleteRange(Heap heap, long index, long count)
    {
        var element = Seek(index);
        return element == null ? this : DeleteRange(heap, ref element, count);
    }

    /// <summary>Checks the whole block and throws if anything is wrong.</summary>
    public void Verify()
    {
        if (!Validate(Bytes)) throw new InvalidOperationException($"The listpack is damaged: {Convert.ToHexString(Bytes)}");
    }

    private static bool StoredIsKnown(Listpack listpack) => listpack.StoredCount != UnknownCount;

    private static byte* FindAny(byte* from, ListpackElement value, int skip)
    {
        while (*from != ListpackEncoding.End)
        {
            if (Equals(from, value)) return from;
            from = ListpackEncoding.Skip(from);
            for (var left = skip; left > 0 && *from != ListpackEncoding.End; left--) from = ListpackEncoding.Skip(from);
        }

        return null;
    }

    private Listpack InsertAt(Heap heap, ref byte* position, ListpackElement value)
    {
        var changed = Splice(heap, ref position, 0, ListpackEncoding.TotalBytes(value));
        ListpackEncoding.Write(position, value);
        changed.AddToCount(1);
        return changed;
    }

    private Listpack InsertPairAt(Heap heap, ref byte* position, ListpackElement first, ListpackElement second)
    {
        var changed = Splice(heap, ref position, 0, ListpackEncoding.TotalBytes(first) + ListpackEncoding.TotalBytes(second));
        ListpackEncoding.Write(ListpackEncoding.Write(position, first), second);
        changed.AddToCount(2);
        return changed;
    }

    private void AddToCount(int added)
    {
        if (StoredCount != UnknownCount) StoredCount = (ushort)Math.Min(StoredCount + added, UnknownCount);
    }

    /// <summary>Replaces so many bytes at the position by a gap, moving what stands behind them, and the block if need be.</summary>
    private Listpack Splice(Heap heap, ref byte* position, int removed, long added)
    {
        var total = TotalBytes;
        var newTotal = total - removed + added;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newTotal, int.MaxValue);
        var offset = (int)(position - _block);
        var tail = new ReadOnlySpan<byte>(position + removed, total - offset - removed);
        var block = _block;
        if (Heap.UsableSize(newTotal) == Heap.UsableSize(total))
        {
            tail.CopyTo(new Span<byte>(position + added, tail.Length));
        }
        else
        {
            block = heap.Allocate(newTotal);
            new ReadOnlySpan<byte>(_block, offset).CopyTo(new Span<byte>(block, offset));
            tail.CopyTo(new Span<byte>(block + offset + added, tail.Length));
            heap.Free(_block, total);
            position = block + offset;
        }

        *(int*)block = (int)newTotal;
        return new Listpack(block);
    }

    private int CountElements()
    {
        var count = 0;
        for (var element = _block + HeaderBytes; *element != ListpackEncoding.End; element = ListpackEncoding.Skip(element)) count++;
        if (count < UnknownCount) StoredCount = (ushort)count;
        return count;
    }
}

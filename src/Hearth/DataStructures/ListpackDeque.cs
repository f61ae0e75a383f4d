using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A <see cref="DataStructures.Listpack"/> that can grow and shrink at both ends without moving its elements, for lists that serve as
/// stacks and queues. It lies somewhere in a block that is larger than itself:
/// <code>
/// | reserved | room | listpack | room |
///            ^ as low as the start may come
/// </code>
/// An element that comes in at the head moves only the six bytes of the listpack's header towards the front of the block, one that
/// leaves moves them back, and at the tail nothing moves at all. Anywhere else the shorter side makes way. When the room of a side is used
/// up, the listpack moves within its block if there is enough room on the other side for that to pay, and into a larger block otherwise.
/// A block that has become more than twice as large as it need be is exchanged for a smaller one.
/// <para>
/// Up to <see cref="ExactBytesMax"/> bytes a block is as small as its class allows: of tiny lists there may be very many. The first bytes
/// of the block can be reserved for the owner, who says so in every call; they are not kept when the block changes.
/// Elements that are passed in must not lie in the block itself.
/// </para>
/// </summary>
internal unsafe struct ListpackDeque
{
    private const int ExactBytesMax = 128;

    /// <summary>Larger blocks leave the heap's size classes; a listpack that needs no more gets no more.</summary>
    private const int ClassBytesMax = 8192;

    /// <summary>Who takes elements out one by one finds the next ones loaded. Beyond the block it does no harm.</summary>
    private const int PrefetchBytes = 2 * CacheLine.Bytes;

    private byte* _block;
    private int _capacity;
    private int _start;

    /// <summary>A deque over a block that the owner knows the parts of.</summary>
    public ListpackDeque(byte* block, int capacity, int start)
    {
        _block = block;
        _capacity = capacity;
        _start = start;
    }

    public readonly byte* Block => _block;

    /// <summary>Bytes of the block, which are those that it takes from the heap.</summary>
    public readonly int Capacity => _capacity;

    /// <summary>Where in the block the listpack begins.</summary>
    public readonly int Start => _start;

    /// <summary>The listpack, for reading.</summary>
    public readonly Listpack Listpack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Listpack.FromAddress((nint)(_block + _start));
    }

    private readonly ref int TotalBytes => ref *(int*)(_block + _start);

    private readonly ref ushort StoredCount => ref *(ushort*)(_block + _start + 4);

    /// <summary>An empty one with room for so many bytes of elements, all of it where the first ones are expected.</summary>
    public static ListpackDeque Create(Heap heap, long elementBytes, ListEnd grows, int reserved)
    {
        var capacity = CheckedCapacity(Heap.UsableSize(reserved + Listpack.EmptyBytes + elementBytes));
        var deque = new ListpackDeque(heap.Allocate(capacity), capacity, grows == ListEnd.Head ? capacity - Listpack.EmptyBytes : reserved);
        deque.TotalBytes = Listpack.EmptyBytes;
        deque.StoredCount = 0;
        deque._block[deque._start + Listpack.HeaderBytes] = ListpackEncoding.End;
        return deque;
    }

    /// <summary>A copy of these elements, of which there are so many, in a block that has no room to spare.</summary>
    public static ListpackDeque FromElements(Heap heap, ReadOnlySpan<byte> elements, long count, int reserved)
    {
        var deque = Create(heap, elements.Length, ListEnd.Tail, reserved);
        elements.CopyTo(new Span<byte>(deque._block + deque._start + Listpack.HeaderBytes, elements.Length));
        deque.TotalBytes = Listpack.EmptyBytes + elements.Length;
        deque.StoredCount = (ushort)Math.Min(count, Listpack.UnknownCount);
        deque._block[deque._start + Listpack.HeaderBytes + elements.Length] = ListpackEncoding.End;
        return deque;
    }

    public readonly void Free(Heap heap) => heap.Free(_block, _capacity);

    public void Push(Heap heap, ListEnd end, ListpackElement element, int reserved)
    {
        if (end == ListEnd.Head) Prepend(heap, element, reserved);
        else Append(heap, element, reserved);
    }

    /// <summary>Adds an element before the one at this place, or at the end when it points there; where the new one lies.</summary>
    public byte* Insert(Heap heap, byte* at, ListpackElement element, int reserved)
    {
        var position = Splice(heap, Offset(at), 0, ListpackEncoding.TotalBytes(element), reserved);
        ListpackEncoding.Write(position, element);
        AddToCount(1);
        return position;
    }

    /// <summary>Puts another element in the place of one; where it lies.</summary>
    public byte* Replace(Heap heap, byte* at, ListpackElement element, int reserved)
    {
        var removed = (int)(ListpackEncoding.Skip(at) - at);
        var position = Splice(heap, Offset(at), removed, ListpackEncoding.TotalBytes(element), reserved);
        ListpackEncoding.Write(position, element);
        return position;
    }

    /// <summary>Adds the elements of another listpack, which must have a known number of them, at the end.</summary>
    public void AppendAll(Heap heap, Listpack other, int count, int reserved)
    {
        var elements = other.Bytes[Listpack.HeaderBytes..^1];
        var position = Splice(heap, TotalBytes - 1, 0, elements.Length, reserved);
        elements.CopyTo(new Span<byte>(position, elements.Length));
        AddToCount(count);
    }

    /// <summary>
    /// Takes the first or the last element out; there must be one. Only when asked to it exchanges a block that has become too large.
    /// </summary>
    public void Drop(Heap heap, ListEnd end, int reserved, bool mayShrink = true)
    {
        var listpack = Listpack;
        if (end == ListEnd.Head)
        {
            var first = listpack.First();
            MoveHeader((int)(ListpackEncoding.Skip(first) - first));
            CacheLine.Prefetch(_block + _start + PrefetchBytes);
        }
        else
        {
            var last = listpack.Last();
            TotalBytes = Offset(last) + 1;
            *last = ListpackEncoding.End;
            CacheLine.Prefetch(last - PrefetchBytes);
        }

        AddToCount(-1);
        if (mayShrink) ShrinkIfHalfEmpty(heap, end, reserved);
    }

    /// <summary>Exchanges a block that has become more than twice as large as it need be; what room there still is, is at this end.</summary>
    public void ShrinkIfHalfEmpty(Heap heap, ListEnd end, int reserved)
    {
        if (reserved + TotalBytes <= _capacity / 2) Shrink(heap, end == ListEnd.Head, reserved);
    }

    /// <summary>Takes so many elements out, those from one place up to another; where what stood behind them lies now.</summary>
    public byte* Remove(Heap heap, byte* from, byte* to, int count, int reserved)
    {
        var position = Splice(heap, Offset(from), (int)(to - from), 0, reserved);
        AddToCount(-count);
        return position;
    }

    /// <summary>Gives back what the block has to spare, if that makes it one of a smaller class.</summary>
    public void Trim(Heap heap, int reserved)
    {
        var capacity = (int)Heap.UsableSize(reserved + TotalBytes);
        if (capacity < _capacity) Move(heap, capacity, reserved);
    }

    public readonly void Verify(int reserved)
    {
        var isInside = _start >= reserved && _start + (long)TotalBytes <= _capacity;
        if (!isInside) throw new InvalidOperationException($"A listpack of {TotalBytes} bytes at {_start} is not inside its block of {_capacity}.");
        if (Heap.UsableSize(_capacity) != _capacity) throw new InvalidOperationException($"No block has {_capacity} bytes.");
        Listpack.Verify();
    }

    private void Prepend(Heap heap, ListpackElement element, int reserved)
    {
        var added = ListpackEncoding.TotalBytes(element);
        if (added > _start - reserved)
        {
            ListpackEncoding.Write(Splice(heap, Listpack.HeaderBytes, 0, added, reserved), element);
        }
        else
        {
            MoveHeader(-(int)added);
            ListpackEncoding.Write(_block + _start + Listpack.HeaderBytes, element);
        }

        AddToCount(1);
    }

    private void Append(Heap heap, ListpackElement element, int reserved)
    {
        var added = ListpackEncoding.TotalBytes(element);
        var total = TotalBytes;
        if (added > _capacity - _start - total)
        {
            ListpackEncoding.Write(Splice(heap, total - 1, 0, added, reserved), element);
        }
        else
        {
            TotalBytes = total + (int)added;
            *ListpackEncoding.Write(_block + _start + total - 1, element) = ListpackEncoding.End;
        }

        AddToCount(1);
    }

    /// <summary>Moves the listpack's beginning by so many bytes and nothing else; what lies there must be filled or given up.</summary>
    private void MoveHeader(int distance)
    {
        var (total, count) = (TotalBytes, StoredCount);
        _start += distance;
        TotalBytes = total - distance;
        StoredCount = count;
    }

    private readonly int Offset(byte* at) => (int)(at - (_block + _start));

    private readonly void AddToCount(int added)
    {
        if (StoredCount != Listpack.UnknownCount) StoredCount = (ushort)Math.Min(StoredCount + added, Listpack.UnknownCount);
    }

    /// <summary>Replaces so many bytes at an offset of the listpack by a gap, and returns where it is. The count is the caller's to change.</summary>
    private byte* Splice(Heap heap, int offset, int removed, long added, int reserved)
    {
        var total = TotalBytes;
        var behind = total - offset - removed;
        var movesFront = offset <= behind;
        var growth = added - removed;
        if (growth > (movesFront ? _start - reserved : _capacity - _start - total))
        {
            return Regrow(heap, offset, removed, added, reserved, movesFront);
        }

        if (movesFront)
        {
            Copy(_block + _start, _block + _start - growth, offset);
            _start -= (int)growth;
        }
        else
        {
            var position = _block + _start + offset;
            Copy(position + removed, position + added, behind);
        }

        TotalBytes = total + (int)growth;
        if (growth < 0 && reserved + TotalBytes <= _capacity / 2) Shrink(heap, movesFront, reserved);
        return _block + _start + offset;
    }

    /// <summary>
    /// As <see cref="Splice"/>, when the side that would make way has no room for it: moves the whole listpack, so that all the room is
    /// at that side. Within the same block that pays only if there will be room for many more.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Regrow(Heap heap, int offset, int removed, long added, int reserved, bool movesFront)
    {
        var total = TotalBytes;
        var newTotal = total - removed + added;
        var needed = reserved + newTotal;
        var stays = needed + (newTotal >> 3) <= _capacity || (needed <= _capacity && CapacityFor(needed) <= _capacity);
        var capacity = stays ? _capacity : CheckedCapacity(CapacityFor(needed));
        var start = movesFront ? capacity - (int)newTotal : reserved;
        var old = _block + _start;
        var block = stays ? _block : heap.Allocate(capacity);

        // Within one block the parts may overlap: the one that moves away from the other goes first.
        var behind = total - offset - removed;
        var front = block + start;
        var movesBehindFirst = front + offset + added > old + offset + removed;
        if (movesBehindFirst) Copy(old + offset + removed, front + offset + added, behind);
        Copy(old, front, offset);
        if (!movesBehindFirst) Copy(old + offset + removed, front + offset + added, behind);

        if (!stays) heap.Free(_block, _capacity);
        _block = block;
        _capacity = capacity;
        _start = start;
        TotalBytes = (int)newTotal;
        return front + offset;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Shrink(Heap heap, bool roomInFront, int reserved)
    {
        var capacity = CapacityFor(reserved + (long)TotalBytes);
        if (capacity < _capacity) Move(heap, (int)capacity, roomInFront ? (int)capacity - TotalBytes : reserved);
    }

    private void Move(Heap heap, int capacity, int start)
    {
        var block = heap.Allocate(capacity);
        Copy(_block + _start, block + start, TotalBytes);
        heap.Free(_block, _capacity);
        _block = block;
        _capacity = capacity;
        _start = start;
    }

    /// <summary>The size of the block that so many bytes get, with room to grow by an eighth if they are many.</summary>
    private static long CapacityFor(long bytes)
    {
        if (bytes <= ExactBytesMax) return Heap.UsableSize(bytes);
        var roomy = Heap.UsableSize(bytes + (bytes >> 3));
        return bytes <= ClassBytesMax ? Math.Min(roomy, ClassBytesMax) : roomy;
    }

    private static int CheckedCapacity(long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, int.MaxValue);
        return (int)capacity;
    }

    private static void Copy(byte* source, byte* target, int count)
    {
        Debug.Assert(count >= 0);
        new ReadOnlySpan<byte>(source, count).CopyTo(new Span<byte>(target, count));
    }
}

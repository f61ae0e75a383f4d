using System.Diagnostics;

namespace Hearth.Memory;

/// <summary>
/// A growable run of bytes on a <see cref="Heap"/>: append at the end, consume from the front. An empty buffer holds no memory
/// until the first byte is written. Slices and spans of it are valid until the next call that grows or releases it.
/// </summary>
internal sealed unsafe class NativeBuffer(Heap heap) : IDisposable
{
    private const int SmallestCapacity = 64;
    private const int BigCapacity = 128 << 20;

    private byte* _block;
    private int _capacity;
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public int Capacity => _capacity;

    public ReadOnlySpan<byte> Written => new(_block + _start, _end - _start);

    public NativeSlice WrittenSlice => new(_block + _start, _end - _start);

    /// <summary>Room for at least this many bytes at the end; what is written there counts after <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int atLeast)
    {
        if (_capacity - _end < atLeast) Grow(atLeast);
        return new Span<byte>(_block + _end, _capacity - _end);
    }

    public void Advance(int count)
    {
        Debug.Assert((uint)count <= (uint)(_capacity - _end));
        _end += count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_capacity - _end < bytes.Length) Grow(bytes.Length);
        bytes.CopyTo(new Span<byte>(_block + _end, bytes.Length));
        _end += bytes.Length;
    }

    public void Append(byte value)
    {
        if (_capacity == _end) Grow(1);
        _block[_end++] = value;
    }

    /// <summary>Puts bytes in before this position; what stands behind it moves.</summary>
    public void Insert(int position, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)position, (uint)Length);
        if (_capacity - _end < bytes.Length) Grow(bytes.Length);
        var tail = new Span<byte>(_block + _start + position, Length - position);
        tail.CopyTo(new Span<byte>(_block + _start + position + bytes.Length, tail.Length));
        bytes.CopyTo(new Span<byte>(_block + _start + position, bytes.Length));
        _end += bytes.Length;
    }

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(int count)
    {
        Debug.Assert((uint)count <= (uint)Length);
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Drops bytes from the end, back to this length.</summary>
    public void Truncate(int length)
    {
        Debug.Assert((uint)length <= (uint)Length);
        _end = _start + length;
    }

    /// <summary>Forgets the bytes and keeps the memory.</summary>
    public void Clear() => _start = _end = 0;

    /// <summary>Forgets the bytes and gives the memory back.</summary>
    public void Release()
    {
        if (_block != null) heap.Free(_block, _capacity);
        _block = null;
        _capacity = _start = _end = 0;
    }

    /// <summary>Takes the other buffer's memory and bytes over and leaves it empty. Both must be on the same heap.</summary>
    public void TakeOver(NativeBuffer other)
    {
        Release();
        _block = other._block;
        (_capacity, _start, _end) = (other._capacity, other._start, other._end);
        other._block = null;
        other._capacity = other._start = other._end = 0;
    }

    public void Dispose() => Release();

    private void Grow(int atLeast)
    {
        var length = Length;
        var needed = (long)length + atLeast;
        if (needed > Array.MaxLength) throw new InsufficientMemoryException("A buffer would grow past 2 GiB.");

        if (needed <= _capacity && _start >= length)
        {
            // Most of the block is consumed bytes at the front: moving the rest is cheaper than a new block.
            new ReadOnlySpan<byte>(_block + _start, length).CopyTo(new Span<byte>(_block, length));
            (_start, _end) = (0, length);
            return;
        }

        // A big block takes half as much again: doubling it would claim too much, and a fixed step would copy in quadratic time.
        var wanted = Math.Max(needed, _capacity + (long)(_capacity < BigCapacity ? _capacity : _capacity / 2));
        var capacity = (int)Math.Min(Heap.UsableSize(Math.Max(wanted, SmallestCapacity)), Array.MaxLength);
        var block = heap.Allocate(capacity);
        new ReadOnlySpan<byte>(_block + _start, length).CopyTo(new Span<byte>(block, length));
        if (_block != null) heap.Free(_block, _capacity);
        _block = block;
        _capacity = capacity;
        (_start, _end) = (0, length);
    }
}

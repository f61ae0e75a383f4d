using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// The memory that io_uring receives into: buffers of one size, which the kernel takes from a third ring as bytes arrive, whoever they are
/// for. An idle connection so holds none. Received ones are chained in the order of their stream until they have been read.
/// </summary>
/// <remarks>An entry of the ring, <c>struct io_uring_buf</c>: address at 0, length at 8, number at 12. The ring's tail lies in the unused end of the first entry.</remarks>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    public const int None = -1;

    /// <summary>The number of the group, in operations that take from it.</summary>
    public const ushort Group = 1;

    private const int Count = 128;
    private const int BufferBytes = 8 * 1024;
    private const int PageBytes = 64 * 1024; // The largest of any system's pages: the ring has to begin with one.
    private const int EntryBytes = 16;
    private const int OffsetOfTail = 14;
    private const int RegisterBufferRing = 22;

    private readonly int[] _next = new int[Count];
    private readonly int[] _lengths = new int[Count];
    private byte* _ring;
    private byte* _bytes;
    private ushort _tail;

    private ReceiveBuffers()
    {
        _ring = (byte*)NativeMemory.AlignedAlloc(Count * EntryBytes, PageBytes);
        _bytes = (byte*)NativeMemory.AlignedAlloc(Count * BufferBytes, PageBytes);
        new Span<byte>(_ring, Count * EntryBytes).Clear();
        for (var buffer = 0; buffer < Count; buffer++) Return(buffer);
        Free = Count;
    }

    /// <summary>How many buffers the kernel has.</summary>
    public int Free { get; private set; }

    /// <summary>Null when the kernel does not know rings of buffers.</summary>
    public static ReceiveBuffers? TryCreate(IoUring ring)
    {
        var buffers = new ReceiveBuffers();
        var registration = stackalloc ulong[5];
        new Span<ulong>(registration, 5).Clear();
        registration[0] = (ulong)buffers._ring;
        *(uint*)(registration + 1) = Count;
        *((ushort*)(registration + 1) + 2) = Group;
        if (ring.TryRegister(RegisterBufferRing, registration, 1)) return buffers;
        buffers.Dispose();
        return null;
    }

    /// <summary>The kernel has received so many bytes into a buffer, which now follows the last one of a chain.</summary>
    public void Append(ref ReceivedChain chain, int buffer, int length)
    {
        Take(buffer);
        (_next[buffer], _lengths[buffer]) = (None, length);
        if (chain.Head == None) (chain.Head, chain.Offset) = (buffer, 0);
        else _next[chain.Tail] = buffer;
        chain.Tail = buffer;
    }

    /// <summary>Moves as much of a chain as there is room for, and gives back the buffers that are read.</summary>
    public int Read(ref ReceivedChain chain, Span<byte> room)
    {
        var copied = 0;
        while (chain.Head != None && copied < room.Length)
        {
            var buffer = chain.Head;
            var length = Math.Min(_lengths[buffer] - chain.Offset, room.Length - copied);
            new ReadOnlySpan<byte>(Address(buffer) + chain.Offset, length).CopyTo(room[copied..]);
            copied += length;
            chain.Offset += length;
            if (chain.Offset < _lengths[buffer]) break;
            (chain.Head, chain.Offset) = (_next[buffer], 0);
            Return(buffer);
        }

        return copied;
    }

    /// <summary>How many bytes a chain holds.</summary>
    public int Measure(in ReceivedChain chain)
    {
        var bytes = -chain.Offset;
        for (var buffer = chain.Head; buffer != None; buffer = _next[buffer]) bytes += _lengths[buffer];
        return bytes;
    }

    /// <summary>Gives back a buffer that came with a result that nobody waits for any more.</summary>
    public void Reject(int buffer)
    {
        Take(buffer);
        Return(buffer);
    }

    public void Clear(ref ReceivedChain chain)
    {
        for (; chain.Head != None; chain.Head = _next[chain.Head]) Return(chain.Head);
        chain.Offset = 0;
    }

    /// <summary>The ring that the buffers were registered with must have been closed.</summary>
    public void Dispose()
    {
        if (_ring == null) return;
        NativeMemory.AlignedFree(_ring);
        NativeMemory.AlignedFree(_bytes);
        _ring = _bytes = null;
    }

    private byte* Address(int buffer) => _bytes + (buffer * BufferBytes);

    private void Take(int buffer)
    {
        Debug.Assert(buffer is >= 0 and < Count && Free > 0);
        Free--;
    }

    private void Return(int buffer)
    {
        var entry = _ring + ((_tail & (Count - 1)) * EntryBytes);
        *(byte**)entry = Address(buffer);
        *(uint*)(entry + 8) = BufferBytes;
        *(ushort*)(entry + 12) = (ushort)buffer;
        _tail++;
        Volatile.Write(ref *(ushort*)(_ring + OffsetOfTail), _tail);
        Free++;
    }
}

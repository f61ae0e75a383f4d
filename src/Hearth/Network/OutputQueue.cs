using System.Diagnostics;
using Hearth.Memory;

namespace Hearth.Network;

/// <summary>
/// Bytes that wait for a socket: a chain of native chunks, so that a long queue is never copied to grow and gives its memory back piece by
/// piece while it drains. Small queues are small: the first chunk grows with what it holds. An empty queue holds nothing. A buffer that is
/// long already becomes a chunk as it is.
/// </summary>
internal struct OutputQueue
{
    private const int ChunkBytes = 16 * 1024;
    private const int ChunkBytesMax = 64 * 1024;

    private OutputChunk? _head;
    private OutputChunk? _tail;

    public long Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>The oldest bytes that lie together.</summary>
    public readonly ReadOnlySpan<byte> Front => _head is null ? default : _head.Bytes.Written;

    /// <summary>How many chunks there are, and how much memory they have.</summary>
    public readonly (int Chunks, long Bytes) Measure()
    {
        var (chunks, bytes) = (0, 0L);
        for (var chunk = _head; chunk is not null; chunk = chunk.Next)
        {
            chunks++;
            bytes += chunk.Bytes.Capacity;
        }

        return (chunks, bytes);
    }

    public void Append(OutputChunkPool pool, ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            var room = _tail is null ? 0 : RoomIn(_tail);
            if (room == 0)
            {
                AddChunk(pool, bytes.Length);
                continue;
            }

            var count = Math.Min(room, bytes.Length);
            _tail!.Bytes.Append(bytes[..count]);
            bytes = bytes[count..];
        }
    }

    /// <summary>Queues a buffer with its memory, which is freed when the last of it is consumed. The buffer is empty afterwards.</summary>
    public void TakeOver(OutputChunkPool pool, NativeBuffer buffer)
    {
        var chunk = pool.Rent();
        Length += buffer.Length;
        chunk.Bytes.TakeOver(buffer);
        Link(chunk);
    }

    public void Consume(OutputChunkPool pool, int count)
    {
        Debug.Assert(_head is not null);
        _head.Bytes.Consume(count);
        Length -= count;
        if (_head.Bytes.Length > 0) return;
        var drained = _head;
        _head = drained.Next;
        if (_head is null) _tail = null;
        pool.Return(drained);
    }

    public void Clear(OutputChunkPool pool)
    {
        while (_head is { } chunk)
        {
            _head = chunk.Next;
            pool.Return(chunk);
        }

        _tail = null;
        Length = 0;
    }

    /// <summary>What the chunk takes without growing past the usual size.</summary>
    private static int RoomIn(OutputChunk chunk) => chunk.Bytes.Capacity >= ChunkBytes
        ? chunk.Bytes.Reserve(0).Length
        : ChunkBytes - chunk.Bytes.Length;

    private void AddChunk(OutputChunkPool pool, int expectedBytes)
    {
        var chunk = pool.Rent();
        if (_tail is not null || expectedBytes > ChunkBytes) chunk.Bytes.Reserve(Math.Clamp(expectedBytes, ChunkBytes, ChunkBytesMax));
        Link(chunk);
    }

    private void Link(OutputChunk chunk)
    {
        if (_tail is null) _head = chunk;
        else _tail.Next = chunk;
        _tail = chunk;
    }
}

using Hearth.Memory;

namespace Hearth.Network;

/// <summary>Keeps the managed shells of drained chunks, so that queueing output allocates nothing managed in the long run.</summary>
internal sealed class OutputChunkPool(Heap heap)
{
    private const int SpareMax = 1024;

    private OutputChunk? _spare;
    private int _spareCount;

    public OutputChunk Rent()
    {
        var chunk = _spare;
        if (chunk is null) return new OutputChunk(heap);
        _spare = chunk.Next;
        _spareCount--;
        chunk.Next = null;
        return chunk;
    }

    /// <summary>Gives the chunk's native memory back and keeps its shell.</summary>
    public void Return(OutputChunk chunk)
    {
        chunk.Bytes.Release();
        chunk.Next = null;
        if (_spareCount >= SpareMax) return;
        chunk.Next = _spare;
        _spare = chunk;
        _spareCount++;
    }
}

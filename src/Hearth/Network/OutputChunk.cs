using Hearth.Memory;

namespace Hearth.Network;

/// <summary>A link of an <see cref="OutputQueue"/>.</summary>
internal sealed class OutputChunk(Heap heap)
{
    public NativeBuffer Bytes { get; } = new(heap);

    public OutputChunk? Next { get; set; }
}

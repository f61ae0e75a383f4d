using Hearth.Memory;

namespace Hearth.Network;

/// <summary>
/// The memory that a loop's connections read into: one buffer that all share, and one spare big block. Getting a big block's pages from the
/// system costs as much as filling them, so the block that one connection gives back is what the next one takes.
/// </summary>
internal sealed class InputBuffers : IDisposable
{
    /// <summary>A connection's own block from this size on counts as big: it is not held for a short rest.</summary>
    public const int BigBytes = 128 * 1024;

    private const int SharedBytes = 64 * 1024;
    private const int SpareBytesMax = 1024 * 1024;

    private readonly NativeBuffer _spare;
    private readonly NativeBuffer _fitted;

    public InputBuffers(Heap heap)
    {
        Shared = new NativeBuffer(heap);
        Shared.Reserve(SharedBytes);
        _spare = new NativeBuffer(heap);
        _fitted = new NativeBuffer(heap);
    }

    /// <summary>What the current input lies in, unless it lies in the connection's own buffer.</summary>
    public NativeBuffer Shared { get; }

    /// <summary>Whose input lies in <see cref="Shared"/>.</summary>
    public Connection? Owner { get; set; }

    /// <summary>Makes room for so many bytes more in a connection's buffer.</summary>
    public void Grow(NativeBuffer own, int atLeast)
    {
        if (own.Capacity >= BigBytes || _spare.Capacity < own.Length + (long)atLeast)
        {
            own.Reserve(atLeast);
            return;
        }

        _spare.Append(own.Written);
        own.TakeOver(_spare);
    }

    /// <summary>Moves a connection's bytes into a block of about their size.</summary>
    public void Fit(NativeBuffer own)
    {
        _fitted.Append(own.Written);
        Release(own);
        own.TakeOver(_fitted);
    }

    /// <summary>Forgets a connection's input and frees its block, or keeps it as the spare one.</summary>
    public void Release(NativeBuffer own)
    {
        own.Clear();
        if (_spare.Capacity == 0 && own.Capacity is >= BigBytes and <= SpareBytesMax) _spare.TakeOver(own);
        else own.Release();
    }

    /// <summary>Gives the spare block back to the system: the loop is quiet.</summary>
    public void ReleaseSpare() => _spare.Release();

    public void Dispose()
    {
        Shared.Dispose();
        _spare.Dispose();
    }
}

using Hearth.Memory;

namespace Hearth.Protocol;

/// <summary>
/// The words of one command, its name first. They are views into somebody's buffer (the shared input, a queued transaction,
/// a script's stack) and live as long as the command executes: whatever outlives it must copy.
/// </summary>
internal struct Arguments(NativeSlice bytes, ArgumentRange[] ranges, int first, int count)
{
    private NativeSlice _bytes = bytes;
    private ArgumentRange[] _ranges = ranges;
    private int _first = first;

    public int Count { readonly get; private set; } = count;

    public readonly ReadOnlySpan<byte> this[int index] => Slice(index).Span;

    public readonly NativeSlice Slice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        var range = _ranges[_first + index];
        return _bytes.Slice(range.Offset, range.Length);
    }

    /// <summary>Takes over other words. Their ranges mostly lie in the same array, and comparing is cheaper than storing a reference.</summary>
    public void Become(in Arguments other)
    {
        // Field by field: reading both at once, just after they were written one by one, would wait for the store buffer.
        _bytes = new NativeSlice(other._bytes);
        if (_ranges != other._ranges) _ranges = other._ranges;
        _first = other._first;
        Count = other.Count;
    }

    /// <summary>The same words without the first ones; for a subcommand that is itself a command line (COMMAND GETKEYS).</summary>
    public readonly Arguments Skip(int words)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)words, (uint)Count);
        return new Arguments(_bytes, _ranges, _first + words, Count - words);
    }
}

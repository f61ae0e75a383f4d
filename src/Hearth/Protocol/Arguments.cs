using Hearth.Memory;

namespace Hearth.Protocol;

/// <summary>
/// The words of one command, its name first. They are views into somebody's buffer (the shared input, a queued transaction,
/// a script's stack) and live as long as the command executes: whatever outlives it must copy.
/// </summary>
internal readonly struct Arguments(NativeSlice bytes, ArgumentRange[] ranges, int first, int count)
{
    private readonly NativeSlice _bytes = bytes;
    private readonly ArgumentRange[] _ranges = ranges;
    private readonly int _first = first;

    public int Count { get; } = count;

    public ReadOnlySpan<byte> this[int index] => Slice(index).Span;

    public NativeSlice Slice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        var range = _ranges[_first + index];
        return _bytes.Slice(range.Offset, range.Length);
    }

    /// <summary>The same words without the first ones; for a subcommand that is itself a command line (COMMAND GETKEYS).</summary>
    public Arguments Skip(int words)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)words, (uint)Count);
        return new Arguments(_bytes, _ranges, _first + words, Count - words);
    }
}

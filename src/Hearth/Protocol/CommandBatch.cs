using Hearth.Memory;

namespace Hearth.Protocol;

/// <summary>One complete command in the input: where its words are, and which bytes it took on the wire.</summary>
internal struct ParsedCommand
{
    /// <summary>Index of its first word in <see cref="CommandBatch.Ranges"/>.</summary>
    public int FirstRange;

    public int Count;

    public int RawStart;

    public int RawEnd;

    /// <summary>An inline command's bytes are not RESP: to repeat them, they have to be written anew.</summary>
    public bool IsInline;
}

/// <summary>
/// Up to 64 complete commands of one client's input, read before any of them is executed, so that the cache misses of their
/// keys can overlap. One batch is reused for all clients: it allocates only when a command has more words than any before.
/// </summary>
internal sealed class CommandBatch(Heap heap) : IDisposable
{
    public const int CommandsMax = 64;

    /// <summary>A command with more words than this leaves no big array behind.</summary>
    private const int RangesKept = 16 * 1024;

    private ArgumentRange[] _ranges = new ArgumentRange[1024];
    private int _rangeCount;

    /// <summary>Holds the words of an inline command that had quotes, as unquoted bytes.</summary>
    public NativeBuffer Scratch { get; } = new(heap);

    public ParsedCommand[] Commands { get; } = new ParsedCommand[CommandsMax];

    public int Count { get; private set; }

    public bool IsFull => Count == CommandsMax;

    public ArgumentRange[] Ranges => _ranges;

    /// <summary>The bytes that the ranges refer to.</summary>
    public NativeSlice Bytes { get; set; }

    public int RangeCount => _rangeCount;

    public Arguments this[int index]
    {
        get
        {
            ref var command = ref Commands[index];
            return new Arguments(Bytes, _ranges, command.FirstRange, command.Count);
        }
    }

    public void Begin(NativeSlice bytes)
    {
        Bytes = bytes;
        Count = 0;
        _rangeCount = 0;
        if (_ranges.Length > RangesKept) _ranges = new ArgumentRange[1024];
    }

    public void AddRange(int offset, int length)
    {
        if (_rangeCount == _ranges.Length) Array.Resize(ref _ranges, _ranges.Length * 2);
        _ranges[_rangeCount++] = new ArgumentRange(offset, length);
    }

    public void AddRanges(ReadOnlySpan<ArgumentRange> ranges)
    {
        if (_ranges.Length < _rangeCount + ranges.Length) Array.Resize(ref _ranges, Math.Max(_rangeCount + ranges.Length, _ranges.Length * 2));
        ranges.CopyTo(_ranges.AsSpan(_rangeCount));
        _rangeCount += ranges.Length;
    }

    /// <summary>Room for the words of a command; they count after <see cref="AddReserved"/>.</summary>
    public Span<ArgumentRange> Reserve(int words)
    {
        if (_ranges.Length - _rangeCount < words) Array.Resize(ref _ranges, _ranges.Length * 2);
        return _ranges.AsSpan(_rangeCount, words);
    }

    /// <summary>Adds a RESP command whose words have been written into the room reserved.</summary>
    public void AddReserved(int words, int rawStart, int rawEnd)
    {
        Commands[Count++] = new ParsedCommand { FirstRange = _rangeCount, Count = words, RawStart = rawStart, RawEnd = rawEnd };
        _rangeCount += words;
    }

    /// <summary>Takes back the words of a command that turned out to be incomplete.</summary>
    public void DropRanges(int rangeCount) => _rangeCount = rangeCount;

    public void AddCommand(int firstRange, int rawStart, int rawEnd, bool isInline)
    {
        Commands[Count++] = new ParsedCommand
        {
            FirstRange = firstRange,
            Count = _rangeCount - firstRange,
            RawStart = rawStart,
            RawEnd = rawEnd,
            IsInline = isInline,
        };
    }

    /// <summary>Forgets the commands from this index on: one before it changes how they must be read.</summary>
    public void CutAfter(int count) => Count = count;

    public void Dispose() => Scratch.Dispose();
}

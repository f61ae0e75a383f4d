namespace Hearth.Protocol;

/// <summary>
/// How far a long incomplete command has been read, so that its bytes are looked at once only, however many pieces it comes in.
/// Positions count from the command's first byte, which is where the connection's kept bytes start.
/// </summary>
internal sealed class PartialCommand
{
    private const int RangesKept = 16 * 1024;

    private ArgumentRange[] _ranges = [];
    private int _count;
    private int _wordsExpected;

    public int WordsMissing => _wordsExpected - _count;

    /// <summary>Where the first missing word starts.</summary>
    public int Position { get; private set; }

    public ReadOnlySpan<ArgumentRange> Ranges => _ranges.AsSpan(0, _count);

    /// <summary>Starts anew, for another command of so many words. The memory stays, unless the last one needed much of it.</summary>
    public void Begin(int wordsExpected)
    {
        _wordsExpected = wordsExpected;
        _count = 0;
        Position = 0;
        if (_ranges.Length > RangesKept) _ranges = [];
    }

    /// <summary>Adds words that have come since, and where they end.</summary>
    public void Add(ReadOnlySpan<ArgumentRange> ranges, int position, int commandStart)
    {
        Position = position - commandStart;
        if (_ranges.Length < _count + ranges.Length) Array.Resize(ref _ranges, Math.Max(_count + ranges.Length, _ranges.Length * 2));
        foreach (var range in ranges) _ranges[_count++] = new ArgumentRange(range.Offset - commandStart, range.Length);
    }
}

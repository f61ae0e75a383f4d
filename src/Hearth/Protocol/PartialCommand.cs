namespace Hearth.Protocol;

/// <summary>
/// How far a long incomplete command has been read, so that its bytes are looked at once only, however many pieces it comes in.
/// Positions count from the command's first byte, which is where the connection's kept bytes start.
/// </summary>
internal sealed class PartialCommand(int wordsExpected)
{
    private ArgumentRange[] _ranges = [];
    private int _count;

    public int WordsMissing => wordsExpected - _count;

    /// <summary>Where the first missing word starts.</summary>
    public int Position { get; private set; }

    public ReadOnlySpan<ArgumentRange> Ranges => _ranges.AsSpan(0, _count);

    /// <summary>Adds words that have come since, and where they end.</summary>
    public void Add(ReadOnlySpan<ArgumentRange> ranges, int position, int commandStart)
    {
        Position = position - commandStart;
        if (_ranges.Length < _count + ranges.Length) Array.Resize(ref _ranges, Math.Max(_count + ranges.Length, _ranges.Length * 2));
        foreach (var range in ranges) _ranges[_count++] = new ArgumentRange(range.Offset - commandStart, range.Length);
    }
}

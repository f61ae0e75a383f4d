namespace Hearth.Protocol;

/// <summary>
/// How far a long incomplete command has been read, so that its bytes are looked at once only, however many pieces it comes in.
/// Positions count from the command's first byte, which is where the connection's kept bytes start.
/// </summary>
internal sealed class PartialCommand
{
    private ArgumentRange[] _ranges = [];
    private int _count;

    public int WordsExpected { get; private set; }

    public int Position { get; private set; }

    public ReadOnlySpan<ArgumentRange> Ranges => _ranges.AsSpan(0, _count);

    public void Save(int wordsExpected, int position, ReadOnlySpan<ArgumentRange> ranges, int commandStart)
    {
        WordsExpected = wordsExpected;
        Position = position - commandStart;
        if (_ranges.Length < ranges.Length) Array.Resize(ref _ranges, Math.Max(ranges.Length, _ranges.Length * 2));

        // Only the new words are added: a command in a hundred pieces must not copy its words a hundred times.
        for (; _count < ranges.Length; _count++)
        {
            _ranges[_count] = new ArgumentRange(ranges[_count].Offset - commandStart, ranges[_count].Length);
        }
    }
}

namespace Hearth.Server;

/// <summary>One key among a command's arguments, and what the command does with it.</summary>
internal readonly record struct KeyPosition(int Argument, KeySpecFlags Flags);

/// <summary>The keys of one command. Meant to be cleared and used again, so that finding keys allocates nothing.</summary>
internal sealed class KeyPositionList
{
    private KeyPosition[] _positions = new KeyPosition[16];

    public int Count { get; private set; }

    public ReadOnlySpan<KeyPosition> Positions => _positions.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int argument, KeySpecFlags flags)
    {
        if (Count == _positions.Length) Array.Resize(ref _positions, Count * 2);
        _positions[Count++] = new KeyPosition(argument, flags);
    }
}

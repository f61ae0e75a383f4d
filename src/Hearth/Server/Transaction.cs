using Hearth.Memory;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>
/// The commands that a client has queued since MULTI. Their words are copied into one buffer, since the input that they came in is
/// reused before EXEC comes.
/// </summary>
internal sealed class Transaction(Heap heap) : IDisposable
{
    /// <summary>One that has grown beyond this is not worth keeping for another client.</summary>
    private const int BytesKeptMax = 16 * 1024;

    private const int RangesKeptMax = 1024;

    private readonly NativeBuffer _bytes = new(heap);
    private readonly List<(Command Command, int First, int Count)> _commands = [];
    private ArgumentRange[] _ranges = new ArgumentRange[16];
    private int _rangeCount;

    public int Count => _commands.Count;

    /// <summary>A command was refused while queueing: EXEC will refuse all.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Bytes of queued words, as CLIENT LIST's multi-mem shows them.</summary>
    public long WordBytes => _bytes.Length;

    /// <summary>What the queued commands take at least: a word has a place even if it is empty.</summary>
    public long HeldBytes => _bytes.Length + (_rangeCount * 8L) + (_commands.Count * 16L);

    /// <summary>Memory that the queued commands hold, about.</summary>
    public long MemoryBytes => _bytes.Capacity + (_ranges.Length * 8L) + (_commands.Capacity * 16L);

    public void Queue(Command command, in Arguments args)
    {
        if (_ranges.Length - _rangeCount < args.Count)
        {
            Array.Resize(ref _ranges, Math.Max(_ranges.Length * 2, _rangeCount + args.Count));
        }

        _commands.Add((command, _rangeCount, args.Count));
        for (var i = 0; i < args.Count; i++)
        {
            var word = args[i];
            _ranges[_rangeCount++] = new ArgumentRange(_bytes.Length, word.Length);
            _bytes.Append(word);
        }
    }

    public Command Get(int index, out Arguments args)
    {
        var (command, first, count) = _commands[index];
        args = new Arguments(_bytes.WrittenSlice, _ranges, first, count);
        return command;
    }

    /// <summary>Makes it empty for another use; false when it has grown too big to be worth keeping.</summary>
    public bool TryReset()
    {
        if (_bytes.Capacity > BytesKeptMax || _ranges.Length > RangesKeptMax) return false;
        _bytes.Clear();
        _commands.Clear();
        _rangeCount = 0;
        HasFailed = false;
        return true;
    }

    public void Dispose() => _bytes.Dispose();
}

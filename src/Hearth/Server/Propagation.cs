using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>
/// Takes the commands that repeat what happened, in order. A unit (a command, a transaction, a script) that needs several of them is
/// wrapped in MULTI and EXEC by the seam. The bytes are RESP and live during the call.
/// </summary>
internal interface IPropagationSink
{
    void Append(int database, ReadOnlySpan<byte> command);
}

/// <summary>
/// The one way that changes take to the AOF, to replicas and to tests. A handler says what happened: nothing special (the command is
/// repeated as it came), something else instead (an absolute expiry for a relative one), something besides, or nothing at all.
/// What belongs to one unit is collected and handed on together at its end; a very long one goes on in parts, but within one frame.
/// </summary>
internal sealed class Propagation(Heap heap) : IDisposable
{
    private readonly List<IPropagationSink> _sinks = [];
    private readonly NativeBuffer _pending = new(heap);
    private readonly NativeBuffer _replacement = new(heap);
    private readonly List<(int Database, int Start)> _operations = [];
    private NativeBuffer? _writing;
    private int _wordsMissing;
    private bool _isSuppressed;
    private bool _isReplaced;
    private int _depth;
    private int _lastDatabase;
    private bool _isWrappable;
    private bool _isFrameOpen;

    /// <summary>A unit that has collected more than this hands it on before its next command is added: a buffer holds no more than 2 GiB.</summary>
    public int PendingBytesMax { get; set; } = 64 << 20;

    /// <summary>Whether anybody listens: without, nothing is encoded.</summary>
    public bool IsActive => _sinks.Count > 0;

    public void Attach(IPropagationSink sink) => _sinks.Add(sink);

    public void Detach(IPropagationSink sink) => _sinks.Remove(sink);

    /// <summary>A unit starts; units inside it are part of it. One that only removes expired keys on its way is never wrapped.</summary>
    public void EnterUnit(bool isWrappable = true)
    {
        if (_depth++ == 0) _isWrappable = isWrappable;
    }

    public void LeaveUnit()
    {
        if (--_depth == 0 && (_operations.Count > 0 || _isFrameOpen)) HandOn(isEnd: true);
    }

    /// <summary>A command starts: what an earlier one said about itself is void.</summary>
    public void BeginCommand()
    {
        _isSuppressed = _isReplaced = false;
        HandOnIfLong();
    }

    /// <summary>The command is repeated as another one, of so many words, given next by <see cref="Word(ReadOnlySpan{byte})"/>.</summary>
    public Propagation Instead(int words)
    {
        _isReplaced = true;
        _replacement.Clear();
        if (!IsActive) return this;
        _writing = _replacement;
        WriteCount((byte)'*', words);
        _wordsMissing = words;
        return this;
    }

    /// <summary>Another command happens besides, of so many words, given next.</summary>
    public Propagation Also(int database, int words)
    {
        if (!IsActive) return this;
        HandOnIfLong();
        _operations.Add((database, _pending.Length));
        _writing = _pending;
        WriteCount((byte)'*', words);
        _wordsMissing = words;
        return this;
    }

    public Propagation Word(ReadOnlySpan<byte> word)
    {
        if (!IsActive) return this;
        if (_wordsMissing-- <= 0) throw new InvalidOperationException("More words than were announced.");
        WriteCount((byte)'$', word.Length);
        _writing!.Append(word);
        _writing.Append("\r\n"u8);
        return this;
    }

    public Propagation Word(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        return Word(digits[..NumberText.FormatInt64(number, digits)]);
    }

    /// <summary>Nothing is repeated for this command, whatever it changed.</summary>
    public void Nothing() => _isSuppressed = true;

    /// <summary>The command has ended; if it changed something, it is repeated as it came or as it said.</summary>
    public void EndCommand(int database, in Arguments args, bool hasChanged)
    {
        if (!IsActive || _isSuppressed || !hasChanged) return;
        if (_isReplaced)
        {
            _operations.Add((database, _pending.Length));
            _pending.Append(_replacement.Written);
            return;
        }

        Also(database, args.Count);
        for (var i = 0; i < args.Count; i++) Word(args[i]);
    }

    public void Dispose()
    {
        _pending.Dispose();
        _replacement.Dispose();
    }

    /// <summary>Also within a command: one XREADGROUP may deliver millions of entries, each repeated as a command of its own.</summary>
    private void HandOnIfLong()
    {
        if (_pending.Length > PendingBytesMax && _operations.Count > 1) HandOn(isEnd: false);
    }

    private void HandOn(bool isEnd)
    {
        var opensFrame = _isWrappable && !_isFrameOpen && _operations.Count > 1;
        _isFrameOpen |= opensFrame;
        if (_operations.Count > 0) _lastDatabase = _operations[^1].Database;
        foreach (var sink in _sinks)
        {
            if (opensFrame) sink.Append(_operations[0].Database, "*1\r\n$5\r\nMULTI\r\n"u8);
            for (var i = 0; i < _operations.Count; i++)
            {
                var (database, start) = _operations[i];
                var end = i + 1 < _operations.Count ? _operations[i + 1].Start : _pending.Length;
                sink.Append(database, _pending.Written[start..end]);
            }

            if (isEnd && _isFrameOpen) sink.Append(_lastDatabase, "*1\r\n$4\r\nEXEC\r\n"u8);
        }

        if (isEnd) _isFrameOpen = false;
        _operations.Clear();
        _pending.Clear();
    }

    private void WriteCount(byte type, int count)
    {
        var room = _writing!.Reserve(16);
        room[0] = type;
        var length = 1 + NumberText.FormatInt64(count, room[1..]);
        room[length] = (byte)'\r';
        room[length + 1] = (byte)'\n';
        _writing.Advance(length + 2);
    }
}

using System.Diagnostics;
using System.Text;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>What INFO commandstats says of one command.</summary>
internal struct CommandCounters
{
    public long Calls;

    /// <summary>Time spent, in <see cref="Stopwatch"/> ticks.</summary>
    public long Ticks;

    /// <summary>Calls refused before they ran.</summary>
    public long Rejected;

    /// <summary>Calls that replied an error.</summary>
    public long Failed;

    public LatencyHistogram? Histogram;
}

/// <summary>Everything that the server counts about commands and errors; CONFIG RESETSTAT starts it anew.</summary>
internal sealed class Statistics(int commandCount) : IErrorObserver
{
    /// <summary>Redis stops counting kinds of errors apart when a client seems to make up its own.</summary>
    private const int ErrorKindsMax = 128;

    private const int CodeBytesMax = 30;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Dictionary<string, long> _errors = [];
    private long _commandTicks;

    public CommandCounters[] Commands { get; } = new CommandCounters[commandCount];

    /// <summary>latency-tracking: whether each command keeps a histogram of its times.</summary>
    public bool IsTrackingLatency { get; set; } = true;

    public long CommandsProcessed { get; set; }

    public long ErrorReplies { get; set; }

    public long RejectedConnections { get; set; }

    /// <summary>Wrong passwords.</summary>
    public long DeniedAuth { get; set; }

    /// <summary>Time that commands have taken.</summary>
    public double CommandMicroseconds => Microseconds(_commandTicks);

    /// <summary>Kinds of errors by their first word, in the order of that word.</summary>
    public IEnumerable<KeyValuePair<string, long>> Errors => _errors.OrderBy(kind => kind.Key, StringComparer.Ordinal);

    /// <summary>Counts one call.</summary>
    public void Record(Command command, long ticks) => Record(command.Index, 1, ticks);

    /// <summary>Counts several calls of one command, which took so long each.</summary>
    public void Record(int command, int calls, long ticks)
    {
        CommandsProcessed += calls;
        _commandTicks += ticks * calls;
        ref var counters = ref Commands[command];
        counters.Calls += calls;
        counters.Ticks += ticks * calls;
        if (!IsTrackingLatency) return;
        (counters.Histogram ??= new LatencyHistogram()).Add(LatencyHistogram.BucketOf((long)(ticks * NanosecondsPerTick)), calls);
    }

    /// <summary>Counts an error by its code. As in Redis, a first word too long for a code, or no first word at all, counts as ERR.</summary>
    public void OnError(ReadOnlySpan<byte> text)
    {
        ErrorReplies++;
        var end = text.IndexOf((byte)' ');
        var code = (uint)end <= CodeBytesMax ? text[..end] : "ERR"u8;
        Span<char> kind = stackalloc char[CodeBytesMax];
        kind = kind[..Encoding.Latin1.GetChars(code, kind)];
        var kinds = _errors.GetAlternateLookup<ReadOnlySpan<char>>();
        if (kinds.TryGetValue(kind, out var count)) kinds[kind] = count + 1;
        else if (_errors.Count < ErrorKindsMax) kinds[kind] = 1;
    }

    public void Reset()
    {
        Array.Clear(Commands);
        _errors.Clear();
        CommandsProcessed = ErrorReplies = RejectedConnections = DeniedAuth = _commandTicks = 0;
    }

    public static double Microseconds(long ticks) => ticks * NanosecondsPerTick / 1000;
}

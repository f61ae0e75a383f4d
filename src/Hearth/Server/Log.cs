using System.Globalization;
using System.Text;

namespace Hearth.Server;

/// <summary>
/// The server's log, in Redis's line format: <c>pid:role dd MMM yyyy HH:MM:SS.mmm mark message</c>, in local time, where the mark says the
/// level. Any thread may write; a lock keeps the lines whole.
/// </summary>
internal sealed class Log(ILogSink sink, TimeProvider timeProvider, int processId)
{
    private const string Marks = ".-*#";

    private readonly Lock _lock = new();

    /// <summary>Lines below this level are dropped.</summary>
    public LogLevel Level { get; set; } = LogLevel.Notice;

    /// <summary>C while the process starts or is a child, M for a master, S for a replica.</summary>
    public char Role { get; set; } = 'M';

    public bool IsOn(LogLevel level) => level >= Level && Level != LogLevel.Nothing;

    public void Debug(string message) => Write(LogLevel.Debug, message);

    public void Verbose(string message) => Write(LogLevel.Verbose, message);

    public void Notice(string message) => Write(LogLevel.Notice, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    public void Write(LogLevel level, string message)
    {
        if (!IsOn(level)) return;

        var now = timeProvider.GetLocalNow().ToString("dd MMM yyyy HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Send($"{processId}:{Role} {now} {Marks[(int)level]} {message}\n");
    }

    /// <summary>A line as a signal handler of Redis writes it: without date and level.</summary>
    public void Signal(LogLevel level, string message)
    {
        if (IsOn(level)) Send($"{processId}:signal-handler ({timeProvider.GetUtcNow().ToUnixTimeSeconds()}) {message}\n");
    }

    /// <summary>Text without the head of a line, for the banner.</summary>
    public void Raw(LogLevel level, string text)
    {
        if (IsOn(level)) Send(text + "\n");
    }

    private void Send(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        lock (_lock) sink.Write(bytes);
    }
}

namespace Hearth.Primitives;

/// <summary>
/// The time as commands see it. Reading the system's clock for every command would cost as much as a small command, and time must
/// stand still inside a command, script or transaction, so the wall clock is read by <see cref="Refresh"/> only. Durations are
/// measured by a monotonic clock of their own, which no administrator sets back.
/// </summary>
internal sealed class Clock
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly TimeProvider _provider;
    private readonly long _frequency;

    public Clock(TimeProvider provider)
    {
        _provider = provider;
        _frequency = provider.TimestampFrequency;
        Refresh();
    }

    /// <summary>Unix time in milliseconds at the last <see cref="Refresh"/>.</summary>
    public long NowMs { get; private set; }

    /// <summary>Unix time in microseconds at the last <see cref="Refresh"/>.</summary>
    public long NowMicroseconds { get; private set; }

    /// <summary>Read afresh at every call; only differences mean something.</summary>
    public long MonotonicMicroseconds
    {
        get
        {
            var timestamp = _provider.GetTimestamp();
            if (_frequency == 1_000_000_000) return timestamp / 1_000;

            var (seconds, rest) = Math.DivRem(timestamp, _frequency);
            return seconds * MicrosecondsPerSecond + rest * MicrosecondsPerSecond / _frequency;
        }
    }

    public void Refresh()
    {
        NowMicroseconds = (_provider.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        NowMs = NowMicroseconds / 1_000;
    }
}

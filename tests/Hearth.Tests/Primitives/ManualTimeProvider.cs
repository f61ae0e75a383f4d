namespace Hearth.Tests.Primitives;

/// <summary>Time that moves only when a test says so. The wall clock can be set back; the timestamp only moves on.</summary>
internal sealed class ManualTimeProvider(long unixMs = 1_700_000_000_000) : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
    private long _timestamp;

    public long Frequency { get; init; } = 1_000_000_000;

    public override long TimestampFrequency => Frequency;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _timestamp;

    public void Advance(TimeSpan duration)
    {
        _now += duration;
        _timestamp += (long)((Int128)duration.Ticks * Frequency / TimeSpan.TicksPerSecond);
    }

    public void SetWallClock(DateTimeOffset now) => _now = now;

    public void SetTimestamp(long timestamp) => _timestamp = timestamp;
}

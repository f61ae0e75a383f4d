namespace Hearth.IntegrationTests.Support;

/// <summary>A clock for a server in this process that stands still until a test moves it. Any thread may read and move it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _elapsedTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _elapsedTicks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _elapsedTicks, time.Ticks);
}

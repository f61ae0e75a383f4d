namespace Hearth.Server;

/// <summary>A figure that is counted upwards, seen as a rate per second over the last sixteen samples.</summary>
internal sealed class RateMeter
{
    private const int SampleCount = 16;

    private readonly double[] _perSecond = new double[SampleCount];
    private int _next;
    private long _lastValue;
    private long _lastMicroseconds = -1;

    public double PerSecond => _perSecond.Sum() / SampleCount;

    public void Take(long value, long nowMicroseconds)
    {
        if (_lastMicroseconds >= 0 && nowMicroseconds > _lastMicroseconds)
        {
            _perSecond[_next] = (value - _lastValue) * 1e6 / (nowMicroseconds - _lastMicroseconds);
            _next = (_next + 1) % SampleCount;
        }

        (_lastValue, _lastMicroseconds) = (value, nowMicroseconds);
    }

    /// <summary>The figure starts at 0 again, and the rate with it.</summary>
    public void Reset()
    {
        Array.Clear(_perSecond);
        (_next, _lastValue, _lastMicroseconds) = (0, 0, -1);
    }
}

/// <summary>What INFO shows as "instantaneous" or as a peak, sampled ten times a second.</summary>
internal sealed class Samples
{
    private const long PeriodMicroseconds = 100_000;

    private long _lastMicroseconds = long.MinValue / 2;

    public RateMeter Commands { get; } = new();

    public RateMeter InputBytes { get; } = new();

    public RateMeter OutputBytes { get; } = new();

    public RateMeter Cycles { get; } = new();

    public RateMeter CycleMicroseconds { get; } = new();

    /// <summary>How long a turn of the loop has taken lately.</summary>
    public double AverageCycleMicroseconds => Cycles.PerSecond == 0 ? 0 : CycleMicroseconds.PerSecond / Cycles.PerSecond;

    /// <summary>The most bytes used at any sample.</summary>
    public long PeakBytes { get; set; }

    public void Reset(long usedBytes)
    {
        PeakBytes = usedBytes;
        foreach (var meter in (RateMeter[])[Commands, InputBytes, OutputBytes, Cycles, CycleMicroseconds]) meter.Reset();
    }

    public void Take(Engine engine, long nowMicroseconds)
    {
        PeakBytes = Math.Max(PeakBytes, engine.UsedBytes);
        if (nowMicroseconds - _lastMicroseconds < PeriodMicroseconds) return;
        _lastMicroseconds = nowMicroseconds;
        Commands.Take(engine.Statistics.CommandsProcessed, nowMicroseconds);
        if (engine.Loop is not { } loop) return;
        InputBytes.Take(loop.Counters.NetInputBytes, nowMicroseconds);
        OutputBytes.Take(loop.Counters.NetOutputBytes, nowMicroseconds);
        Cycles.Take(loop.Counters.Cycles, nowMicroseconds);
        CycleMicroseconds.Take(loop.Counters.DurationSumMicroseconds, nowMicroseconds);
    }
}

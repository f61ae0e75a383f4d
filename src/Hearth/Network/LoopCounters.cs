namespace Hearth.Network;

/// <summary>
/// What the loop has done so far. Fields, because they are counted up in the hottest paths; only the loop's thread writes.
/// </summary>
internal sealed class LoopCounters
{
    public long NetInputBytes;
    public long NetOutputBytes;
    public long ReadsProcessed;
    public long WritesProcessed;
    public long ConnectionsReceived;

    /// <summary>Turns of the loop.</summary>
    public long Cycles;

    /// <summary>Time spent outside of waiting.</summary>
    public long DurationSumMicroseconds;

    /// <summary>The longest turn since the owner last set this to zero.</summary>
    public long LongestTurnMicroseconds;

    public void Reset()
    {
        NetInputBytes = NetOutputBytes = ReadsProcessed = WritesProcessed = ConnectionsReceived = 0;
        Cycles = DurationSumMicroseconds = LongestTurnMicroseconds = 0;
    }
}

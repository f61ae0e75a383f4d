using System.Runtime.CompilerServices;
using Hearth.Primitives;
using Hearth.Types;

namespace Hearth.Store;

/// <summary>
/// The 24 bits in each entry that say how it is used. Under an LRU policy they are the time of the last access in seconds, which wraps
/// after 194 days. Under an LFU policy they are 16 bits of minutes since the last decrement and an 8-bit logarithmic counter: it grows
/// with probability 1 / ((counter - 5) * log factor + 1) at an access and falls by one for every decay time that passes.
/// </summary>
internal sealed class AccessClock(Clock clock, RandomSource random)
{
    public const uint ClockMax = (1 << 24) - 1;

    /// <summary>A new key starts above zero, or it would be evicted before it has a chance to be used.</summary>
    private const uint NewKeyCounter = 5;

    private const uint CounterMax = 255;

    private uint _lruNow;

    public bool IsLfu { get; set; }

    public int LfuLogFactor { get; set; } = 10;

    public int LfuDecayMinutes { get; set; } = 1;

    /// <summary>The LRU clock as INFO's lru_clock shows it.</summary>
    public uint LruNow => _lruNow;

    private uint MinutesNow => (uint)(clock.NowMs / 60_000) & 0xFFFF;

    /// <summary>Follows the server's clock; called once a turn.</summary>
    public void Refresh() => _lruNow = (uint)(clock.NowMs / 1000) & ClockMax;

    public uint Fresh() => IsLfu ? (MinutesNow << 8) | NewKeyCounter : _lruNow;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(Entry entry)
    {
        if (IsLfu) TouchLfu(entry);
        else if (entry.AccessClock != _lruNow) entry.AccessClock = _lruNow; // Reading first leaves the cache line clean.
    }

    /// <summary>Time since the last access, in milliseconds, to the clock's second.</summary>
    public long IdleMs(Entry entry)
    {
        var then = entry.AccessClock;
        return (_lruNow >= then ? _lruNow - then : _lruNow + (ClockMax - then)) * 1000L;
    }

    /// <summary>The logarithmic access counter, after the decay that is due.</summary>
    public uint Frequency(Entry entry)
    {
        var counter = entry.AccessClock & 255;
        if (LfuDecayMinutes == 0) return counter;
        var then = entry.AccessClock >> 8;
        var minutes = MinutesNow >= then ? MinutesNow - then : 0xFFFF - then + MinutesNow;
        var periods = minutes / (uint)LfuDecayMinutes;
        return periods >= counter ? 0 : counter - periods;
    }

    private void TouchLfu(Entry entry)
    {
        var counter = Frequency(entry);
        if (counter < CounterMax)
        {
            var above = counter > NewKeyCounter ? counter - NewKeyCounter : 0;
            var probability = 1.0 / ((above * (double)LfuLogFactor) + 1);
            if ((random.NextUInt64() >> 11) * (1.0 / (1UL << 53)) < probability) counter++;
        }

        entry.AccessClock = (MinutesNow << 8) | counter;
    }
}

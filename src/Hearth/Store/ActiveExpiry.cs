using Hearth.Primitives;
using Hearth.Types;

namespace Hearth.Store;

/// <summary>
/// Removes keys whose time is up although nobody asks for them. It looks at samples of a database's expires index, in the index's own
/// order, removes what has expired, and goes on with the same database while more than a tenth of a sample had; a clock ends each slice.
/// The walk visits every key in turn, so no key is overlooked for long, and a database with few expired keys costs one sample.
/// </summary>
internal sealed class ActiveExpiry(Keyspace[] keyspaces, Clock clock, KeyspaceStatistics statistics)
{
    private const int SampleKeys = 20;

    /// <summary>The clock is read only after so many samples.</summary>
    private const int SamplesPerTimeCheck = 4;

    private readonly List<Entry> _expired = [];
    private readonly List<ulong> _hashes = [];
    private int _nextDatabase;

    /// <summary>1 to 10, active-expire-effort: more effort samples more keys and tolerates fewer that are overdue.</summary>
    public int Effort { get; set; } = 1;

    /// <summary>Called before and after each key is removed, so that it is propagated as a unit of its own.</summary>
    public Action? BeforeEach { get; set; }

    public Action? AfterEach { get; set; }

    private int SampleSize => SampleKeys + (SampleKeys / 4 * (Effort - 1));

    private int TolerablePercent => 10 - (Effort - 1);

    /// <summary>Runs for at most so long; false when it was the clock that ended it.</summary>
    public bool Run(long budgetMicroseconds)
    {
        var start = clock.MonotonicMicroseconds;
        long sampled = 0;
        long expired = 0;
        var samples = 0;
        var isInTime = true;
        for (var i = 0; i < keyspaces.Length && isInTime; i++)
        {
            var keyspace = keyspaces[_nextDatabase % keyspaces.Length];
            _nextDatabase = (_nextDatabase + 1) % keyspaces.Length;
            while (keyspace.Expires.Count > 0)
            {
                var (seen, removed) = Sample(keyspace);
                sampled += seen;
                expired += removed;
                if (++samples % SamplesPerTimeCheck == 0 && clock.MonotonicMicroseconds - start > budgetMicroseconds)
                {
                    isInTime = false;
                    statistics.ExpireCyclesCutShort++;
                    break;
                }

                // The end of the index may come before a single key: that tells nothing.
                if (seen > 0 && removed * 100 <= seen * TolerablePercent) break;
            }

            if (keyspace.Expires.Count == 0) keyspace.AverageTtlMs = 0;
        }

        statistics.ExpireCycleMicroseconds += clock.MonotonicMicroseconds - start;
        var stale = sampled == 0 ? 0 : (double)expired / sampled;
        statistics.ExpiredStalePercent = (stale * 0.05) + (statistics.ExpiredStalePercent * 0.95);
        return isInTime;
    }

    private (long Seen, long Removed) Sample(Keyspace keyspace)
    {
        var visitor = new SamplingVisitor(_expired, clock.NowMs);
        keyspace.ExpiryCursor = keyspace.Expires.Scan(keyspace.ExpiryCursor, SampleSize, ref visitor);
        if (visitor.TtlCount > 0)
        {
            var average = (long)(visitor.TtlSumMs / visitor.TtlCount);
            keyspace.AverageTtlMs = keyspace.AverageTtlMs == 0 ? average : (keyspace.AverageTtlMs / 50 * 49) + (average / 50);
        }

        // All keys are hashed before the first is removed, so that the misses of the other table overlap.
        foreach (var entry in _expired)
        {
            var hash = keyspace.KeyOf(entry).Hash;
            keyspace.Keys.PrefetchBucket(hash);
            _hashes.Add(hash);
        }

        for (var i = 0; i < _expired.Count; i++)
        {
            BeforeEach?.Invoke();
            keyspace.Expire(new Key(_expired[i].Key, _hashes[i]), _expired[i]);
            AfterEach?.Invoke();
        }

        var removed = _expired.Count;
        _expired.Clear();
        _hashes.Clear();
        return (visitor.Seen, removed);
    }

    /// <summary>Collects expired entries: a table must not change while it is walked.</summary>
    private struct SamplingVisitor(List<Entry> expired, long nowMs) : IEntryVisitor
    {
        public long Seen;
        public double TtlSumMs; // Two keys that expire at the end of time are more than a long holds.
        public long TtlCount;

        public void Visit(Entry entry)
        {
            Seen++;
            var ttlMs = entry.ExpireAtMs - nowMs;
            if (ttlMs < 0)
            {
                expired.Add(entry);
                return;
            }

            TtlSumMs += ttlMs;
            TtlCount++;
        }
    }
}

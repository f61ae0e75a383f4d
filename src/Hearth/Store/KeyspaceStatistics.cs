namespace Hearth.Store;

/// <summary>What INFO's stats section says of all databases together.</summary>
internal sealed class KeyspaceStatistics
{
    public long Hits;
    public long Misses;
    public long ExpiredKeys;
    public long EvictedKeys;

    /// <summary>Share of expired keys still in memory, as the active cycle estimates it, in percent.</summary>
    public double ExpiredStalePercent;

    public long ExpireCyclesCutShort;
    public long ExpireCycleMicroseconds;
    public long LazyFreedObjects;

    public void Reset()
    {
        Hits = Misses = ExpiredKeys = EvictedKeys = 0;
        ExpiredStalePercent = 0;
        ExpireCyclesCutShort = ExpireCycleMicroseconds = LazyFreedObjects = 0;
    }
}

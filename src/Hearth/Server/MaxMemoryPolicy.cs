namespace Hearth.Server;

/// <summary>What gives way when maxmemory is reached, in the order of the words of maxmemory-policy.</summary>
internal enum MaxMemoryPolicy
{
    VolatileLru,
    VolatileLfu,
    VolatileRandom,
    VolatileTtl,
    AllKeysLru,
    AllKeysLfu,
    AllKeysRandom,
    NoEviction,
}

internal static class MaxMemoryPolicies
{
    /// <summary>Whether eviction looks at when or how often keys were used.</summary>
    public static bool UsesAccessClock(this MaxMemoryPolicy policy) =>
        policy is MaxMemoryPolicy.VolatileLru or MaxMemoryPolicy.VolatileLfu or MaxMemoryPolicy.AllKeysLru or MaxMemoryPolicy.AllKeysLfu;
}

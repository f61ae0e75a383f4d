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

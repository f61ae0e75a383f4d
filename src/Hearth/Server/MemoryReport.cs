namespace Hearth.Server;

/// <summary>What the memory is used for, in bytes: for INFO memory and MEMORY STATS.</summary>
internal sealed class MemoryReport
{
    public MemoryReport(Engine engine)
    {
        UsedBytes = engine.UsedBytes;
        PeakBytes = Math.Max(engine.Samples.PeakBytes, UsedBytes);
        StartupBytes = engine.StartupBytes;
        ClientBytes = engine.ClientHeap.UsedBytes;
        foreach (var keyspace in engine.Keyspaces)
        {
            TableBytes += keyspace.Keys.MemoryBytes + keyspace.Expires.MemoryBytes;
            KeyCount += keyspace.Count;
        }

        ReservedBytes = engine.DataHeap.ReservedBytes + engine.ClientHeap.ReservedBytes;
        ResidentBytes = ProcessFacts.ResidentBytes;
    }

    public long UsedBytes { get; }

    public long PeakBytes { get; }

    /// <summary>What was used before the first key and the first client.</summary>
    public long StartupBytes { get; }

    /// <summary>Input and output that is kept for clients.</summary>
    public long ClientBytes { get; }

    /// <summary>The tables of keys and of expiring keys, without the entries.</summary>
    public long TableBytes { get; }

    public long KeyCount { get; }

    /// <summary>What the heaps have taken from the operating system.</summary>
    public long ReservedBytes { get; }

    public long ResidentBytes { get; }

    public long OverheadBytes => Math.Min(StartupBytes + ClientBytes + TableBytes, UsedBytes);

    public long DatasetBytes => UsedBytes - OverheadBytes;

    /// <summary>Data in proportion to all that is used since the start, in percent.</summary>
    public double DatasetPercent => UsedBytes <= StartupBytes ? 0 : 100.0 * DatasetBytes / (UsedBytes - StartupBytes);

    public double PeakPercent => PeakBytes == 0 ? 0 : 100.0 * UsedBytes / PeakBytes;
}

namespace Hearth.Types;

/// <summary>
/// How big a collection may be in the compact form of its type, which is one block that is searched from end to end. Past any of its
/// limits it takes the form that is fast at any size, and (but for lists) keeps it. The parameters of the configuration fill these.
/// </summary>
internal sealed class EncodingLimits
{
    public const long DefaultListPlainFromBytes = 1 << 30;

    public long HashListpackEntries { get; set; } = 512;

    /// <summary>Bytes of the longest field or value.</summary>
    public long HashListpackValueBytes { get; set; } = 64;

    /// <summary>Above zero: elements of a node; below: its bytes, from -1 for 4 KiB to -5 for 64 KiB.</summary>
    public int ListListpackSize { get; set; } = -2;

    /// <summary>Bytes from which on an element of a long list has a node of its own; DEBUG QUICKLIST-PACKED-THRESHOLD changes it.</summary>
    public long ListPlainFromBytes { get; set; } = DefaultListPlainFromBytes;

    public long SetIntsetEntries { get; set; } = 512;

    public long SetListpackEntries { get; set; } = 128;

    public long SetListpackValueBytes { get; set; } = 64;

    public long ZSetListpackEntries { get; set; } = 128;

    public long ZSetListpackValueBytes { get; set; } = 64;

    public long StreamNodeBytes { get; set; } = 4096;

    public long StreamNodeEntries { get; set; } = 100;

    public long HyperLogLogSparseBytes { get; set; } = 3000;
}

namespace Hearth.Types;

/// <summary>
/// Where a member of a sorted set was found, or was not: spares a second search when its score is then changed. Valid until the
/// set changes.
/// </summary>
internal readonly struct ZSetPlace(nint address, double score, ulong hash)
{
    public bool Exists => Address != 0;

    public double Score { get; } = score;

    internal nint Address { get; } = address;

    /// <summary>The hash of the member; only a set that is no listpack has use for it.</summary>
    internal ulong Hash { get; } = hash;
}

using System.Globalization;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>One command as it is repeated to the AOF and to replicas, and the database that it is for.</summary>
internal sealed record PropagatedCommand(int Database, byte[][] Words)
{
    /// <summary>What has become of the same relative expiry on two servers lies apart by as long as one was later than the other.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Unix times in milliseconds are at least this, and hardly anything else in a test is.</summary>
    private const long LeastTimeMs = 1_000_000_000_000;

    public bool IsSameAs(PropagatedCommand other)
    {
        var (left, right) = (Canonical(Words), Canonical(other.Words));
        var isFrame = left.Length == 1 && (Is(left[0], "MULTI") || Is(left[0], "EXEC")); // Belongs to no database.
        return left.Length == right.Length && (isFrame || Database == other.Database)
            && left.Zip(right).All(static pair => AreSame(pair.First, pair.Second));
    }

    public override string ToString() => $"{Database}: {Printable.Command(Words)}";

    /// <summary>7.0 repeats every SET with an expiry in one form; 7.2 leaves alone those that have PXAT already.</summary>
    private static byte[][] Canonical(byte[][] words)
    {
        var pxat = words.Length > 4 && Is(words[0], "SET") ? Array.FindIndex(words, 3, static word => Is(word, "PXAT")) : -1;
        return pxat < 0 ? words : ["SET"u8.ToArray(), words[1], words[2], "PXAT"u8.ToArray(), words[pxat + 1]];
    }

    private static bool Is(byte[] word, string expected) => System.Text.Ascii.EqualsIgnoreCase(word.AsSpan().TrimEnd((byte)0), expected);

    private static bool AreSame(byte[] left, byte[] right) =>
        left.AsSpan().SequenceEqual(right)
        || (TryTime(left, out var leftMs) && TryTime(right, out var rightMs) && Math.Abs(leftMs - rightMs) < Tolerance.TotalMilliseconds);

    private static bool TryTime(byte[] word, out long timeMs) => long.TryParse(word, CultureInfo.InvariantCulture, out timeMs) && timeMs >= LeastTimeMs;
}

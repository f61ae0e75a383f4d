using System.Numerics;

namespace Hearth.Server;

/// <summary>
/// How often a command took how long: sixteen buckets to each power of two of nanoseconds, so that a percentile is within about
/// 6 % of the truth, from 1 ns to 1 s and more, in one array that is allocated at the command's first call.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBuckets = 16;
    private const int SubBucketBits = 4;
    private const int Exponents = 36;

    private readonly long[] _counts = new long[Exponents * SubBuckets];

    public long Count { get; private set; }

    /// <summary>Counts durations that fall into this bucket.</summary>
    public void Add(int bucket, int count = 1)
    {
        _counts[bucket] += count;
        Count += count;
    }

    /// <summary>The duration in nanoseconds that this share of the calls did not exceed.</summary>
    public long Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0) return UpperEnd(i);
        }

        return 0;
    }

    /// <summary>Calls that took at most so long; LATENCY HISTOGRAM adds them up by powers of two.</summary>
    public long CountUpTo(long nanoseconds)
    {
        long count = 0;
        for (var i = 0; i < _counts.Length && UpperEnd(i) <= nanoseconds; i++) count += _counts[i];
        return count;
    }

    /// <summary>The bucket of a duration, the same for all histograms.</summary>
    public static int BucketOf(long nanoseconds)
    {
        var value = (ulong)Math.Max(nanoseconds, 1);
        var exponent = BitOperations.Log2(value);
        if (exponent >= Exponents) return (Exponents * SubBuckets) - 1;
        var fraction = exponent >= SubBucketBits ? value >> (exponent - SubBucketBits) : value << (SubBucketBits - exponent);
        return (exponent * SubBuckets) + (int)(fraction & (SubBuckets - 1));
    }

    private static long UpperEnd(int index)
    {
        var (exponent, sub) = (index / SubBuckets, index % SubBuckets);
        var start = 1L << exponent;
        return start + ((start * (sub + 1)) >> SubBucketBits) - (exponent >= SubBucketBits ? 1 : 0);
    }
}

using System.Diagnostics;

namespace Hearth.Types;

/// <summary>
/// The number of different elements that registers speak of, by Otmar Ertl's improved estimator ("New cardinality estimation algorithms
/// for HyperLogLog sketches", 2017): it needs only how many registers hold each value, and no correction for few or for many elements.
/// Each step is Redis's, so that the result is the same to the last digit.
/// </summary>
internal static class HyperLogLogEstimate
{
    /// <summary>A register has six bits. An honest one never holds more than 51, but a client may have written any.</summary>
    public const int HistogramLength = 64;

    /// <summary>1 / (2 ln 2).</summary>
    private const double Alpha = 0.721347520444481703680;

    public static long Cardinality(ReadOnlySpan<int> histogram)
    {
        Debug.Assert(histogram.Length == HistogramLength);
        const double M = HyperLogLog.Registers;
        var z = M * Tau((M - histogram[HyperLogLog.RunBits + 1]) / M);
        for (var value = HyperLogLog.RunBits; value >= 1; value--)
        {
            z += histogram[value];
            z *= 0.5;
        }

        z += M * Sigma(histogram[0] / M);
        return Rounded(Alpha * M * M / z);
    }

    /// <summary>What does not fit becomes the least number, as where x86 rounds it.</summary>
    private static long Rounded(double estimate) =>
        estimate < long.MaxValue ? (long)Math.Round(estimate, MidpointRounding.AwayFromZero) : long.MinValue;

    private static double Sigma(double x)
    {
        if (x == 1) return double.PositiveInfinity;
        var (y, z, before) = (1.0, x, 0.0);
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (before != z);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        var (y, z, before) = (1.0, 1 - x, 0.0);
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (before != z);
        return z / 3;
    }
}

using System.Buffers.Binary;
using System.Globalization;

namespace Hearth.Types;

/// <summary>
/// PFSELFTEST: what a release build can still find out about itself on the machine that it runs on, where vectors may be other ones than
/// those that the tests have seen.
/// </summary>
internal static class HyperLogLogSelfTest
{
    private const int Rounds = 20;
    private const int Elements = 100_000;

    /// <summary>What is wrong, or null.</summary>
    public static string? Run()
    {
        var random = new Random(1);
        var dense = new byte[HyperLogLogDense.Bytes];
        HyperLogLog.WriteHeader(dense, HyperLogLogEncoding.Dense);
        for (var round = 0; round < Rounds; round++)
        {
            if (Registers(dense, random) is { } failure) return failure;
        }

        return Estimates(dense);
    }

    /// <summary>Registers of random values, set one by one, are read one by one and all at once, and written all at once to the same bytes.</summary>
    private static string? Registers(byte[] dense, Random random)
    {
        var expected = new byte[HyperLogLog.Registers];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = (byte)random.Next(HyperLogLogEstimate.HistogramLength);
            HyperLogLogDense.Set(dense, i, expected[i]);
        }

        var spread = new byte[HyperLogLog.Registers];
        HyperLogLogDense.MergeInto(spread, dense);
        for (var i = 0; i < expected.Length; i++)
        {
            var found = HyperLogLogDense.Get(dense, i);
            if (found != expected[i]) return string.Create(CultureInfo.InvariantCulture, $"Register {i} should be {expected[i]} but actual value is {found}");
            if (spread[i] != expected[i]) return string.Create(CultureInfo.InvariantCulture, $"Register {i} should be {expected[i]} but is spread as {spread[i]}");
        }

        var written = new byte[HyperLogLogDense.Bytes];
        HyperLogLog.WriteHeader(written, HyperLogLogEncoding.Dense);
        HyperLogLogDense.Write(written, expected);
        return written.AsSpan().SequenceEqual(dense) ? null : "Registers written together differ from those written one by one";
    }

    /// <summary>Estimates of growing sets stay within six times the standard error, which chance alone hardly ever exceeds.</summary>
    private static string? Estimates(byte[] dense)
    {
        const double ErrorMax = 6 * 1.04 / 128;
        dense.AsSpan(HyperLogLog.HeaderBytes).Clear();
        var element = new byte[sizeof(long)];
        for (var (i, next) = (1, 1); i <= Elements; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(element, i);
            var (index, run) = HyperLogLog.Locate(element);
            HyperLogLogDense.TryRaise(dense, index, run);
            if (i != next) continue;
            next *= 10;
            HyperLogLog.TryCount(dense, out var estimate);
            if (Math.Abs(estimate - i) > Math.Max(1, i * ErrorMax)) return string.Create(CultureInfo.InvariantCulture, $"Too big error. card:{i} estimate:{estimate}");
        }

        return null;
    }
}

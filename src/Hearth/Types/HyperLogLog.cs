using System.Buffers.Binary;
using System.Numerics;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// Counts different elements without keeping them. Each element is hashed; the low 14 bits choose one of 16,384 registers, and the
/// register remembers the longest run of zero bits, counted from the low end and plus one, that the other 50 have shown. Long runs are
/// rare, so the registers together tell how many different elements there have been (<see cref="HyperLogLogEstimate"/>), within
/// 0.81 % as a rule.
/// <para>
/// A HyperLogLog is a string, and its bytes are Redis's: a client may GET them here and SET them there.
/// <code>
/// 0   "HYLL"
/// 4   encoding: 0 dense, 1 sparse
/// 5   three bytes that mean nothing
/// 8   the cardinality as computed last, 8 bytes, the low one first; the top bit says that it is out of date
/// 16  the registers, dense (<see cref="HyperLogLogDense"/>) or sparse (<see cref="HyperLogLogSparse"/>)
/// </code>
/// A client may also SET any other bytes, so whatever reads registers must stand all of them.
/// </para>
/// </summary>
internal static class HyperLogLog
{
    public const int HeaderBytes = 16;
    public const int IndexBits = 14;
    public const int Registers = 1 << IndexBits;

    /// <summary>The bits of a hash that a run is looked for in; a run of zeros only counts as one more.</summary>
    public const int RunBits = 64 - IndexBits;

    private const int EncodingAt = 4;
    private const int CardinalityAt = 8;
    private const ulong OutOfDate = 1UL << 63;
    private const ulong Seed = 0xadc8_3b19;

    private static ReadOnlySpan<byte> Magic => "HYLL"u8;

    /// <summary>Whether the string can be one at all. The registers of a sparse one may still turn out to be damaged.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes.StartsWith(Magic) && bytes[EncodingAt] switch
        {
            (byte)HyperLogLogEncoding.Dense => bytes.Length == HyperLogLogDense.Bytes,
            (byte)HyperLogLogEncoding.Sparse => true,
            _ => false,
        };

    public static bool IsDense(ReadOnlySpan<byte> bytes) => bytes[EncodingAt] == (byte)HyperLogLogEncoding.Dense;

    /// <summary>Writes the header of one that has seen nothing yet.</summary>
    public static void WriteHeader(Span<byte> bytes, HyperLogLogEncoding encoding)
    {
        bytes[..HeaderBytes].Clear();
        Magic.CopyTo(bytes);
        bytes[EncodingAt] = (byte)encoding;
    }

    /// <summary>Writes the header of a string that takes the place of another, in another encoding.</summary>
    public static void CopyHeader(Span<byte> bytes, ReadOnlySpan<byte> old, HyperLogLogEncoding encoding)
    {
        old[..HeaderBytes].CopyTo(bytes);
        bytes[EncodingAt] = (byte)encoding;
    }

    /// <summary>The cardinality that was computed last, unless registers have changed since.</summary>
    public static bool TryGetCardinality(ReadOnlySpan<byte> bytes, out long cardinality)
    {
        cardinality = BinaryPrimitives.ReadInt64LittleEndian(bytes[CardinalityAt..]);
        return cardinality >= 0;
    }

    public static void SetCardinality(Span<byte> bytes, long cardinality) =>
        BinaryPrimitives.WriteInt64LittleEndian(bytes[CardinalityAt..], cardinality);

    /// <summary>Marks the cardinality as out of date; its other bits stay.</summary>
    public static void ForgetCardinality(Span<byte> bytes) => bytes[CardinalityAt + 7] |= (byte)(OutOfDate >> 56);

    /// <summary>The register of an element, and the least that it must hold once the element has been seen.</summary>
    public static (int Index, byte Run) Locate(ReadOnlySpan<byte> element)
    {
        var hash = MurmurHash64.Hash(element, Seed);
        var bits = (hash >> IndexBits) | (1UL << RunBits);
        return ((int)hash & (Registers - 1), (byte)(BitOperations.TrailingZeroCount(bits) + 1));
    }

    /// <summary>The cardinality of the registers as they are; false when they are damaged.</summary>
    public static bool TryCount(ReadOnlySpan<byte> bytes, out long cardinality)
    {
        Span<int> histogram = stackalloc int[HyperLogLogEstimate.HistogramLength];
        histogram.Clear();
        var isWhole = true;
        if (IsDense(bytes)) HyperLogLogDense.AddTo(histogram, bytes);
        else isWhole = HyperLogLogSparse.TryAddTo(histogram, bytes);
        cardinality = isWhole ? HyperLogLogEstimate.Cardinality(histogram) : 0;
        return isWhole;
    }

    /// <summary>Raises each of these registers, a byte each, to what the string holds; false when its registers are damaged.</summary>
    public static bool TryMergeInto(Span<byte> registers, ReadOnlySpan<byte> bytes)
    {
        if (!IsDense(bytes)) return HyperLogLogSparse.TryMergeInto(registers, bytes);
        HyperLogLogDense.MergeInto(registers, bytes);
        return true;
    }
}

/// <summary>How the registers are written down; the numbers stand in the string.</summary>
internal enum HyperLogLogEncoding : byte
{
    Dense = 0,
    Sparse = 1,
}

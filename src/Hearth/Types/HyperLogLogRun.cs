using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hearth.Types;

/// <summary>One run of a sparse HyperLogLog, read from its one or two bytes.</summary>
internal readonly struct HyperLogLogRun
{
    private const int ValueMark = 0x80;
    private const int LongMark = 0x40;
    private const int ShortLengthMax = 64;

    private HyperLogLogRun(int value, int length, int bytes) => (Value, Length, Bytes) = (value, length, bytes);

    /// <summary>What its registers hold.</summary>
    public int Value { get; }

    /// <summary>How many registers it stands for; at least one.</summary>
    public int Length { get; }

    /// <summary>How many bytes it takes.</summary>
    public int Bytes { get; }

    /// <summary>Reads the run here. A second byte that is missing counts as 0, as where Redis reads the end mark of its string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HyperLogLogRun Read(ReadOnlySpan<byte> bytes, int at)
    {
        int first = bytes[at];
        if (first >= ValueMark) return new HyperLogLogRun(((first >> 2) & 31) + 1, (first & 3) + 1, 1);
        if (first < LongMark) return new HyperLogLogRun(0, first + 1, 1);
        var second = at + 1 < bytes.Length ? bytes[at + 1] : 0;
        return new HyperLogLogRun(0, (((first & 0x3F) << 8) | second) + 1, 2);
    }

    /// <summary>How many registers the run here stands for. Every search goes through many runs, so it guesses nothing about their kinds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthAt(ReadOnlySpan<byte> bytes, int at, out int runBytes)
    {
        int first = bytes[at];
        runBytes = 1;
        // The low six bits count where zeros are, the low two where other values are.
        var length = (first & (0x3F >> ((first >> 7) << 2))) + 1;
        if ((first & (ValueMark | LongMark)) != LongMark) return length;
        runBytes = 2;
        return Read(bytes, at).Length;
    }

    /// <summary>Adds up the runs of one byte in these sixteen bytes, up to the first longer one: how many there are, and for how many registers.</summary>
    public static (int Runs, int Registers) AddUpShort(ReadOnlySpan<byte> sixteen)
    {
        var bytes = Vector128.Create(sixteen);
        var longRuns = Vector128.Equals(bytes & Vector128.Create((byte)(ValueMark | LongMark)), Vector128.Create((byte)LongMark));
        var runs = BitOperations.TrailingZeroCount(longRuns.ExtractMostSignificantBits() | (1u << Vector128<byte>.Count));
        var values = Vector128.GreaterThanOrEqual(bytes, Vector128.Create((byte)ValueMark));
        var lengths = (bytes & Vector128.ConditionalSelect(values, Vector128.Create((byte)3), Vector128.Create((byte)0x3F))) + Vector128<byte>.One;
        lengths &= Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)runs));
        var (low, high) = Vector128.Widen(lengths);
        return (runs, Vector128.Sum(low + high));
    }

    /// <summary>The byte of one to four registers that are not 0.</summary>
    public static byte Encode(int value, int length) => (byte)(ValueMark | ((value - 1) << 2) | (length - 1));

    /// <summary>The first byte of so many registers that are 0, and the second one if there is one.</summary>
    public static (byte First, byte Second, int Bytes) EncodeZeros(int length) => length <= ShortLengthMax
        ? ((byte)(length - 1), (byte)0, 1)
        : ((byte)(LongMark | ((length - 1) >> 8)), (byte)(length - 1), 2);
}

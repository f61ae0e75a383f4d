using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Hearth.Types;

/// <summary>
/// All registers one after the other, six bits each, the low bits of a byte first:
/// <code>
/// byte 0    byte 1    byte 2    byte 3
/// 11000000  22221111  33333322  55444444 ...     the digit says whose bit it is
/// </code>
/// Four registers take three bytes. Sixteen of them, in twelve bytes, are spread over a vector of sixteen bytes or gathered from it at once:
/// a shuffle brings each group of three bytes into a lane of four, and shifts bring each register into a byte of its own.
/// </summary>
internal static unsafe class HyperLogLogDense
{
    /// <summary>Length of the string.</summary>
    public const int Bytes = HyperLogLog.HeaderBytes + PackedBytes;

    private const int PackedBytes = HyperLogLog.Registers * RegisterBits / 8;
    private const int RegisterBits = 6;
    private const int RegisterMask = (1 << RegisterBits) - 1;
    private const int GroupRegisters = 16;
    private const int GroupBytes = GroupRegisters * RegisterBits / 8;

    /// <summary>Groups that can be loaded and stored as sixteen bytes without touching what lies behind the last register.</summary>
    private const int WholeGroups = (HyperLogLog.Registers / GroupRegisters) - 1;

    private static Vector128<byte> Spread => Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);

    private static Vector128<byte> Gather => Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);

    public static byte Get(ReadOnlySpan<byte> bytes, int index)
    {
        var bit = index * RegisterBits;
        var at = HyperLogLog.HeaderBytes + (bit >> 3);
        var pair = bytes[at] | (at + 1 < bytes.Length ? bytes[at + 1] << 8 : 0);
        return (byte)((pair >> (bit & 7)) & RegisterMask);
    }

    /// <summary>Raises a register; whether it held less.</summary>
    public static bool TryRaise(Span<byte> bytes, int index, byte run)
    {
        if (Get(bytes, index) >= run) return false;
        Set(bytes, index, run);
        return true;
    }

    public static void Set(Span<byte> bytes, int index, byte value)
    {
        Debug.Assert(value <= RegisterMask);
        var bit = index * RegisterBits;
        var (at, shift) = (HyperLogLog.HeaderBytes + (bit >> 3), bit & 7);
        bytes[at] = (byte)((bytes[at] & ~(RegisterMask << shift)) | (value << shift));
        // The last register ends with its byte, so where bits are left over there is a byte for them.
        if (shift > 8 - RegisterBits) bytes[at + 1] = (byte)((bytes[at + 1] & ~(RegisterMask >> (8 - shift))) | (value >> (8 - shift)));
    }

    /// <summary>Adds to each value's count how many registers hold it.</summary>
    public static void AddTo(Span<int> histogram, ReadOnlySpan<byte> bytes)
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.Registers];
        registers.Clear();
        MergeInto(registers, bytes);
        AddRegistersTo(histogram, registers);
    }

    /// <summary>The same for registers of a byte each.</summary>
    public static void AddRegistersTo(Span<int> histogram, ReadOnlySpan<byte> registers)
    {
        // Neighbours often hold the same value: with one table each, an increment does not wait for the one before it.
        const int Length = HyperLogLogEstimate.HistogramLength;
        Span<int> tables = stackalloc int[4 * Length];
        tables.Clear();
        fixed (int* first = tables)
        fixed (byte* register = registers)
        {
            for (var i = 0; i < HyperLogLog.Registers; i += 4)
            {
                first[register[i] & RegisterMask]++;
                first[Length + (register[i + 1] & RegisterMask)]++;
                first[(2 * Length) + (register[i + 2] & RegisterMask)]++;
                first[(3 * Length) + (register[i + 3] & RegisterMask)]++;
            }
        }

        for (var i = 0; i < 4 * Length; i++) histogram[i % Length] += tables[i];
    }

    /// <summary>Raises each of these registers, a byte each, to what the string holds.</summary>
    public static void MergeInto(Span<byte> registers, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(registers.Length == HyperLogLog.Registers && bytes.Length == Bytes);
        fixed (byte* start = bytes)
        fixed (byte* register = registers)
        {
            var packed = start + HyperLogLog.HeaderBytes;
            for (var group = 0; group < WholeGroups; group++)
            {
                var lanes = Vector128.Shuffle(Vector128.Load(packed + (group * GroupBytes)), Spread).AsUInt32();
                var spread = (lanes & Vector128.Create(0x3Fu)) | ((lanes << 2) & Vector128.Create(0x3F00u))
                    | ((lanes << 4) & Vector128.Create(0x3F_0000u)) | ((lanes << 6) & Vector128.Create(0x3F00_0000u));
                var target = register + (group * GroupRegisters);
                Vector128.Max(spread.AsByte(), Vector128.Load(target)).Store(target);
            }
        }

        for (var i = WholeGroups * GroupRegisters; i < HyperLogLog.Registers; i++) registers[i] = Math.Max(registers[i], Get(bytes, i));
    }

    /// <summary>Writes registers of a byte each over those of the string.</summary>
    public static void Write(Span<byte> bytes, ReadOnlySpan<byte> registers)
    {
        Debug.Assert(registers.Length == HyperLogLog.Registers && bytes.Length == Bytes);
        fixed (byte* start = bytes)
        fixed (byte* register = registers)
        {
            var packed = start + HyperLogLog.HeaderBytes;
            for (var group = 0; group < WholeGroups; group++)
            {
                var spread = Vector128.Load(register + (group * GroupRegisters)).AsUInt32();
                var lanes = (spread & Vector128.Create(0x3Fu)) | ((spread & Vector128.Create(0x3F00u)) >>> 2)
                    | ((spread & Vector128.Create(0x3F_0000u)) >>> 4) | ((spread & Vector128.Create(0x3F00_0000u)) >>> 6);
                // The last four bytes are zeros on the place of the next group, which is written after this one.
                Vector128.Shuffle(lanes.AsByte(), Gather).Store(packed + (group * GroupBytes));
            }
        }

        for (var i = WholeGroups * GroupRegisters; i < HyperLogLog.Registers; i++) Set(bytes, i, registers[i]);
    }
}

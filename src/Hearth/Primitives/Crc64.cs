using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearth.Primitives;

/// <summary>
/// The CRC-64 that ends RDB files and DUMP payloads: Jones's polynomial, reflected, from zero, without a final exclusive or.
///
/// Eight bytes are taken at a time: entry b of table k is the CRC of byte b followed by k zero bytes, so the bytes of a word are
/// looked up in one table each, independently, and the results are added.
/// </summary>
internal static class Crc64
{
    // 0xad93d23594c935a9 with its bits in the opposite order.
    private const ulong ReflectedPolynomial = 0x95AC9329AC4BC9B5;
    private const int TableLength = 256;
    private static readonly ulong[] Tables = MakeTables();

    /// <summary>The CRC of what <paramref name="crc"/> stands for, followed by <paramref name="data"/>; 0 stands for nothing.</summary>
    public static ulong Append(ulong crc, ReadOnlySpan<byte> data)
    {
        // All indices are a table's number and a byte, so they lie inside the eight tables by construction.
        ref var tables = ref MemoryMarshal.GetArrayDataReference(Tables);
        while (data.Length >= 8)
        {
            crc ^= BinaryPrimitives.ReadUInt64LittleEndian(data);
            crc = Unsafe.Add(ref tables, 7 * TableLength + (byte)crc)
                ^ Unsafe.Add(ref tables, 6 * TableLength + (byte)(crc >> 8))
                ^ Unsafe.Add(ref tables, 5 * TableLength + (byte)(crc >> 16))
                ^ Unsafe.Add(ref tables, 4 * TableLength + (byte)(crc >> 24))
                ^ Unsafe.Add(ref tables, 3 * TableLength + (byte)(crc >> 32))
                ^ Unsafe.Add(ref tables, 2 * TableLength + (byte)(crc >> 40))
                ^ Unsafe.Add(ref tables, TableLength + (byte)(crc >> 48))
                ^ Unsafe.Add(ref tables, (int)(crc >> 56));
            data = data[8..];
        }

        foreach (var next in data) crc = Unsafe.Add(ref tables, (byte)crc ^ next) ^ (crc >> 8);
        return crc;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[8 * TableLength];
        for (var value = 0; value < TableLength; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? ReflectedPolynomial : 0);
            tables[value] = crc;
        }

        for (var entry = TableLength; entry < tables.Length; entry++)
        {
            var shorter = tables[entry - TableLength];
            tables[entry] = tables[(byte)shorter] ^ (shorter >> 8);
        }

        return tables;
    }
}

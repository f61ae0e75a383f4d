using System.Buffers.Binary;

namespace Hearth.Primitives;

/// <summary>
/// Austin Appleby's MurmurHash2 of 64 bits in the variant called A, over little-endian words. It is not keyed: a HyperLogLog that one
/// server writes and another reads must hash alike.
/// </summary>
internal static class MurmurHash64
{
    private const ulong Multiplier = 0xc6a4_a793_5bd1_e995;
    private const int Shift = 47;

    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed ^ ((ulong)bytes.Length * Multiplier);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (hash ^ Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes))) * Multiplier;
            bytes = bytes[sizeof(ulong)..];
        }

        if (!bytes.IsEmpty)
        {
            var rest = 0UL;
            for (var i = bytes.Length - 1; i >= 0; i--) rest = (rest << 8) | bytes[i];
            hash = (hash ^ rest) * Multiplier;
        }

        hash = (hash ^ (hash >> Shift)) * Multiplier;
        return hash ^ (hash >> Shift);
    }

    private static ulong Mix(ulong word)
    {
        word *= Multiplier;
        return (word ^ (word >> Shift)) * Multiplier;
    }
}

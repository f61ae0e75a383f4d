using System.Buffers.Binary;
using Hearth.Primitives;

namespace Hearth.Tests.Primitives;

/// <summary>The AES variant of <see cref="KeyedHash"/> from its description, with AES rounds computed byte by byte.</summary>
internal sealed class KeyedHashModel
{
    private static readonly byte[] SubstitutionBox = MakeSubstitutionBox();
    private readonly byte[][] _keys = new byte[14][];

    public KeyedHashModel(ulong seed0, ulong seed1)
    {
        Span<byte> counter = stackalloc byte[4];
        for (var key = 0; key < _keys.Length; key++)
        {
            _keys[key] = new byte[16];
            for (var half = 0; half < 2; half++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(counter, 2 * key + half);
                BinaryPrimitives.WriteUInt64LittleEndian(_keys[key].AsSpan(8 * half), SipHash13.Hash(seed0, seed1, counter));
            }
        }
    }

    public ulong Hash(ReadOnlySpan<byte> data)
    {
        var lanes = data.Length <= 16 ? 1 : data.Length <= 32 ? 2 : 4;
        var states = new byte[lanes][];
        for (var lane = 0; lane < lanes; lane++) states[lane] = _keys[3 * lane];

        var rest = data;
        for (; rest.Length > 64; rest = rest[64..])
        {
            for (var lane = 0; lane < 4; lane++) states[lane] = Absorb(states[lane], rest.Slice(16 * lane, 16), lane, 0);
        }

        if (data.Length > 64) rest = data[^64..];
        for (var lane = 0; lane < lanes; lane++)
        {
            var start = lane < (lanes + 1) / 2 ? 16 * lane : rest.Length - 16 * (lanes - lane);
            var block = lanes == 1 ? ShortBlock(rest) : rest.Slice(start, 16);
            states[lane] = Absorb(states[lane], block, lane, lane == 0 ? data.Length : 0);
        }

        var joined = new byte[16];
        foreach (var state in states) joined = Xor(joined, state);
        joined = Round(Round(joined, _keys[12]), _keys[13]);
        return BinaryPrimitives.ReadUInt64LittleEndian(joined) ^ BinaryPrimitives.ReadUInt64LittleEndian(joined.AsSpan(8));
    }

    private byte[] Absorb(byte[] state, ReadOnlySpan<byte> block, int lane, int length)
    {
        var lengthBlock = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(lengthBlock, length);
        return Round(Round(Xor(state, block), Xor(_keys[3 * lane + 1], lengthBlock)), _keys[3 * lane + 2]);
    }

    private static byte[] ShortBlock(ReadOnlySpan<byte> data)
    {
        var block = new byte[16];
        var half = data.Length >= 8 ? 8 : data.Length >= 4 ? 4 : 0;
        if (half > 0)
        {
            data[..half].CopyTo(block);
            data[^half..].CopyTo(block.AsSpan(half));
        }
        else if (data.Length > 0)
        {
            block[0] = data[0];
            block[1] = data[data.Length / 2];
            block[2] = data[^1];
        }

        return block;
    }

    private static byte[] Round(byte[] state, byte[] key)
    {
        var shifted = new byte[16];
        for (var index = 0; index < 16; index++) shifted[index] = SubstitutionBox[state[(index * 5) % 16]];

        var mixed = new byte[16];
        for (var index = 0; index < 16; index++)
        {
            var column = index & ~3;
            mixed[index] = (byte)(Double(shifted[index])
                ^ Double(shifted[column + (index + 1) % 4]) ^ shifted[column + (index + 1) % 4]
                ^ shifted[column + (index + 2) % 4] ^ shifted[column + (index + 3) % 4]);
        }

        return Xor(mixed, key);
    }

    private static byte[] Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var result = new byte[16];
        for (var index = 0; index < 16; index++) result[index] = (byte)(left[index] ^ right[index]);
        return result;
    }

    private static byte Double(byte value) => (byte)((value << 1) ^ ((value >> 7) * 0x1b));

    // Inverse in the field of 256 elements, then the affine map, both as FIPS 197 defines them.
    private static byte[] MakeSubstitutionBox()
    {
        var box = new byte[256];
        for (var value = 0; value < 256; value++)
        {
            var inverse = 0;
            while (value != 0 && Multiply((byte)value, (byte)inverse) != 1) inverse++;
            for (var bit = 0; bit < 8; bit++)
            {
                var sum = 0x63 >> bit;
                foreach (var offset in (int[])[0, 4, 5, 6, 7]) sum ^= inverse >> ((bit + offset) % 8);
                box[value] |= (byte)((sum & 1) << bit);
            }
        }

        return box;
    }

    private static byte Multiply(byte left, byte right)
    {
        byte product = 0;
        for (; right != 0; right >>= 1)
        {
            if ((right & 1) != 0) product ^= left;
            left = Double(left);
        }

        return product;
    }
}

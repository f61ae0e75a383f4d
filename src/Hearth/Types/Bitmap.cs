using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Hearth.Types;

/// <summary>
/// A string seen as bits. Bit 0 is the most significant bit of the first byte, so that bits read in the order in which people write
/// the bytes. Ranges of bits name their first and their last bit.
/// </summary>
internal static class Bitmap
{
    public static bool Get(ReadOnlySpan<byte> bytes, long bit)
    {
        var index = bit >> 3;
        return index < bytes.Length && (bytes[(int)index] & Mask(bit)) != 0;
    }

    public static void Set(Span<byte> bytes, long bit, bool value)
    {
        ref var changed = ref bytes[(int)(bit >> 3)];
        if (value) changed |= Mask(bit);
        else changed &= (byte)~Mask(bit);
    }

    /// <summary>How many bits of the range are set.</summary>
    public static long Count(ReadOnlySpan<byte> bytes, long first, long last)
    {
        Debug.Assert(first >= 0 && first <= last && last >> 3 < bytes.Length);
        var (firstByte, lastByte) = ((int)(first >> 3), (int)(last >> 3));
        var count = Count(bytes[firstByte..(lastByte + 1)]);

        // Of the bytes at the edges, some bits may lie outside.
        var before = bytes[firstByte] & ~(0xFF >> (int)(first & 7));
        var after = bytes[lastByte] & (0x7F >> (int)(last & 7));
        return count - BitOperations.PopCount((uint)before) - BitOperations.PopCount((uint)after);
    }

    /// <summary>The first bit of the range that has this value, or -1.</summary>
    public static long IndexOf(ReadOnlySpan<byte> bytes, bool value, long first, long last)
    {
        Debug.Assert(first >= 0 && first <= last && last >> 3 < bytes.Length);
        var (index, lastByte) = ((int)(first >> 3), (int)(last >> 3));
        var skipped = value ? (byte)0x00 : (byte)0xFF;

        // From here on a set bit is one that is looked for.
        var wanted = (bytes[index] ^ skipped) & (0xFF >> (int)(first & 7));
        if (wanted == 0)
        {
            var rest = bytes[(index + 1)..(lastByte + 1)];
            var distance = rest.IndexOfAnyExcept(skipped);
            if (distance < 0) return -1;
            wanted = rest[distance] ^ skipped;
            index += 1 + distance;
        }

        var position = ((long)index << 3) + BitOperations.LeadingZeroCount((uint)wanted << 24);
        return position <= last ? position : -1;
    }

    /// <summary>Combines two strings into one that is as long as the longer of them; the shorter one counts as followed by zeros.</summary>
    /// <remarks>The result may be the left string itself.</remarks>
    public static void Combine(BitOperation operation, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        var common = Math.Min(left.Length, right.Length);
        switch (operation)
        {
            case BitOperation.And:
                Combine<AndOperator>(left[..common], right, result);
                result[common..].Clear();
                return;
            case BitOperation.Or:
                Combine<OrOperator>(left[..common], right, result);
                break;
            default:
                Debug.Assert(operation == BitOperation.Xor);
                Combine<XorOperator>(left[..common], right, result);
                break;
        }

        var tail = left.Length > common ? left[common..] : right[common..];
        tail.CopyTo(result[common..]);
        result[(common + tail.Length)..].Clear();
    }

    public static void Invert(ReadOnlySpan<byte> source, Span<byte> result) => Combine<NotOperator>(source, source, result);

    /// <summary>Four sums, so that the processor need not wait for one addition before it starts the next.</summary>
    private static long Count(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var rest = bytes[(words.Length * sizeof(ulong))..];
        long count = 0;
        long second = 0;
        long third = 0;
        long fourth = 0;
        while (words.Length >= 4)
        {
            count += BitOperations.PopCount(words[0]);
            second += BitOperations.PopCount(words[1]);
            third += BitOperations.PopCount(words[2]);
            fourth += BitOperations.PopCount(words[3]);
            words = words[4..];
        }

        foreach (var word in words) second += BitOperations.PopCount(word);
        foreach (var last in rest) third += BitOperations.PopCount(last);
        return count + second + third + fourth;
    }

    private static void Combine<TOperator>(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
        where TOperator : struct, IBitOperator
    {
        right = right[..left.Length];
        result = result[..left.Length];
        var leftVectors = MemoryMarshal.Cast<byte, Vector<byte>>(left);
        var rightVectors = MemoryMarshal.Cast<byte, Vector<byte>>(right);
        var resultVectors = MemoryMarshal.Cast<byte, Vector<byte>>(result);
        for (var i = 0; i < leftVectors.Length && i < rightVectors.Length && i < resultVectors.Length; i++)
        {
            resultVectors[i] = TOperator.Apply(leftVectors[i], rightVectors[i]);
        }

        for (var i = leftVectors.Length * Vector<byte>.Count; i < left.Length; i++)
        {
            result[i] = TOperator.Apply(left[i], right[i]);
        }
    }

    private static byte Mask(long bit) => (byte)(0x80 >> (int)(bit & 7));

    private interface IBitOperator
    {
        static abstract Vector<byte> Apply(Vector<byte> left, Vector<byte> right);

        static abstract byte Apply(byte left, byte right);
    }

    private readonly struct AndOperator : IBitOperator
    {
        public static Vector<byte> Apply(Vector<byte> left, Vector<byte> right) => left & right;

        public static byte Apply(byte left, byte right) => (byte)(left & right);
    }

    private readonly struct OrOperator : IBitOperator
    {
        public static Vector<byte> Apply(Vector<byte> left, Vector<byte> right) => left | right;

        public static byte Apply(byte left, byte right) => (byte)(left | right);
    }

    private readonly struct XorOperator : IBitOperator
    {
        public static Vector<byte> Apply(Vector<byte> left, Vector<byte> right) => left ^ right;

        public static byte Apply(byte left, byte right) => (byte)(left ^ right);
    }

    private readonly struct NotOperator : IBitOperator
    {
        public static Vector<byte> Apply(Vector<byte> left, Vector<byte> right) => ~left;

        public static byte Apply(byte left, byte right) => (byte)~left;
    }
}

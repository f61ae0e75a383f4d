using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>
/// How one element lies in a <see cref="Listpack"/>, numbers in little-endian order:
/// <code>
/// | encoding and data | back length |
///
/// 0iiiiiii                                  integer 0 to 127
/// 10llllll data                             up to 63 bytes
/// 110iiiii iiiiiiii                         integer of 13 bits, the high ones first
/// 1110llll llllllll data                    up to 4095 bytes, the high bits of the length first
/// 11110000 l l l l  data                    more bytes
/// 11110001 i i                              integer of 16 bits
/// 11110010 i i i                            integer of 24 bits
/// 11110011 i i i i                          integer of 32 bits
/// 11110100 i i i i i i i i                  integer of 64 bits
/// 11111111                                  no element: the end
/// </code>
/// The back length is the size of the first part, in groups of seven bits, read from its last byte backwards: a set high bit says that
/// another byte stands before. Integers take the shortest form, and so do back lengths, but for 16383, 2097151 and 268435455, which
/// Redis gives a byte more than they need.
/// </summary>
internal static unsafe class ListpackEncoding
{
    public const byte End = 0xFF;

    private const byte Bytes6 = 0x80;
    private const byte Integer13 = 0xC0;
    private const byte Bytes12 = 0xE0;
    private const byte Bytes32 = 0xF0;
    private const byte Integer16 = 0xF1;
    private const byte Integer24 = 0xF2;
    private const byte Integer32 = 0xF3;
    private const byte Integer64 = 0xF4;

    /// <summary>Bytes that the element takes, back length included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long TotalBytes(ListpackElement element)
    {
        var size = element.IsInteger ? IntegerSize(element.Integer) : BytesSize(element.Bytes.Length);
        return size + BackLengthBytes(size);
    }

    /// <summary>Writes the element and returns where the next one begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Write(byte* target, ListpackElement element)
    {
        if (element.IsInteger) return WriteInteger(target, element.Integer);
        var bytes = element.Bytes;
        if (bytes.Length >= 64) return WriteLong(target, bytes);

        *target = (byte)(Bytes6 | bytes.Length);
        bytes.CopyTo(new Span<byte>(target + 1, bytes.Length));
        target += 1 + bytes.Length;
        *target = (byte)(1 + bytes.Length);
        return target + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListpackElement Read(byte* element)
    {
        int first = *element;
        if (first < Bytes6) return new ListpackElement(first);
        return first < Integer13 ? ListpackElement.FromBytes(new ReadOnlySpan<byte>(element + 1, first & 63)) : ReadLong(element);
    }

    /// <summary>Reads the element and goes on to the next one, or to the end: cheaper than one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListpackElement Take(scoped ref byte* element)
    {
        var start = element;
        int first = *start;
        if (first is >= Bytes6 and < Integer13)
        {
            element = start + (first & 63) + 2;
            return ListpackElement.FromBytes(new ReadOnlySpan<byte>(start + 1, first & 63));
        }

        if (first is >= Bytes12 and < Bytes32)
        {
            var length = ((first & 15) << 8) | start[1];
            element = start + length + (length + 2 < 128 ? 3 : 4);
            return ListpackElement.FromBytes(new ReadOnlySpan<byte>(start + 2, length));
        }

        element = Skip(start);
        return Read(start);
    }

    /// <summary>Where the next element, or the end, begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Skip(byte* element)
    {
        int first = *element;
        if (first < Bytes6) return element + 2;
        return first < Integer13 ? element + (first & 63) + 2 : SkipLong(element);
    }

    /// <summary>Where the element begins that ends where this one, or the end, begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* SkipBack(byte* element)
    {
        int last = element[-1];
        return last < 128 ? element - 1 - last : SkipBackLong(element);
    }

    /// <summary>The size without the back length. Reads at most five bytes of the element.</summary>
    public static long SizeOf(byte* element) => *element switch
    {
        < Bytes6 => 1,
        < Integer13 => 1 + (*element & 63),
        < Bytes12 => 2,
        < Bytes32 => 2 + (((*element & 15) << 8) + element[1]),
        Bytes32 => 5L + *(uint*)(element + 1),
        Integer16 => 3,
        Integer24 => 4,
        Integer32 => 5,
        Integer64 => 9,
        _ => 0,
    };

    /// <summary>How many bytes <see cref="SizeOf"/> reads; 0 for what begins no element.</summary>
    public static int SizeHeaderBytes(byte first) => first switch
    {
        < Bytes12 => 1,
        < Bytes32 => 2,
        Bytes32 => 5,
        <= Integer64 => 1,
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BackLengthBytes(long size) => size < 128 ? 1 : LongBackLengthBytes(size);

    /// <summary>Writes the size in so many groups and returns the position behind it.</summary>
    public static byte* WriteBackLength(byte* target, long size)
    {
        var count = BackLengthBytes(size);
        for (var index = count - 1; index >= 0; index--)
        {
            target[index] = (byte)((size & 127) + (index == 0 ? 0 : 128));
            size >>= 7;
        }

        return target + count;
    }

    private static int LongBackLengthBytes(long size) => size < 16383 ? 2 : size < 2_097_151 ? 3 : size < 268_435_455 ? 4 : 5;

    private static int IntegerSize(long value)
    {
        if ((ulong)value < 128) return 1;
        if (value is >= -4096 and < 4096) return 2;
        if (value == (short)value) return 3;
        if (value is >= -(1 << 23) and < 1 << 23) return 4;
        return value == (int)value ? 5 : 9;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long BytesSize(int length) => length < 64 ? 1 + length : length < 4096 ? 2 + length : 5L + length;

    private static byte* WriteInteger(byte* target, long value)
    {
        var size = IntegerSize(value);
        switch (size)
        {
            case 1:
                *target = (byte)value;
                break;
            case 2:
                target[0] = (byte)(Integer13 + ((value >> 8) & 31));
                target[1] = (byte)value;
                break;
            case 3:
                target[0] = Integer16;
                *(short*)(target + 1) = (short)value;
                break;
            case 4:
                target[0] = Integer24;
                *(short*)(target + 1) = (short)value;
                target[3] = (byte)(value >> 16);
                break;
            case 5:
                target[0] = Integer32;
                *(int*)(target + 1) = (int)value;
                break;
            default:
                target[0] = Integer64;
                *(long*)(target + 1) = value;
                break;
        }

        target[size] = (byte)size;
        return target + size + 1;
    }

    private static byte* WriteLong(byte* target, ReadOnlySpan<byte> bytes)
    {
        var data = target + 2;
        if (bytes.Length < 4096)
        {
            target[0] = (byte)(Bytes12 | (bytes.Length >> 8));
            target[1] = (byte)bytes.Length;
        }
        else
        {
            target[0] = Bytes32;
            *(int*)(target + 1) = bytes.Length;
            data = target + 5;
        }

        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        data += bytes.Length;
        return WriteBackLength(data, data - target);
    }

    private static ListpackElement ReadLong(byte* element)
    {
        Debug.Assert(*element <= Integer64);
        return *element switch
        {
            < Bytes12 => new ListpackElement(((*element << 27) >> 19) + element[1]),
            < Bytes32 => ListpackElement.FromBytes(new ReadOnlySpan<byte>(element + 2, ((*element & 15) << 8) | element[1])),
            Bytes32 => ListpackElement.FromBytes(new ReadOnlySpan<byte>(element + 5, *(int*)(element + 1))),
            Integer16 => new ListpackElement(*(short*)(element + 1)),
            Integer24 => new ListpackElement(*(ushort*)(element + 1) + ((sbyte)element[3] << 16)),
            Integer32 => new ListpackElement(*(int*)(element + 1)),
            _ => new ListpackElement(*(long*)(element + 1)),
        };
    }

    private static byte* SkipLong(byte* element)
    {
        int first = *element;
        if (first is >= Bytes12 and < Bytes32)
        {
            // So short a size has a back length of one byte or two.
            var bytes = 2 + (((first & 15) << 8) | element[1]);
            return element + bytes + (bytes < 128 ? 1 : 2);
        }

        var size = SizeOf(element);
        Debug.Assert(size != 0);
        return element + size + BackLengthBytes(size);
    }

    private static byte* SkipBackLong(byte* element)
    {
        long size = 0;
        var shift = 0;
        byte group;
        do
        {
            group = *--element;
            size |= (long)(group & 127) << shift;
            shift += 7;
        }
        while ((group & 128) != 0);

        return element - size;
    }
}

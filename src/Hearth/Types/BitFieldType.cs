using System.Buffers.Binary;
using System.Diagnostics;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>What happens to a value that a field can't hold.</summary>
internal enum BitFieldOverflow : byte
{
    /// <summary>Only the low bits stay.</summary>
    Wrap,

    /// <summary>The nearest value that the field can hold is taken.</summary>
    Saturate,

    /// <summary>Nothing is written.</summary>
    Fail,
}

/// <summary>
/// An integer of 1 to 64 bits (63 if it is unsigned, so that every value fits a reply) that may lie at any bit of a string, its most
/// significant bit first. Bits beyond the end of the string read as zeros.
/// </summary>
internal readonly struct BitFieldType(bool isSigned, int bits)
{
    /// <summary>A field of 64 bits that starts inside a byte reaches into nine of them; reading sixteen makes it one number.</summary>
    private const int WindowBytes = 16;

    private const int WindowBits = WindowBytes * 8;

    public bool IsSigned { get; } = isSigned;

    public int Bits { get; } = bits;

    public long Min => IsSigned ? -1L << (Bits - 1) : 0;

    public long Max => IsSigned ? ~Min : (long)(ulong.MaxValue >> (64 - Bits));

    /// <summary>The type as BITFIELD names it: i1 to i64, u1 to u63.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out BitFieldType type)
    {
        type = default;
        text = CString.Clip(text);
        if (text.IsEmpty || text[0] is not ((byte)'i' or (byte)'u')) return false;
        var isSigned = text[0] == 'i';
        if (!NumberText.TryParseInt64(text[1..], out var bits) || bits < 1 || bits > (isSigned ? 64 : 63)) return false;
        type = new BitFieldType(isSigned, (int)bits);
        return true;
    }

    public long Read(ReadOnlySpan<byte> bytes, long firstBit)
    {
        Span<byte> window = stackalloc byte[WindowBytes];
        window.Clear();
        var start = firstBit >> 3;
        if (start < bytes.Length)
        {
            var available = bytes[(int)start..];
            available[..Math.Min(available.Length, WindowBytes)].CopyTo(window);
        }

        var value = (ulong)(BinaryPrimitives.ReadUInt128BigEndian(window) >> (WindowBits - (int)(firstBit & 7) - Bits));
        return Truncate(value);
    }

    /// <summary>Writes the low bits of the value; the string must reach to the end of the field.</summary>
    public void Write(Span<byte> bytes, long firstBit, long value)
    {
        var start = (int)(firstBit >> 3);
        var length = Math.Min(bytes.Length - start, WindowBytes);
        Debug.Assert(firstBit + Bits <= (long)bytes.Length * 8);

        Span<byte> window = stackalloc byte[WindowBytes];
        window.Clear();
        bytes.Slice(start, length).CopyTo(window);
        var shift = WindowBits - (int)(firstBit & 7) - Bits;
        var mask = (UInt128)(ulong.MaxValue >> (64 - Bits)) << shift;
        var merged = (BinaryPrimitives.ReadUInt128BigEndian(window) & ~mask) | (((UInt128)(ulong)value << shift) & mask);
        BinaryPrimitives.WriteUInt128BigEndian(window, merged);
        window[..length].CopyTo(bytes[start..]);
    }

    /// <summary>The value as the field can hold it; false when it can't, and must not be replaced.</summary>
    public bool TryFit(Int128 value, BitFieldOverflow overflow, out long fitting)
    {
        fitting = (long)(ulong)(UInt128)value;
        if (value >= Min && value <= Max) return true;
        switch (overflow)
        {
            case BitFieldOverflow.Wrap:
                fitting = Truncate((ulong)(UInt128)value);
                return true;
            case BitFieldOverflow.Saturate:
                fitting = value > Max ? Max : Min;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The number that the low bits mean in this type.</summary>
    private long Truncate(ulong value)
    {
        var unused = 64 - Bits;
        return IsSigned ? (long)(value << unused) >> unused : (long)(value << unused >> unused);
    }
}

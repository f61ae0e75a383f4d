using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearth.Primitives;

/// <summary>
/// Numbers as the protocol writes them. The base class library's parsers accept spaces, signs and zeros that Redis refuses, and
/// whether a value is kept as an integer hangs on that refusal, so the grammar is spelt out here.
///
/// Longer integers are read eight digits at a time: the text is loaded as little-endian words, so that the first digit is the lowest
/// byte, short texts are moved to the high end and filled up with '0', all eight bytes are checked in one comparison, and three
/// multiplications join digits to pairs, pairs to fours and fours to eight.
///
///   "4711" is loaded as   30 30 30 30 34 37 31 31   (lowest byte first)   and becomes 00004711.
/// </summary>
internal static class NumberText
{
    /// <summary>No integer of 64 bits needs more bytes, sign included.</summary>
    public const int MaxIntegerLength = 20;

    /// <summary>No double needs more bytes in the forms that <see cref="FormatDouble"/> writes.</summary>
    public const int MaxDoubleLength = 32;

    private const ulong AsciiZeros = 0x3030303030303030;
    private const ulong NotDigits = ulong.MaxValue;
    private const ulong TenToThe8 = 100_000_000;
    private const ulong TenToThe16 = TenToThe8 * TenToThe8;

    // The first entry is 0 rather than 1, so that zero counts as one digit.
    // No span of constants: before a method is optimised, each use of one allocates a handle.
    private static readonly ulong[] PowersOfTen =
    [
        0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    private static ReadOnlySpan<byte> DigitPairs =>
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"u8 +
        "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <summary>Accepts exactly the texts that <see cref="FormatInt64"/> writes: no space, no '+', no leading zero, no "-0".</summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        // Counts, offsets and increments are short, and for them a plain loop is twice as fast as whole words.
        if (text.Length <= 4 && TryParseShort(text, out value)) return true;

        var sign = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var count = text.Length - sign;
        if ((uint)(count - 1) < 19)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), sign);
            var magnitude = first == '0' ? NotDigits : count <= 8 ? ReadDigits(ref first, count) : ReadManyDigits(ref first, count);
            if (magnitude <= (ulong)long.MaxValue + (ulong)sign)
            {
                value = ((long)magnitude ^ -sign) + sign;
                return true;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>
    /// What Redis accepts as one half of a stream ID: anything <see cref="TryParseInt64"/> takes that is not negative, and
    /// otherwise what C's strtoull takes, which skips white space, allows a sign and leading zeros, and wraps a negated number.
    /// </summary>
    public static bool TryParseUInt64(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length == 0) return false;

        if (TryParseInt64(text, out var signed))
        {
            value = (ulong)signed;
            return signed >= 0;
        }

        return TryParseLikeStrtoull(text, out value);
    }

    /// <summary>Writes the decimal form and returns its length, at most <see cref="MaxIntegerLength"/>.</summary>
    public static int FormatInt64(long value, Span<byte> destination)
    {
        if ((ulong)value >= TenToThe8) return value < 0 ? FormatNegative(value, destination) : FormatLarge((ulong)value, destination);
        return FormatSmall((uint)value, destination);
    }

    /// <summary>Writes the decimal form and returns its length, at most <see cref="MaxIntegerLength"/>.</summary>
    public static int FormatUInt64(ulong value, Span<byte> destination) =>
        value >= TenToThe8 ? FormatLarge(value, destination) : FormatSmall((uint)value, destination);

    /// <summary>The number of decimal digits, from 1 for zero to 20.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountDigits(ulong value)
    {
        // 1233 / 4096 is log10(2), close enough for 64 bits: the guess is right or one too low, which one comparison settles.
        var guess = ((64 - BitOperations.LeadingZeroCount(value | 1)) * 1233) >> 12;
        return guess + (value >= Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(PowersOfTen), guess) ? 1 : 0);
    }

    /// <inheritdoc cref="DoubleText.TryParse"/>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) => DoubleText.TryParse(text, out value);

    /// <inheritdoc cref="DoubleText.TryParseBound"/>
    public static bool TryParseBound(ReadOnlySpan<byte> text, out double value) => DoubleText.TryParseBound(text, out value);

    /// <inheritdoc cref="DoubleText.FormatSeventeenDigits"/>
    public static int FormatSeventeenDigits(double value, Span<byte> destination) => DoubleText.FormatSeventeenDigits(value, destination);

    /// <inheritdoc cref="DoubleText.Format"/>
    public static int FormatDouble(double value, Span<byte> destination) => DoubleText.Format(value, destination);

    // Takes digits only; whatever else may be valid is left to the caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParseShort(ReadOnlySpan<byte> text, out long value)
    {
        uint number = 0;
        foreach (var next in text)
        {
            var digit = (uint)(next - '0');
            number = number * 10 + digit;
            if (digit <= 9) continue;
            value = 0;
            return false;
        }

        value = number;
        return text.Length == 1 || (text.Length > 0 && text[0] != '0');
    }

    // Both readers answer NotDigits, which is out of every range, when a byte is no digit. Every load stays inside
    // [first, first + count): texts that fill no whole number of words are covered by loads that overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadDigits(ref byte first, int count)
    {
        Debug.Assert(count is >= 1 and <= 8);
        var word = LoadRightAligned(ref first, count) ^ AsciiZeros;
        return AreDigits(word) ? JoinEightDigits(word) : NotDigits;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReadManyDigits(ref byte first, int count)
    {
        Debug.Assert(count is >= 9 and <= 19);
        var low = LoadWord(ref Unsafe.Add(ref first, count - 8)) ^ AsciiZeros;
        if (count <= 16)
        {
            var high = LoadRightAligned(ref first, count - 8) ^ AsciiZeros;
            return AreDigits(low) & AreDigits(high) ? JoinEightDigits(high) * TenToThe8 + JoinEightDigits(low) : NotDigits;
        }

        var middle = LoadWord(ref Unsafe.Add(ref first, count - 16)) ^ AsciiZeros;
        var top = LoadRightAligned(ref first, count - 16) ^ AsciiZeros;
        return AreDigits(low) & AreDigits(middle) & AreDigits(top)
            ? JoinEightDigits(top) * TenToThe16 + JoinEightDigits(middle) * TenToThe8 + JoinEightDigits(low)
            : NotDigits;
    }

    // The first `count` bytes (1 to 8) at the high end of a word, filled up with '0' below.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LoadRightAligned(ref byte first, int count)
    {
        var missingBits = 64 - (count << 3);
        ulong word;
        if (count >= 4)
        {
            ulong head = LoadHalfWord(ref first);
            ulong tail = LoadHalfWord(ref Unsafe.Add(ref first, count - 4));
            word = (tail << 32) | (uint)(head << missingBits);
        }
        else
        {
            // For one and two bytes the three loads overlap; they agree about the bytes they share.
            var half = count >> 1;
            ulong middle = Unsafe.Add(ref first, half);
            ulong last = Unsafe.Add(ref first, count - 1);
            word = ((ulong)first << missingBits) | (middle << (missingBits + (half << 3))) | (last << 56);
        }

        // In two steps, because a shift by 64 would shift by nothing.
        return word | (AsciiZeros >> 8 >> (56 - missingBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LoadWord(ref byte first)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref first);
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LoadHalfWord(ref byte first)
    {
        var word = Unsafe.ReadUnaligned<uint>(ref first);
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    // A byte of 10 to 137 reaches its top bit by adding 118; a greater one has it already, so a carry can't hide anything.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong word) => (((word + 0x7676767676767676) | word) & 0x8080808080808080) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong JoinEightDigits(ulong word)
    {
        const ulong everyOtherPair = 0x000000FF000000FF;
        var pairs = word * 10 + (word >> 8);
        return ((pairs & everyOtherPair) * (100 + (1_000_000UL << 32)) + ((pairs >> 16) & everyOtherPair) * (1 + (10_000UL << 32))) >> 32;
    }

    private static bool TryParseLikeStrtoull(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        var index = 0;
        while (index < text.Length && text[index] is (byte)' ' or (>= 9 and <= 13)) index++;

        var negative = index < text.Length && text[index] == '-';
        if (index < text.Length && text[index] is (byte)'-' or (byte)'+') index++;
        if (index == text.Length) return false;

        ulong magnitude = 0;
        for (; index < text.Length; index++)
        {
            var digit = (uint)(text[index] - '0');
            if (digit > 9) return false;

            var product = (UInt128)magnitude * 10 + digit;
            if (product > ulong.MaxValue) return false;
            magnitude = (ulong)product;
        }

        value = negative ? 0 - magnitude : magnitude;
        return true;
    }

    private static int FormatNegative(long value, Span<byte> destination)
    {
        var magnitude = 0 - (ulong)value;
        if (CountDigits(magnitude) >= destination.Length) ThrowTooShort();
        destination[0] = (byte)'-';
        return 1 + FormatUInt64(magnitude, destination[1..]);
    }

    private static int FormatLarge(ulong value, Span<byte> destination)
    {
        var count = CountDigits(value);
        if (count > destination.Length) ThrowTooShort();

        ref var end = ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), count);
        do
        {
            var quotient = value / TenToThe8;
            end = ref Unsafe.Subtract(ref end, 8);
            WriteEightDigits(ref end, (uint)(value - quotient * TenToThe8));
            value = quotient;
        }
        while (value >= TenToThe8);

        WriteSmall(ref end, (uint)value);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FormatSmall(uint value, Span<byte> destination)
    {
        Debug.Assert(value < TenToThe8);
        if (value < 10)
        {
            // Counters, lengths and flags: most replies are one digit.
            destination[0] = (byte)('0' + value);
            return 1;
        }

        var count = CountDigits(value);
        if (count > destination.Length) ThrowTooShort();
        WriteSmall(ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), count), value);
        return count;
    }

    // Writes backwards from the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteSmall(ref byte end, uint value)
    {
        while (value >= 100)
        {
            var quotient = value / 100;
            end = ref Unsafe.Subtract(ref end, 2);
            WritePair(ref end, value - quotient * 100);
            value = quotient;
        }

        if (value >= 10) WritePair(ref Unsafe.Subtract(ref end, 2), value);
        else Unsafe.Subtract(ref end, 1) = (byte)('0' + value);
    }

    private static void WriteEightDigits(ref byte first, uint value)
    {
        var high = value / 10_000;
        var low = value - high * 10_000;
        var highPair = high / 100;
        var lowPair = low / 100;
        WritePair(ref first, highPair);
        WritePair(ref Unsafe.Add(ref first, 2), high - highPair * 100);
        WritePair(ref Unsafe.Add(ref first, 4), lowPair);
        WritePair(ref Unsafe.Add(ref first, 6), low - lowPair * 100);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePair(ref byte first, uint pair)
    {
        Debug.Assert(pair < 100);
        ref var digits = ref Unsafe.Add(ref MemoryMarshal.GetReference(DigitPairs), pair * 2);
        Unsafe.WriteUnaligned(ref first, Unsafe.ReadUnaligned<ushort>(ref digits));
    }

    [DoesNotReturn]
    private static void ThrowTooShort() => throw new ArgumentException("The destination is too short for the number.");
}

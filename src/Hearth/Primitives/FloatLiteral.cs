using System.Diagnostics;

namespace Hearth.Primitives;

internal enum FloatLiteralKind
{
    Decimal,
    Hexadecimal,
    Infinity,
}

/// <summary>
/// A floating-point text taken apart by the grammar of C's strtod, with the reservations that Redis adds: the whole text must be
/// used up, leading white space and NaN are refused. Rounding is left to the caller, because double and long double differ in it.
///
///   [+-] digits [. digits] [e [+-] digits]          value = Significand * 10^Exponent
///   [+-] 0x hexdigits [. hexdigits] [p [+-] digits]  value = Significand * 2^Exponent
///   [+-] inf | infinity
/// </summary>
internal readonly ref struct FloatLiteral
{
    private const int DecimalDigitsMax = 19;
    private const int HexadecimalDigitsMax = 31;

    // Far beyond any exponent that a float has, and far from overflow when the number of digits is added.
    private const long ExponentLimit = 1L << 56;

    public FloatLiteralKind Kind { get; private init; }

    public bool IsNegative { get; private init; }

    /// <summary>The first significant digits: up to 19 decimal ones or 31 hexadecimal ones.</summary>
    public UInt128 Significand { get; private init; }

    /// <summary>The power of the base, 10 or 2, that <see cref="Significand"/> is multiplied with.</summary>
    public long Exponent { get; private init; }

    /// <summary>How many significant digits stand behind those of <see cref="Significand"/>.</summary>
    public int RestDigits { get; private init; }

    /// <summary>Whether one of the digits behind those of <see cref="Significand"/> is not zero.</summary>
    public bool HasRest { get; private init; }

    /// <summary>All digits, with the point if there is one.</summary>
    public ReadOnlySpan<byte> Digits { get; private init; }

    public bool IsZero => Kind != FloatLiteralKind.Infinity && Significand == 0;

    public static bool TryParse(ReadOnlySpan<byte> text, out FloatLiteral literal)
    {
        literal = default;
        if (text.Length == 0) return false;

        var negative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        if (text.Length == 0) return false;

        if ((text[0] | 0x20) == 'i')
        {
            literal = new FloatLiteral { Kind = FloatLiteralKind.Infinity, IsNegative = negative };
            return EqualsIgnoreCase(text, "inf"u8) || EqualsIgnoreCase(text, "infinity"u8);
        }

        return text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x'
            ? TryParseNumber(text[2..], FloatLiteralKind.Hexadecimal, negative, out literal)
            : TryParseNumber(text, FloatLiteralKind.Decimal, negative, out literal);
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, FloatLiteralKind kind, bool negative, out FloatLiteral literal)
    {
        literal = default;
        var hexadecimal = kind == FloatLiteralKind.Hexadecimal;
        var radix = hexadecimal ? 16u : 10u;
        var usedMax = hexadecimal ? HexadecimalDigitsMax : DecimalDigitsMax;
        UInt128 significand = 0;
        int used = 0, rest = 0, digits = 0, afterPoint = 0;
        bool seenPoint = false, hasRest = false;
        var index = 0;
        for (; index < text.Length; index++)
        {
            var digit = DigitValue(text[index]);
            if (digit >= radix)
            {
                if (text[index] != '.' || seenPoint) break;
                seenPoint = true;
                continue;
            }

            digits++;
            if (seenPoint) afterPoint++;
            if (used < usedMax)
            {
                significand = significand * radix + digit;
                if (used > 0 || digit != 0) used++;
            }
            else
            {
                rest++;
                hasRest |= digit != 0;
            }
        }

        if (digits == 0 || !TryParseExponent(text[index..], hexadecimal ? (byte)'p' : (byte)'e', out var exponent)) return false;

        literal = new FloatLiteral
        {
            Kind = kind,
            IsNegative = negative,
            Significand = significand,
            Exponent = exponent + (hexadecimal ? 4L : 1L) * (rest - afterPoint),
            RestDigits = rest,
            HasRest = hasRest,
            Digits = text[..index],
        };
        return true;
    }

    private static uint DigitValue(byte character)
    {
        var digit = (uint)(character - '0');
        if (digit <= 9) return digit;

        var letter = (uint)((character | 0x20) - 'a');
        return letter < 6 ? letter + 10 : uint.MaxValue;
    }

    // Takes an exponent or nothing at all, up to the end of the text.
    private static bool TryParseExponent(ReadOnlySpan<byte> text, byte letter, out long exponent)
    {
        exponent = 0;
        if (text.Length == 0) return true;
        if ((text[0] | 0x20) != letter || text.Length == 1) return false;

        var negative = text[1] == '-';
        var index = text[1] is (byte)'-' or (byte)'+' ? 2 : 1;
        if (index == text.Length) return false;

        for (; index < text.Length; index++)
        {
            var digit = (uint)(text[index] - '0');
            if (digit > 9) return false;
            exponent = Math.Min(exponent * 10 + digit, ExponentLimit);
        }

        if (negative) exponent = -exponent;
        Debug.Assert(Math.Abs(exponent) <= ExponentLimit);
        return true;
    }

    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase)
    {
        if (text.Length != lowerCase.Length) return false;
        for (var index = 0; index < text.Length; index++)
        {
            if ((text[index] | 0x20) != lowerCase[index]) return false;
        }

        return true;
    }
}

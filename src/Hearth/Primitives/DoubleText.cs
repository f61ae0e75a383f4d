using System.Diagnostics;
using System.Globalization;

namespace Hearth.Primitives;

/// <summary>
/// Doubles as the protocol writes them; <see cref="NumberText"/> is the way in. Reading takes C's grammar, as strtod does, and
/// writing takes 7.2's notation. The library does the hard part of both, correct rounding and shortest digits, where a few exact
/// operations can't do it faster.
/// </summary>
internal static class DoubleText
{
    // All powers of ten that a double holds exactly. No span of constants: before a method is optimised, each use of one allocates a handle.
    private static readonly double[] ExactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// What Redis accepts as a double: the grammar of C's strtod, hexadecimal floats and infinities included, over the whole text.
    /// NaN, white space, overflow and underflow to zero are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        // Scores are integers more often than not, and the conversion rounds to nearest even as strtod does.
        if (NumberText.TryParseInt64(text, out var integer))
        {
            value = integer;
            return true;
        }

        value = 0;
        if (!FloatLiteral.TryParse(text, out var literal)) return false;

        var known = literal.Kind switch
        {
            FloatLiteralKind.Infinity => Known(double.PositiveInfinity, out value),
            FloatLiteralKind.Hexadecimal => TryRoundHexadecimal(literal, out value),
            _ => TryRoundDecimal(literal, text, out value),
        };
        value = !known ? 0 : literal.IsNegative ? -value : value;
        return known;
    }

    /// <summary>
    /// Writes a double as Redis 7.2 does and returns the length, at most <see cref="NumberText.MaxDoubleLength"/>: integers up to
    /// 2^62 in full, everything else with the fewest digits that read back as the same value.
    /// </summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            var name = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            name.CopyTo(destination);
            return name.Length;
        }

        const double integerLimit = 4611686018427387904.0; // 2^62, both ends included.
        var isNegativeZero = value == 0 && double.IsNegative(value);
        if (Math.Abs(value) <= integerLimit && (long)value == value && !isNegativeZero)
            return NumberText.FormatInt64((long)value, destination);

        if (double.IsNegative(value))
        {
            destination[0] = (byte)'-';
            return 1 + FormatMagnitude(-value, destination[1..]);
        }

        return FormatMagnitude(value, destination);
    }

    /// <summary>
    /// What Redis accepts as the bound of a range of scores: a C string that strtod reads to its end. White space in front, no text
    /// at all (which is 0) and numbers out of range (which are infinite, or 0) are fine here; NaN is not.
    /// </summary>
    public static bool TryParseBound(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        text = CString.Clip(text);
        if (text.IsEmpty) return true;
        text = text[CountSpaces(text)..];
        if (TryParse(text, out value)) return true;
        if (!FloatLiteral.TryParse(text, out var literal) || literal.Kind == FloatLiteralKind.Infinity) return false;

        // The grammar is right, so the number is too big or too small.
        value = literal.Exponent > 0 ? double.PositiveInfinity : 0;
        if (literal.IsNegative) value = -value;
        return true;
    }

    /// <summary>Writes a double as C's printf does with %.17g, which 7.2 still uses here and there; returns the length.</summary>
    public static int FormatSeventeenDigits(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value)) return Format(value, destination);
        var formatted = value.TryFormat(destination, out var length, "G17", CultureInfo.InvariantCulture);
        Debug.Assert(formatted);
        destination[..length].Replace((byte)'E', (byte)'e');
        return length;
    }

    private static int CountSpaces(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (count < text.Length && text[count] is (byte)' ' or (>= 9 and <= 13)) count++;
        return count;
    }

    private static bool Known(double result, out double value)
    {
        value = result;
        return true;
    }

    private static bool TryRoundDecimal(in FloatLiteral literal, ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (literal.IsZero) return true;

        // Both operands are exact, so the one multiplication or division rounds once and therefore correctly.
        const ulong exactIntegers = 1UL << 53;
        if (!literal.HasRest && literal.Significand <= exactIntegers && literal.Exponent is >= -22 and <= 22)
        {
            value = (ulong)literal.Significand;
            if (literal.Exponent < 0) value /= ExactPowersOfTen[(int)-literal.Exponent];
            else value *= ExactPowersOfTen[(int)literal.Exponent];
            return true;
        }

        // The grammar has been checked, so the library's parser only has to round; it does so correctly for any length.
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out value)) return false;
        value = Math.Abs(value);
        return value != 0 && double.IsFinite(value);
    }

    private static bool TryRoundHexadecimal(in FloatLiteral literal, out double value)
    {
        value = 0;
        if (literal.IsZero) return true;

        const int exponentMin = -1074;
        const int exponentMax = 971;
        var (mantissa, exponent) = BinaryRounding.ToNearestEven(literal.Significand, literal.HasRest, literal.Exponent, 53, exponentMin);
        if (mantissa == 0 || exponent > exponentMax) return false;

        // The mantissa carries its leading bit, which adds the one that a normal number's biased exponent has over a subnormal's.
        value = BitConverter.UInt64BitsToDouble(((ulong)(exponent - exponentMin) << 52) + mantissa);
        return true;
    }

    private static int FormatMagnitude(double value, Span<byte> destination)
    {
        Debug.Assert(!double.IsNegative(value) && double.IsFinite(value));
        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        Span<byte> buffer = stackalloc byte[NumberText.MaxDoubleLength];
        var count = ShortestDigits(value, buffer, out var exponent);
        return EmitDigits(buffer[..count], exponent, destination);
    }

    private static int ShortestDigits(double value, Span<byte> buffer, out int exponent)
    {
        // No two decimals of up to 15 digits belong to the same double. So if one with six places reads back as the value, its
        // digits are the fewest possible, and prices, averages and coordinates need no search for them.
        const double sixPlaces = 1e6;
        const double fifteenDigits = 1e15;
        var scaled = Math.Round(value * sixPlaces);
        if (scaled < fifteenDigits && scaled / sixPlaces == value)
        {
            exponent = -6;
            return TrimZeros(buffer[..NumberText.FormatUInt64((ulong)scaled, buffer)], ref exponent);
        }

        var formatted = value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        Debug.Assert(formatted);
        return ExtractDigits(buffer[..length], out exponent);
    }

    // Turns the library's text (123.45, 1.2345E-05) into bare digits in place, so that the value is digits * 10^exponent.
    private static int ExtractDigits(Span<byte> text, out int exponent)
    {
        exponent = 0;
        var count = 0;
        var digitsAfterPoint = 0;
        var seenPoint = false;
        for (var index = 0; index < text.Length; index++)
        {
            var next = text[index];
            if (next == '.')
            {
                seenPoint = true;
                continue;
            }

            if (next == 'E')
            {
                foreach (var digit in text[(index + 2)..]) exponent = exponent * 10 + (digit - '0');
                if (text[index + 1] == '-') exponent = -exponent;
                break;
            }

            if (seenPoint) digitsAfterPoint++;
            if (count > 0 || next != '0') text[count++] = next;
        }

        exponent -= digitsAfterPoint;
        return TrimZeros(text[..count], ref exponent);
    }

    private static int TrimZeros(ReadOnlySpan<byte> digits, ref int exponent)
    {
        var count = digits.LastIndexOfAnyExcept((byte)'0') + 1;
        exponent += digits.Length - count;
        return count;
    }

    // The choice between the three notations is part of the interface: clients compare these texts.
    private static int EmitDigits(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        var count = digits.Length;
        var scientific = count + exponent - 1;
        if (exponent >= 0 && Math.Abs(scientific) < count + 7)
        {
            digits.CopyTo(destination);
            destination.Slice(count, exponent).Fill((byte)'0');
            return count + exponent;
        }

        if (exponent < 0 && (exponent > -7 || Math.Abs(scientific) < 4)) return EmitDecimal(digits, count + exponent, destination);

        var length = 1;
        destination[0] = digits[0];
        if (count > 1)
        {
            destination[1] = (byte)'.';
            digits[1..].CopyTo(destination[2..]);
            length = count + 1;
        }

        destination[length] = (byte)'e';
        destination[length + 1] = scientific < 0 ? (byte)'-' : (byte)'+';
        return length + 2 + NumberText.FormatUInt64((ulong)Math.Abs(scientific), destination[(length + 2)..]);
    }

    private static int EmitDecimal(ReadOnlySpan<byte> digits, int digitsBeforePoint, Span<byte> destination)
    {
        if (digitsBeforePoint > 0)
        {
            digits[..digitsBeforePoint].CopyTo(destination);
            destination[digitsBeforePoint] = (byte)'.';
            digits[digitsBeforePoint..].CopyTo(destination[(digitsBeforePoint + 1)..]);
            return digits.Length + 1;
        }

        var start = 2 - digitsBeforePoint;
        destination[..start].Fill((byte)'0');
        destination[1] = (byte)'.';
        digits.CopyTo(destination[start..]);
        return start + digits.Length;
    }
}

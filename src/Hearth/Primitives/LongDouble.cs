using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace Hearth.Primitives;

/// <summary>
/// The 80-bit extended float of x86, in which INCRBYFLOAT and HINCRBYFLOAT compute: 0.1 + 0.2 is 0.3 there, because the error lies
/// behind the 17 decimals that are printed. .NET has no such type, so the few operations that the commands need are done in
/// integers, exactly, with one rounding to nearest even at the end.
///
///   value = ± mantissa * 2^exponent     mantissa: 64 bits with the top bit set; less only where the exponent is already -16445
///
/// Numbers of up to 19 digits with up to 27 decimals, and results below 2^64, need no memory; others go through BigInteger.
/// </summary>
internal readonly struct LongDouble
{
    /// <summary>No value needs more bytes: a sign and the digits of the greatest one, which has no decimals.</summary>
    public const int MaxFormattedLength = 4934;

    // Redis copies the text into a buffer of 5 KiB, with its terminator, and refuses what does not fit.
    private const int TextLengthMax = 5 * 1024 - 1;

    private const int Precision = 64;
    private const int ExponentMin = -16445;
    private const int ExponentMax = 16320;
    private const int Decimals = 17;
    private const ulong DecimalScale = 100_000_000_000_000_000;

    private readonly ulong _mantissa;
    private readonly ushort _aboveExponentMin; // So that the default value is a proper zero.
    private readonly bool _isNegative;
    private readonly Kind _kind;

    private LongDouble(Kind kind, bool isNegative, ulong mantissa = 0, int exponent = ExponentMin)
    {
        Debug.Assert(exponent is >= ExponentMin and <= ExponentMax);
        Debug.Assert(mantissa >> (Precision - 1) == 1 || exponent == ExponentMin);
        _kind = kind;
        _isNegative = isNegative;
        _mantissa = mantissa;
        _aboveExponentMin = (ushort)(exponent - ExponentMin);
    }

    private enum Kind : byte
    {
        Finite,
        Infinite,
        NaN,
    }

    public bool IsFinite => _kind == Kind.Finite;

    public bool IsNaN => _kind == Kind.NaN;

    private int Exponent => _aboveExponentMin + ExponentMin;

    /// <summary>Takes what Redis takes: strtold's grammar over the whole text, without NaN, overflow and underflow to zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LongDouble value)
    {
        value = default;
        if (text.Length > TextLengthMax || !FloatLiteral.TryParse(text, out var literal)) return false;

        if (literal.Kind == FloatLiteralKind.Infinity || literal.IsZero)
        {
            value = new LongDouble(literal.IsZero ? Kind.Finite : Kind.Infinite, literal.IsNegative);
            return true;
        }

        if (literal.Kind == FloatLiteralKind.Hexadecimal)
            value = Round(literal.Significand, literal.HasRest, literal.Exponent, literal.IsNegative);
        else if (literal.HasRest || literal.Exponent is < -27 or > 27)
            value = RoundLongDecimal(literal);
        else
            value = RoundShortDecimal((ulong)literal.Significand, (int)literal.Exponent, literal.IsNegative);

        return value.IsFinite && value._mantissa != 0;
    }

    /// <summary>The same value; a double's bits fit in.</summary>
    public static LongDouble FromDouble(double value)
    {
        var isNegative = double.IsNegative(value);
        if (double.IsNaN(value)) return new LongDouble(Kind.NaN, isNegative: false);
        if (double.IsInfinity(value)) return new LongDouble(Kind.Infinite, isNegative);
        if (value == 0) return new LongDouble(Kind.Finite, isNegative);

        const int fractionBits = 52;
        const int exponentMin = -1074;
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var biased = (int)(bits >> fractionBits) & 0x7FF;
        var fraction = bits & ((1UL << fractionBits) - 1);
        return biased == 0
            ? Round(fraction, hasRest: false, exponentMin, isNegative)
            : Round(fraction | (1UL << fractionBits), hasRest: false, exponentMin + biased - 1, isNegative);
    }

    /// <summary>The double next to it: where doubles end, the largest or the smallest one of its sign.</summary>
    public double ToDouble()
    {
        if (_kind == Kind.NaN) return double.NaN;
        var size = _kind == Kind.Infinite ? double.PositiveInfinity : Math.ScaleB(_mantissa, Exponent);
        if (IsFinite && _mantissa != 0) size = Math.Clamp(size, double.Epsilon, double.MaxValue);
        return _isNegative ? -size : size;
    }

    public static LongDouble operator +(LongDouble left, LongDouble right)
    {
        if (!left.IsFinite || !right.IsFinite) return AddNonFinite(left, right);

        var leftIsSmaller = left.Exponent != right.Exponent ? left.Exponent < right.Exponent : left._mantissa < right._mantissa;
        if (leftIsSmaller) (left, right) = (right, left);

        // One bit is left free above for the carry and 63 below, so bits fall off only when the distance exceeds the precision,
        // and then a difference stays long enough to be rounded correctly.
        var distance = left.Exponent - right.Exponent;
        var wide = (UInt128)left._mantissa << 63;
        var addend = (UInt128)right._mantissa << 63;
        var aligned = distance < 128 ? addend >> distance : 0;
        var hasRest = distance < 128 ? aligned << distance != addend : addend != 0;
        if (left._isNegative == right._isNegative) return Round(wide + aligned, hasRest, left.Exponent - 63, left._isNegative);

        // What is cut off makes the difference smaller, so the next smaller unit is taken and the rest counts upwards again.
        var difference = wide - aligned - (hasRest ? UInt128.One : 0);
        return Round(difference, hasRest, left.Exponent - 63, left._isNegative && difference != 0);
    }

    /// <summary>Writes the value with 17 decimals, rounded to nearest even, without the zeros at the end, and returns the length.</summary>
    public int Format(Span<byte> destination)
    {
        if (!IsFinite)
        {
            var name = IsNaN ? "nan"u8 : _isNegative ? "-inf"u8 : "inf"u8;
            name.CopyTo(destination);
            return name.Length;
        }

        var sign = _isNegative ? 1 : 0;
        if (Exponent > 0)
        {
            destination[0] = (byte)'-'; // Overwritten by the first digit of a number that is not negative.
            return sign + FormatHuge(destination[sign..]);
        }

        // At most 64 + 57 bits, so a shift by more than 127 leaves less than a half.
        var scaled = (UInt128)_mantissa * DecimalScale;
        var (integer, fraction) = UInt128.DivRem(Exponent < -127 ? 0 : ShiftRightToNearestEven(scaled, -Exponent), DecimalScale);
        if (integer == 0 && fraction == 0) sign = 0;

        destination[0] = (byte)'-';
        var length = sign + NumberText.FormatUInt64((ulong)integer, destination[sign..]);
        if (fraction == 0) return length;

        destination[length++] = (byte)'.';
        var end = length + Decimals;
        destination[length..end].Fill((byte)'0');
        NumberText.FormatUInt64((ulong)fraction, destination[(end - NumberText.CountDigits((ulong)fraction))..end]);
        while (destination[end - 1] == '0') end--;
        return end;
    }

    private static LongDouble AddNonFinite(LongDouble left, LongDouble right)
    {
        if (left.IsNaN || right.IsNaN) return new LongDouble(Kind.NaN, isNegative: false);
        if (left.IsFinite) return right;
        if (right.IsFinite || left._isNegative == right._isNegative) return left;
        return new LongDouble(Kind.NaN, isNegative: false);
    }

    private static LongDouble Round(UInt128 significand, bool hasRest, long exponent, bool isNegative)
    {
        var rounded = BinaryRounding.ToNearestEven(significand, hasRest, exponent, Precision, ExponentMin);
        return rounded.Exponent > ExponentMax
            ? new LongDouble(Kind.Infinite, isNegative)
            : new LongDouble(Kind.Finite, isNegative, rounded.Mantissa, (int)rounded.Exponent);
    }

    // 10^n is 5^n * 2^n, and 5^27 fits 63 bits: one multiplication or division of 128 bits is enough.
    private static LongDouble RoundShortDecimal(ulong significand, int exponent, bool isNegative)
    {
        Debug.Assert(significand != 0 && exponent is >= -27 and <= 27);
        ulong powerOfFive = 1;
        for (var power = Math.Abs(exponent); power > 0; power--) powerOfFive *= 5;
        if (exponent >= 0) return Round((UInt128)significand * powerOfFive, hasRest: false, exponent, isNegative);

        // With the significand at the very top, the quotient by a number below 2^63 has at least 65 bits.
        var shift = BitOperations.LeadingZeroCount(significand);
        var (quotient, remainder) = UInt128.DivRem((UInt128)(significand << shift) << 64, powerOfFive);
        return Round(quotient, remainder != 0, exponent - shift - 64, isNegative);
    }

    private static LongDouble RoundLongDecimal(in FloatLiteral literal)
    {
        // The exponent decides alone about texts that are far out of range; what is left keeps the integers below 5 KiB of digits
        // plus 5,000 decimal places.
        const int placesMax = 5000;
        var lastPlace = literal.Exponent - literal.RestDigits;
        var firstPlace = lastPlace + literal.Digits.Length;
        if (lastPlace > placesMax) return new LongDouble(Kind.Infinite, literal.IsNegative);
        if (firstPlace < -placesMax) return new LongDouble(Kind.Finite, literal.IsNegative);

        var significand = ReadDigits(literal.Digits);
        var hasRest = false;
        long exponent = 0;
        if (lastPlace >= 0)
        {
            significand *= BigInteger.Pow(10, (int)lastPlace);
        }
        else
        {
            // Enough bits are added below for a quotient of more than 64.
            var divisor = BigInteger.Pow(10, (int)-lastPlace);
            var shift = (int)Math.Max(0, divisor.GetBitLength() - significand.GetBitLength() + Precision + 2);
            significand = BigInteger.DivRem(significand << shift, divisor, out var remainder);
            hasRest = !remainder.IsZero;
            exponent = -shift;
        }

        var surplus = (int)Math.Max(0, significand.GetBitLength() - 128);
        var kept = significand >> surplus;
        hasRest |= kept << surplus != significand;
        return Round((UInt128)kept, hasRest, exponent + surplus, literal.IsNegative);
    }

    private static BigInteger ReadDigits(ReadOnlySpan<byte> text)
    {
        const int chunkDigits = 18;
        var result = BigInteger.Zero;
        long chunk = 0;
        var count = 0;
        foreach (var next in text)
        {
            if (next == '.') continue;
            chunk = chunk * 10 + (next - '0');
            if (++count < chunkDigits) continue;
            result = result * 1_000_000_000_000_000_000 + chunk;
            chunk = 0;
            count = 0;
        }

        return result * BigInteger.Pow(10, count) + chunk;
    }

    private int FormatHuge(Span<byte> destination)
    {
        Span<char> digits = stackalloc char[MaxFormattedLength];
        var formatted = ((BigInteger)_mantissa << Exponent).TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Debug.Assert(formatted);
        for (var index = 0; index < length; index++) destination[index] = (byte)digits[index];
        return length;
    }

    private static UInt128 ShiftRightToNearestEven(UInt128 value, int shift)
    {
        if (shift == 0) return value;

        var kept = value >> shift;
        var lost = value - (kept << shift);
        var half = UInt128.One << (shift - 1);
        return lost > half || (lost == half && !UInt128.IsEvenInteger(kept)) ? kept + 1 : kept;
    }
}

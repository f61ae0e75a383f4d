using System.Diagnostics;

namespace Hearth.Primitives;

/// <summary>The one rounding step that the software floats share: an exact binary value to a mantissa of limited width.</summary>
internal static class BinaryRounding
{
    /// <summary>
    /// Rounds significand * 2^exponent to the nearest value of at most <paramref name="precision"/> bits whose last bit is worth at
    /// least 2^<paramref name="exponentMin"/>, ties to even. <paramref name="hasRest"/> says that something greater than zero and
    /// smaller than one unit of the significand has been cut off before. The mantissa comes back with its top bit at
    /// <paramref name="precision"/> unless the value is subnormal.
    /// </summary>
    public static (ulong Mantissa, long Exponent) ToNearestEven(
        UInt128 significand, bool hasRest, long exponent, int precision, int exponentMin)
    {
        var bits = 128 - (int)UInt128.LeadingZeroCount(significand);
        Debug.Assert(precision is >= 1 and <= 64);
        Debug.Assert(!hasRest || bits > precision, "A rest can't be weighed when no bit of the significand is cut.");

        if (significand == 0) return (0, exponentMin);

        var cut = Math.Max(bits - precision, exponentMin - exponent);
        if (cut <= 0) return ((ulong)significand << (int)-cut, exponent + cut);
        if (cut > 128) return (0, exponentMin);

        var one = UInt128.One;
        var half = one << (int)(cut - 1);
        var kept = cut == 128 ? 0 : significand >> (int)cut;
        var lost = cut == 128 ? significand : significand & ((one << (int)cut) - 1);
        if (lost > half || (lost == half && (hasRest || !UInt128.IsEvenInteger(kept)))) kept++;

        exponent += cut;
        if (kept == one << precision)
        {
            kept >>= 1;
            exponent++;
        }

        return ((ulong)kept, exponent);
    }
}

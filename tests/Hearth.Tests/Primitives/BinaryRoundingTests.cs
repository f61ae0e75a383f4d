using System.Numerics;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class BinaryRoundingTests
{
    [Fact]
    public void The_result_is_the_nearest_value_and_even_in_the_middle()
    {
        const ulong seed = 17;
        var random = new RandomSource(seed);
        for (var run = 0; run < 50_000; run++)
        {
            // Runs of ones and zeros meet ties and carries far more often than random bits do.
            var significand = ((UInt128)random.NextUInt64() << 64 | random.NextUInt64()) >> (int)random.NextInt64(128);
            if (run % 2 == 0) significand = (significand >> 100 << (int)random.NextInt64(100)) - (UInt128)random.NextInt64(2);
            var precision = 1 + (int)random.NextInt64(64);
            var exponent = random.NextInt64(400) - 200;
            var exponentMin = (int)random.NextInt64(400) - 200;
            var hasRest = random.NextInt64(2) == 0 && significand >> precision != 0;

            var (mantissa, resultExponent) = BinaryRounding.ToNearestEven(significand, hasRest, exponent, precision, exponentMin);
            var message = $"seed {seed}: {significand} * 2^{exponent}, rest {hasRest}, {precision} bits from 2^{exponentMin}";
            Assert.True(resultExponent >= exponentMin, message);
            Assert.True((UInt128)mantissa < UInt128.One << precision, message);
            Assert.True(mantissa >> (precision - 1) == 1 || resultExponent == exponentMin, message);

            // In units of half of the smallest place involved, so that all is an integer; the rest counts as one such unit.
            var place = Math.Min(exponent, resultExponent) - 2;
            var exact = ((BigInteger)significand << (int)(exponent - place)) + (hasRest ? 1 : 0);
            var error = BigInteger.Abs(((BigInteger)mantissa << (int)(resultExponent - place)) - exact) * 2;
            var unit = BigInteger.One << (int)(resultExponent - place);

            // Below a power of two the places are half as wide, which matters only when the carry has made that power.
            Assert.True(error < unit || (error == unit && mantissa % 2 == 0), message);
        }
    }
}

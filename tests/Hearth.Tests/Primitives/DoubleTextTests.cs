using System.Globalization;
using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class DoubleTextTests
{
    private const ulong Seed = 20240607;

    // Facts read off redis-server 7.0.15 by ZADD and ZSCORE.
    [Theory]
    [InlineData("0x10", 16)]
    [InlineData("0x1p3", 8)]
    [InlineData("-0X1P+3", -8)]
    [InlineData("0x.8", 0.5)]
    [InlineData("0x8.", 8)]
    [InlineData("0x1p-1074", 5e-324)]
    [InlineData("0x1.8p-1075", 5e-324)]
    [InlineData("0x1.fffffffffffff7p1023", double.MaxValue)]
    [InlineData("0x10000000000000000000000000000000000000001p-160", 1)]
    [InlineData("0x1.00000000000008p0", 1)]
    [InlineData("0x1.000000000000080000000000000000000000000000000001p0", 1.0000000000000002)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("-INFinity", double.NegativeInfinity)]
    [InlineData("+5", 5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("-1.5e3", -1500)]
    [InlineData("1E-2", 0.01)]
    [InlineData("007.50", 7.5)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("0.0e-99999999999999999999", 0)]
    [InlineData("3e-324", 5e-324)]
    [InlineData("1.7976931348623158e308", double.MaxValue)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("9007199254740993.00000000000000000000000000001", 9007199254740994)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    public void Doubles_are_read_as_strtod_reads_them(string text, double expected)
    {
        Assert.True(DoubleText.TryParse(Bytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("nan")]
    [InlineData("-nan")]
    [InlineData("nan(1)")]
    [InlineData("in")]
    [InlineData("infin")]
    [InlineData("infinityx")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData("e5")]
    [InlineData("1,000")]
    [InlineData("1.2.3")]
    [InlineData("0x")]
    [InlineData("0x.")]
    [InlineData("0x.p1")]
    [InlineData("0x1p")]
    [InlineData("0xg")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("2e-324")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("0x1p1024")]
    [InlineData("0x1.fffffffffffff8p1023")]
    [InlineData("0x1p-1075")]
    [InlineData("0x1p-99999999999999999999")]
    [InlineData("1e99999999999999999999")]
    public void Texts_that_strtod_or_Redis_refuse_are_refused(string text) => Assert.False(DoubleText.TryParse(Bytes(text), out _));

    [Fact]
    public void A_negative_zero_keeps_its_sign()
    {
        Assert.True(DoubleText.TryParse("-0"u8, out var value));
        Assert.True(value == 0 && double.IsNegative(value));
        Assert.True(DoubleText.TryParse("-0x0"u8, out value));
        Assert.True(value == 0 && double.IsNegative(value));
        Assert.True(DoubleText.TryParse("-0.000"u8, out value));
        Assert.True(value == 0 && double.IsNegative(value));
    }

    // 7.2 writes integers up to 2^62 in full and otherwise switches notation by the rule of its shortest-digits printer.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1, "1")]
    [InlineData(-1, "-1")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(3.14, "3.14")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(123456789012345680, "123456789012345680")]
    [InlineData(9007199254740993, "9007199254740992")]
    [InlineData(4611686018427387904, "4611686018427387904")]
    [InlineData(-4611686018427387904, "-4611686018427387904")]
    [InlineData(4611686018427388928, "4611686018427389000")]
    [InlineData(9223372036854775807, "9223372036854776000")]
    [InlineData(1e19, "1e+19")]
    [InlineData(1.25e19, "1.25e+19")]
    [InlineData(1e21, "1e+21")]
    [InlineData(-1e21, "-1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(1234567890123456789012.0, "1234567890123456800000")]
    [InlineData(12345678901234567890123.0, "12345678901234568000000")]
    [InlineData(123456789012345678901234.0, "123456789012345690000000")]
    [InlineData(1234567890123456789012345.0, "1.2345678901234568e+24")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.0000001, "1e-7")]
    [InlineData(0.0000012, "1.2e-6")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.00012345, "1.2345e-4")]
    [InlineData(0.0012345678901234567, "0.0012345678901234567")]
    [InlineData(1.5e-10, "1.5e-10")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.MinValue, "-1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    public void Doubles_are_written_in_the_notation_of_Redis_7_2(double value, string expected)
    {
        Span<byte> buffer = stackalloc byte[NumberText.MaxDoubleLength];
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer[..DoubleText.Format(value, buffer)]));
    }

    [Fact]
    public void Doubles_are_written_with_the_fewest_digits_and_read_back_as_the_same_bits()
    {
        var random = new RandomSource(Seed);
        Span<byte> buffer = stackalloc byte[NumberText.MaxDoubleLength];
        for (var run = 0; run < 200_000; run++)
        {
            var value = (run % 5) switch
            {
                0 => BitConverter.UInt64BitsToDouble(random.NextUInt64()),
                1 => random.NextInt64(1_000_000) / 1000.0,
                2 => random.NextInt64(1L << 53) / 1e6,
                3 => (random.NextInt64(1L << 53) - (1L << 52)) * Math.Pow(10, random.NextInt64(44) - 22),
                _ => random.NextInt64(long.MaxValue) * Math.Pow(2, random.NextInt64(40) - 20),
            };
            if (double.IsNaN(value)) continue;

            var length = DoubleText.Format(value, buffer);
            var text = Encoding.ASCII.GetString(buffer[..length]);
            Assert.True(DoubleText.TryParse(buffer[..length], out var back), $"seed {Seed}: '{text}'");
            Assert.True(
                BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(back),
                $"seed {Seed}: {value:R} as '{text}'");
            if (Math.Abs(value) <= Math.Pow(2, 62) && Math.Truncate(value) == value) continue;
            Assert.True(Digits(text) == Digits(value.ToString("R", CultureInfo.InvariantCulture)), $"seed {Seed}: {value:R} as '{text}'");
        }

        static string Digits(string text) => text.ToLowerInvariant().Split('e')[0].Replace(".", "").Trim('-', '0');
    }

    [Fact]
    public void Decimal_texts_round_like_the_library_at_any_length()
    {
        var random = new RandomSource(Seed);
        for (var run = 0; run < 50_000; run++)
        {
            var digits = new byte[1 + random.NextInt64(40)];
            for (var index = 0; index < digits.Length; index++) digits[index] = (byte)('0' + random.NextInt64(10));
            var text = Encoding.ASCII.GetString(digits).Insert((int)random.NextInt64(digits.Length), ".");
            text += $"e{random.NextInt64(80) - 40}";
            var expected = double.Parse(text, CultureInfo.InvariantCulture);
            Assert.True(DoubleText.TryParse(Bytes(text), out var value) && value == expected, $"seed {Seed}: {text}");
        }
    }

    [Fact]
    public void Hexadecimal_texts_round_to_nearest_even()
    {
        var random = new RandomSource(Seed);
        for (var run = 0; run < 50_000; run++)
        {
            var mantissa = random.NextUInt64() >> (int)random.NextInt64(64);
            var exponent = (int)random.NextInt64(2200) - 1120;

            // The conversion to double rounds to nearest even; scaling is exact as long as the result is a normal number.
            var expected = Math.ScaleB((double)mantissa, exponent);
            if (!double.IsNormal(expected)) continue;

            var text = $"0x{mantissa:x}p{exponent}";
            Assert.True(DoubleText.TryParse(Bytes(text), out var value) && value == expected, $"seed {Seed}: {text}");
        }
    }

    // Facts read off redis-server 7.0.15 by ZCOUNT, whose bounds strtod reads.
    [Theory]
    [InlineData("", 0)]
    [InlineData(" \t\n\v\f\r1", 1)]
    [InlineData("2\0x", 2)]
    [InlineData("\0x", 0)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("-1e999", double.NegativeInfinity)]
    [InlineData("0x1p5000", double.PositiveInfinity)]
    [InlineData("1e-999", 0)]
    [InlineData("-infinity", double.NegativeInfinity)]
    public void Bounds_may_be_what_numbers_may_not(string text, double expected)
    {
        Assert.True(NumberText.TryParseBound(Bytes(text), out var value));
        Assert.Equal(expected, value);
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[^1]) || text[0] <= ' ') Assert.False(NumberText.TryParseDouble(Bytes(text), out _));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("1 ")]
    [InlineData("nan")]
    [InlineData("x")]
    [InlineData("infin")]
    [InlineData("--1")]
    public void Other_texts_are_no_bounds(string text) => Assert.False(NumberText.TryParseBound(Bytes(text), out _));

    // Facts read off redis-server 7.0.15 by ZSCAN.
    [Theory]
    [InlineData(0.1, "0.10000000000000001")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(1e17, "1e+17")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1.0000000000000001e-05")]
    [InlineData(1e300, "1.0000000000000001e+300")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Seventeen_digits_are_written_as_printf_does(double value, string expected)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxDoubleLength];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..NumberText.FormatSeventeenDigits(value, text)]));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

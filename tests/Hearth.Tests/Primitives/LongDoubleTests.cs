using System.Globalization;
using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class LongDoubleTests
{
    private const ulong Seed = 20240607;
    private const string Greatest = "1.18973149535723176502e4932";

    [Fact]
    public void Sums_are_those_of_Redis()
    {
        var rows = LongDoubleFacts.Sums.Split('\n');
        Assert.True(rows.Length > 150);
        foreach (var row in rows)
        {
            var fields = row.Split(' ');
            Assert.True(fields[2] == Text(Parse(fields[0]) + Parse(fields[1])), row);
            Assert.True(fields[2] == Text(Parse(fields[1]) + Parse(fields[0])), row);
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-0.1", -0.1)]
    [InlineData("123456789012345678", 123456789012345678d)]
    [InlineData("1e300", 1e300)]
    [InlineData("1e4000", double.MaxValue)]
    [InlineData("-1e4000", double.MinValue)]
    [InlineData("1e-4000", double.Epsilon)]
    [InlineData("-1e-4000", -double.Epsilon)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    public void A_double_is_as_near_as_it_can_be(string text, double expected) => Assert.Equal(expected, Parse(text).ToDouble());

    // Facts read off redis-server 7.0.15 by INCRBYFLOAT.
    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("0x")]
    [InlineData("0x.p")]
    [InlineData("0x1p")]
    [InlineData("1,5")]
    [InlineData("nan")]
    [InlineData("-nan")]
    [InlineData("1.18973149535723176509e4932")]
    [InlineData("1e4951")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1e-4951")]
    [InlineData("1e-5000")]
    [InlineData("-1e-99999999999999999999")]
    [InlineData("0x1p16384")]
    [InlineData("0x1.ffffffffffffffffp16383")]
    [InlineData("0x1p-16446")]
    public void Texts_that_Redis_refuses_are_refused(string text) => Assert.False(LongDouble.TryParse(Bytes(text), out _));

    [Theory]
    [InlineData(5119, true)]
    [InlineData(5120, false)]
    public void Texts_are_limited_to_the_buffer_that_Redis_uses(int length, bool accepted) =>
        Assert.Equal(accepted, LongDouble.TryParse(Bytes(new string('0', length - 1) + "7"), out _));

    [Theory]
    [InlineData("2e-4951")]
    [InlineData("1e-4950")]
    [InlineData("0x1.8p-16446")]
    [InlineData("0e99999999999999999999")]
    public void The_smallest_values_are_accepted_and_print_as_zero(string text) => Assert.Equal("0", Text(Parse(text)));

    [Fact]
    public void The_greatest_value_prints_in_full()
    {
        var text = Text(Parse("-" + Greatest));
        Assert.Equal(LongDouble.MaxFormattedLength, text.Length);
        Assert.StartsWith("-118973149535723176502126385303097020516906332229462420044032", text);
        Assert.True(Parse(text).IsFinite);
        Assert.Equal(text, Text(Parse(text)));
        Assert.Equal(Text(Parse("0x1.fffffffffffffffep16383")), text[1..]);
    }

    [Fact]
    public void Overflow_and_infinities_leave_the_finite_numbers()
    {
        Assert.False((Parse(Greatest) + Parse(Greatest)).IsFinite);
        Assert.True((Parse(Greatest) + Parse("1e4900")).IsFinite);
        Assert.False((Parse("inf") + Parse("1")).IsFinite);
        Assert.False((Parse("1") + Parse("-Infinity")).IsNaN);
        Assert.True((Parse("inf") + Parse("-inf")).IsNaN);
        Assert.True((Parse("inf") + Parse("-inf") + Parse("1")).IsNaN);
        Assert.Equal("inf", Text(Parse("inf") + Parse("inf")));
        Assert.Equal("-inf", Text(Parse("1") + Parse("-inf")));
        Assert.Equal("nan", Text(Parse("inf") + Parse("-inf")));
    }

    [Fact]
    public void The_default_value_is_zero()
    {
        Assert.Equal("0", Text(default));
        Assert.Equal("0.1", Text(default(LongDouble) + Parse("0.1")));
        Assert.Equal("0.000000001", Text(Parse("1e-9") + default(LongDouble)));
    }

    [Fact]
    public void Integers_that_fit_the_mantissa_add_exactly()
    {
        var random = new RandomSource(Seed);
        for (var run = 0; run < 20_000; run++)
        {
            var left = (long)random.NextUInt64() >> (int)random.NextInt64(64);
            var right = (long)random.NextUInt64() >> (int)random.NextInt64(64);
            var expected = ((Int128)left + right).ToString(CultureInfo.InvariantCulture);
            Assert.True(expected == Text(Parse($"{left}") + Parse($"{right}")), $"seed {Seed}: {left} + {right}");
        }
    }

    [Fact]
    public void Short_and_long_texts_of_one_number_are_rounded_alike()
    {
        // Zeros behind the last decimal push the text off the path of short numbers without changing its value.
        var random = new RandomSource(Seed);
        for (var run = 0; run < 20_000; run++)
        {
            var digits = (random.NextUInt64() >> 1 >> (int)random.NextInt64(63)).ToString(CultureInfo.InvariantCulture);
            var exponent = (int)random.NextInt64(55) - 27;
            var shortText = $"{digits}e{exponent}";
            var longText = $"{digits}{new string('0', 40)}e{exponent - 40}";
            Assert.True(Text(Parse(shortText)) == Text(Parse(longText)), $"seed {Seed}: {shortText}");

            // The difference shows all 64 bits, where the text shows 17 decimals only.
            Assert.True(Text(Parse(shortText) + Parse("-" + longText)) == "0", $"seed {Seed}: {shortText}");
        }
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.1, "0.10000000000000001")]
    [InlineData(-13.36138933897018433, "-13.36138933897018433")]
    [InlineData(85.05112878, "85.0511287799999991")]
    [InlineData(180.0, "180")]
    [InlineData(double.Epsilon, "0")]
    [InlineData(1e300, null)]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_double_keeps_its_value(double value, string? text)
    {
        var wide = LongDouble.FromDouble(value);
        if (text is not null) Assert.Equal(text, Text(wide));
        else Assert.Equal(value, double.Parse(Text(wide), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static LongDouble Parse(string text)
    {
        Assert.True(LongDouble.TryParse(Bytes(text), out var value), text);
        return value;
    }

    private static string Text(LongDouble value)
    {
        Span<byte> buffer = stackalloc byte[LongDouble.MaxFormattedLength];
        return Encoding.ASCII.GetString(buffer[..value.Format(buffer)]);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public partial class NumberTextTests
{
    private const ulong Seed = 20240607;

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("-1", -1)]
    [InlineData("12345678", 12345678)]
    [InlineData("1700000000123", 1700000000123)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers_in_their_only_form_are_read(string text, long expected)
    {
        Assert.True(NumberText.TryParseInt64(Bytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("--1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("1_000")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551616")]
    [InlineData("100000000000000000000")]
    public void Every_other_text_of_an_integer_is_refused(string text) => Assert.False(NumberText.TryParseInt64(Bytes(text), out _));

    [Fact]
    public void Reading_agrees_with_the_grammar_on_random_texts()
    {
        var random = new RandomSource(Seed);
        var alphabet = "0123456789012345678901234567890123456789-+ /:."u8.ToArray();
        for (var run = 0; run < 200_000; run++)
        {
            var text = new byte[random.NextInt64(23)];
            for (var index = 0; index < text.Length; index++) text[index] = alphabet[random.NextInt64(run % 2 == 0 ? 40 : alphabet.Length)];
            if (text.Length > 0 && run % 3 == 0) text[0] = (byte)'-';

            var ascii = Encoding.ASCII.GetString(text);
            var valid = Int64Grammar().IsMatch(ascii) && BigInteger.Parse(ascii, CultureInfo.InvariantCulture) is var big
                && big >= long.MinValue && big <= long.MaxValue;
            Assert.True(valid == NumberText.TryParseInt64(text, out var value), $"seed {Seed}: '{ascii}'");
            Assert.True(value == (valid ? long.Parse(ascii, CultureInfo.InvariantCulture) : 0), $"seed {Seed}: '{ascii}' gave {value}");
        }
    }

    [Fact]
    public void Any_byte_that_is_no_digit_is_found_at_any_place()
    {
        for (var length = 1; length <= 19; length++)
        {
            for (var index = 0; index < length; index++)
            {
                for (var wrong = 0; wrong < 256; wrong++)
                {
                    var text = "1234567890123456789"u8[..length].ToArray();
                    text[index] = (byte)wrong;
                    if (length == 19 && index == 0 && wrong == '9') continue; // Digits, but beyond the range.

                    var valid = wrong is >= '0' and <= '9' || (index == 0 && wrong == '-' && length > 1);
                    if (index == 0 && wrong == '0') valid = length == 1;
                    Assert.True(valid == NumberText.TryParseInt64(text, out _), $"length {length}, byte {wrong} at {index}");
                }
            }
        }
    }

    [Fact]
    public void What_is_written_is_read_back_and_is_what_the_library_writes()
    {
        var random = new RandomSource(Seed);
        Span<byte> buffer = stackalloc byte[NumberText.MaxIntegerLength];
        for (var run = 0; run < 200_000; run++)
        {
            var value = (long)random.NextUInt64() >> (int)random.NextInt64(64);
            var length = NumberText.FormatInt64(value, buffer);
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer[..length]));
            Assert.True(NumberText.TryParseInt64(buffer[..length], out var back) && back == value, $"seed {Seed}: {value}");

            length = NumberText.FormatUInt64((ulong)value, buffer);
            Assert.Equal(((ulong)value).ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer[..length]));
            Assert.True(NumberText.TryParseUInt64(buffer[..length], out var unsigned) && unsigned == (ulong)value, $"seed {Seed}: {value}");
        }
    }

    [Fact]
    public void Numbers_around_every_power_of_ten_are_written_with_the_right_length()
    {
        Span<byte> buffer = stackalloc byte[NumberText.MaxIntegerLength];
        ulong power = 1;
        for (var digits = 1; digits <= 20; digits++)
        {
            Assert.Equal(digits, NumberText.CountDigits(power));
            if (digits > 1) Assert.Equal(digits - 1, NumberText.CountDigits(power - 1));
            foreach (var value in (ulong[])[power - 1, power, power + 1, ulong.MaxValue - power])
            {
                var length = NumberText.FormatUInt64(value, buffer);
                Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer[..length]));
                length = NumberText.FormatInt64(-(long)value, buffer);
                Assert.Equal((-(long)value).ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer[..length]));
            }

            power *= 10;
        }
    }

    [Fact]
    public void Nothing_is_written_when_the_destination_is_too_short()
    {
        var buffer = new byte[3];
        Assert.Equal(3, NumberText.FormatInt64(-99, buffer));
        Assert.Throws<ArgumentException>(() => NumberText.FormatInt64(-100, buffer));
        Assert.Throws<ArgumentException>(() => NumberText.FormatUInt64(1000, buffer));
        Assert.Throws<IndexOutOfRangeException>(() => NumberText.FormatInt64(0, []));
        Assert.Equal("-99"u8.ToArray(), buffer);
    }

    [Fact]
    public void No_byte_outside_the_text_is_touched()
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are set up with Linux calls.");
        using var memory = new GuardedMemory();
        for (var length = 1; length <= 21; length++)
        {
            var text = "123456789012345678901"u8[..length];
            var expected = NumberText.TryParseInt64(text, out var value);
            Assert.Equal(expected, NumberText.TryParseInt64(memory.PlaceAtStart(text), out var atStart));
            Assert.Equal(expected, NumberText.TryParseInt64(memory.PlaceAtEnd(text), out var atEnd));
            Assert.Equal((value, value), (atStart, atEnd));
            Assert.Equal(length <= 20, NumberText.TryParseUInt64(memory.PlaceAtStart(text), out _));
            Assert.Equal(length <= 20, NumberText.TryParseUInt64(memory.PlaceAtEnd(text), out _));
            if (expected) Assert.Equal(length, NumberText.FormatInt64(value, memory.PlaceAtEnd(text)));
            if (expected) Assert.Equal(length, NumberText.FormatInt64(value, memory.PlaceAtStart(text)));
        }
    }

    // Facts read off redis-server 7.0.15, as halves of stream IDs given to XADD.
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    [InlineData(" 5", 5)]
    [InlineData("\t\n\v\f\r 5", 5)]
    [InlineData("+6", 6)]
    [InlineData("007", 7)]
    [InlineData("-01", ulong.MaxValue)]
    [InlineData("-0", 0)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("000018446744073709551615", ulong.MaxValue)]
    public void Unsigned_numbers_are_read_as_strtoull_reads_them(string text, ulong expected)
    {
        Assert.True(NumberText.TryParseUInt64(Bytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("-12")]
    [InlineData("5 ")]
    [InlineData("1a")]
    [InlineData("+-1")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    public void Unsigned_numbers_out_of_range_or_with_other_bytes_are_refused(string text) =>
        Assert.False(NumberText.TryParseUInt64(Bytes(text), out _));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    [GeneratedRegex("\\A(0|-?[1-9][0-9]*)\\z")]
    private static partial Regex Int64Grammar();
}

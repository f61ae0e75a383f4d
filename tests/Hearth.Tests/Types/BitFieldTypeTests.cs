using System.Numerics;
using System.Text;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class BitFieldTypeTests
{
    private const int Seed = 20260101;

    [Theory]
    [InlineData("i1", true, 1)]
    [InlineData("i64", true, 64)]
    [InlineData("u1", false, 1)]
    [InlineData("u63", false, 63)]
    public void Knows_the_names_of_types(string text, bool isSigned, int bits)
    {
        Assert.True(BitFieldType.TryParse(Encoding.ASCII.GetBytes(text), out var type));
        Assert.Equal((isSigned, bits), (type.IsSigned, type.Bits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("u64")]
    [InlineData("i65")]
    [InlineData("i0")]
    [InlineData("u-1")]
    [InlineData("u08")]
    [InlineData("u 8")]
    [InlineData("U8")]
    [InlineData("x8")]
    [InlineData("u18446744073709551624")]
    public void Refuses_what_only_resembles_a_type(string text) => Assert.False(BitFieldType.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void What_is_written_is_read_and_all_other_bits_stay()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 5000; round++)
        {
            var type = RandomType(random);
            var bytes = new byte[random.Next(9, 40)];
            random.NextBytes(bytes);
            var first = random.Next((bytes.Length * 8) - type.Bits + 1);
            var value = random.NextInt64(long.MinValue, long.MaxValue);
            var mask = ((BigInteger.One << type.Bits) - 1) << ((bytes.Length * 8) - first - type.Bits);
            var before = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);

            type.Write(bytes, first, value);

            var after = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            var where = $"seed {Seed}, round {round}: {Name(type)} at {first} of {bytes.Length} bytes, value {value}";
            Assert.True((before | mask) == (after | mask), where);
            Assert.True(Wrapped(type, value) == type.Read(bytes, first), where);
        }
    }

    [Fact]
    public void Reading_beyond_the_end_finds_zeros()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 1000; round++)
        {
            var type = RandomType(random);
            var bytes = new byte[random.Next(0, 12)];
            random.NextBytes(bytes);
            var first = random.Next(200);
            var padded = new byte[60];
            bytes.CopyTo(padded, 0);
            Assert.True(type.Read(padded, first) == type.Read(bytes, first), $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Overflow_is_what_exact_arithmetic_says()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var type = RandomType(random);
            BigInteger min = type.IsSigned ? -(BigInteger.One << (type.Bits - 1)) : 0;
            var max = min + (BigInteger.One << type.Bits) - 1;
            Int128 value = (Int128)Interesting(random, min, max) + (Int128)Interesting(random, min, max);
            var fits = value >= (Int128)min && value <= (Int128)max;
            var where = $"seed {Seed}, round {round}: {value} into {Name(type)}";

            Assert.True(fits == type.TryFit(value, BitFieldOverflow.Fail, out var kept), where);
            if (fits) Assert.True(kept == value, where);

            Assert.True(type.TryFit(value, BitFieldOverflow.Saturate, out var nearest), where);
            Assert.True((Int128)BigInteger.Clamp(value, min, max) == nearest, where);

            Assert.True(type.TryFit(value, BitFieldOverflow.Wrap, out var wrapped), where);
            Assert.True(Wrapped(type, value) == wrapped, where);
        }
    }

    private static BigInteger Interesting(Random random, BigInteger min, BigInteger max) => random.Next(5) switch
    {
        0 => min,
        1 => max,
        2 => random.Next(-2, 3),
        3 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => (min + max) / 2,
    };

    private static BigInteger Wrapped(BitFieldType type, BigInteger value)
    {
        var range = BigInteger.One << type.Bits;
        var low = ((value % range) + range) % range;
        return type.IsSigned && low >= range / 2 ? low - range : low;
    }

    private static BitFieldType RandomType(Random random)
    {
        var isSigned = random.Next(2) == 0;
        return new BitFieldType(isSigned, random.Next(1, isSigned ? 65 : 64));
    }

    private static string Name(BitFieldType type) => (type.IsSigned ? "i" : "u") + type.Bits;
}

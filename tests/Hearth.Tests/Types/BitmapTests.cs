using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class BitmapTests
{
    private const int Seed = 20260101;

    [Fact]
    public void Counts_and_finds_the_bits_that_a_walk_bit_by_bit_does()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = RandomBytes(random, random.Next(1, 200));
            var first = random.NextInt64(bytes.Length * 8L);
            var last = random.NextInt64(first, bytes.Length * 8L);
            var bits = Enumerable.Range(0, bytes.Length * 8).Select(bit => IsSet(bytes, bit)).ToArray();
            var range = bits[(int)first..(int)(last + 1)];
            var where = $"seed {Seed}, round {round}: bits {first} to {last} of {Convert.ToHexString(bytes)}";

            Assert.True(range.Count(bit => bit) == Bitmap.Count(bytes, first, last), where);
            foreach (var wanted in new[] { true, false })
            {
                var distance = Array.IndexOf(range, wanted);
                Assert.True((distance < 0 ? -1 : first + distance) == Bitmap.IndexOf(bytes, wanted, first, last), $"{wanted}, {where}");
            }
        }
    }

    [Fact]
    public void A_bit_that_was_set_is_read_back_and_no_other_changes()
    {
        for (var bit = 0; bit < 24; bit++)
        {
            var bytes = new byte[3];
            Bitmap.Set(bytes, bit, true);
            Assert.Equal(1L << (23 - bit), (bytes[0] << 16) | (bytes[1] << 8) | bytes[2]);
            Assert.True(Bitmap.Get(bytes, bit));
            Bitmap.Set(bytes, bit, false);
            Assert.Equal(new byte[3], bytes);
        }
    }

    [Fact]
    public void Bits_beyond_the_end_are_zero()
    {
        Assert.False(Bitmap.Get([0xFF], 8));
        Assert.False(Bitmap.Get([0xFF], long.MaxValue));
        Assert.False(Bitmap.Get([], 0));
    }

    [Theory]
    [InlineData(nameof(BitOperation.And))]
    [InlineData(nameof(BitOperation.Or))]
    [InlineData(nameof(BitOperation.Xor))]
    public void Combines_strings_of_any_lengths_as_bytes_do(string name)
    {
        var operation = Enum.Parse<BitOperation>(name);
        var random = new Random(Seed);
        for (var round = 0; round < 500; round++)
        {
            var left = RandomBytes(random, random.Next(150));
            var right = RandomBytes(random, random.Next(150));
            var expected = new byte[Math.Max(left.Length, right.Length) + random.Next(3)];
            for (var i = 0; i < expected.Length; i++)
            {
                var (a, b) = (i < left.Length ? left[i] : 0, i < right.Length ? right[i] : 0);
                expected[i] = (byte)(operation switch { BitOperation.And => a & b, BitOperation.Or => a | b, _ => a ^ b });
            }

            var where = $"seed {Seed}, round {round}";
            var result = RandomBytes(random, expected.Length); // What was in it before must not matter.
            Bitmap.Combine(operation, left, right, result);
            Assert.True(expected.AsSpan().SequenceEqual(result), where);

            // The result so far may be the left side of the next step.
            left.CopyTo(result, 0);
            result.AsSpan(left.Length).Clear();
            Bitmap.Combine(operation, result, right, result);
            Assert.True(expected.AsSpan().SequenceEqual(result), where + ", in place");
        }
    }

    [Fact]
    public void Inverts_every_bit()
    {
        var random = new Random(Seed);
        for (var length = 0; length < 100; length++)
        {
            var bytes = RandomBytes(random, length);
            var result = new byte[length];
            Bitmap.Invert(bytes, result);
            Assert.Equal(bytes.Select(b => (byte)~b), result);
        }
    }

    private static bool IsSet(byte[] bytes, int bit) => ((bytes[bit / 8] >> (7 - (bit % 8))) & 1) == 1;

    /// <summary>Mostly runs of equal bytes, so that a search has to go far.</summary>
    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        var kind = random.Next(3);
        if (kind == 0) random.NextBytes(bytes);
        else Array.Fill(bytes, kind == 1 ? (byte)0 : (byte)0xFF);
        if (length > 0 && random.Next(2) == 0) bytes[random.Next(length)] = (byte)random.Next(256);
        return bytes;
    }
}

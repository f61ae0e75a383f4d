using System.Numerics;
using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class KeyedHashTests
{
    private const ulong Seed0 = 0x0123456789abcdef;
    private const ulong Seed1 = 0xfedcba9876543210;

    public enum Variant
    {
        Aes,
        Sip,
    }

    [Fact]
    public void The_AES_variant_equals_its_description_in_plain_code()
    {
        Assert.SkipUnless(KeyedHash.UsesAes, "This processor has no AES instructions.");
        var hash = new KeyedHash(Seed0, Seed1);
        var model = new KeyedHashModel(Seed0, Seed1);
        var random = new RandomSource(1);
        for (var length = 0; length <= 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.True(model.Hash(data) == hash.HashWithAes(data), $"length {length}");
        }
    }

    [Fact]
    public void The_AES_variant_is_chosen_where_the_processor_has_it()
    {
        var hash = new KeyedHash(Seed0, Seed1);
        var expected = KeyedHash.UsesAes ? hash.HashWithAes("key"u8) : hash.HashWithSip("key"u8);
        Assert.Equal(expected, hash.Hash("key"u8));
        Assert.Equal(SipHash13.Hash(Seed0, Seed1, "key"u8), hash.HashWithSip("key"u8));
    }

    [Fact]
    public void No_byte_outside_the_key_is_read()
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are set up with Linux calls.");
        using var memory = new GuardedMemory();
        foreach (var variant in Variants())
        {
            var compute = Function(variant, Seed0, Seed1);
            for (var length = 0; length <= 300; length++)
            {
                var data = Enumerable.Range(0, length).Select(value => (byte)(value * 7)).ToArray();
                var expected = compute(data);
                Assert.Equal(expected, compute(memory.PlaceAtEnd(data)));
                Assert.Equal(expected, compute(memory.PlaceAtStart(data)));
            }
        }
    }

    [Theory]
    [InlineData(Variant.Aes)]
    [InlineData(Variant.Sip)]
    public void Every_byte_and_the_length_count(Variant variant)
    {
        var compute = Function(variant, Seed0, Seed1);
        var seen = new HashSet<ulong>();
        var texts = 0;
        for (var length = 0; length <= 200; length++)
        {
            var data = new byte[length];
            Assert.True(seen.Add(compute(data)), $"zeros, length {length}");
            texts++;
            for (var index = 0; index < length; index++)
            {
                data[index] = 1;
                Assert.True(seen.Add(compute(data)), $"length {length}, index {index}");
                data[index] = 0;
                texts++;
            }
        }

        Assert.Equal(texts, seen.Count);
    }

    [Theory]
    [InlineData(Variant.Aes)]
    [InlineData(Variant.Sip)]
    public void A_longer_text_cannot_be_made_to_cancel_its_length(Variant variant)
    {
        // Where loads overlap, texts of equal bytes load equally at neighbouring lengths, so a length that were mixed into the data
        // could be cancelled by choosing one byte.
        var compute = Function(variant, Seed0, Seed1);
        foreach (var length in (int[])[1, 2, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 34, 63, 64, 65, 66, 127, 128, 129])
        {
            var shorter = compute(Filled(length, 0));
            for (var first = 0; first < 256; first++)
            {
                for (var position = 0; position < Math.Min(length, 16); position++)
                {
                    var longer = Filled(length + 1, 0);
                    longer[position] = (byte)first;
                    Assert.True(shorter != compute(longer), $"length {length}, byte {first} at {position}");
                }
            }
        }
    }

    [Theory]
    [InlineData(Variant.Aes)]
    [InlineData(Variant.Sip)]
    public void Every_input_bit_flips_every_output_bit_half_of_the_time(Variant variant)
    {
        var compute = Function(variant, Seed0, Seed1);
        var random = new RandomSource(2);
        foreach (var length in (int[])[3, 4, 7, 8, 12, 16, 17, 24, 32, 33, 48, 64, 65, 100, 130])
        {
            const int samples = 512;
            var flips = new int[length * 8, 64];
            var data = new byte[length];
            for (var sample = 0; sample < samples; sample++)
            {
                random.NextBytes(data);
                var before = compute(data);
                for (var bit = 0; bit < length * 8; bit++)
                {
                    data[bit / 8] ^= (byte)(1 << (bit % 8));
                    var changed = before ^ compute(data);
                    data[bit / 8] ^= (byte)(1 << (bit % 8));
                    for (; changed != 0; changed &= changed - 1) flips[bit, BitOperations.TrailingZeroCount(changed)]++;
                }
            }

            // Six standard deviations: 256 ± 6 * sqrt(512) / 2.
            foreach (var count in flips) Assert.InRange(count, 256 - 68, 256 + 68);
        }
    }

    [Theory]
    [InlineData(Variant.Aes)]
    [InlineData(Variant.Sip)]
    public void Keys_that_count_up_fill_buckets_evenly_by_any_bits(Variant variant)
    {
        const int keys = 1 << 17;
        const int buckets = 1 << 10;
        var compute = Function(variant, Seed0, Seed1);
        foreach (var format in (string[])["{0}", "key:{0:D12}", "user:{0}:session:profile:settings", "{0:D80}", "{0:X}\0\0\0\0\0\0"])
        {
            int[] shifts = [54, 44, 34, 24, 14, 4, 0];
            var counts = new int[shifts.Length, buckets];
            for (var key = 0; key < keys; key++)
            {
                var hash = compute(Encoding.ASCII.GetBytes(string.Format(null, format, key)));
                for (var window = 0; window < shifts.Length; window++) counts[window, (hash >> shifts[window]) & (buckets - 1)]++;
            }

            for (var window = 0; window < shifts.Length; window++)
            {
                var chiSquare = 0.0;
                for (var bucket = 0; bucket < buckets; bucket++)
                {
                    var difference = counts[window, bucket] - keys / buckets;
                    chiSquare += (double)difference * difference / (keys / buckets);
                }

                // 1023 degrees of freedom: mean 1023, deviation 45; six deviations either way.
                Assert.True(chiSquare is > 750 and < 1300, $"{variant}, {format}, bits from {shifts[window]}: {chiSquare}");
            }
        }
    }

    [Theory]
    [InlineData(Variant.Aes)]
    [InlineData(Variant.Sip)]
    public void Both_halves_of_the_seed_change_the_hash(Variant variant)
    {
        foreach (var length in (int[])[0, 5, 16, 32, 64, 200])
        {
            var data = Filled(length, 0x55);
            var hash = Function(variant, Seed0, Seed1)(data);
            Assert.NotEqual(hash, Function(variant, Seed0 ^ 1, Seed1)(data));
            Assert.NotEqual(hash, Function(variant, Seed0, Seed1 ^ (1UL << 63))(data));
            Assert.NotEqual(hash, Function(variant, Seed1, Seed0)(data));
        }
    }

    private delegate ulong HashFunction(ReadOnlySpan<byte> data);

    private static IEnumerable<Variant> Variants() => KeyedHash.UsesAes ? [Variant.Aes, Variant.Sip] : [Variant.Sip];

    private static HashFunction Function(Variant variant, ulong seed0, ulong seed1)
    {
        Assert.SkipWhen(variant == Variant.Aes && !KeyedHash.UsesAes, "This processor has no AES instructions.");
        var hash = new KeyedHash(seed0, seed1);
        return variant == Variant.Aes ? hash.HashWithAes : hash.HashWithSip;
    }

    private static byte[] Filled(int length, byte value)
    {
        var data = new byte[length];
        data.AsSpan().Fill(value);
        return data;
    }
}

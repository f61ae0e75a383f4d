using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class RandomSourceTests
{
    [Fact]
    public void Produces_the_sequence_of_xoshiro256_starstar()
    {
        // Computed with an independent implementation; SplitMix64 with this seed starts 6457827717110365317, 3203168211198807973.
        var random = new RandomSource(1234567);
        ulong[] expected =
        [
            3504822795582309479, 1819558768956484042, 1250851346055027673, 16940231675099994102, 11585879347611423030,
            8134400763355999650,
        ];
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(_ => random.NextUInt64()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1_000_003)]
    [InlineData((1L << 62) + 1)]
    [InlineData(long.MaxValue)]
    public void Numbers_below_a_limit_are_in_range_and_even(long exclusiveMax)
    {
        var random = new RandomSource(7);
        const int draws = 20_000;
        var lowerHalf = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var value = random.NextInt64(exclusiveMax);
            Assert.InRange(value, 0, exclusiveMax - 1);
            if (value < exclusiveMax / 2) lowerHalf++;
        }

        var expected = draws * ((double)(exclusiveMax / 2) / exclusiveMax);
        Assert.InRange(lowerHalf, expected - 400, expected + 400);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_that_leaves_no_number_is_refused(long exclusiveMax) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomSource(7).NextInt64(exclusiveMax));

    [Fact]
    public void Bytes_are_filled_to_any_length_and_no_further()
    {
        for (var length = 0; length <= 40; length++)
        {
            var everNonZero = new bool[length];
            var random = new RandomSource(11);
            for (var turn = 0; turn < 20; turn++)
            {
                var bytes = new byte[length + 8];
                random.NextBytes(bytes.AsSpan(0, length));
                Assert.True(bytes.AsSpan(length).IndexOfAnyExcept((byte)0) < 0, $"length {length}: wrote behind the end");
                for (var index = 0; index < length; index++) everNonZero[index] |= bytes[index] != 0;
            }

            Assert.DoesNotContain(false, everNonZero);
        }
    }

    [Fact]
    public void Hex_ids_have_the_length_asked_for_and_differ()
    {
        var random = new RandomSource(13);
        var ids = Enumerable.Range(0, 100).Select(_ => random.NextHexId(40)).ToArray();
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{40}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal("", random.NextHexId(0));
    }
}

using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class IntsetTests
{
    private const ulong Seed = 52_009;

    private static readonly long[] Edges =
    [
        0, 1, -1, short.MaxValue, short.MinValue, short.MaxValue + 1, short.MinValue - 1, int.MaxValue, int.MinValue, int.MaxValue + 1L, int.MinValue - 1L,
        long.MaxValue, long.MinValue,
    ];

    [Theory]
    [InlineData("0200000003000000010002000300", 1L, 2L, 3L)]
    [InlineData("0400000004000000fdffffff010000000500000070110100", 5L, -3L, 70000L, 1L)]
    [InlineData("0800000003000000000efad5feffffff05000000000000000900000000000000", 5L, -5000000000L, 9L)]
    public void The_bytes_are_those_of_redis(string expected, params long[] values)
    {
        using var heap = new Heap("test");
        var set = Intset.Create(heap);
        foreach (var value in values) set = set.Add(heap, value, out _);
        Assert.Equal(expected, Convert.ToHexStringLower(set.Bytes));
        Assert.True(Intset.Validate(set.Bytes));
        set.Free(heap);
    }

    [Fact]
    public void Random_changes_follow_the_model()
    {
        for (var seed = Seed; seed < Seed + 60; seed++)
        {
            using var heap = new Heap("test");
            var random = new RandomSource(seed);
            var expected = new SortedSet<long>();
            var set = Intset.Create(heap);
            var bits = (int)(seed % 3 + 1) * 5;
            for (var step = 0; step < 600; step++)
            {
                var value = random.NextInt64(100) == 0 && step > 100 ? Edges[random.NextInt64(Edges.Length)] : random.NextInt64(1L << bits) - (1L << (bits - 1));
                if (random.NextInt64(5) < (step < 400 ? 3 : 1))
                {
                    set = set.Add(heap, value, out var added);
                    Assert.True(expected.Add(value) == added, $"seed {seed}, step {step}: add {value}");
                }
                else
                {
                    set = set.Remove(heap, value, out var removed);
                    Assert.True(expected.Remove(value) == removed, $"seed {seed}, step {step}: remove {value}");
                }

                if (step % 20 == 0) Check(heap, set, expected, random, seed);
            }

            Check(heap, set, expected, random, seed);
            set.Free(heap);
            Assert.Equal(0, heap.LiveBlocks);
        }
    }

    [Fact]
    public void The_width_grows_with_the_widest_and_stays()
    {
        using var heap = new Heap("test");
        var set = Intset.Create(heap).Add(heap, 1, out _);
        Assert.Equal(2, set.Width);
        set = set.Add(heap, 40_000, out _).Remove(heap, 40_000, out _);
        Assert.Equal(4, set.Width);
        set = set.Add(heap, long.MinValue, out _).Remove(heap, long.MinValue, out _);
        Assert.Equal(8, set.Width);
        Assert.True(set.Contains(1));
        set.Free(heap);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0200000000000000")]
    [InlineData("02000000010000000100ff")]
    [InlineData("030000000100000001000000")]
    [InlineData("02000000ffffffff0100")]
    [InlineData("020000000200000001000100")]
    [InlineData("020000000200000002000100")]
    [InlineData("0800000000000020")]
    public void Damage_is_told(string bytes) => Assert.False(Intset.Validate(Convert.FromHexString(bytes)));

    [Fact]
    public void Random_bytes_are_never_read_beyond_their_end()
    {
        Assert.SkipUnless(Primitives.GuardedMemory.IsSupported, "needs mmap");
        using var memory = new Primitives.GuardedMemory();
        var random = new RandomSource(Seed);
        var bytes = new byte[40];
        for (var tries = 0; tries < 100_000; tries++)
        {
            var length = (int)random.NextInt64(bytes.Length);
            random.NextBytes(bytes);
            bytes[0] = (byte)(1 << (int)random.NextInt64(5));
            bytes[1] = bytes[2] = bytes[3] = 0;
            if (tries % 2 == 0) BitConverter.TryWriteBytes(bytes.AsSpan(4), (int)random.NextInt64(20));
            Intset.Validate(memory.PlaceAtEnd(bytes.AsSpan(0, length)));
        }
    }

    private static void Check(Heap heap, Intset set, SortedSet<long> expected, RandomSource random, ulong seed)
    {
        set.Verify();
        Assert.Equal(set.UsedBytes, heap.UsedBytes);
        Assert.Equal(expected.Count != 0, Intset.Validate(set.Bytes));
        var found = Enumerable.Range(0, set.Count).Select(set.Get);
        Assert.True(expected.SequenceEqual(found), $"seed {seed}");
        foreach (var edge in Edges) Assert.True(expected.Contains(edge) == set.Contains(edge), $"seed {seed}: {edge}");
        foreach (var value in expected) Assert.True(set.Contains(value), $"seed {seed}: {value}");
        if (set.Count > 0) Assert.Contains(set.Random(random), expected);
        var copy = set.Duplicate(heap);
        Assert.True(copy.Bytes.SequenceEqual(set.Bytes));
        copy.Free(heap);
    }
}

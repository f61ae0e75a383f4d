using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class HyperLogLogDenseTests
{
    private const int Seed = 20_240_611;

    [Fact]
    public void Registers_are_packed_from_the_low_bits_on()
    {
        var bytes = Empty();
        HyperLogLogDense.Set(bytes, 0, 0b111111);
        HyperLogLogDense.Set(bytes, 2, 0b100001);
        HyperLogLogDense.Set(bytes, 3, 0b000011);
        Assert.Equal([0b0011_1111, 0b0001_0000, 0b0000_1110], bytes[16..19]);
        HyperLogLogDense.Set(bytes, 0, 0);
        HyperLogLogDense.Set(bytes, HyperLogLog.Registers - 1, 0b110101);
        Assert.Equal([0, 0b0001_0000, 0b0000_1110], bytes[16..19]);
        Assert.Equal(0b1101_0100, bytes[^1]);
    }

    [Fact]
    public void What_is_set_one_by_one_is_read_one_by_one_and_all_at_once()
    {
        var random = new Random(Seed);
        var (bytes, model) = (Empty(), new byte[HyperLogLog.Registers]);
        for (var step = 0; step < 100_000; step++)
        {
            var index = random.Next(HyperLogLog.Registers);
            HyperLogLogDense.Set(bytes, index, model[index] = (byte)random.Next(64));
        }

        for (var i = 0; i < model.Length; i++) Assert.True(HyperLogLogDense.Get(bytes, i) == model[i], $"seed {Seed}, register {i}");
        var spread = new byte[HyperLogLog.Registers];
        HyperLogLogDense.MergeInto(spread, bytes);
        Assert.Equal(model, spread);
    }

    [Fact]
    public void What_is_written_all_at_once_is_what_is_set_one_by_one()
    {
        var registers = RandomRegisters(new Random(Seed));
        var (together, single) = (Empty(), Empty());
        together.AsSpan(16).Fill(0xA5); // What stood there before is gone.
        HyperLogLogDense.Write(together, registers);
        for (var i = 0; i < registers.Length; i++) HyperLogLogDense.Set(single, i, registers[i]);
        Assert.Equal(single, together);
    }

    [Fact]
    public void Merging_takes_the_greater_of_two()
    {
        var random = new Random(Seed);
        var (mine, others, bytes) = (RandomRegisters(random), RandomRegisters(random), Empty());
        HyperLogLogDense.Write(bytes, others);
        var expected = mine.Zip(others, Math.Max).ToArray();
        HyperLogLogDense.MergeInto(mine, bytes);
        Assert.Equal(expected, mine);
    }

    [Fact]
    public void The_histogram_counts_every_register_once()
    {
        var registers = RandomRegisters(new Random(Seed));
        var bytes = Empty();
        HyperLogLogDense.Write(bytes, registers);
        var (histogram, direct) = (new int[64], new int[64]);
        HyperLogLogDense.AddTo(histogram, bytes);
        HyperLogLogDense.AddRegistersTo(direct, registers);
        var expected = Enumerable.Range(0, 64).Select(value => registers.Count(register => register == value)).ToArray();
        Assert.Equal(expected, histogram);
        Assert.Equal(expected, direct);
    }

    [Fact]
    public void A_register_is_raised_and_never_lowered()
    {
        var bytes = Empty();
        Assert.True(HyperLogLogDense.TryRaise(bytes, 5, 3));
        Assert.False(HyperLogLogDense.TryRaise(bytes, 5, 3));
        Assert.False(HyperLogLogDense.TryRaise(bytes, 5, 2));
        Assert.True(HyperLogLogDense.TryRaise(bytes, 5, 51));
        Assert.Equal(51, HyperLogLogDense.Get(bytes, 5));
        Assert.Equal((0, 0), (HyperLogLogDense.Get(bytes, 4), HyperLogLogDense.Get(bytes, 6)));
    }

    private static byte[] Empty()
    {
        var bytes = new byte[HyperLogLogDense.Bytes];
        HyperLogLog.WriteHeader(bytes, HyperLogLogEncoding.Dense);
        return bytes;
    }

    private static byte[] RandomRegisters(Random random)
    {
        var registers = new byte[HyperLogLog.Registers];
        foreach (ref var register in registers.AsSpan()) register = (byte)random.Next(64);
        return registers;
    }
}

using System.Text;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class HyperLogLogTests
{
    [Theory]
    [InlineData("a", 12711, 2)]
    [InlineData("b", 15780, 1)]
    [InlineData("", 5938, 2)]
    [InlineData("hearth", 9200, 1)]
    [InlineData("0123456789", 1021, 2)]
    public void Elements_have_the_registers_that_redis_gives_them(string element, int index, int run) =>
        Assert.Equal((index, (byte)run), HyperLogLog.Locate(Encoding.ASCII.GetBytes(element)));

    [Fact]
    public void Runs_are_as_long_as_chance_makes_them()
    {
        const int Elements = 1 << 17;
        var runs = new int[HyperLogLog.RunBits + 2];
        for (var i = 0; i < Elements; i++) runs[HyperLogLog.Locate(BitConverter.GetBytes(i)).Run]++;
        Assert.Equal(0, runs[0]);
        for (var run = 1; run <= 8; run++) Assert.InRange(runs[run], (Elements >> run) * 0.9, (Elements >> run) * 1.1);
    }

    [Theory]
    [InlineData("HYLL\u0001\0\0\0\0\0\0\0\0\0\0\0", true)]
    [InlineData("HYLL\u0001xyz12345678 and whatever", true)]
    [InlineData("HYLL\u0001\0\0\0\0\0\0\0\0\0\0", false)]
    [InlineData("HYLL\u0002\0\0\0\0\0\0\0\0\0\0\0", false)]
    [InlineData("HYLL\0\0\0\0\0\0\0\0\0\0\0\0", false)]
    [InlineData("hYLL\u0001\0\0\0\0\0\0\0\0\0\0\0", false)]
    [InlineData("", false)]
    public void What_can_be_one_is_seen_by_its_header(string text, bool isValid) =>
        Assert.Equal(isValid, HyperLogLog.IsValid(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void A_dense_one_has_exactly_its_length()
    {
        var bytes = new byte[HyperLogLogDense.Bytes + 1];
        HyperLogLog.WriteHeader(bytes, HyperLogLogEncoding.Dense);
        Assert.True(HyperLogLog.IsValid(bytes.AsSpan(0, HyperLogLogDense.Bytes)));
        Assert.False(HyperLogLog.IsValid(bytes));
        Assert.False(HyperLogLog.IsValid(bytes.AsSpan(0, HyperLogLogDense.Bytes - 1)));
    }

    [Fact]
    public void The_cardinality_is_kept_until_it_is_out_of_date()
    {
        var bytes = new byte[HyperLogLogSparse.EmptyBytes];
        HyperLogLogSparse.WriteEmpty(bytes);
        Assert.True(HyperLogLog.TryGetCardinality(bytes, out var cardinality));
        Assert.Equal(0, cardinality);
        HyperLogLog.SetCardinality(bytes, 0x0102_0304_0506_0708);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], bytes[8..16]);
        HyperLogLog.ForgetCardinality(bytes);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 0x81], bytes[8..16]);
        Assert.False(HyperLogLog.TryGetCardinality(bytes, out _));
    }
}

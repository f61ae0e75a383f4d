using System.Buffers.Binary;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class Crc64Tests
{
    [Fact]
    public void Matches_the_published_check_value() => Assert.Equal(0xe9c6d914c4b8d9caUL, Crc64.Append(0, "123456789"u8));

    // DUMP payloads of redis-server 7.0.15; the last eight bytes are the CRC of what stands before.
    [Theory]
    [InlineData("0002717a0a000dc457c78931463a")]
    [InlineData("000671717171717a0a0071b2de1c3ea660fa")]
    [InlineData("00c3094065017171e0580001717a0a009a87bbdd8cac2e15")]
    [InlineData("00c31243e9017171e0ff00e0ff00e0ff00e0c40001717a0a00a7abe2f46d34d191")]
    public void Matches_the_checksum_of_payloads_that_Redis_dumped(string payload)
    {
        var bytes = Convert.FromHexString(payload);
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(bytes.Length - 8)), Crc64.Append(0, bytes.AsSpan(..^8)));
    }

    [Fact]
    public void Words_and_single_bytes_give_the_same_at_every_length_and_cut()
    {
        const ulong seed = 23;
        var data = new byte[100];
        new RandomSource(seed).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
        {
            var expected = BitByBit(data.AsSpan(0, length));
            for (var cut = 0; cut <= length; cut++)
            {
                var crc = Crc64.Append(0, data.AsSpan(0, cut));
                Assert.True(expected == Crc64.Append(crc, data.AsSpan(cut, length - cut)), $"seed {seed}: length {length}, cut at {cut}");
            }
        }
    }

    // Divides in the polynomial's published order of bits and turns bytes and result around, as "reflected" means.
    private static ulong BitByBit(ReadOnlySpan<byte> data)
    {
        ulong remainder = 0;
        foreach (var next in data)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var incoming = (ulong)((next >> bit) & 1);
                var carry = (remainder >> 63) ^ incoming;
                remainder = (remainder << 1) ^ (carry * 0xad93d23594c935a9);
            }
        }

        ulong reflected = 0;
        for (var bit = 0; bit < 64; bit++) reflected |= ((remainder >> bit) & 1) << (63 - bit);
        return reflected;
    }
}

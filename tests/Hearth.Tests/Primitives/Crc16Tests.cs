using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class Crc16Tests
{
    [Fact]
    public void Matches_the_check_value_of_XMODEM() => Assert.Equal(0x31C3, Crc16.Compute("123456789"u8));

    // Facts read off CLUSTER KEYSLOT of redis-server 7.0.15.
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 15495)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("123456789", 12739)]
    [InlineData("key:000000000001", 8924)]
    [InlineData("\0\u00ff", 7920)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("user1000", 3443)]
    [InlineData("foo{bar}{zap}", 5061)]
    [InlineData("foo{}{bar}", 8363)]
    [InlineData("foo{{bar}}zap", 4015)]
    [InlineData("{}", 15257)]
    [InlineData("{}x{y}", 2166)]
    [InlineData("{a", 10276)]
    [InlineData("}{a}", 15495)]
    [InlineData("a}b{c}d", 7365)]
    [InlineData("{\0}", 0)]
    public void Keys_have_the_slots_that_Redis_gives_them(string key, int slot) =>
        Assert.Equal(slot, Crc16.KeySlot(Encoding.Latin1.GetBytes(key)));
}

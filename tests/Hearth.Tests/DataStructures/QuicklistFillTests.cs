using Hearth.DataStructures;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class QuicklistFillTests
{
    [Theory]
    [InlineData(-1, 4096)]
    [InlineData(-2, 8192)]
    [InlineData(-3, 16384)]
    [InlineData(-4, 32768)]
    [InlineData(-5, 65536)]
    [InlineData(-6, 65536)]
    [InlineData(int.MinValue, 65536)]
    public void Below_zero_it_is_bytes(int fill, long bytes)
    {
        Assert.False(QuicklistFill.IsExceeded(fill, bytes, int.MaxValue));
        Assert.True(QuicklistFill.IsExceeded(fill, bytes + 1, 1));
        Assert.True(QuicklistFill.HasRoom(fill, bytes - 18, 1, 10));
        Assert.False(QuicklistFill.HasRoom(fill, bytes - 17, 1, 10));
        Assert.True(QuicklistFill.IsAtMostHalf(fill, bytes / 2, int.MaxValue));
        Assert.False(QuicklistFill.IsAtMostHalf(fill, (bytes / 2) + 1, 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Above_it_is_elements_and_never_more_than_8_KiB(int fill, int count)
    {
        Assert.False(QuicklistFill.IsExceeded(fill, 8192, count));
        Assert.True(QuicklistFill.IsExceeded(fill, 100, count + 1L));
        Assert.True(QuicklistFill.IsExceeded(fill, 8193, 1));
        Assert.True(QuicklistFill.IsAtMostHalf(fill, 100_000, count / 2));
        Assert.False(QuicklistFill.IsAtMostHalf(fill, 100, (count / 2) + 1L));
    }

    [Fact]
    public void A_list_keeps_it_in_few_bits()
    {
        Assert.Equal(-5, QuicklistFill.Clamp(int.MinValue));
        Assert.Equal(-2, QuicklistFill.Clamp(-2));
        Assert.Equal(32767, QuicklistFill.Clamp(int.MaxValue));
    }
}

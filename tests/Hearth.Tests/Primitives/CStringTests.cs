using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public sealed class CStringTests
{
    [Fact]
    public void A_nul_byte_ends_a_word()
    {
        Assert.True(CString.EqualsIgnoreCase("NX\0"u8, "nx"u8));
        Assert.True(CString.EqualsIgnoreCase("nx\0junk"u8, "NX"));
        Assert.True(CString.EqualsIgnoreCase(""u8, ""u8));
        Assert.False(CString.EqualsIgnoreCase("n\0x"u8, "nx"u8));
        Assert.False(CString.EqualsIgnoreCase("nxx"u8, "nx"u8));
        Assert.False(CString.EqualsIgnoreCase("n"u8, "nx"u8));
        Assert.Equal("ab"u8, CString.Clip("ab\0cd\0"u8));
        Assert.Equal("ab"u8, CString.Clip("ab"u8));
    }
}

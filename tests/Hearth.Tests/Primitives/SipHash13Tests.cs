using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class SipHash13Tests
{
    [Fact]
    public void Matches_the_published_vector_of_the_empty_text() =>
        Assert.Equal(0xabac0158050fc4dcUL, SipHash13.Hash(0x0706050403020100, 0x0f0e0d0c0b0a0908, []));

    // CPython 3.11 hashes bytes with SipHash-1-3, under a key of zeros when PYTHONHASHSEED is 0.
    [Theory]
    [InlineData("a", 0x407448d2b89b1813)]
    [InlineData("abc", 0xc03bc3a0042630f2)]
    [InlineData("abcdefg", 0x6db12aae9070f506)]
    [InlineData("abcdefgh", 0x3f7b849c0b8e35ea)]
    [InlineData("abcdefghi", 0xf89b34a3d11eb6e5)]
    public void Matches_another_implementation(string text, ulong expected) =>
        Assert.Equal(expected, SipHash13.Hash(0, 0, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Matches_another_implementation_on_several_words()
    {
        var data = Enumerable.Range(0, 63).Select(value => (byte)value).ToArray();
        Assert.Equal(0x385d3e39e5f37359UL, SipHash13.Hash(0, 0, data));
    }
}

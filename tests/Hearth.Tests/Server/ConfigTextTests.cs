using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class ConfigTextTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  \t ", new string[0])]
    [InlineData("port 6379", new[] { "port", "6379" })]
    [InlineData("\tport\t6379\t", new[] { "port", "6379" })]
    [InlineData("\v\"a\"\fb\vc", new[] { "a", "b\vc" })]
    [InlineData("save \"\"", new[] { "save", "" })]
    [InlineData("a \"b c\" 'd e'", new[] { "a", "b c", "d e" })]
    [InlineData("a \"\\x41\\n\\r\\t\\b\\a\\q\\\"\"", new[] { "a", "A\n\r\t\b\aq\"" })]
    [InlineData("a \"\\x4\"", new[] { "a", "x4" })]
    [InlineData("a '\\'\\n'", new[] { "a", "'\\n" })]
    [InlineData("a\"b c\"", new[] { "ab c" })]
    [InlineData("\\x41", new[] { "\\x41" })]
    [InlineData("a#b # c", new[] { "a#b", "#", "c" })]
    public void Words_are_split_at_blanks_outside_of_quotes(string line, string[] words) => Assert.Equal(words, ConfigText.SplitWords(line));

    [Theory]
    [InlineData("a \"b")]
    [InlineData("a 'b")]
    [InlineData("a \"b\"c")]
    [InlineData("a 'b'c")]
    [InlineData("a \"b\\\"")]
    [InlineData("a \"b\\")]
    public void Quotes_that_do_not_balance_are_an_error(string line) => Assert.Null(ConfigText.SplitWords(line));

    [Fact]
    public void Any_bytes_in_quotes_come_back()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        for (var round = 0; round < 1000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(256)));
            var words = ConfigText.SplitWords($"name {ConfigText.Quote(text)}");
            Assert.True(words is [_, var word] && word == text, $"seed {Seed}, round {round}: {ConfigText.Quote(text)}");
        }
    }

    [Fact]
    public void Bytes_that_cannot_be_printed_are_quoted_in_hex() => Assert.Equal("\"a\\\"b\\\\\\n\\x01\\xff\"", ConfigText.Quote("a\"b\\\n\u0001\u00ff"));
}

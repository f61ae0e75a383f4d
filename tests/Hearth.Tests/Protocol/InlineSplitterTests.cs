using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Xunit;

namespace Hearth.Tests.Protocol;

public class InlineSplitterTests
{
    // Facts read off redis-server 7.0.15, except for the NUL byte: Redis never finds the end of a line that has one and goes on waiting.
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\v\f\r ", "")]
    [InlineData("a b", "<a> <b>")]
    [InlineData("a\tb\rc\nd", "<a> <b> <c> <d>")]
    [InlineData("a\vb\f", "<a\vb\f>")]
    [InlineData("\va", "<a>")]
    [InlineData("\"\"", "<>")]
    [InlineData("'' \"\"", "<> <>")]
    [InlineData("\"a b\"", "<a b>")]
    [InlineData("\"\\x41\\n\\r\\t\\b\\a\\q\\\"\\\\\"", "<A\n\r\t\b\aq\"\\>")]
    [InlineData("\"\\xfF\\x00\"", "<\u00ff\0>")]
    [InlineData("\"\\x4\"", "<x4>")]
    [InlineData("\"\\xZZ\"", "<xZZ>")]
    [InlineData("'a\\'b\\n\\x41'", "<a'b\\n\\x41>")]
    [InlineData("a\"b c\"", "<ab c>")]
    [InlineData("a'b c'", "<ab c>")]
    [InlineData("\"a\"\tb", "<a> <b>")]
    [InlineData("\"a\"\vb", "<a> <b>")]
    [InlineData("a\\nb", "<a\\nb>")]
    [InlineData("a\0b \"", "<a>")]
    public void Words_and_quotes(string line, string words) => Assert.Equal(words, Split(line));

    [Theory]
    [InlineData("\"a")]
    [InlineData("'a")]
    [InlineData("\"a\\\"")]
    [InlineData("'a\\'")]
    [InlineData("\"a\\")]
    [InlineData("\"a\"b")]
    [InlineData("'a'b")]
    [InlineData("'a'\"b\"")]
    [InlineData("a\"b\"c")]
    [InlineData("\"a\0b\"")]
    public void Quotes_must_match_and_end_their_word(string line) => Assert.Equal("unbalanced", Split(line));

    private static string Split(string line)
    {
        using var heap = new Heap("inline");
        using var batch = new CommandBatch(heap);
        batch.Begin(default);
        if (!InlineSplitter.TrySplit(Latin1.Bytes(line), batch)) return "unbalanced";
        batch.Bytes = batch.Scratch.WrittenSlice;
        batch.AddCommand(0, 0, 0, isInline: true);
        var words = new List<byte[]>();
        for (var i = 0; i < batch[0].Count; i++) words.Add(batch[0][i].ToArray());
        return WireFeed.Show(words);
    }
}

using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class ScoreRangeTests
{
    [Theory]
    [InlineData("1", "2", "1 1.5 2", "0.9 2.1")]
    [InlineData("(1", "(2", "1.5", "1 2")]
    [InlineData("-inf", "+inf", "-inf 0 inf", "")]
    [InlineData("(-inf", "(inf", "0", "-inf inf")]
    [InlineData("", "(", "", "0")]
    [InlineData(" 1", "0x10", "1 16", "17")]
    [InlineData("-1e999", "1e999", "-inf inf", "")]
    [InlineData("1e-999", "1\u00002", "0 1", "2")]
    public void Bounds_are_read_as_strtod_reads_them(string min, string max, string inside, string outside)
    {
        Assert.True(ScoreRange.TryParse(ValueHarness.Bytes(min), ValueHarness.Bytes(max), out var range));
        foreach (var score in Scores(inside)) Assert.True(range.IsAboveMin(score) && range.IsBelowMax(score), $"{score} is outside");
        foreach (var score in Scores(outside)) Assert.False(range.IsAboveMin(score) && range.IsBelowMax(score), $"{score} is inside");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("nan")]
    [InlineData("(nan")]
    [InlineData("1 ")]
    [InlineData(" ")]
    [InlineData("((1")]
    [InlineData("1)")]
    public void Other_texts_are_no_bounds(string text)
    {
        Assert.False(ScoreRange.TryParse(ValueHarness.Bytes(text), "1"u8, out _));
        Assert.False(ScoreRange.TryParse("1"u8, ValueHarness.Bytes(text), out _));
    }

    private static IEnumerable<double> Scores(string texts) => texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    });
}

using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class StreamIdTests
{
    [Theory]
    [InlineData("0-0", 0, 0)]
    [InlineData("5", 5, 77)]
    [InlineData("1526919030474-55", 1526919030474, 55)]
    [InlineData("18446744073709551615-18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("5-3\0garbage", 5, 3)]
    [InlineData("5\0-3", 5, 77)]
    [InlineData(" 05-+03", 5, 3)]
    public void An_id_is_read_as_redis_reads_it(string text, ulong ms, ulong sequence)
    {
        Assert.True(StreamId.TryParseExact(Encoding.Latin1.GetBytes(text), 77, out var id));
        Assert.Equal(new StreamId(ms, sequence), id);
        Assert.True(StreamId.TryParse(Encoding.Latin1.GetBytes(text), 77, out id));
        Assert.Equal(new StreamId(ms, sequence), id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("-5")]
    [InlineData("5-")]
    [InlineData("5-3-1")]
    [InlineData("5--3")]
    [InlineData("5-*")]
    [InlineData("*")]
    [InlineData("abc")]
    [InlineData("18446744073709551616-0")]
    public void What_is_no_id_is_refused(string text) => Assert.False(StreamId.TryParseExact(Encoding.Latin1.GetBytes(text), 0, out _));

    [Fact]
    public void A_text_that_redis_has_no_room_for_is_refused()
    {
        Assert.True(StreamId.TryParseExact(Encoding.Latin1.GetBytes(new string('0', 126) + "7"), 0, out var id));
        Assert.Equal(7UL, id.Ms);
        Assert.False(StreamId.TryParseExact(Encoding.Latin1.GetBytes(new string('0', 127) + "7"), 0, out _));
    }

    [Fact]
    public void The_ends_have_names()
    {
        Assert.True(StreamId.TryParse("-"u8, 5, out var id) && id == StreamId.Min);
        Assert.True(StreamId.TryParse("+"u8, 5, out id) && id == StreamId.Max);
        Assert.True(StreamId.TryParse("+\0"u8, 5, out id) && id == StreamId.Max);
    }

    [Fact]
    public void A_star_leaves_the_sequence_to_the_server()
    {
        Assert.True(StreamId.TryParsePartial("5-*"u8, out var id, out var hasSequence));
        Assert.Equal((new StreamId(5, 0), false), (id, hasSequence));
        Assert.True(StreamId.TryParsePartial("5-1"u8, out id, out hasSequence));
        Assert.Equal((new StreamId(5, 1), true), (id, hasSequence));
    }

    [Fact]
    public void Neighbours_carry_over()
    {
        Assert.Equal(new StreamId(6, 0), new StreamId(5, ulong.MaxValue).Next);
        Assert.Equal(new StreamId(5, ulong.MaxValue), new StreamId(6, 0).Previous);
        Assert.Equal(StreamId.Min, StreamId.Max.Next);
        Assert.Equal(StreamId.Max, StreamId.Min.Previous);
    }

    [Fact]
    public void Ids_are_ordered_by_time_and_then_by_sequence()
    {
        StreamId[] ordered = [StreamId.Min, new(0, 1), new(1, 0), new(1, ulong.MaxValue), new(2, 0), new(ulong.MaxValue, 0), StreamId.Max];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(i < j, ordered[i] < ordered[j]);
                Assert.Equal(i <= j, ordered[i] <= ordered[j]);
                Assert.Equal(i.CompareTo(j), ordered[i].CompareTo(ordered[j]));
            }
        }
    }

    [Fact]
    public void The_text_is_read_back()
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        foreach (var id in (StreamId[])[StreamId.Min, new(1526919030474, 55), StreamId.Max])
        {
            Assert.Equal(id.ToString(), Encoding.ASCII.GetString(text[..id.Format(text)]));
        }
    }
}

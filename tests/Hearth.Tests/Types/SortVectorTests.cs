using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class SortVectorTests
{
    private const ulong Seed = 61_001;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equals_keep_their_order_at_any_length(bool isDescending)
    {
        using var heap = new Heap("test");
        var random = new RandomSource(Seed);
        for (var length = 0; length < 200; length = length < 70 ? length + 1 : length + 17)
        {
            // Weights of one byte, so that many are equal; the elements count up and show where each came from.
            var weights = Enumerable.Range(0, length).Select(_ => ((char)('a' + random.NextInt64(8))).ToString()).ToArray();
            using var vector = new SortVector(heap, length);
            for (var i = 0; i < length; i++) vector.Add(i);
            using var texts = new NativeBuffer(heap);
            texts.Append(Latin1.Bytes(string.Concat(weights)));
            for (var i = 0; i < length; i++)
            {
                if (weights[i] != "h") vector.SetWeight(i, ListpackElement.FromBytes(texts.WrittenSlice.Slice(i, 1)));
            }

            vector.Sort(new SortOrder { IsAlpha = true, UsesWeights = true, IsDescending = isDescending });
            // Without a weight comes before every weight.
            var ranks = weights.Select(weight => weight == "h" ? "" : weight).ToArray();
            var ascending = Enumerable.Range(0, length).OrderBy(i => isDescending ? -Rank(ranks[i]) : Rank(ranks[i]));
            Assert.Equal(ascending.Select(i => (long)i), Enumerable.Range(0, length).Select(i => vector[i].Integer));
        }

        static int Rank(string weight) => weight.Length == 0 ? 0 : weight[0];
    }

    [Fact]
    public void Scores_go_before_texts_and_texts_decide_between_equal_scores()
    {
        using var heap = new Heap("test");
        using var vector = new SortVector(heap, 5);
        (string Text, double Score)[] elements = [("b", 1), ("a", 1), ("z", double.NegativeInfinity), ("10", 0.5), ("9", 0.5)];
        foreach (var (text, _) in elements) vector.Add(Copied(heap, text));
        for (var i = 0; i < elements.Length; i++) vector.SetScore(i, elements[i].Score);
        vector.Sort(default);
        Assert.Equal("z 10 9 a b", Texts(vector));
        vector.Sort(new SortOrder { IsDescending = true });
        Assert.Equal("b a 9 10 z", Texts(vector));
    }

    [Fact]
    public void C_strings_end_at_a_nul_byte()
    {
        using var heap = new Heap("test");
        foreach (var asCStrings in (bool[])[true, false])
        {
            using var vector = new SortVector(heap, 3);
            foreach (var text in (string[])["a\0c", "a\0b", "a"]) vector.Add(Copied(heap, text));
            vector.Sort(new SortOrder { IsAlpha = true, ComparesCStrings = asCStrings });
            Assert.Equal(asCStrings ? "a\0c a\0b a" : "a a\0b a\0c", Texts(vector));
        }
    }

    private static ListpackElement Copied(Heap heap, string text)
    {
        var buffer = new NativeBuffer(heap);
        buffer.Append(Latin1.Bytes(text));
        return new ListpackElement(buffer.Written);
    }

    private static string Texts(SortVector vector)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var texts = new List<string>();
        for (var i = 0; i < vector.Count; i++) texts.Add(Latin1.Text(vector[i].ToBytes(scratch)));
        return string.Join(' ', texts);
    }
}

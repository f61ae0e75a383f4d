using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

public sealed unsafe class ScoreSortTests : IDisposable
{
    private const ulong Seed = 88_107;

    private readonly Heap _heap = new("test");
    private readonly RandomSource _random = new(Seed);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(20, 1_000_000)]
    [InlineData(33, 3)]
    [InlineData(500, 1)]
    [InlineData(5_000, 7)]
    [InlineData(20_000, 1_000_000)]
    public void Members_come_out_by_score_and_then_by_bytes(int count, int scores)
    {
        var elements = Enumerable.Range(0, count).Select(i => (Score: Score(scores), Member: $"m{_random.NextInt64(1000)}:{i}")).ToArray();
        var items = (ScoredKey*)_heap.Allocate(Math.Max(count, 1) * (long)sizeof(ScoredKey));
        var scratch = (ScoredKey*)_heap.Allocate(Math.Max(count, 1) * (long)sizeof(ScoredKey));
        for (var i = 0; i < count; i++)
        {
            var member = ScoredMember.Create(_heap, Encoding.Latin1.GetBytes(elements[i].Member), elements[i].Score);
            items[i] = new ScoredKey { Key = ScoredKey.KeyOf(elements[i].Score), Member = member.Address };
        }

        ScoreSort.Sort(items, scratch, count);
        var expected = elements.OrderBy(element => element.Score).ThenBy(element => element.Member, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < count; i++)
        {
            var actual = (new ScoredMember(items[i].Member).Score, Encoding.Latin1.GetString(ScoredMember.BytesOf(items[i].Member)));
            Assert.True(actual == expected[i], $"seed {Seed}: place {i} has {actual}, not {expected[i]}");
        }
    }

    [Fact]
    public void Keys_sort_as_their_scores_do()
    {
        double[] scores = [double.NegativeInfinity, double.MinValue, -1.5, -1, -double.Epsilon, 0, double.Epsilon, 1, 1.5, double.MaxValue, double.PositiveInfinity];
        Assert.Equal(scores.Select(ScoredKey.KeyOf), scores.Select(ScoredKey.KeyOf).Order().Distinct());
        Assert.Equal(ScoredKey.KeyOf(0.0), ScoredKey.KeyOf(-0.0));
    }

    private double Score(int scores) => scores == 1 ? 3 : (_random.NextInt64(scores) - (scores / 2)) / 8.0;
}

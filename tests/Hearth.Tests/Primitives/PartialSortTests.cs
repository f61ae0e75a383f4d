using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class PartialSortTests
{
    private const ulong Seed = 88_201;

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(3)]
    [InlineData(1)]
    public void The_range_holds_what_full_order_would_put_there(int values)
    {
        var random = new RandomSource(Seed);
        for (var round = 0; round < 400; round++)
        {
            var items = new long[random.NextInt64(round < 200 ? 12 : 300)];
            foreach (ref var item in items.AsSpan()) item = random.NextInt64(values);
            var expected = items.Order().ToArray();
            var first = items.Length == 0 ? 0 : (int)random.NextInt64(items.Length);
            var last = items.Length == 0 ? -1 : first + (int)random.NextInt64(items.Length - first);
            PartialSort.Sort(items.AsSpan(), default(Ascending), first, last);
            for (var i = first; i <= last; i++)
            {
                Assert.True(items[i] == expected[i], $"seed {Seed}, round {round}: place {i} has {items[i]}, not {expected[i]}");
            }

            Assert.Equal(expected, items.Order());
        }
    }

    /// <summary>Read off GEOSEARCH COUNT of redis-server: members a to l at one place, and then one nearer.</summary>
    [Fact]
    public void Equal_items_fall_where_they_fall_in_Redis()
    {
        var items = "BBBBBBBBBBBBA".Select((distance, i) => (Distance: distance, Name: (char)('a' + i))).ToArray();
        PartialSort.Sort(items.AsSpan(), default(ByDistance), 0, 4);
        Assert.Equal("mbcde", string.Concat(items.Take(5).Select(item => item.Name)));
    }

    private readonly struct Ascending : IOrder<long>
    {
        public int Compare(in long one, in long other) => one.CompareTo(other);
    }

    private readonly struct ByDistance : IOrder<(char Distance, char Name)>
    {
        public int Compare(in (char Distance, char Name) one, in (char Distance, char Name) other) => one.Distance.CompareTo(other.Distance);
    }
}

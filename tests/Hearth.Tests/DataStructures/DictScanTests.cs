using Hearth.DataStructures;
using Xunit;

namespace Hearth.Tests.DataStructures;

public unsafe class DictScanTests
{
    private const ulong Seed = 88_002;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 10)]
    [InlineData(100, 10)]
    [InlineData(5000, 1)]
    [InlineData(50_000, 100)]
    public void A_dict_at_rest_is_returned_once_in_hash_order(int count, int perCall)
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0; id < count; id++) model.Insert((ulong)id);
        var visitor = new CollectingVisitor { Ids = [] };
        var (cursor, calls) = (0UL, 0);
        do
        {
            var before = visitor.Ids.Count;
            var next = model.Dict.Scan(cursor, perCall, ref visitor);
            Assert.True(next == 0 || visitor.Ids.Count - before >= perCall);
            Assert.True(next < 1UL << 48 && (next == 0 || next > cursor));
            for (var i = before; i < visitor.Ids.Count; i++)
            {
                var position = model.HashOf(visitor.Ids[i]) >> 16;
                Assert.True(position >= cursor && (next == 0 || position < next));
            }

            cursor = next;
            calls++;
        }
        while (cursor != 0);

        Assert.Equal(count, visitor.Ids.Count);
        Assert.Equal(count, visitor.Ids.Distinct().Count());
        Assert.True(calls >= count / (perCall + 50));
    }

    [Fact]
    public void A_cursor_that_no_scan_returned_ends_the_scan()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        model.Insert(1);
        var visitor = new CollectingVisitor { Ids = [] };
        Assert.Equal(0UL, model.Dict.Scan(ulong.MaxValue, 10, ref visitor));
        Assert.Empty(visitor.Ids);
    }

    [Fact]
    public void Elements_that_stay_are_returned_while_the_dict_grows_and_shrinks() => ScanUnderChange<GoodLayout>(rounds: 60);

    [Fact]
    public void Elements_that_stay_are_returned_with_equal_hashes() => ScanUnderChange<EqualHashLayout>(rounds: 25);

    [Fact]
    public void Elements_that_stay_are_returned_with_a_skewed_hash() => ScanUnderChange<SkewedLayout>(rounds: 25);

    private static void ScanUnderChange<TLayout>(int rounds)
        where TLayout : struct, IDictLayout
    {
        for (var round = 0; round < rounds; round++)
        {
            using var model = new DictModel<TLayout>(Seed + (ulong)round);
            var random = model.Random;
            var stable = 1 + random.NextInt64(1 << (int)random.NextInt64(12));
            var nextId = 0UL;
            while (model.Count < stable) model.Insert(nextId++);
            var others = new List<ulong>();
            Churn(model, others, ref nextId);

            var visitor = new CollectingVisitor { Ids = [] };
            var returned = new HashSet<ulong>();
            var cursor = 0UL;
            do
            {
                visitor.Ids.Clear();
                var from = cursor;
                cursor = model.Dict.Scan(cursor, (int)(1 + random.NextInt64(200)), ref visitor);
                foreach (var id in visitor.Ids)
                {
                    Assert.True(model.Contains(id), $"seed {Seed}, round {round}: {id} is not there");
                    Assert.True(model.HashOf(id) >> 16 >= from, $"seed {Seed}, round {round}: {id} lies before the cursor");
                    returned.Add(id);
                }

                if (random.NextInt64(4) == 0) Churn(model, others, ref nextId);
            }
            while (cursor != 0);

            for (var id = 0UL; id < (ulong)stable; id++) Assert.True(returned.Contains(id), $"seed {Seed}, round {round}: {id} was missed");
            model.Verify();
        }
    }

    /// <summary>Grows or shrinks the dict, often by a lot, without touching the elements that are to stay.</summary>
    private static void Churn<TLayout>(DictModel<TLayout> model, List<ulong> others, ref ulong nextId)
        where TLayout : struct, IDictLayout
    {
        var random = model.Random;
        var target = random.NextInt64(1 << (int)random.NextInt64(14));
        while (others.Count < target)
        {
            others.Add(nextId);
            model.Insert(nextId++);
        }

        while (others.Count > target)
        {
            model.Remove(others[^1]);
            others.RemoveAt(others.Count - 1);
        }
    }

    private struct CollectingVisitor : IDictVisitor
    {
        public List<ulong> Ids;

        public readonly void Visit(nint element) => Ids.Add(*(ulong*)element);
    }
}

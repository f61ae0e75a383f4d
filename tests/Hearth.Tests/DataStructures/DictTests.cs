using Hearth.DataStructures;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class DictTests
{
    private const ulong Seed = 77_001;

    [Fact]
    public void An_empty_dict_has_no_tables_and_answers_nothing()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        model.CheckFind(1);
        model.CheckRandom();
        model.Verify();
        Assert.False(model.Dict.RemoveElement(1, 8));
        Assert.False(model.Dict.Replace(1, 8, 16));
        var visitor = default(CountingVisitor);
        Assert.Equal(0UL, model.Dict.Scan(0, 10, ref visitor));
        Assert.True(model.Dict.ClearStep(ref visitor, 1));
        Assert.Equal(0, model.Heap.LiveBlocks);
    }

    [Fact]
    public void Seven_elements_cost_one_cache_line()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0UL; id < 7; id++) model.Insert(id);
        Assert.Equal(64, model.Dict.MemoryBytes);
        model.Insert(7);
        Assert.Equal(128, model.Dict.MemoryBytes);
        model.RemoveAll();
    }

    [Fact]
    public void A_good_hash_follows_the_model() => FollowTheModel<GoodLayout>(largest: 30_000, steps: 450_000);

    [Fact]
    public void Small_dicts_follow_the_model() => FollowTheModel<GoodLayout>(largest: 120, steps: 60_000);

    [Fact]
    public void Equal_tags_follow_the_model() => FollowTheModel<SameTagLayout>(largest: 6_000, steps: 150_000);

    [Fact]
    public void Equal_hashes_follow_the_model() => FollowTheModel<EqualHashLayout>(largest: 15_000, steps: 200_000);

    [Fact]
    public void A_skewed_hash_follows_the_model() => FollowTheModel<SkewedLayout>(largest: 60_000, steps: 300_000);

    [Fact]
    public void The_directory_grows_a_root_and_sheds_it()
    {
        using var model = new DictModel<SkewedLayout>(Seed);
        for (var id = 0UL; id < 250_000; id++) model.Insert(id);
        Assert.Equal(2, model.Header.Levels);
        Assert.True(model.Header.RootBits > 1);
        model.Verify();
        for (var id = 0UL; id < 249_000; id++) model.Remove(id);
        model.Verify();
        Assert.Equal(1, model.Header.Levels);
        Assert.True(model.Dict.MemoryBytes < model.Count * 40, $"{model.Dict.MemoryBytes} bytes for {model.Count} elements");
        model.RemoveAll();
    }

    [Fact]
    public void Memory_stays_near_its_goal_over_a_whole_cycle_of_growth()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0UL; id < 100_000; id++) model.Insert(id);
        var (sum, points) = (0.0, 0);
        for (var id = 100_000UL; id < 200_000; id++)
        {
            model.Insert(id);
            if (id % 5000 != 0) continue;
            var perElement = (double)model.Dict.MemoryBytes / model.Count;
            Assert.InRange(perElement, 10.5, 12.6);
            (sum, points) = (sum + perElement, points + 1);
        }

        Assert.InRange(sum / points, 11.0, 12.1);
    }

    [Fact]
    public void Memory_is_given_back_as_elements_go()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0UL; id < 200_000; id++) model.Insert(id);
        for (var id = 0UL; id < 199_000; id++)
        {
            model.Remove(id);
            if (id % 1000 != 999) continue;
            var perElement = (double)model.Dict.MemoryBytes / model.Count;
            Assert.True(perElement < 26, $"{perElement} bytes for each of {model.Count} elements");
        }

        model.RemoveAll();
    }

    [Fact]
    public void A_segment_that_empties_is_not_looked_at_for_every_element()
    {
        const int Full = 728;
        // Each look may cost as much as all elements that are left: what sweeps a dict in the order of its hashes finds nothing to give back.
        var cost = Enumerable.Range(0, Full).Where(DictLadder.IsShrinkDue).Sum();
        Assert.InRange(cost, Full, 6 * Full);
        Assert.True(DictLadder.IsShrinkDue(0));
    }

    [Fact]
    public void Random_elements_are_spread_evenly()
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0UL; id < 1000; id++) model.Insert(id);
        for (var id = 0UL; id < 500; id++) model.Remove(id * 2);
        var hits = new int[1000];
        unsafe
        {
            for (var i = 0; i < 100_000; i++) hits[*(ulong*)model.Dict.Random(model.Random)]++;
        }

        // 200 hits are expected of each; a deviation of seven standard ones would be no chance.
        Assert.All(Enumerable.Range(0, 500), index => Assert.InRange(hits[2 * index + 1], 100, 320));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(40_000)]
    public void Clearing_step_by_step_visits_every_element_once_and_frees_all_tables(int count)
    {
        using var model = new DictModel<GoodLayout>(Seed);
        for (var id = 0; id < count; id++) model.Insert((ulong)id);
        var visitor = new FreeingVisitor { Model = model };
        var steps = 0;
        while (!model.Dict.ClearStep(ref visitor, 3))
        {
            steps++;
            Assert.Equal(model.Count, model.Dict.Count);
        }

        Assert.Equal(count, visitor.Freed);
        Assert.True(steps >= count / 3000);
        Assert.Equal(0, model.Heap.LiveBlocks);
        model.Verify();
        model.Insert(1);
        Assert.Equal(1, model.Dict.Clear(ref visitor));
        Assert.Equal(0, model.Heap.LiveBlocks);
    }

    private static void FollowTheModel<TLayout>(int largest, int steps)
        where TLayout : struct, IDictLayout
    {
        using var model = new DictModel<TLayout>(Seed);
        var random = model.Random;
        var nextId = 0UL;
        var growing = true;
        for (var step = 0; step < steps; step++)
        {
            // Growth to a random size, then shrinkage to a random smaller one, so that every threshold is crossed both ways.
            if (model.Count >= largest) growing = false;
            if (model.Count == 0 || random.NextInt64(largest) == 0) growing = !growing || model.Count == 0;
            var choice = random.NextInt64(100);
            if (choice < (growing ? 65 : 15)) model.Insert(nextId++);
            else if (choice < 80 && model.Count != 0) model.Remove(model.RandomId());
            else if (choice < 84 && model.Count != 0) model.Replace(model.RandomId());
            else if (choice < 90 && model.Count != 0) model.CheckFind(model.RandomId());
            else if (choice < 95) model.CheckFind(nextId + (ulong)random.NextInt64(1000));
            else model.CheckRandom();

            if (random.NextInt64(2 * Math.Max(model.Count, 100)) == 0) model.Verify();
        }

        foreach (var id in model.Ids) model.CheckFind(id);
        model.Verify();
        model.RemoveAll();
    }

    private struct CountingVisitor : IDictVisitor
    {
        public int Visited;

        public void Visit(nint element) => Visited++;
    }

    private struct FreeingVisitor : IDictVisitor
    {
        public DictModel<GoodLayout> Model;
        public int Freed;

        public void Visit(nint element)
        {
            Freed++;
            Model.Freed(element);
        }
    }
}

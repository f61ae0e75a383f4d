using System.Globalization;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class ScoreTreeTests
{
    private const ulong Seed = 88_001;

    [Fact]
    public void An_empty_tree_has_no_nodes_and_counts_nothing()
    {
        using var model = new ScoreTreeModel(Seed);
        model.CheckAll();
        model.CheckQuestions();
        Assert.Equal(0, model.Tree.MemoryBytes);
        Assert.False(model.Tree.Walk(0, 0, isDownward: true).MoveNext());
        Assert.True(model.Tree.FreeStep(1));
    }

    [Fact]
    public void Different_scores_follow_the_model() => FollowTheModel(largest: 9_000, steps: 60_000, static random => random / 7.0);

    [Fact]
    public void Few_different_scores_follow_the_model() => FollowTheModel(largest: 9_000, steps: 60_000, static random => random % 5);

    [Fact]
    public void Equal_scores_follow_the_model() => FollowTheModel(largest: 5_000, steps: 40_000, static _ => 0);

    [Fact]
    public void Infinities_and_neighbours_follow_the_model() => FollowTheModel(largest: 3_000, steps: 40_000, static random => (random % 9) switch
    {
        0 => double.PositiveInfinity,
        1 => double.NegativeInfinity,
        2 => double.Epsilon,
        3 => -0.0,
        4 => double.MaxValue,
        5 => Math.BitIncrement(1.0),
        _ => random % 100 / 100.0,
    });

    [Fact]
    public void Small_trees_follow_the_model() => FollowTheModel(largest: 150, steps: 40_000, static random => random % 90);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_set_that_is_filled_in_order_has_nearly_full_leaves(int direction)
    {
        using var model = new ScoreTreeModel(Seed);
        for (var i = 0; i < 20_000; i++) model.Insert(i * direction, Name(i));
        model.CheckAll();
        Assert.InRange((double)model.Tree.MemoryBytes / model.Count, 16.5, 19.5);
    }

    [Fact]
    public void A_set_that_is_filled_by_chance_is_two_thirds_full()
    {
        using var model = new ScoreTreeModel(Seed);
        for (var i = 0; i < 40_000; i++) model.Insert(model.Random.NextInt64(1_000_000), Name(i));
        model.CheckAll();
        Assert.InRange((double)model.Tree.MemoryBytes / model.Count, 20, 26);
    }

    [Fact]
    public void Three_levels_of_nodes_grow_and_go()
    {
        using var model = new ScoreTreeModel(Seed);
        for (var i = 0; i < 230_000; i++) model.Insert(i, Name(i));
        Assert.Equal(3, model.Height);
        model.CheckAll();
        for (var i = 0; i < 20; i++) model.CheckQuestions();
        model.RemoveRange(1, model.Count - 2);
        model.CheckAll();
        Assert.Equal(0, model.Height);
        model.RemoveRange(0, 2);
        model.CheckAll();
        Assert.Equal(0, model.Heap.LiveBlocks);
    }

    [Fact]
    public void What_is_thinned_out_by_chance_gives_its_leaves_back()
    {
        using var model = new ScoreTreeModel(Seed);
        for (var i = 0; i < 30_000; i++) model.Insert(model.Random.NextInt64(1_000_000), Name(i));
        while (model.Count > 1_000) model.Remove(model.Any());
        model.CheckAll();
        Assert.True(model.Tree.MemoryBytes < model.Count * 60, $"{model.Tree.MemoryBytes} bytes for {model.Count} elements");
    }

    private static void FollowTheModel(int largest, int steps, Func<long, double> score)
    {
        using var model = new ScoreTreeModel(Seed);
        var random = model.Random;
        var growing = true;
        for (var step = 0; step < steps; step++)
        {
            if (model.Count >= largest) growing = false;
            if (model.Count == 0 || random.NextInt64(largest * 2L) == 0) growing = !growing || model.Count == 0;
            var choice = random.NextInt64(100);
            if (choice < (growing ? 70 : 20))
            {
                var member = Name((int)random.NextInt64(100_000));
                if (!model.Contains(member)) model.Insert(score(random.NextInt64(1_000_000)), member);
            }
            else if (model.Count == 0) continue;
            else if (choice < 85) model.Remove(model.Any());
            else if (choice < 95) model.Update(model.Any(), score(random.NextInt64(1_000_000)));
            else if (choice < 99) model.CheckQuestions();
            else if (random.NextInt64(10) == 0) RemoveSomeRange(model);

            if (score(1) == score(2) && random.NextInt64(100) == 0) model.CheckMembersBelow(Name((int)random.NextInt64(100_000)));
            if (random.NextInt64(2 * Math.Max(model.Count, 50)) == 0) model.CheckAll();
        }

        model.CheckAll();
        while (model.Count > 0) model.Remove(model.Any());
        model.CheckAll();
        Assert.Equal(0, model.Heap.LiveBlocks);
    }

    private static void RemoveSomeRange(ScoreTreeModel model)
    {
        var from = (int)model.Random.NextInt64(model.Count);
        model.RemoveRange(from, (int)model.Random.NextInt64((model.Count - from) / 4 + 2));
    }

    /// <summary>Members of many lengths, some above 255 bytes, whose order is not that of their numbers.</summary>
    private static string Name(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number % 97}:{(number % 211 == 0 ? new string('m', 300) : "")}\u00ff{number}");
}

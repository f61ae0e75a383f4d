using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class StreamValueTests
{
    private const ulong Seed = 20240229;

    [Theory]
    [InlineData(1, 4096, 100)]
    [InlineData(2, 4096, 5)]
    [InlineData(3, 200, 0)]
    [InlineData(4, 0, 200)]
    [InlineData(5, 1, 100)]
    public void It_holds_what_a_sorted_list_holds(ulong offset, long nodeBytes, long nodeEntries)
    {
        using var model = new StreamModel(Seed + offset);
        model.Space.Limits.StreamNodeBytes = nodeBytes;
        model.Space.Limits.StreamNodeEntries = nodeEntries;
        for (var step = 0; step < 3000; step++)
        {
            Step(model);
            if (step % 100 == 0) model.Verify();
            if (step % 500 == 0) model.CheckCopy();
            if (step % 20 == 0) model.CheckRange(RandomId(model), RandomId(model));
        }

        model.Verify();
        model.TrimTo(0);
        model.Verify();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reading_on_finds_the_same_entries_as_reading_anew(ulong offset)
    {
        using var model = new StreamModel(Seed + offset);
        model.Space.Limits.StreamNodeEntries = 7;
        var group = model.Stream.CreateGroup("group"u8, StreamId.Min, 0);
        StreamId after = default;
        for (var step = 0; step < 5000; step++)
        {
            Step(model);
            var anew = model.Stream.Read(after.Next, StreamId.Max);
            var on = model.Stream.ReadOn(after.Next);
            var inGroup = model.Stream.ReadOn(group);
            Assert.Equal(group.LastId, after);
            for (var left = model.Random.NextInt64(6); left > 0 && anew.MoveNext(); left--)
            {
                Assert.True(on.MoveNext() && inGroup.MoveNext());
                after = anew.Id;
                Assert.True(on.Id == after && inGroup.Id == after, $"seed {Seed + offset}: step {step} reads {on.Id} and {inGroup.Id}, not {after}");
            }

            model.Stream.StopReading(ref on);
            model.Stream.StopReading(group, ref inGroup);
            if (model.Random.NextInt64(50) == 0 && model.Count > 0) after = model.IdAt((int)model.Random.NextInt64(model.Count));
            group.LastId = after;
        }
    }

    [Fact]
    public void A_full_node_is_left_for_a_new_one()
    {
        using var model = new StreamModel(Seed);
        for (ulong i = 1; i <= 250; i++) model.Append(new StreamId(i, 0), "field", "value");
        Assert.Equal(3, model.Stream.NodeCount);

        // Deleted entries take room too.
        model.Delete(new StreamId(249, 0));
        for (ulong i = 251; i <= 300; i++) model.Append(new StreamId(i, 0), "field", "value");
        Assert.Equal(3, model.Stream.NodeCount);
        model.Append(new StreamId(301, 0), "field", "value");
        Assert.Equal(4, model.Stream.NodeCount);
        model.Append(new StreamId(302, 0), "field", new string('x', 4096));
        Assert.Equal(5, model.Stream.NodeCount);
    }

    [Fact]
    public void A_node_goes_with_its_last_entry()
    {
        using var model = new StreamModel(Seed);
        for (ulong i = 1; i <= 200; i++) model.Append(new StreamId(i, 0), "field", "value");
        for (ulong i = 1; i <= 100; i++) model.Delete(new StreamId(i, 0));
        Assert.Equal(1, model.Stream.NodeCount);
        Assert.Equal(new StreamId(101, 0), model.Stream.FirstId);
        Assert.Equal(new StreamId(100, 0), model.Stream.MaxDeletedId);
        model.Verify();
    }

    [Fact]
    public void Approximate_trimming_takes_whole_nodes_within_its_limit()
    {
        using var model = new StreamModel(Seed);
        for (ulong i = 1; i <= 1000; i++) model.Append(new StreamId(i, 0), "field", "value");
        model.TrimAbout(length: 950, limit: 0);
        Assert.Equal(1000, model.Count);
        model.TrimAbout(length: 100, limit: 350);
        Assert.Equal(700, model.Count);
        model.TrimAbout(length: 650, limit: 0);
        Assert.Equal(700, model.Count);
        model.TrimAbout(length: 600, limit: 0);
        Assert.Equal(600, model.Count);
        model.Verify();
    }

    private static StreamId RandomId(StreamModel model) => model.Count == 0 || model.Random.NextInt64(5) == 0
        ? new StreamId((ulong)model.Random.NextInt64(100_000), 0)
        : model.IdAt((int)model.Random.NextInt64(model.Count));

    private static void Step(StreamModel model)
    {
        switch (model.Random.NextInt64(40))
        {
            case 0:
                model.TrimTo(Math.Max(0, model.Count - model.Random.NextInt64(30)));
                break;
            case 1:
                model.TrimTo(RandomId(model));
                break;
            case 2:
                model.TrimAbout(model.Random.NextInt64(200), model.Random.NextInt64(3) * 50);
                break;
            case < 12:
                model.Delete(RandomId(model));
                break;
            default:
                model.AppendRandom();
                break;
        }
    }
}

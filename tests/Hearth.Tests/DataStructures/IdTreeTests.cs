using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class IdTreeTests
{
    private const ulong Seed = 20240229;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_holds_what_a_sorted_list_holds(ulong offset)
    {
        using var model = new IdTreeModel(Seed + offset);
        for (var phase = 0; phase < 60; phase++)
        {
            var (kind, steps) = (model.Random.NextInt64(6), model.Random.NextInt64(3000));
            for (var step = 0L; step < steps; step++) Step(model, kind);
            model.Verify();
            for (var i = 0; i < 20; i++) model.CheckSeek(model.RandomId());
        }

        while (model.Count > 0) model.Remove(model.IdAt((int)model.Random.NextInt64(model.Count)));
        model.Verify();
    }

    [Fact]
    public void Adding_at_the_end_fills_every_leaf()
    {
        const int Count = IdTreeNode.CapacityMax * 1000;
        using var model = new IdTreeModel(Seed);
        for (ulong ms = 0; ms < Count; ms++) model.Tree.Insert(new StreamId(ms, 7), (nint)ms + 1);
        model.Tree.Verify();
        var leaves = (Count + IdTreeNode.CapacityMax - 1) / IdTreeNode.CapacityMax;
        Assert.Equal(leaves + 16 + 1, model.Tree.NodeCount);
        Assert.Equal(5, model.Tree.Find(new StreamId(4, 7)));
    }

    [Fact]
    public void A_queue_that_runs_through_keeps_few_nodes()
    {
        using var model = new IdTreeModel(Seed);
        for (ulong ms = 0; ms < 20_000; ms++)
        {
            model.Insert(new StreamId(ms, 0));
            if (ms >= 100) model.Remove(new StreamId(ms - 100, 0));
        }

        model.Verify();
        Assert.InRange(model.Tree.NodeCount, 1, 6);
    }

    [Fact]
    public void Few_ids_take_little_memory()
    {
        using var model = new IdTreeModel(Seed);
        model.Insert(new StreamId(1, 1));
        Assert.Equal(96, model.Heap.UsedBytes);
        for (ulong i = 0; i < 64; i++) model.Insert(new StreamId(2, i));
        for (ulong i = 0; i < 64; i++) model.Remove(new StreamId(2, i));
        model.Verify();
        Assert.Equal(96, model.Heap.UsedBytes);
    }

    [Fact]
    public void A_word_can_be_changed_in_place()
    {
        using var model = new IdTreeModel(Seed);
        model.Tree.Insert(StreamId.Max, 1);
        var cursor = model.Tree.SeekAtLeast(StreamId.Min);
        cursor.Word = 2;
        Assert.Equal(2, model.Tree.Find(StreamId.Max));
    }

    private static void Step(IdTreeModel model, long kind)
    {
        switch (kind)
        {
            case 0: // New entries come in at the end.
                model.Insert(new StreamId(model.Greatest.Ms, model.Greatest.Sequence + 1));
                break;
            case 1: // They leave at the other.
                if (model.Count > 0) model.Remove(model.IdAt(0));
                break;
            case 2:
                if (model.Count > 0) model.Remove(model.IdAt(model.Count - 1));
                break;
            case 3:
                model.Insert(model.RandomId());
                break;
            case 4:
                model.Remove(model.RandomId());
                break;
            default: // Descending, so that every split is at the left edge.
                model.Insert(model.Count == 0 ? model.RandomId() : model.IdAt(0).Previous);
                break;
        }
    }
}

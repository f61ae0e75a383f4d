using Hearth.DataStructures;
using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.DataStructures;

public unsafe class QuicklistTests
{
    private const ulong Seed = 42_007;

    [Theory]
    [InlineData(-1, 1 << 30)]
    [InlineData(-5, 1 << 30)]
    [InlineData(0, 1 << 30)]
    [InlineData(1, 1 << 30)]
    [InlineData(2, 1 << 30)]
    [InlineData(7, 1 << 30)]
    [InlineData(128, 1 << 30)]
    [InlineData(-1, 100)]
    [InlineData(3, 40)]
    [InlineData(5, 1)]
    public void Random_changes_follow_the_model(int fill, long plainFromBytes)
    {
        for (var seed = Seed; seed < Seed + 10; seed++)
        {
            using var model = new QuicklistModel(seed, fill, plainFromBytes);
            for (var step = 0; step < 1000; step++)
            {
                Change(model, grows: step / 250 % 2 == 0);
                if (step % 20 == 0) model.Check();
            }

            model.Check();
        }
    }

    [Fact]
    public void A_full_node_gets_a_neighbour()
    {
        using var model = new QuicklistModel(Seed, fill: 3);
        foreach (var text in "abcdefg") model.Push(ListEnd.Tail, text.ToString());
        Assert.Equal("a b c | d e f | g", model.Nodes);
        model.Push(ListEnd.Head, "x");
        model.Push(ListEnd.Head, "y");
        Assert.Equal("y x | a b c | d e f | g", model.Nodes);
        model.Drop(ListEnd.Tail);
        model.Drop(ListEnd.Tail);
        Assert.Equal("y x | a b c | d e", model.Nodes);
        model.Check();
    }

    [Fact]
    public void Deleting_merges_nothing_and_empty_nodes_go()
    {
        using var model = new QuicklistModel(Seed, fill: 3);
        foreach (var text in "abcdefghi") model.Push(ListEnd.Tail, text.ToString());
        model.DeleteRange(1, 4);
        Assert.Equal("a | f | g h i", model.Nodes);
        model.Delete(1);
        Assert.Equal("a | g h i", model.Nodes);
        model.DeleteRange(0, 4);
        Assert.Equal("", model.Nodes);
        model.Check();
    }

    [Fact]
    public void Every_place_is_found_from_either_end()
    {
        using var model = new QuicklistModel(Seed, fill: 4);
        for (var i = 0; i < 50; i++) model.Push(ListEnd.Tail, i.ToString());
        for (var i = 0; i < 50; i++)
        {
            var node = model.List.Seek(i, out var place);
            Assert.Equal(i.ToString(), ListpackModel.Text(node->Listpack.Seek(place)));
        }
    }

    [Fact]
    public void A_copy_has_the_same_nodes_without_their_room()
    {
        using var model = new QuicklistModel(Seed, fill: -1, plainFromBytes: 200);
        for (var step = 0; step < 500; step++) Change(model, grows: true);
        var header = model.List.Duplicate();
        var copy = new Quicklist(model.Heap, header, 200);
        model.Check(copy);
        Assert.Equal(model.List.NodeCount, copy.NodeCount);
        Assert.True(copy.UsedBytes <= model.List.UsedBytes);
        while (!copy.FreeStep(50))
        {
        }

        model.Check();
    }

    [Fact]
    public void Nodes_that_nothing_is_pushed_to_have_no_room_to_spare()
    {
        using var model = new QuicklistModel(Seed, fill: 100);
        for (var i = 0; i < 1000; i++) model.Push(i % 2 == 0 ? ListEnd.Head : ListEnd.Tail, $"element {i}");
        for (var node = model.List.Head->Next; node->Next != null; node = node->Next)
        {
            Assert.Equal(Heap.UsableSize(node->Listpack.TotalBytes), node->Deque.Capacity);
        }
    }

    [Fact]
    public void Freeing_goes_in_steps()
    {
        using var heap = new Heap("test");
        var header = Quicklist.Create(heap, 10);
        var list = new Quicklist(heap, header, 1 << 30);
        for (var i = 0; i < 1000; i++) list.Push(ListEnd.Tail, i);
        var steps = 1;
        while (!list.FreeStep(100)) steps++;
        Assert.Equal(10, steps);
        Assert.Equal(0, heap.LiveBlocks);
    }

    [Fact]
    public void Ten_million_short_elements_take_little_more_than_their_bytes()
    {
        // A tenth of that, to save time: nodes are independent of each other.
        using var heap = new Heap("test");
        var header = Quicklist.Create(heap, -2);
        var list = new Quicklist(heap, header, 1 << 30);
        for (var i = 0; i < 1_000_000; i++) list.Push(ListEnd.Tail, "an element of 20 byt"u8);
        Assert.InRange(heap.UsedBytes / 1e6, 22, 22.3);
        while (!list.FreeStep(int.MaxValue))
        {
        }
    }

    private static void Change(QuicklistModel model, bool grows)
    {
        var random = model.Random;
        var end = random.NextInt64(2) == 0 ? ListEnd.Head : ListEnd.Tail;
        var count = model.Expected.Count;
        if (count == 0 || random.NextInt64(10) < (grows ? 7 : 4))
        {
            if (count == 0 || random.NextInt64(2) == 0) model.Push(end, RandomText(model));
            else model.Insert((int)random.NextInt64(count), RandomText(model), after: random.NextInt64(2) == 0);
            return;
        }

        var index = (int)random.NextInt64(count);
        switch (random.NextInt64(6))
        {
            case 0:
            case 1: model.Drop(end); break;
            case 2: model.Delete(index); break;
            case 3: model.DeleteRange(index, (int)Math.Min(random.NextInt64(12), count - index)); break;
            default: model.Replace(index, RandomText(model)); break;
        }
    }

    private static string RandomText(QuicklistModel model) => model.Random.NextInt64(6) switch
    {
        0 => model.Random.NextInt64(100_000).ToString(),
        1 => new string('l', (int)model.Random.NextInt64(300)),
        2 when model.Random.NextInt64(10) == 0 => new string('h', (int)model.Random.NextInt64(9000)),
        _ => $"t{model.Random.NextInt64(1000)}",
    };
}

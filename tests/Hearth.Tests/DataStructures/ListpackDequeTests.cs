using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

public unsafe class ListpackDequeTests
{
    private const ulong Seed = 41_003;

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Random_changes_leave_the_bytes_of_the_same_listpack(int reserved)
    {
        for (var seed = Seed; seed < Seed + 20; seed++)
        {
            using var model = new ListpackModel(seed);
            using var heap = new Heap("deque");
            var deque = ListpackDeque.Create(heap, 0, ListEnd.Tail, reserved);
            for (var step = 0; step < 600; step++)
            {
                var shrinks = model.Expected.Count > 0 && model.Random.NextInt64(10) < (step / 100 % 2 == 0 ? 3 : 7);
                if (shrinks) RemoveSome(model, heap, ref deque, reserved);
                else AddOne(model, heap, ref deque, reserved);
                deque.Verify(reserved);
                Assert.True(
                    model.Listpack.Bytes.SequenceEqual(deque.Listpack.Bytes), $"seed {seed}, step {step}: {model.Expected.Count} elements differ");
                Assert.Equal(deque.Capacity, heap.UsedBytes);
                Assert.True(
                    deque.Capacity <= Math.Max(16, 2.2 * (reserved + model.Listpack.TotalBytes)),
                    $"seed {seed}, step {step}: {deque.Capacity} bytes for {model.Listpack.TotalBytes}");
            }

            deque.Free(heap);
            Assert.Equal(0, heap.LiveBlocks);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Stacks_and_queues_seldom_change_their_block(int pushedEnd, int droppedEnd)
    {
        var (pushed, dropped) = ((ListEnd)pushedEnd, (ListEnd)droppedEnd);
        using var heap = new Heap("deque");
        var deque = ListpackDeque.Create(heap, 0, pushed, reserved: 0);
        for (var i = 0; i < 100; i++) deque.Push(heap, pushed, "an element of some bytes"u8, reserved: 0);
        var (moves, block) = (0, (nint)deque.Block);
        for (var i = 0; i < 1000; i++)
        {
            deque.Push(heap, pushed, "an element of some bytes"u8, reserved: 0);
            deque.Drop(heap, dropped, reserved: 0);
            if (block != (nint)deque.Block) moves++;
            block = (nint)deque.Block;
        }

        Assert.True(moves <= 2, $"The block has changed {moves} times.");
        Assert.Equal(100, deque.Listpack.Count);
        deque.Free(heap);
    }

    [Fact]
    public void An_element_at_the_head_moves_nothing_but_the_header()
    {
        using var heap = new Heap("deque");
        var deque = ListpackDeque.Create(heap, 1000, ListEnd.Head, reserved: 0);
        deque.Push(heap, ListEnd.Head, "last"u8, reserved: 0);
        var last = (nint)deque.Listpack.Last();
        for (var i = 0; i < 100; i++) deque.Push(heap, ListEnd.Head, "element"u8, reserved: 0);
        Assert.Equal(last, (nint)deque.Listpack.Last());
        for (var i = 0; i < 30; i++) deque.Drop(heap, ListEnd.Head, reserved: 0);
        Assert.Equal(last, (nint)deque.Listpack.Last());
        deque.Free(heap);
    }

    [Fact]
    public void Trimming_leaves_no_room_and_appending_all_takes_every_element()
    {
        using var heap = new Heap("deque");
        var first = ListpackDeque.Create(heap, 5000, ListEnd.Head, reserved: 8);
        var second = ListpackDeque.Create(heap, 0, ListEnd.Tail, reserved: 0);
        for (var i = 0; i < 30; i++)
        {
            first.Push(heap, ListEnd.Tail, i, reserved: 8);
            second.Push(heap, ListEnd.Tail, 30 + i, reserved: 0);
        }

        first.Trim(heap, reserved: 8);
        Assert.Equal(Heap.UsableSize(8 + first.Listpack.TotalBytes), first.Capacity);
        first.AppendAll(heap, second.Listpack, 30, reserved: 8);
        first.Verify(reserved: 8);
        Assert.Equal(60, first.Listpack.Count);
        for (var i = 0; i < 60; i++) Assert.Equal(i, Listpack.Get(first.Listpack.Seek(i)).Integer);
        first.Free(heap);
        second.Free(heap);
        Assert.Equal(0, heap.LiveBlocks);
    }

    [Fact]
    public void More_elements_than_the_header_counts_are_counted()
    {
        using var heap = new Heap("deque");
        var deque = ListpackDeque.Create(heap, 0, ListEnd.Tail, reserved: 0);
        for (var i = 0; i < 70_000; i++) deque.Push(heap, i % 2 == 0 ? ListEnd.Head : ListEnd.Tail, i % 100, reserved: 0);
        Assert.Equal(70_000, deque.Listpack.Count);
        for (var i = 0; i < 69_990; i++) deque.Drop(heap, i % 3 == 0 ? ListEnd.Head : ListEnd.Tail, reserved: 0);
        Assert.Equal(10, deque.Listpack.Count);
        deque.Verify(reserved: 0);
        deque.Free(heap);
    }

    private static void AddOne(ListpackModel model, Heap heap, ref ListpackDeque deque, int reserved)
    {
        var text = model.RandomText();
        var element = ListpackModel.Bytes(text).AsSpan();
        var index = model.Random.NextInt64(3) switch
        {
            0 => 0,
            1 => model.Expected.Count,
            _ => (int)model.Random.NextInt64(model.Expected.Count + 1),
        };
        model.Expected.Insert(index, text);
        if (index == model.Expected.Count - 1)
        {
            model.Listpack = model.Listpack.Append(model.Heap, element);
            deque.Push(heap, ListEnd.Tail, element, reserved);
            return;
        }

        var at = model.Listpack.Seek(index);
        model.Listpack = model.Listpack.Insert(model.Heap, ref at, element, after: false);
        if (index == 0) deque.Push(heap, ListEnd.Head, element, reserved);
        else Assert.Equal(text, ListpackModel.Text(deque.Insert(heap, deque.Listpack.Seek(index), element, reserved)));
    }

    private static void RemoveSome(ListpackModel model, Heap heap, ref ListpackDeque deque, int reserved)
    {
        var index = (int)model.Random.NextInt64(model.Expected.Count);
        var at = model.Listpack.Seek(index);
        var mine = deque.Listpack.Seek(index);
        switch (model.Random.NextInt64(4))
        {
            case 0:
                deque.Drop(heap, ListEnd.Head, reserved);
                model.Listpack = model.Listpack.DeleteRange(model.Heap, 0, 1);
                model.Expected.RemoveAt(0);
                break;
            case 1:
                deque.Drop(heap, ListEnd.Tail, reserved);
                model.Listpack = model.Listpack.DeleteRange(model.Heap, -1, 1);
                model.Expected.RemoveAt(model.Expected.Count - 1);
                break;
            case 2:
                var text = model.RandomText();
                model.Expected[index] = text;
                model.Listpack = model.Listpack.Replace(model.Heap, ref at, ListpackModel.Bytes(text).AsSpan());
                Assert.Equal(text, ListpackModel.Text(deque.Replace(heap, mine, ListpackModel.Bytes(text).AsSpan(), reserved)));
                break;
            default:
                var count = (int)Math.Min(1 + model.Random.NextInt64(5), model.Expected.Count - index);
                var to = mine;
                for (var i = 0; i < count; i++) to = ListpackEncoding.Skip(to);
                model.Expected.RemoveRange(index, count);
                model.Listpack = model.Listpack.DeleteRange(model.Heap, index, count);
                var behind = deque.Remove(heap, mine, to, count, reserved);
                var expected = index < model.Expected.Count ? deque.Listpack.Seek(index) : (byte*)deque.Listpack.Address + deque.Listpack.TotalBytes - 1;
                Assert.Equal((nint)expected, (nint)behind);
                break;
        }
    }
}

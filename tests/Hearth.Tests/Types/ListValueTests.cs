using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Tests.DataStructures;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class ListValueTests : IDisposable
{
    private const ulong Seed = 51_001;

    private readonly Heap _heap = new("test");
    private readonly ValueSpace _space;

    public ListValueTests() => _space = new ValueSpace(_heap, new KeyedHash(1, 2), new RandomSource(Seed), new EncodingLimits());

    public void Dispose()
    {
        Assert.Equal(0, _heap.LiveBlocks);
        _heap.Dispose();
    }

    [Theory]
    [InlineData(-2, 1 << 30)]
    [InlineData(-1, 1 << 30)]
    [InlineData(1, 1 << 30)]
    [InlineData(8, 1 << 30)]
    [InlineData(64, 1 << 30)]
    [InlineData(8, 20)]
    public void Random_changes_follow_the_model_through_both_encodings(int limit, long plainFromBytes)
    {
        _space.Limits.ListListpackSize = limit;
        _space.Limits.ListPlainFromBytes = plainFromBytes;
        var encodings = new HashSet<ValueEncoding>();
        for (var seed = Seed; seed < Seed + 5; seed++)
        {
            var random = new RandomSource(seed);
            var expected = new List<string>();
            var list = ListValue.Create(_space, "key"u8, 0, 0, ListEnd.Tail);
            for (var step = 0; step < 2000; step++)
            {
                Change(random, list, expected, grows: step / 500 % 2 == 0);
                if (expected.Count > 0) encodings.Add(list.Entry.Encoding);
                if (step % 20 == 0) Check(seed, list, expected);
            }

            Check(seed, list, expected);
            Free(list);
        }

        if (limit is > 1 or -1) Assert.Equal([ValueEncoding.Quicklist, ValueEncoding.Listpack], encodings.OrderBy(encoding => (int)encoding));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Elements_can_be_removed_on_the_way(bool isBackward)
    {
        _space.Limits.ListListpackSize = 3;
        for (var length = 1; length < 20; length++)
        {
            var list = ListValue.Create(_space, "key"u8, 0, 0, ListEnd.Tail);
            list.PrepareToAdd(length, length);
            for (var i = 0; i < length; i++) list.Push(ListEnd.Tail, i);
            var seen = new List<long>();
            for (var cursor = list.From(isBackward ? -1 : 0, isBackward); cursor.MoveNext();)
            {
                seen.Add(cursor.Current.Integer);
                if (seen[^1] % 3 != 0) list.Remove(ref cursor);
            }

            var all = Enumerable.Range(0, length).Select(i => (long)i);
            Assert.Equal(isBackward ? all.Reverse() : all, seen);
            ListValue.Verify(_space, list.Entry);
            Assert.Equal(all.Where(i => i % 3 == 0).Select(i => i.ToString()), Texts(list));
            Free(list);
        }
    }

    [Fact]
    public void A_copy_is_independent_and_has_the_same_encoding()
    {
        foreach (var length in (int[])[1, 10, 5000])
        {
            var list = ListValue.Create(_space, "key"u8, 0, 0, ListEnd.Head);
            for (var i = 0; i < length; i++)
            {
                list.PrepareToAdd(8, 1);
                list.Push(ListEnd.Head, ListpackModel.Bytes($"element {i}").AsSpan());
            }

            var copy = new ListValue(_space, EntryValues.Duplicate(_space, "copy"u8, list.Entry));
            Assert.Equal(list.Entry.Encoding, copy.Entry.Encoding);
            Assert.Equal(Texts(list), Texts(copy));
            Assert.True(ListValue.ValueBytes(_space, copy.Entry) <= ListValue.ValueBytes(_space, list.Entry));
            ListValue.Verify(_space, copy.Entry);
            Free(list);
            Assert.Equal(length, copy.Count);
            Free(copy);
        }
    }

    [Fact]
    public void The_bytes_of_a_value_are_those_of_the_heap()
    {
        var list = ListValue.Create(_space, "key"u8, 0, 0, ListEnd.Tail);
        for (var i = 0; i < 3000; i++)
        {
            list.PrepareToAdd(20, 1);
            list.Push(i % 3 == 0 ? ListEnd.Head : ListEnd.Tail, ListpackModel.Bytes($"an element, number {i}").AsSpan());
            Assert.Equal(_heap.UsedBytes, list.Entry.UsedBytes + ListValue.ValueBytes(_space, list.Entry));
        }

        Free(list);
    }

    [Fact]
    public void A_long_list_is_freed_in_steps()
    {
        var list = ListValue.Create(_space, "key"u8, 0, 0, ListEnd.Tail);
        list.PrepareToAdd(100_000, 100_000);
        for (var i = 0; i < 100_000; i++) list.Push(ListEnd.Tail, i);
        var steps = 1;
        while (!ListValue.FreeStep(_space, list.Entry, 5000)) steps++;
        Assert.InRange(steps, 10, 25);
        list.Entry.FreeBlock(_heap);
    }

    private static void Change(RandomSource random, ListValue list, List<string> expected, bool grows)
    {
        var (from, to) = ((ListEnd)random.NextInt64(2), (ListEnd)random.NextInt64(2));
        if (expected.Count == 0 || random.NextInt64(10) < (grows ? 8 : 3))
        {
            Add(random, list, expected, to);
            return;
        }

        var index = (int)random.NextInt64(expected.Count);
        switch (random.NextInt64(5))
        {
            case 0:
                list.Drop(from);
                expected.RemoveAt(from == ListEnd.Head ? 0 : expected.Count - 1);
                break;
            case 1:
                var moved = expected[from == ListEnd.Head ? 0 : ^1];
                expected.RemoveAt(from == ListEnd.Head ? 0 : expected.Count - 1);
                expected.Insert(to == ListEnd.Head ? 0 : expected.Count, moved);
                list.Rotate(from, to);
                break;
            case 2:
                var text = RandomText(random);
                list.PrepareToAdd(text.Length, 1);
                var replaced = list.From(index);
                Assert.True(replaced.MoveNext());
                list.Replace(replaced, ListpackModel.Bytes(text).AsSpan());
                expected[index] = text;
                break;
            case 3:
                var cursor = list.From(index, isBackward: random.NextInt64(2) == 0);
                Assert.True(cursor.MoveNext());
                list.Remove(ref cursor);
                expected.RemoveAt(index);
                break;
            default:
                var count = (int)Math.Min(random.NextInt64(20), expected.Count - index);
                list.RemoveRange(index, count);
                expected.RemoveRange(index, count);
                break;
        }

        list.Settle();
    }

    private static void Add(RandomSource random, ListValue list, List<string> expected, ListEnd end)
    {
        var text = RandomText(random);
        list.PrepareToAdd(text.Length, 1);
        if (expected.Count == 0 || random.NextInt64(3) > 0)
        {
            list.Push(end, ListpackModel.Bytes(text).AsSpan());
            expected.Insert(end == ListEnd.Head ? 0 : expected.Count, text);
            return;
        }

        var index = (int)random.NextInt64(expected.Count);
        var cursor = list.From(index - expected.Count);
        Assert.True(cursor.MoveNext());
        var after = random.NextInt64(2) == 0;
        list.Insert(cursor, ListpackModel.Bytes(text).AsSpan(), after);
        expected.Insert(after ? index + 1 : index, text);
    }

    private static string RandomText(RandomSource random) => random.NextInt64(5) switch
    {
        0 => random.NextInt64(100_000).ToString(),
        1 => new string('l', (int)random.NextInt64(300)),
        _ => $"t{random.NextInt64(1000)}",
    };

    private void Check(ulong seed, ListValue list, List<string> expected)
    {
        Assert.Equal(expected.Count == 0, list.IsEmpty);
        Assert.Equal(expected.Count, list.Count);
        if (expected.Count == 0) return;
        ListValue.Verify(_space, list.Entry);
        Assert.True(expected.SequenceEqual(Texts(list)), $"seed {seed}: {string.Join(' ', Texts(list))} instead of {string.Join(' ', expected)}");
        Assert.True(expected.AsEnumerable().Reverse().SequenceEqual(Texts(list, isBackward: true)), $"seed {seed}: it differs backwards");
        Assert.False(list.From(expected.Count).MoveNext());
        Assert.False(list.From(-expected.Count - 1).MoveNext());
        var (first, count) = (expected.Count / 3, (expected.Count + 1) / 2);
        var visitor = new CollectingVisitor([]);
        list.Visit(first, count, ref visitor);
        Assert.Equal(expected.Skip(first).Take(count), visitor.Texts);
    }

    private static List<string> Texts(ListValue list, bool isBackward = false)
    {
        var texts = new List<string>();
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var cursor = list.From(isBackward ? -1 : 0, isBackward); cursor.MoveNext();) texts.Add(Latin1.Text(cursor.Current.ToBytes(scratch)));
        return texts;
    }

    private void Free(ListValue list)
    {
        ListValue.Free(_space, list.Entry);
        list.Entry.FreeBlock(_heap);
    }

    private readonly struct CollectingVisitor(List<string> texts) : IElementVisitor
    {
        public List<string> Texts => texts;

        public void Visit(ListpackElement element)
        {
            Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
            texts.Add(Latin1.Text(element.ToBytes(scratch)));
        }
    }
}

using System.Globalization;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class ZSetValueTests : IDisposable
{
    private const ulong Seed = 61_001;

    private readonly ValueHarness _harness = new(Seed);
    private readonly Dictionary<string, double> _expected = [];
    private readonly Entry _entry;

    public ZSetValueTests() => _entry = _harness.CreateEntry(KeyType.SortedSet, ZSetValue.Create(_harness.Space, 1, 1));

    private ZSetValue Value => new(_harness.Space, _entry);

    public void Dispose()
    {
        _harness.Free(_entry);
        _harness.Dispose();
    }

    [Theory]
    [InlineData(60, nameof(ValueEncoding.Listpack))]
    [InlineData(3_000, nameof(ValueEncoding.Skiplist))]
    public void Random_changes_follow_the_model(int members, string encoding)
    {
        for (var step = 0; step < 20_000; step++)
        {
            Change(members);
            if (step % 1000 == 0) Check($"seed {Seed}, step {step}");
        }

        Check($"seed {Seed}, at the end");
        Assert.Equal(encoding, _entry.Encoding.ToString());
    }

    [Fact]
    public void A_small_set_has_the_bytes_of_redis()
    {
        // DUMP of redis-server 7.0.15, without the frame.
        const string Expected = "550000001200817902842D696E6605816202842D322E3505817702000181610201011101F2A08601048001F4003C534C10000000098172"
            + "02F40000000000000040098173028539652B313806817A0283696E6604FF";
        foreach (var (member, score) in new[] { ("a", 1), ("b", -2.5), ("17", 100000), ("z", double.PositiveInfinity), ("y", double.NegativeInfinity),
            ("r", 4611686018427387904), ("s", 9e18), ("w", -0.0), ("", 70000000000) }) Set(member, score);
        Assert.Equal(Expected, Convert.ToHexString(Listpack.FromAddress((nint)_entry.Word).Bytes));
        Assert.False(double.IsNegative(Value.Find("w"u8).Score));
        Check("all kinds of scores");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void Ranges_come_down_to_ranks(int members)
    {
        for (var i = 0; i < members; i++) Set($"m{i:0000}", i / 2);
        AssertRanks((2, 4), Value.Resolve(Scores("1", "2")));
        AssertRanks((4, 2), Value.Resolve(Scores("(1", "2")));
        AssertRanks((2, 2), Value.Resolve(Scores("1", "(2")));
        AssertRanks((0, members), Value.Resolve(Scores("-inf", "+inf")));
        Assert.Equal(0, Value.Resolve(Scores("3", "1")).Count);
        Assert.Equal(0, Value.Resolve(Scores("(1", "(1")).Count);
        Assert.Equal(0, Value.Resolve(Scores("inf", "inf")).Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void Members_with_equal_scores_have_ranges_by_name(int members)
    {
        for (var i = 0; i < members; i++) Set($"m{i:0000}", 0);
        foreach (var fromEnd in (bool[])[false, true])
        {
            AssertRanks((2, 3), Lex("[m0002", "[m0004", fromEnd));
            AssertRanks((3, 1), Lex("(m0002", "(m0004", fromEnd));
            AssertRanks((0, members), Lex("-", "+", fromEnd));
            AssertRanks((members - 1, 1), Lex($"[m{members - 1:0000}", "+", fromEnd));
            foreach (var (min, max) in new[] { ("+", "-"), ("-", "-"), ("+", "+"), ("[m0004", "[m0002"), ("(m0002", "[m0002"), ("[x", "+"), ("-", "[a") })
            {
                Assert.Equal(0, Lex(min, max, fromEnd).Count);
            }
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5_000)]
    public void A_copy_is_equal_and_free_of_the_original(int members)
    {
        for (var i = 0; i < members; i++) Set($"m{i}", i % 7);
        var copy = _harness.CreateEntry(KeyType.SortedSet, (_entry.Encoding, ZSetValue.Duplicate(_harness.Space, _entry)));
        Assert.Equal(Elements(_entry), Elements(copy));
        ZSetValue.Verify(_harness.Space, copy);
        var copied = new ZSetValue(_harness.Space, copy);
        copied.Remove(copied.Find("m3"u8));
        Assert.Equal(members, Value.Count);
        Assert.Equal(members - 1, copied.Count);
        _harness.Free(copy);
        Check("the original");
    }

    [Fact]
    public void A_big_value_can_be_freed_in_bounded_steps()
    {
        for (var i = 0; i < 20_000; i++) Set($"member-{i}", i);
        var copy = _harness.CreateEntry(KeyType.SortedSet, (_entry.Encoding, ZSetValue.Duplicate(_harness.Space, _entry)));
        var before = _harness.Space.Heap.LiveBlocks;
        var steps = 0;
        while (!ZSetValue.FreeStep(_harness.Space, copy, 1000))
        {
            steps++;
            Assert.InRange(before - _harness.Space.Heap.LiveBlocks, 1, 2600);
            before = _harness.Space.Heap.LiveBlocks;
        }

        Assert.InRange(steps, 20, 60);
        copy.FreeBlock(_harness.Space.Heap);
        _harness.CheckBytes(_entry);
    }

    [Fact]
    public void Random_members_are_fair()
    {
        for (var i = 0; i < 200; i++) Set($"m{i}", i % 3);
        var hits = new Dictionary<string, int>();
        for (var i = 0; i < 40_000; i++)
        {
            var walk = Value.Random();
            Assert.True(walk.MoveNext());
            var member = ValueHarness.Text(walk.Member);
            hits[member] = hits.GetValueOrDefault(member) + 1;
        }

        Assert.Equal(200, hits.Count);
        Assert.All(hits.Values, count => Assert.InRange(count, 110, 300));
    }

    [Fact]
    public void Scanning_a_big_set_meets_every_member_that_stays()
    {
        for (var i = 0; i < 5_000; i++) Set($"m{i}", i);
        var visitor = new ScanningVisitor { Seen = [] };
        ulong cursor = 0;
        var next = 0;
        do
        {
            cursor = Value.Scan(cursor, 50, ref visitor);
            for (var i = 0; i < 20; i++) Value.Remove(Value.Find(ValueHarness.Bytes($"m{next++}")));
        }
        while (cursor != 0);
        for (var i = next; i < 5_000; i++) Assert.Contains($"m{i}", visitor.Seen);
        for (var i = 0; i < next; i++) _expected.Remove($"m{i}");
        Check("what is left");
    }

    private static ScoreRange Scores(string min, string max)
    {
        Assert.True(ScoreRange.TryParse(ValueHarness.Bytes(min), ValueHarness.Bytes(max), out var range));
        return range;
    }

    private static void AssertRanks((long, long) expected, (long, long) actual) => Assert.Equal(expected, actual);

    private (long Rank, long Count) Lex(string min, string max, bool fromEnd)
    {
        using var low = new NativeBuffer(_harness.Space.Heap);
        using var high = new NativeBuffer(_harness.Space.Heap);
        low.Append(ValueHarness.Bytes(min));
        high.Append(ValueHarness.Bytes(max));
        Assert.True(LexRange.TryParse(low.WrittenSlice, high.WrittenSlice, out var range));
        return Value.Resolve(range, fromEnd);
    }

    private void Change(int members)
    {
        var random = _harness.Random;
        var member = random.NextInt64(3) == 0 ? $"{random.NextInt64(members)}" : $"m{random.NextInt64(members)}";
        switch (random.NextInt64(100))
        {
            case < 70:
                Set(member, random.NextInt64(4) == 0 ? random.NextInt64(members) / 8.0 : random.NextInt64(20));
                break;
            case < 97:
                var place = Value.Find(ValueHarness.Bytes(member));
                Assert.Equal(_expected.Remove(member), place.Exists);
                if (place.Exists) Value.Remove(place);
                break;
            default:
                var rank = random.NextInt64(Value.Count + 1);
                var count = random.NextInt64(Math.Min(Value.Count - rank, 10) + 1);
                foreach (var (gone, _) in Elements(_entry).Skip((int)rank).Take((int)count).ToArray()) _expected.Remove(gone);
                Value.RemoveRange(rank, count);
                break;
        }
    }

    private void Set(string member, double score)
    {
        var bytes = ValueHarness.Bytes(member);
        var place = Value.Find(bytes);
        Assert.Equal(_expected.ContainsKey(member), place.Exists);
        if (!place.Exists) Value.Insert(bytes, place, score);
        else if (place.Score != score) Value.SetScore(bytes, place, score);
        _expected[member] = score;
    }

    private List<(string Member, double Score)> Elements(Entry entry)
    {
        var elements = new List<(string, double)>();
        var walk = new ZSetValue(_harness.Space, entry).WalkAll();
        while (walk.MoveNext()) elements.Add((ValueHarness.Text(walk.Member), walk.Score));
        return elements;
    }

    private void Check(string when)
    {
        ZSetValue.Verify(_harness.Space, _entry);
        _harness.CheckBytes(_entry);
        var expected = _expected.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)).ToList();
        Assert.True(expected.SequenceEqual(Elements(_entry)), when);
        for (var rank = 0; rank < expected.Count; rank += 1 + (expected.Count / 20))
        {
            var place = Value.Find(ValueHarness.Bytes(expected[rank].Key));
            Assert.True(place.Exists && place.Score == expected[rank].Value && Value.RankOf(place) == rank, string.Create(CultureInfo.InvariantCulture, $"{when}: rank {rank}"));
        }

        var down = Value.Walk(expected.Count - 1, expected.Count, isDownward: true);
        for (var rank = expected.Count - 1; down.MoveNext(); rank--) Assert.True(ValueHarness.Text(down.Member) == expected[rank].Key, when);
    }

    private struct ScanningVisitor : IZSetVisitor
    {
        public HashSet<string> Seen;

        public readonly void Visit(ListpackElement member, double score, bool isStoredAsText)
        {
            Assert.False(isStoredAsText);
            Seen.Add(ValueHarness.Text(member));
        }
    }
}

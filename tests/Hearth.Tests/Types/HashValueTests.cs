using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class HashValueTests : IDisposable
{
    private const ulong Seed = 71_993;

    private readonly ValueHarness _harness = new(Seed);
    private readonly Dictionary<string, string> _expected = [];
    private readonly Entry _entry;

    public HashValueTests() => _entry = _harness.CreateEntry(KeyType.Hash, HashValue.CreateEmpty(_harness.Space));

    private HashValue Hash => new(_harness.Space, _entry);

    public void Dispose()
    {
        _harness.Free(_entry);
        _harness.Dispose();
    }

    [Theory]
    [InlineData(1_000, 64, 25)]
    [InlineData(1_000, 100_000, 25)]
    [InlineData(8, 64, 25)]
    [InlineData(0, 64, 25)]
    [InlineData(40, 20, 4_000)]
    public void Random_changes_follow_the_model(int entries, int longest, int fields)
    {
        (_harness.Limits.HashListpackEntries, _harness.Limits.HashListpackValueBytes) = (entries, longest);
        for (var step = 0; step < 20_000; step++)
        {
            Change(fields);
            if (step % 500 == 0) Check($"seed {Seed}, step {step}");
        }

        Check($"seed {Seed}, at the end");
        if (fields == 25 && entries == 1_000 && longest > 1_000) Assert.Equal(ValueEncoding.Listpack, _entry.Encoding);
        else Assert.Equal(ValueEncoding.Hashtable, _entry.Encoding);
    }

    [Fact]
    public void A_small_hash_keeps_the_order_in_which_its_fields_came()
    {
        Set("b", "1");
        Set("a", "2");
        Set("7", "3");
        Set("b", "another and longer value");
        Assert.True(Hash.Remove("a"u8) && _expected.Remove("a"));
        Set("a", "4");
        Assert.Equal(["b", "7", "a"], All().Elements);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(254, 255)]
    [InlineData(255, 254)]
    [InlineData(255, 300)]
    [InlineData(300, 20)]
    [InlineData(70_000, 10)]
    public void Fields_and_values_of_any_length_are_kept_and_replaced(int fieldLength, int valueLength)
    {
        _harness.Limits.HashListpackEntries = 0;
        var field = new string('f', fieldLength);
        for (var length = Math.Max(0, valueLength - 300); length < valueLength + 300; length++)
        {
            Set(field, new string((char)('a' + length % 26), length));
            Check($"value of {length}");
        }
    }

    [Fact]
    public void Random_fields_are_fair()
    {
        foreach (var limit in (int[])[512, 0])
        {
            _harness.Limits.HashListpackEntries = limit;
            for (var i = 0; i < 10; i++) Set($"f{i}", $"v{i}");
            var counts = new Dictionary<string, int>();
            for (var round = 0; round < 1_000; round++)
            {
                var visitor = new CollectingVisitor();
                Hash.VisitRandom(5, ref visitor);
                Hash.VisitSample(5, ref visitor);
                Hash.VisitSample(2, ref visitor);
                Assert.Equal(5, visitor.Elements.Skip(5).Take(5).Distinct().Count());
                Assert.Equal(2, visitor.Elements.Skip(10).Distinct().Count());
                foreach (var (field, value) in visitor.Elements.Zip(visitor.Values))
                {
                    Assert.Equal(_expected[field], value);
                    counts[field] = counts.GetValueOrDefault(field) + 1;
                }
            }

            // 12,000 draws over ten fields: six standard deviations are about 200.
            Assert.Equal(10, counts.Count);
            foreach (var count in counts.Values) Assert.InRange(count, 1_000, 1_400);
        }
    }

    [Fact]
    public void A_sample_of_all_is_all()
    {
        for (var i = 0; i < 10; i++) Set($"f{i}", "v");
        var visitor = new CollectingVisitor();
        Hash.VisitSample(10, ref visitor);
        Hash.VisitSample(11, ref visitor);
        Assert.Equal(20, visitor.Elements.Count);
        Assert.Equal(10, visitor.Elements.Distinct().Count());
    }

    [Fact]
    public void A_scan_meets_every_field_though_others_come_and_go()
    {
        _harness.Limits.HashListpackEntries = 0;
        for (var i = 0; i < 3_000; i++) Set($"stays{i}", "v");
        var visitor = new CollectingVisitor();
        var (cursor, round) = (0UL, 0);
        do
        {
            cursor = Hash.Scan(cursor, 10, ref visitor);
            for (var i = 0; i < 20; i++) Set($"new{round++}", "v");
        }
        while (cursor != 0);

        Assert.Equal(3_000, visitor.Elements.Where(field => field.StartsWith("stays", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public void A_big_hash_is_freed_in_steps()
    {
        var entry = _harness.CreateEntry(KeyType.Hash, HashValue.CreateEmpty(_harness.Space));
        var hash = new HashValue(_harness.Space, entry);
        for (var i = 0; i < 5_000; i++) hash.Set(ValueHarness.Bytes($"field{i}"), "value"u8);
        var steps = 1;
        while (!HashValue.FreeStep(_harness.Space, entry, 500)) steps++;
        Assert.InRange(steps, 5, 100);
        entry.FreeBlock(_harness.Space.Heap);
    }

    private void Change(int fields)
    {
        var random = _harness.Random;
        var field = random.NextInt64(3) == 0 ? random.NextInt64(fields).ToString() : $"field:{random.NextInt64(fields)}";
        switch (random.NextInt64(8))
        {
            case < 4:
                Set(field, random.NextInt64(3) == 0 ? random.NextInt64(100_000).ToString() : new string('v', (int)random.NextInt64(70)));
                break;
            case < 6:
                Assert.Equal(_expected.Remove(field), Hash.Remove(ValueHarness.Bytes(field)));
                break;
            case 6 when random.NextInt64(50) == 0:
                Set(field, new string('w', (int)random.NextInt64(600)));
                break;
            default:
                var isThere = Hash.TryGet(ValueHarness.Bytes(field), out var value);
                Assert.Equal(_expected.GetValueOrDefault(field), isThere ? ValueHarness.Text(value) : null);
                break;
        }
    }

    private void Set(string field, string value)
    {
        Assert.Equal(!_expected.ContainsKey(field), Hash.Set(ValueHarness.Bytes(field), ValueHarness.Bytes(value)));
        _expected[field] = value;
    }

    private CollectingVisitor All()
    {
        var visitor = new CollectingVisitor();
        Hash.Visit(ref visitor);
        return visitor;
    }

    private void Check(string message)
    {
        _harness.CheckBytes(_entry);
        if (_expected.Count > 0) HashValue.Verify(_harness.Space, _entry);
        var all = All();
        var found = all.Elements.Zip(all.Values).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.True(found.Count == _expected.Count && found.All(pair => _expected[pair.Key] == pair.Value), message);
        Assert.Equal(_expected.Count, HashValue.ElementCount(_harness.Space, _entry));

        var copy = EntryValues.Duplicate(_harness.Space, "copy"u8, _entry);
        Assert.Equal(_entry.Encoding, copy.Encoding);
        var copied = new CollectingVisitor();
        new HashValue(_harness.Space, copy).Visit(ref copied);
        Assert.Equal(all.Elements.Order(), copied.Elements.Order());
        Assert.Equal(all.Values.Order(), copied.Values.Order());
        _harness.Free(copy);
    }
}

using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class SetValueTests : IDisposable
{
    private const ulong Seed = 60_013;

    private readonly ValueHarness _harness = new(Seed);
    private readonly HashSet<string> _expected = [];
    private readonly Entry _entry;

    public SetValueTests() => _entry = _harness.CreateEntry(KeyType.Set, SetValue.CreateEmptyIntset(_harness.Space));

    private SetValue Set => new(_harness.Space, _entry);

    public void Dispose()
    {
        _harness.Free(_entry);
        _harness.Dispose();
    }

    [Theory]
    [InlineData("integers", 300, nameof(ValueEncoding.Intset))]
    [InlineData("texts", 100, nameof(ValueEncoding.Listpack))]
    [InlineData("both", 100, nameof(ValueEncoding.Listpack))]
    [InlineData("both", 4_000, nameof(ValueEncoding.Hashtable))]
    [InlineData("integers", 4_000, nameof(ValueEncoding.Hashtable))]
    public void Random_changes_follow_the_model(string kind, int members, string expectedEncoding)
    {
        for (var step = 0; step < 20_000; step++)
        {
            Change(Member(kind, members));
            if (step % 500 == 0) Check($"seed {Seed}, step {step}");
        }

        Check($"seed {Seed}, at the end");
        Assert.Equal(expectedEncoding, _entry.Encoding.ToString());
    }

    [Theory]
    [InlineData(nameof(ValueEncoding.Intset))]
    [InlineData(nameof(ValueEncoding.Listpack))]
    [InlineData(nameof(ValueEncoding.Hashtable))]
    public void Popped_members_are_gone_and_fair(string encoding)
    {
        const int Members = 30;
        var counts = new Dictionary<string, int>();
        for (var round = 0; round < 600; round++)
        {
            Fill(Enum.Parse<ValueEncoding>(encoding), Members);
            var popped = new CollectingVisitor();
            Set.Pop(10, ref popped);
            foreach (var member in popped.Elements)
            {
                Assert.True(_expected.Remove(member));
                counts[member] = counts.GetValueOrDefault(member) + 1;
            }

            if (round % 50 == 0) Check($"seed {Seed}, round {round}");
            Empty();
        }

        Assert.Equal(Members, counts.Count);
        foreach (var count in counts.Values) Assert.InRange(count, 130, 270);
        Fill(Enum.Parse<ValueEncoding>(encoding), 1);
    }

    [Fact]
    public void What_stays_after_popping_nearly_all_is_a_set_of_the_smallest_form()
    {
        _harness.Limits.SetListpackEntries = 100;
        for (var i = 0; i < 1_000; i++) Add($"m{i}");
        Assert.Equal(ValueEncoding.Hashtable, _entry.Encoding);
        var popped = new CollectingVisitor();
        Set.Pop(500, ref popped);
        Assert.Equal(ValueEncoding.Hashtable, _entry.Encoding);
        Set.Pop(450, ref popped);
        Assert.Equal(ValueEncoding.Listpack, _entry.Encoding);
        Assert.Equal(950, popped.Elements.Distinct().Count());
        _expected.ExceptWith(popped.Elements);
        Check("after both");
    }

    [Fact]
    public void A_sample_has_no_member_twice_and_is_fair()
    {
        foreach (var encoding in (ValueEncoding[])[ValueEncoding.Intset, ValueEncoding.Listpack, ValueEncoding.Hashtable])
        {
            Fill(encoding, 20);
            var counts = new Dictionary<string, int>();
            for (var round = 0; round < 1_000; round++)
            {
                var sample = new CollectingVisitor();
                Set.VisitSample(3, ref sample);
                Assert.Equal(3, sample.Elements.Distinct().Count());
                Set.VisitSample(15, ref sample);
                Assert.Equal(15, sample.Elements.Skip(3).Distinct().Count());
                Set.VisitRandom(2, ref sample);
                Set.VisitRandom(5, ref sample);
                foreach (var member in sample.Elements) counts[member] = counts.GetValueOrDefault(member) + 1;
            }

            Assert.True(_expected.SetEquals(counts.Keys));
            foreach (var count in counts.Values) Assert.InRange(count, 1_050, 1_450);
            Empty();
        }

        Fill(ValueEncoding.Listpack, 1);
    }

    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(100_000)]
    public void Members_of_any_length_are_kept(int length)
    {
        Add(new string('a', length));
        Add(new string('b', length));
        Check("long members");
    }

    [Fact]
    public void A_set_that_has_become_one_of_integers_can_be_told_so()
    {
        Fill(ValueEncoding.Hashtable, 40);
        Set.ConvertToIntset();
        Assert.Equal(ValueEncoding.Intset, _entry.Encoding);
        Check("converted");
        _harness.Limits.SetIntsetEntries = 39;
        Set.MakeRoom(40);
        Assert.Equal(ValueEncoding.Hashtable, _entry.Encoding);
        Set.ConvertToIntset();
        Assert.Equal(ValueEncoding.Hashtable, _entry.Encoding);
        Check("too many");
    }

    [Fact]
    public void A_big_set_is_freed_in_steps()
    {
        var entry = _harness.CreateEntry(KeyType.Set, SetValue.CreateEmptyIntset(_harness.Space));
        var set = new SetValue(_harness.Space, entry);
        for (var i = 0; i < 5_000; i++) set.Add(i);
        var steps = 1;
        while (!SetValue.FreeStep(_harness.Space, entry, 500)) steps++;
        Assert.InRange(steps, 5, 100);
        entry.FreeBlock(_harness.Space.Heap);
    }

    private string Member(string kind, int members)
    {
        var number = _harness.Random.NextInt64(members);
        return kind switch
        {
            "integers" => (number - members / 2).ToString(),
            "texts" => $"member:{number}",
            _ => number % 2 == 0 ? number.ToString() : $"m{number}",
        };
    }

    private void Change(string member)
    {
        switch (_harness.Random.NextInt64(5))
        {
            case < 3:
                Add(member);
                break;
            case 3:
                Assert.Equal(_expected.Remove(member), Set.Remove(ValueHarness.Bytes(member)));
                break;
            default:
                Assert.Equal(_expected.Contains(member), Set.Contains(ValueHarness.Bytes(member)));
                break;
        }
    }

    private void Add(string member) => Assert.Equal(_expected.Add(member), Set.Add(ValueHarness.Bytes(member)));

    /// <summary>Fills an empty set with integers so that it takes this form.</summary>
    private void Fill(ValueEncoding encoding, int members)
    {
        if (encoding != ValueEncoding.Intset)
        {
            Set.Add("text"u8);
            Set.Remove("text"u8);
        }

        if (encoding == ValueEncoding.Hashtable) Set.MakeRoom(1_000);
        for (var i = 0; i < members; i++) Add(i.ToString());
        Assert.Equal(encoding, _entry.Encoding);
    }

    private void Empty()
    {
        SetValue.Free(_harness.Space, _entry);
        var (encoding, word) = SetValue.CreateEmptyIntset(_harness.Space);
        var entry = _entry;
        entry.Word = word;
        entry.SetEncoding(encoding);
        _expected.Clear();
    }

    private void Check(string message)
    {
        _harness.CheckBytes(_entry);
        if (_expected.Count > 0) SetValue.Verify(_harness.Space, _entry);
        var all = new CollectingVisitor();
        Set.Visit(ref all);
        Assert.True(all.Elements.Count == _expected.Count && _expected.SetEquals(all.Elements), message);
        Assert.Equal(_expected.Count, SetValue.ElementCount(_harness.Space, _entry));

        var copy = EntryValues.Duplicate(_harness.Space, "copy"u8, _entry);
        Assert.Equal(_entry.Encoding, copy.Encoding);
        var copied = new CollectingVisitor();
        new SetValue(_harness.Space, copy).Visit(ref copied);
        Assert.True(_expected.SetEquals(copied.Elements), message);
        _harness.Free(copy);
    }
}

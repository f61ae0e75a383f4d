using System.Runtime.CompilerServices;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class ZSetBuilderTests : IDisposable
{
    private const ulong Seed = 61_501;

    private readonly ValueHarness _harness = new(Seed);

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData(1, 1, nameof(ValueEncoding.Listpack))]
    [InlineData(128, 64, nameof(ValueEncoding.Listpack))]
    [InlineData(128, 65, nameof(ValueEncoding.Skiplist))]
    [InlineData(129, 64, nameof(ValueEncoding.Skiplist))]
    [InlineData(6_000, 10, nameof(ValueEncoding.Skiplist))]
    public void What_was_gathered_becomes_a_value_in_order(int count, int longest, string encoding)
    {
        using var builder = new ZSetBuilder(_harness.Space);
        var expected = new Dictionary<string, double>();
        for (var i = 0; i < count; i++)
        {
            var member = i == 0 ? new string('m', longest) : $"{i}";
            Add(builder, member, expected[member] = _harness.Random.NextInt64(100));
        }

        // Scores may change until the end.
        Score(builder, new string('m', longest)) = expected[new string('m', longest)] = -1;
        Assert.True(Unsafe.IsNullRef(ref Score(builder, "nobody")));

        var entry = _harness.CreateEntry(KeyType.SortedSet, builder.Finish());
        builder.Dispose();
        Assert.Equal(encoding, entry.Encoding.ToString());
        ZSetValue.Verify(_harness.Space, entry);
        _harness.CheckBytes(entry);
        var value = new ZSetValue(_harness.Space, entry);
        Assert.Equal(count, value.Count);
        foreach (var (member, score) in expected) Assert.Equal(score, value.Find(ValueHarness.Bytes(member)).Score);
        _harness.Free(entry);
    }

    [Fact]
    public void What_is_only_looked_at_is_given_back()
    {
        using var builder = new ZSetBuilder(_harness.Space);
        for (var i = 0; i < 1000; i++) Add(builder, $"m{i}", 1000 - i);
        builder.Sort();
        for (var rank = 0; rank < builder.Count; rank++)
        {
            Assert.Equal($"m{999 - rank}", System.Text.Encoding.ASCII.GetString(builder.MemberAt(rank)));
            Assert.Equal(rank + 1, builder.ScoreAt(rank));
        }
    }

    private void Add(ZSetBuilder builder, string member, double score)
    {
        var bytes = ValueHarness.Bytes(member);
        builder.Add(_harness.Space.Hash.Hash(bytes), bytes, score);
    }

    private ref double Score(ZSetBuilder builder, string member)
    {
        var bytes = ValueHarness.Bytes(member);
        return ref builder.Find(_harness.Space.Hash.Hash(bytes), bytes);
    }
}

using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class SetAlgebraTests : IDisposable
{
    private const ulong Seed = 90_001;

    private readonly ValueHarness _harness = new(Seed);
    private readonly List<Entry> _entries = [];

    public void Dispose()
    {
        foreach (var entry in _entries) _harness.Free(entry);
        _harness.Dispose();
    }

    [Fact]
    public void Sets_of_all_forms_meet_and_part_as_the_model_says()
    {
        for (var round = 0; round < 300; round++)
        {
            var models = Enumerable.Range(0, 1 + (int)_harness.Random.NextInt64(4)).Select(_ => RandomModel()).ToArray();
            var sets = default(PooledList<SetValue>);
            foreach (var model in models) sets.Add(Create(model));

            var common = new CollectingVisitor();
            SetAlgebra.Intersect(_harness.Space, sets, long.MaxValue, ref common);
            var own = new CollectingVisitor();
            SetAlgebra.Subtract(_harness.Space, sets, ref own);
            var limit = _harness.Random.NextInt64(20) + 1;
            var some = new CollectingVisitor();
            SetAlgebra.Intersect(_harness.Space, sets, limit, ref some);
            sets.Dispose();

            var expected = models.Aggregate((all, next) => [.. all.Intersect(next)]);
            Assert.True(common.Elements.Count == expected.Count && expected.SetEquals(common.Elements), $"seed {Seed}, round {round}");
            expected = models.Skip(1).Aggregate(models[0], (all, next) => [.. all.Except(next)]);
            Assert.True(own.Elements.Count == expected.Count && expected.SetEquals(own.Elements), $"seed {Seed}, round {round}");
            Assert.Equal(Math.Min(limit, common.Elements.Count), some.Elements.Count);
            Assert.Empty(some.Elements.Except(common.Elements));
        }
    }

    private HashSet<string> RandomModel()
    {
        var random = _harness.Random;
        var (kind, range) = (random.NextInt64(3), random.NextInt64(2) == 0 ? 100 : 2_000);
        var count = random.NextInt64(range);
        var members = new HashSet<string> { "0" };
        for (var i = 0L; i < count; i++)
        {
            var number = random.NextInt64(range);
            members.Add(kind == 0 || number % 2 == 0 ? number.ToString() : $"m{number}");
        }

        return members;
    }

    private SetValue Create(HashSet<string> members)
    {
        var entry = _harness.CreateEntry(KeyType.Set, SetValue.CreateEmptyIntset(_harness.Space));
        _entries.Add(entry);
        var set = new SetValue(_harness.Space, entry);
        foreach (var member in members) set.Add(ValueHarness.Bytes(member));
        return set;
    }
}

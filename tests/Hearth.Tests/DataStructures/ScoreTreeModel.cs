using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>A tree with a heap of its own beside a .NET list of the same elements in their order.</summary>
internal sealed unsafe class ScoreTreeModel : IDisposable
{
    private static readonly Comparer<(double Score, string Member)> Order = Comparer<(double Score, string Member)>.Create(
        static (one, other) => one.Score != other.Score ? one.Score.CompareTo(other.Score) : string.CompareOrdinal(one.Member, other.Member));

    private readonly ScoreTreeHeader* _header;
    private readonly Dictionary<string, nint> _blocks = [];
    private readonly List<(double Score, string Member)> _expected = [];
    private readonly ulong _seed;
    private long _memberBytes;

    public ScoreTreeModel(ulong seed)
    {
        _seed = seed;
        Random = new RandomSource(seed);
        _header = (ScoreTreeHeader*)NativeMemory.AllocZeroed((nuint)sizeof(ScoreTreeHeader));
    }

    public Heap Heap { get; } = new("test");

    public RandomSource Random { get; }

    public ScoreTree Tree => new(Heap, _header);

    public int Height => _header->Height;

    public int Count => _expected.Count;

    public IReadOnlyList<(double Score, string Member)> Expected => _expected;

    public (double Score, string Member) Any() => _expected[(int)Random.NextInt64(Count)];

    public bool Contains(string member) => _blocks.ContainsKey(member);

    public void Insert(double score, string member)
    {
        var block = ScoredMember.Create(Heap, Encoding.Latin1.GetBytes(member), score);
        _memberBytes += Heap.UsableSize(block.BlockBytes);
        Tree.Insert(score, block.Address);
        _blocks.Add(member, block.Address);
        _expected.Insert(~_expected.BinarySearch((score, member), Order), (score, member));
    }

    public void Remove((double Score, string Member) element)
    {
        Tree.Remove(element.Score, _blocks[element.Member]);
        _expected.RemoveAt(_expected.BinarySearch(element, Order));
        Forget(element.Member);
    }

    public void Update((double Score, string Member) element, double score)
    {
        var block = new ScoredMember(_blocks[element.Member]);
        Tree.Update(element.Score, score, block.Address);
        block.Score = score;
        _expected.RemoveAt(_expected.BinarySearch(element, Order));
        _expected.Insert(~_expected.BinarySearch((score, element.Member), Order), (score, element.Member));
    }

    public void RemoveRange(int rank, int count)
    {
        var visitor = new Collector { Model = this, Seen = [] };
        var expected = _expected.GetRange(rank, count).ConvertAll(static element => element.Member);
        Tree.RemoveRange(rank, count, ref visitor);
        Assert.Equal(expected, visitor.Seen);
        _expected.RemoveRange(rank, count);
    }

    public void CheckQuestions()
    {
        if (Count == 0)
        {
            Assert.Equal(0, Tree.CountBelow(1, true));
            return;
        }

        var rank = (int)Random.NextInt64(Count);
        var element = _expected[rank];
        var found = Tree.RankOf(element.Score, _blocks[element.Member]);
        Assert.True(found == rank, $"seed {_seed}: rank of {element} is {found}, not {rank}");

        var score = Random.NextInt64(2) == 0 ? element.Score : element.Score + 0.5;
        CheckCount(Tree.CountBelow(score, false), _expected.Count(other => other.Score < score), score);
        CheckCount(Tree.CountBelow(score, true), _expected.Count(other => other.Score <= score), score);
        CheckPosition(Tree.Locate(score, false), _expected.Count(other => other.Score < score));
        CheckPosition(Tree.Locate(score, true), _expected.Count(other => other.Score <= score));
        CheckWalk(rank, (int)Random.NextInt64(Math.Min(Count - rank, 300) + 1), isDownward: false);
        CheckWalk(rank, (int)Random.NextInt64(Math.Min(rank + 1, 300) + 1), isDownward: true);
    }

    public void CheckMembersBelow(string member)
    {
        var bytes = Encoding.Latin1.GetBytes(member);
        CheckCount(Tree.CountBelow(bytes, false), _expected.Count(other => string.CompareOrdinal(other.Member, member) < 0), 0);
        CheckCount(Tree.CountBelow(bytes, true), _expected.Count(other => string.CompareOrdinal(other.Member, member) <= 0), 0);
    }

    public void Verify()
    {
        Assert.True(Tree.Count == Count, $"seed {_seed}: count {Tree.Count}, not {Count}");
        Tree.Verify();
        Assert.True(Heap.UsedBytes == Tree.MemoryBytes + _memberBytes, $"seed {_seed}: a node is lost");
    }

    public void CheckAll()
    {
        Verify();
        CheckWalk(0, Count, isDownward: false);
        if (Count > 0) CheckWalk(Count - 1, Count, isDownward: true);
    }

    public void Dispose()
    {
        foreach (var block in _blocks.Values) new ScoredMember(block).Free(Heap);
        while (!Tree.FreeStep(3))
        {
        }

        Assert.Equal(0, Heap.LiveBlocks);
        Heap.Dispose();
        NativeMemory.Free(_header);
    }

    private void CheckPosition(ScorePosition position, int rank)
    {
        Assert.True(position.Rank == rank, $"seed {_seed}: the position is {position.Rank}, not {rank}");
        for (var distance = -3; distance < 3; distance++)
        {
            if (position.TryScore(distance, out var score)) Assert.Equal(_expected[rank + distance].Score, score);
        }

        CheckWalk(ScoreTree.Walk(position, Math.Min(Count - rank, 100), isDownward: false), rank, Math.Min(Count - rank, 100), isDownward: false);
        CheckWalk(ScoreTree.Walk(position, Math.Min(rank, 100), isDownward: true), rank - 1, Math.Min(rank, 100), isDownward: true);
    }

    private void CheckWalk(int rank, int count, bool isDownward) => CheckWalk(Tree.Walk(rank, count, isDownward), rank, count, isDownward);

    private void CheckWalk(ScoreWalk walk, int rank, int count, bool isDownward)
    {
        var index = rank;
        while (walk.MoveNext())
        {
            var actual = (walk.Score, Encoding.Latin1.GetString(ScoredMember.BytesOf(walk.Member)));
            Assert.True(actual == _expected[index], $"seed {_seed}: element {index} is {actual}, not {_expected[index]}");
            index += isDownward ? -1 : 1;
        }

        Assert.Equal(count, Math.Abs(index - rank));
    }

    private void CheckCount(long actual, int expected, double score) => Assert.True(
        actual == expected, string.Create(CultureInfo.InvariantCulture, $"seed {_seed}: {actual} below {score}, not {expected}"));

    private void Forget(string member)
    {
        var block = new ScoredMember(_blocks[member]);
        _memberBytes -= Heap.UsableSize(block.BlockBytes);
        block.Free(Heap);
        _blocks.Remove(member);
    }

    private struct Collector : IDictVisitor
    {
        public ScoreTreeModel Model;
        public List<string> Seen;

        public readonly void Visit(nint element)
        {
            var member = Encoding.Latin1.GetString(ScoredMember.BytesOf(element));
            Seen.Add(member);
            Model.Forget(member);
        }
    }
}

using System.Runtime.CompilerServices;
using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>
/// A key's value as one of several that are united, intersected or subtracted: a sorted set, a set (whose members have a score
/// of 1), or nothing, which is an empty set.
/// </summary>
internal readonly struct ZSetOperand(Entry entry)
{
    private const double ScoreInSet = 1;

    public Entry Entry { get; } = entry;

    private bool IsSet => Entry.Type == KeyType.Set;

    public static bool IsAllowed(Entry entry) => !entry.Exists || entry.Type is KeyType.SortedSet or KeyType.Set;

    public long CountIn(ValueSpace space)
    {
        if (!Entry.Exists) return 0;
        return IsSet ? new SetValue(space, Entry).Count : new ZSetValue(space, Entry).Count;
    }

    public bool TryGetScore(ValueSpace space, ulong hash, ReadOnlySpan<byte> member, out double score)
    {
        if (Entry.Exists && IsSet)
        {
            score = ScoreInSet;
            return new SetValue(space, Entry).Contains(hash, member);
        }

        var place = new ZSetValue(space, Entry).Find(hash, member);
        score = place.Score;
        return place.Exists;
    }

    /// <summary>Visits all members, until the visitor has seen enough.</summary>
    public void Visit<TVisitor>(ValueSpace space, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        if (!Entry.Exists) return;
        if (IsSet) VisitSet(space, ref visitor);
        else VisitZSet(space, ref visitor);
    }

    [SkipLocalsInit]
    private void VisitZSet<TVisitor>(ValueSpace space, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var walk = new ZSetValue(space, Entry).WalkAll();
        while (!visitor.IsDone && walk.MoveNext())
        {
            var member = walk.Member.ToBytes(scratch);
            visitor.Visit(space.Hash.Hash(member), member, walk.Score);
        }
    }

    private void VisitSet<TVisitor>(ValueSpace space, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        const int membersAtOnce = 64;
        var set = new SetValue(space, Entry);
        var adapter = new SetVisitor<TVisitor>(space) { Visitor = visitor };
        ulong cursor = 0;
        do
        {
            cursor = set.Scan(cursor, membersAtOnce, ref adapter);
        }
        while (cursor != 0 && !adapter.Visitor.IsDone);
        visitor = adapter.Visitor;
    }

    private struct SetVisitor<TVisitor>(ValueSpace space) : IElementVisitor
        where TVisitor : struct, IScoredVisitor
    {
        public TVisitor Visitor;

        [SkipLocalsInit]
        public void Visit(ListpackElement element)
        {
            if (Visitor.IsDone) return;
            Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
            var member = element.ToBytes(scratch);
            Visitor.Visit(space.Hash.Hash(member), member, ScoreInSet);
        }
    }
}

/// <summary>Sees members with their scores one by one; a struct, so that the calls are inlined.</summary>
internal interface IScoredVisitor
{
    public bool IsDone { get; }

    public void Visit(ulong hash, scoped ReadOnlySpan<byte> member, double score);
}

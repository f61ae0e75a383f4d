using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// What several sets have in common, or not. The members of the first set are looked up in the others; from a big set they are taken
/// in batches, so that the processor can load the buckets and the blocks of a whole batch at once instead of waiting for each.
/// </summary>
internal static class SetAlgebra
{
    /// <summary>How many members are looked up between two looks at the limit.</summary>
    private const int MembersPerScan = 512;

    /// <summary>Visits the members of the first set that all others have, up to so many.</summary>
    public static void Intersect<TVisitor>(ValueSpace space, PooledList<SetValue> sets, long limit, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor => Probe(space, sets, isWanted: true, limit, ref visitor);

    /// <summary>Visits the members of the first set that no other has.</summary>
    public static void Subtract<TVisitor>(ValueSpace space, PooledList<SetValue> sets, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor => Probe(space, sets, isWanted: false, long.MaxValue, ref visitor);

    private static void Probe<TVisitor>(ValueSpace space, PooledList<SetValue> sets, bool isWanted, long limit, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        var first = sets.Span[0];
        if (!first.IsTable)
        {
            var single = new SingleProbe<TVisitor>(sets, isWanted, limit) { Visitor = visitor };
            first.Visit(ref single);
            visitor = single.Visitor;
            return;
        }

        var batch = new BatchProbe<TVisitor>(space, sets, isWanted, limit) { Visitor = visitor };
        for (ulong cursor = 0; (cursor = first.ScanBlocks(cursor, MembersPerScan, ref batch)) != 0 && !batch.IsDone;)
        {
        }

        batch.Flush();
        visitor = batch.Visitor;
    }

    private struct SingleProbe<TVisitor>(PooledList<SetValue> sets, bool isWanted, long limit) : IElementVisitor
        where TVisitor : struct, IElementVisitor
    {
        public TVisitor Visitor;

        public void Visit(ListpackElement element)
        {
            if (limit == 0) return;
            foreach (var set in sets.Span[1..])
            {
                if (set.Contains(element) != isWanted) return;
            }

            limit--;
            Visitor.Visit(element);
        }
    }

    private unsafe struct BatchProbe<TVisitor>(ValueSpace space, PooledList<SetValue> sets, bool isWanted, long limit) : IDictVisitor
        where TVisitor : struct, IElementVisitor
    {
        /// <summary>About as many cache lines as a core can wait for at once, and some.</summary>
        private const int Size = 24;

        public TVisitor Visitor;
        private fixed ulong _hashes[Size];
        private fixed long _blocks[Size];
        private int _count;

        public readonly bool IsDone => limit == 0;

        public void Visit(nint element)
        {
            _hashes[_count] = space.Hash.Hash(MemberBlock.FromAddress(element).Member);
            _blocks[_count++] = element;
            if (_count == Size) Flush();
        }

        /// <summary>Looks up what has been collected, set by set; after each only those go on that may still be part of the result.</summary>
        public void Flush()
        {
            for (var index = 1; index < sets.Count && _count > 0; index++) Sift(sets.Span[index]);
            for (var index = 0; index < _count && limit > 0; index++, limit--) Visitor.Visit(ListpackElement.FromBytes(Member(index)));
            _count = 0;
        }

        private void Sift(SetValue set)
        {
            for (var index = 0; index < _count; index++) set.PrefetchBucket(_hashes[index]);
            for (var index = 0; index < _count; index++) set.PrefetchElements(_hashes[index]);
            var left = 0;
            for (var index = 0; index < _count; index++)
            {
                if (set.Contains(_hashes[index], Member(index)) != isWanted) continue;
                _hashes[left] = _hashes[index];
                _blocks[left++] = _blocks[index];
            }

            _count = left;
        }

        private readonly ReadOnlySpan<byte> Member(int index) => MemberBlock.FromAddress((nint)_blocks[index]).Member;
    }
}

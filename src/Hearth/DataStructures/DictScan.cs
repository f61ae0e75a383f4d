using System.Diagnostics;
using System.Numerics;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// Visits a <see cref="Dict{TLayout}"/> in the order of hashes, home by home. A cursor is the position, in the first 48 bits of
/// the hash, up to which everything has been visited. Resizing moves elements between buckets but never in this order, so an element
/// present from the first call to the last is met, whatever happens in between. Where a cursor falls into the middle of a home,
/// because homes have become wider since, the hashes of this home's elements tell which of them lie behind it.
/// </summary>
internal static unsafe class DictScan
{
    public const int CursorBits = 48;

    private const int CursorShift = 64 - CursorBits;

    /// <summary>Bounds the work of a call in a dict that has many empty buckets.</summary>
    private const int HomesPerElement = 10;

    public static ulong Scan<TLayout, TVisitor>(DictHeader* header, KeyedHash hasher, ulong cursor, int count, ref TVisitor visitor)
        where TLayout : struct, IDictLayout
        where TVisitor : struct, IDictVisitor
    {
        if (header->Top == 0 || cursor >> CursorBits != 0) return 0;

        var visited = 0;
        var homesLeft = HomesPerElement * Math.Max(count, 1L);
        while (true)
        {
            var segment = DictDirectory.Find(header, cursor << CursorShift);
            var start = cursor & ~((1UL << (CursorBits - segment.Depth)) - 1);
            var positionShift = CursorBits - segment.Depth - DictSegment.PositionBits;
            for (var home = segment.HomeOf(cursor << CursorShift); home < segment.Homes; home++)
            {
                PrefetchHome(segment, home + 1);
                var isCut = start + ((ulong)segment.FirstPosition(home) << positionShift) < cursor;
                visited += VisitHome<TLayout, TVisitor>(segment, home, hasher, isCut ? cursor : 0, ref visitor);
                cursor = start + ((ulong)segment.FirstPosition(home + 1) << positionShift);
                if (cursor >> CursorBits != 0) return 0;
                if (visited >= count || --homesLeft == 0) return cursor;
            }
        }
    }

    /// <summary>Visits all elements of the segment and returns how many.</summary>
    public static int VisitAll<TVisitor>(DictSegment segment, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor
    {
        var visited = 0;
        for (var index = 0; index < segment.Buckets; index++)
        {
            if (index + 1 < segment.Buckets) PrefetchElements(segment.Bucket(index + 1));
            var bucket = segment.Bucket(index);
            for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            {
                visitor.Visit(DictBucket.ElementOf(DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(taken))));
                visited++;
            }
        }

        return visited;
    }

    private static int VisitHome<TLayout, TVisitor>(
        DictSegment segment, int home, KeyedHash hasher, ulong from, ref TVisitor visitor)
        where TLayout : struct, IDictLayout
        where TVisitor : struct, IDictVisitor
    {
        var visited = 0;
        var bucket = segment.Bucket(home);
        var isStash = false;
        while (true)
        {
            for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            {
                var slot = DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(taken));
                if (isStash && segment.HomeOfSlot(slot) != home) continue;
                var element = DictBucket.ElementOf(slot);
                if (from != 0 && TLayout.HashOf(hasher, TLayout.KeyOf(element)) >> CursorShift < from) continue;
                visitor.Visit(element);
                visited++;
            }

            var next = DictBucket.Overflow(bucket);
            if (next == 0) return visited;
            bucket = segment.Bucket(next);
            isStash = true;
        }
    }

    private static void PrefetchHome(DictSegment segment, int home)
    {
        if (home < segment.Homes) PrefetchElements(segment.Bucket(home));
    }

    private static void PrefetchElements(byte* bucket)
    {
        for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            CacheLine.Prefetch((void*)DictBucket.ElementOf(DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(taken))));
    }
}

using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// A hash table of pointers to native elements that carry their keys: extendible hashing, in the order of hashes.
/// <code>
/// DictHeader -> root array -> chunk of words -> segment: buckets of one cache line -> element
///              (by hash bits)  (by hash bits)            (by hash bits, then tag)
/// </code>
/// Small dicts skip the levels they do not need: one of up to seven elements is the header and one bucket. The table grows and
/// shrinks by one segment at a time, in microseconds, and costs some 11.5 bytes an element. See <see cref="DictBucket"/>,
/// <see cref="DictSegment"/>, <see cref="DictLadder"/>, <see cref="DictDirectory"/> and <see cref="DictScan"/> for the parts.
/// <para>
/// The caller passes the hash of the key, so that it is computed once a command, and owns the elements. A default value of the
/// header, or <see cref="Initialize"/>, makes an empty dict.
/// </para>
/// </summary>
internal readonly unsafe struct Dict<TLayout>(Heap heap, KeyedHash hasher, DictHeader* header)
    where TLayout : struct, IDictLayout
{
    private const int RandomTries = 16;

    public long Count => header->Count;

    /// <summary>Bytes of the tables, without the header and the elements.</summary>
    public long MemoryBytes => header->MemoryBytes;

    private DictDirectory Directory => new(heap, header);

    private DictResize<TLayout> Resize => new(heap, hasher, header);

    public static void Initialize(DictHeader* header) => *header = default;

    /// <summary>The element of this key, or 0.</summary>
    public nint Find(ulong hash, ReadOnlySpan<byte> key)
    {
        if (header->Top == 0) return 0;
        var segment = DictDirectory.Find(header, hash);
        var bucket = segment.HomeBucket(hash);
        var tag = DictBucket.TagOf(hash);
        var window = segment.WindowOf(hash);
        while (true)
        {
            for (var matches = DictBucket.Match(bucket, tag); matches != 0; matches &= matches - 1)
            {
                var slot = DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(matches));
                if (DictBucket.WindowOf(slot) != window) continue;
                var element = DictBucket.ElementOf(slot);
                if (TLayout.KeyOf(element).SequenceEqual(key)) return element;
            }

            int next = DictBucket.Overflow(bucket);
            if (next == 0) return 0;
            bucket = segment.Bucket(next);
        }
    }

    /// <summary>
    /// An element whose hash is this one as far as the table can tell, found without reading a key: nearly always the one that
    /// <see cref="Find"/> would return. 0 if there is none.
    /// </summary>
    public nint Guess(ulong hash)
    {
        if (header->Top == 0) return 0;
        var segment = DictDirectory.Find(header, hash);
        var bucket = segment.HomeBucket(hash);
        var tag = DictBucket.TagOf(hash);
        var window = segment.WindowOf(hash);
        while (true)
        {
            for (var matches = DictBucket.Match(bucket, tag); matches != 0; matches &= matches - 1)
            {
                var slot = DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(matches));
                if (DictBucket.WindowOf(slot) == window) return DictBucket.ElementOf(slot);
            }

            int next = DictBucket.Overflow(bucket);
            if (next == 0) return 0;
            bucket = segment.Bucket(next);
        }
    }

    /// <summary>Adds an element whose key is known to be absent.</summary>
    public void Insert(ulong hash, nint element)
    {
        if (header->Top == 0) Resize.CreateFirst();
        while (true)
        {
            var segment = DictDirectory.Find(header, hash);
            if (segment.TryInsert(hash, element))
            {
                Directory.AddToCount(hash, segment, 1);
                return;
            }

            Resize.Grow(hash);
        }
    }

    /// <summary>Takes the element of this key out and returns it; 0 if there is none.</summary>
    public nint Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        var element = Find(hash, key);
        if (element != 0) RemoveElement(hash, element);
        return element;
    }

    /// <summary>Takes this very element out.</summary>
    public bool RemoveElement(ulong hash, nint element)
    {
        if (!TryFindSlot(hash, element, out var segment, out var bucket, out var index)) return false;
        segment.RemoveAt(segment.HomeOf(hash), bucket, index);

        // Whether to shrink is looked at now and then only; an empty segment, though, is the last chance.
        var count = Directory.AddToCount(hash, segment, -1);
        if (DictLadder.IsShrinkDue(count)) Resize.Shrink(hash);
        return true;
    }

    /// <summary>Points the slot of an element that has moved to its new address.</summary>
    public bool Replace(ulong hash, nint oldElement, nint newElement)
    {
        if (!TryFindSlot(hash, oldElement, out var segment, out var bucket, out var index)) return false;
        DictBucket.SlotAt(bucket, index) = DictBucket.Slot(segment.WindowOf(hash), newElement);
        return true;
    }

    /// <summary>The first step ahead of a lookup: loads the home bucket.</summary>
    public void PrefetchBucket(ulong hash)
    {
        if (header->Top == 0) return;
        CacheLine.Prefetch(DictDirectory.Find(header, hash).HomeBucket(hash));
    }

    /// <summary>The second step: loads the element, or, if the home does not have it, the stash bucket that may.</summary>
    public void PrefetchElements(ulong hash)
    {
        if (header->Top == 0) return;
        var segment = DictDirectory.Find(header, hash);
        var bucket = segment.HomeBucket(hash);
        var window = segment.WindowOf(hash);
        for (var matches = DictBucket.Match(bucket, DictBucket.TagOf(hash)); matches != 0; matches &= matches - 1)
        {
            var slot = DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(matches));
            if (DictBucket.WindowOf(slot) != window) continue;
            var element = (byte*)DictBucket.ElementOf(slot);
            CacheLine.Prefetch(element);
            CacheLine.Prefetch(element + CacheLine.Bytes);
            return;
        }

        int next = DictBucket.Overflow(bucket);
        if (next != 0) CacheLine.Prefetch(segment.Bucket(next));
    }

    /// <summary>
    /// Visits the elements behind the cursor, bucket by bucket, until there were at least <paramref name="count"/>; a long stretch
    /// of empty buckets may end the call earlier. Returns the cursor of the next call, 0 at the end; the first call passes 0.
    /// Between calls the dict may change in any way: every element that is present all the time is visited.
    /// </summary>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor =>
        DictScan.Scan<TLayout, TVisitor>(header, hasher, cursor, count, ref visitor);

    /// <summary>An element by chance, fair within a segment and nearly so between segments; 0 if the dict is empty.</summary>
    public nint Random(RandomSource random)
    {
        if (header->Count == 0) return 0;
        var hash = random.NextUInt64();
        while (true)
        {
            var segment = DictDirectory.Find(header, hash);
            var count = Directory.CountOf(hash, segment);
            if (count != 0) return RandomOf(segment, count, random);

            // Going to the next segment instead of drawing again must come to an end even if nearly all are empty.
            hash += 1UL << (64 - segment.Depth);
        }
    }

    /// <summary>Visits every element, whose owner frees it there, and frees the tables. Returns how many there were.</summary>
    public long Clear<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IDictVisitor
    {
        var count = header->Count;
        ClearStep(ref visitor, int.MaxValue);
        return count;
    }

    /// <summary>
    /// Does the same for so many segments and returns true once the dict is empty. After the first step nothing but further
    /// steps is allowed until then.
    /// </summary>
    public bool ClearStep<TVisitor>(ref TVisitor visitor, int segments)
        where TVisitor : struct, IDictVisitor
    {
        for (; header->Top != 0 && segments > 0; segments--)
        {
            var segment = DictDirectory.Find(header, header->ClearPosition);
            header->Count -= DictScan.VisitAll(segment, ref visitor);
            Directory.FreeTable(segment.Block, segment.Bytes);
            if (segment.Depth != 0) header->ClearPosition += 1UL << (64 - segment.Depth);
            if (header->ClearPosition != 0) continue;

            Debug.Assert(header->Count == 0);
            Directory.Free();
            Debug.Assert(header->MemoryBytes == 0);
            Initialize(header);
        }

        return header->Top == 0;
    }

    /// <summary>Checks every invariant and throws if one does not hold.</summary>
    public void Verify() => DictVerifier<TLayout>.Verify(hasher, header);

    private static nint RandomOf(DictSegment segment, int count, RandomSource random)
    {
        for (var tries = 0; tries < RandomTries; tries++)
        {
            var pick = (int)random.NextInt64(segment.Buckets * DictBucket.Slots);
            var bucket = segment.Bucket(pick / DictBucket.Slots);
            if (bucket[pick % DictBucket.Slots] != 0) return DictBucket.ElementOf(DictBucket.SlotAt(bucket, pick % DictBucket.Slots));
        }

        var left = (int)random.NextInt64(count);
        for (var index = 0; ; index++)
        {
            var bucket = segment.Bucket(index);
            for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            {
                if (left-- == 0) return DictBucket.ElementOf(DictBucket.SlotAt(bucket, BitOperations.TrailingZeroCount(taken)));
            }
        }
    }

    private bool TryFindSlot(ulong hash, nint element, out DictSegment segment, out byte* bucket, out int index)
    {
        segment = default;
        bucket = null;
        index = 0;
        if (header->Top == 0) return false;
        segment = DictDirectory.Find(header, hash);
        bucket = segment.HomeBucket(hash);
        var tag = DictBucket.TagOf(hash);
        var wanted = DictBucket.Slot(segment.WindowOf(hash), element);
        while (true)
        {
            for (var matches = DictBucket.Match(bucket, tag); matches != 0; matches &= matches - 1)
            {
                index = BitOperations.TrailingZeroCount(matches);
                if (DictBucket.SlotAt(bucket, index) == wanted) return true;
            }

            int next = DictBucket.Overflow(bucket);
            if (next == 0) return false;
            bucket = segment.Bucket(next);
        }
    }
}

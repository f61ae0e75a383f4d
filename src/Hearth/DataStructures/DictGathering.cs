using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>
/// The slots and tags of a segment's elements on the stack, on their way into a segment of another size or depth. A dict that
/// grows moves each element about six times, so the loops here have no branch that depends on the data: a free slot is copied too
/// and then overwritten by the next, and an element that does not fit its home is written to a bucket that nobody reads. The
/// arrays must have room for <see cref="Capacity"/>.
/// <para>
/// A young server resizes seldom, and loops that the JIT still has to get around to would take a hundred microseconds; hence
/// the orders to optimize at once.
/// </para>
/// </summary>
internal unsafe struct DictGathering(ulong* slots, byte* tags, int depth, int age)
{
    /// <summary>The elements of a whole segment and the free slot that may follow them.</summary>
    public const int Capacity = DictLadder.MostElements + 1;

    public readonly ulong* Slots = slots;
    public readonly byte* Tags = tags;
    public readonly int Depth = depth;

    /// <summary>How many bits of the depth the windows include.</summary>
    public int Age = age;

    public int Count;

    /// <summary>Adds all elements of a segment, whose windows may start deeper than these; the hash is any of its range.</summary>
    public void Add(DictSegment segment, ulong hash)
    {
        var first = Count;
        Gather(segment);
        var shift = segment.BaseDepth - (Depth - Age);
        Debug.Assert(shift is >= 0 and <= DictBucket.WindowBits);
        if (shift == 0) return;

        // All of the segment agree in the bits that the windows lack at the front; those at the end are lost.
        var prefix = (hash << (Depth - Age)) >> (64 - shift) << (DictBucket.WindowBits - shift);
        for (var index = first; index < Count; index++)
        {
            var slot = Slots[index];
            Slots[index] = DictBucket.Slot(prefix | (DictBucket.WindowOf(slot) >> shift), DictBucket.ElementOf(slot));
        }
    }

    /// <summary>Deals the elements of a segment out by the first bit behind its prefix.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(DictSegment segment, ref DictGathering lower, ref DictGathering upper)
    {
        var slots = stackalloc ulong[Capacity];
        var tags = stackalloc byte[Capacity];
        var all = new DictGathering(slots, tags, segment.Depth, segment.Age);
        all.Gather(segment);

        var lowerSlots = lower.Slots;
        var lowerTags = lower.Tags;
        var upperSlots = upper.Slots;
        var upperTags = upper.Tags;
        var count = all.Count;
        var lowerCount = 0;
        var bitShift = 63 - segment.Age;
        for (var index = 0; index < count; index++)
        {
            var slot = slots[index];
            var tag = tags[index];
            var upperCount = index - lowerCount;
            lowerSlots[lowerCount] = slot;
            lowerTags[lowerCount] = tag;
            upperSlots[upperCount] = slot;
            upperTags[upperCount] = tag;
            lowerCount += (int)(~slot >> bitShift) & 1;
        }

        (lower.Count, upper.Count) = (lowerCount, count - lowerCount);
    }

    /// <summary>Fills a segment of the first step from this one on where they fit; default if there is none.</summary>
    public readonly DictSegment TryBuild(DictDirectory directory, int step, int lastStep)
    {
        for (; step <= lastStep; step++)
        {
            if (Count > DictLadder.Slots(step)) continue;

            var (homes, stash) = (DictLadder.Homes(step), DictLadder.Stash(step));
            var block = directory.AllocateTable((homes + stash) * DictBucket.Bytes);
            var segment = new DictSegment(block, homes, stash, Depth, Age);
            if (TryFill(segment)) return segment;
            directory.FreeTable(block, segment.Bytes);
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(DictSegment segment)
    {
        var slots = Slots;
        var tags = Tags;
        var count = Count;
        var end = segment.Bucket(segment.Buckets);
        for (var bucket = segment.Block; bucket < end; bucket += DictBucket.Bytes)
        {
            var bucketTags = *(ulong*)bucket;
            for (var index = 0; index < DictBucket.Slots; index++)
            {
                var tag = (byte)bucketTags;
                slots[count] = DictBucket.SlotAt(bucket, index);
                tags[count] = tag;
                count += tag != 0 ? 1 : 0;
                bucketTags >>= 8;
            }
        }

        Count = count;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool TryFill(DictSegment segment)
    {
        var counts = stackalloc byte[DictLadder.MostBuckets];
        var buckets = segment.Buckets;
        for (var index = 0; index < buckets; index++)
        {
            counts[index] = 0;
            DictBucket.Clear(segment.Bucket(index));
        }

        var spilled = stackalloc ushort[DictLadder.MostElements + 1];
        var spilledCount = 0;
        var unread = stackalloc byte[DictBucket.Bytes];
        var slots = Slots;
        var tags = Tags;
        var count = Count;
        var block = segment.Block;
        for (var index = 0; index < count; index++)
        {
            var slot = slots[index];
            var home = segment.HomeOfSlot(slot);
            var position = (long)counts[home];

            // All ones if the home has room, else zero.
            var fits = (position - DictBucket.Slots) >> 63;
            var bucket = (byte*)(((long)(block + home * DictBucket.Bytes) & fits) | ((long)unread & ~fits));
            bucket[position & fits] = tags[index];
            DictBucket.SlotAt(bucket, (int)(position & fits)) = slot;
            counts[home] = (byte)(position - fits);
            spilled[spilledCount] = (ushort)index;
            spilledCount += 1 + (int)fits;
        }

        // Where a sweep in the order of the hashes has emptied one side of a segment, all that is left crowds into the other homes.
        if (spilledCount > segment.Stash * DictBucket.Slots) return false;
        for (var index = 0; index < spilledCount; index++)
        {
            if (!TrySpill(segment, counts, spilled[index])) return false;
        }

        return true;
    }

    /// <summary>Does what <see cref="DictSegment.TryInsert"/> does for a full home, by counts instead of tags just written.</summary>
    private readonly bool TrySpill(DictSegment segment, byte* counts, int element)
    {
        var home = segment.HomeOfSlot(Slots[element]);
        var last = segment.Bucket(home);
        int index = DictBucket.Overflow(last);
        while (index != 0 && counts[index] == DictBucket.Slots)
        {
            last = segment.Bucket(index);
            index = DictBucket.Overflow(last);
        }

        if (index == 0)
        {
            // No stash bucket that leads on to another one has room yet, so none of those with room can close a ring.
            index = segment.FirstStashOf(home);
            for (var tries = segment.Stash; tries > 0 && counts[index] == DictBucket.Slots; tries--) index = segment.NextStash(index);
            if (segment.Stash == 0 || counts[index] == DictBucket.Slots) return false;
            DictBucket.Overflow(last) = (byte)index;
        }

        DictBucket.Put(segment.Bucket(index), counts[index]++, Tags[element], Slots[element]);
        return true;
    }
}

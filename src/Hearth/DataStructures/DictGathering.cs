using System.Diagnostics;
using System.Numerics;

namespace Hearth.DataStructures;

/// <summary>
/// The slots and tags of a segment's elements on the stack, on their way into a segment of another size or depth. The spans must
/// hold <see cref="DictLadder.MostElements"/>.
/// </summary>
internal unsafe ref struct DictGathering(Span<ulong> slots, Span<byte> tags, int depth, int age)
{
    public readonly Span<ulong> Slots = slots;
    public readonly Span<byte> Tags = tags;
    public readonly int Depth = depth;

    /// <summary>How many bits of the depth the windows include.</summary>
    public int Age = age;

    public int Count;

    /// <summary>Adds all elements of a segment, whose windows may start deeper than these; the hash is any of its range.</summary>
    public void Add(DictSegment segment, ulong hash)
    {
        var shift = segment.BaseDepth - (Depth - Age);
        Debug.Assert(shift is >= 0 and <= DictBucket.WindowBits);

        // All of the segment agree in the bits that the windows lack at the front; those at the end are lost.
        var prefix = ((hash << (Depth - Age)) >> (64 - DictBucket.WindowBits)) >> (DictBucket.WindowBits - shift);
        for (var index = 0; index < segment.Buckets; index++)
        {
            var bucket = segment.Bucket(index);
            for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            {
                var position = BitOperations.TrailingZeroCount(taken);
                var slot = DictBucket.SlotAt(bucket, position);
                if (shift != 0)
                {
                    var window = (prefix << (DictBucket.WindowBits - shift)) | (DictBucket.WindowOf(slot) >> shift);
                    slot = DictBucket.Slot(window, DictBucket.ElementOf(slot));
                }

                Slots[Count] = slot;
                Tags[Count++] = bucket[position];
            }
        }
    }

    /// <summary>Deals the elements of a segment out by the first bit behind its prefix.</summary>
    public static void Split(DictSegment segment, ref DictGathering lower, ref DictGathering upper)
    {
        var bitShift = 63 - segment.Age;
        for (var index = 0; index < segment.Buckets; index++)
        {
            var bucket = segment.Bucket(index);
            for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
            {
                // The bit is random: writing to both sides and keeping one is faster than a branch that fails half the time.
                var position = BitOperations.TrailingZeroCount(taken);
                var slot = DictBucket.SlotAt(bucket, position);
                var bit = (int)(slot >> bitShift) & 1;
                lower.Slots[lower.Count] = upper.Slots[upper.Count] = slot;
                lower.Tags[lower.Count] = upper.Tags[upper.Count] = bucket[position];
                lower.Count += 1 - bit;
                upper.Count += bit;
            }
        }
    }

    /// <summary>Fills a segment of this step; default if they do not all fit.</summary>
    public readonly DictSegment TryBuild(DictDirectory directory, int step)
    {
        if (Count > DictLadder.Slots(step)) return default;

        var (homes, stash) = (DictLadder.Homes(step), DictLadder.Stash(step));
        var block = directory.AllocateTable((homes + stash) * DictBucket.Bytes);
        var segment = new DictSegment(block, homes, stash, Depth, Age);
        for (var index = 0; index < segment.Buckets; index++) DictBucket.Clear(segment.Bucket(index));

        Span<byte> counts = stackalloc byte[DictLadder.MostBuckets];
        counts.Clear();
        for (var index = 0; index < Count; index++)
        {
            var home = segment.HomeOfSlot(Slots[index]);
            var position = counts[home];
            if (position < DictBucket.Slots)
            {
                counts[home]++;
                DictBucket.Put(segment.Bucket(home), position, Tags[index], Slots[index]);
            }
            else if (!segment.TryInsertInStash(home, Tags[index], Slots[index]))
            {
                directory.FreeTable(block, segment.Bytes);
                return default;
            }
        }

        return segment;
    }

    /// <summary>Fills a segment of the first step from this one on where they fit; default if there is none.</summary>
    public readonly DictSegment TryBuild(DictDirectory directory, int step, int lastStep)
    {
        for (; step <= lastStep; step++)
        {
            var segment = TryBuild(directory, step);
            if (segment.Word != 0) return segment;
        }

        return default;
    }
}

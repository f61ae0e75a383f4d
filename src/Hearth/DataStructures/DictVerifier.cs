using System.Numerics;
using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>Checks a <see cref="Dict{TLayout}"/> from the directory down to every slot.</summary>
internal static unsafe class DictVerifier<TLayout>
    where TLayout : struct, IDictLayout
{
    public static void Verify(KeyedHash hasher, DictHeader* header)
    {
        if (header->Top == 0)
        {
            Check(header->Count == 0 && header->MemoryBytes == 0 && header->Levels == 0, "an empty dict has no tables");
            return;
        }

        Check(header->ClearPosition == 0, "no lazy free is under way");
        var (count, bytes, hash) = (0L, VerifyRoot(header), 0UL);
        do
        {
            var segment = DictDirectory.Find(header, hash);
            Check(hash << segment.Depth == 0, "a segment begins at its prefix");
            count += VerifySegment(hasher, segment, hash);
            bytes += Heap.UsableSize(segment.Bytes);
            if (segment.Depth != 0) hash += 1UL << (64 - segment.Depth);
        }
        while (hash != 0);

        Check(count == header->Count, $"the count is {header->Count} and there are {count} elements");
        Check(bytes == header->MemoryBytes, $"the tables count {header->MemoryBytes} bytes and have {bytes}");
    }

    private static long VerifyRoot(DictHeader* header)
    {
        if (header->Levels == 0) return 0;
        if (header->Levels == 1) return VerifyChunk(new DictChunk(header->Top), 0);

        var bytes = Heap.UsableSize(sizeof(ulong) << header->RootBits);
        var root = (ulong*)header->Top;
        var isDeepest = false;
        for (var index = 0; index < 1 << header->RootBits;)
        {
            var chunk = new DictChunk(root[index]);
            var length = 1 << (header->RootBits - chunk.Prefix);
            Check(chunk.Prefix <= header->RootBits && index % length == 0, "a chunk stands at its prefix");
            Check(new ReadOnlySpan<ulong>(root + index, length).IndexOfAnyExcept(chunk.Word) < 0, "a chunk fills its range of the root");
            isDeepest |= chunk.Prefix == header->RootBits;
            bytes += VerifyChunk(chunk, (ulong)index << (64 - header->RootBits));
            index += length;
        }

        Check(isDeepest, "the root is no finer than its chunks need");
        return bytes;
    }

    private static long VerifyChunk(DictChunk chunk, ulong hash)
    {
        for (var index = 0; index < chunk.Length;)
        {
            var segment = new DictSegment(chunk.Words[index]);
            Check(segment.Depth >= chunk.Prefix && segment.Depth <= chunk.Depth, "a segment's depth lies within its chunk's");
            var length = 1 << (chunk.Depth - segment.Depth);
            Check(index % length == 0, "a segment stands at its prefix");
            Check(new ReadOnlySpan<ulong>(chunk.Words + index, length).IndexOfAnyExcept(segment.Word) < 0, "a segment fills its range");
            Check(chunk.Counts[index] == segment.CountElements(), "a segment's count is right");
            Check(chunk.IndexOf(hash) == index, "the index follows the hash");
            hash += 1UL << (64 - segment.Depth);
            index += length;
        }

        return Heap.UsableSize(DictChunk.BytesOf(chunk.Bits));
    }

    [SkipLocalsInit]
    private static int VerifySegment(KeyedHash hasher, DictSegment segment, ulong prefix)
    {
        // A stash element is found from exactly one home; counting those found against all finds the lost ones.
        var (all, found) = (segment.CountElements(), 0);
        Span<ulong> hashes = stackalloc ulong[DictLadder.MostElements];
        Span<nint> elements = stackalloc nint[DictLadder.MostElements];
        for (var home = 0; home < segment.Homes; home++)
        {
            var first = found;
            var bucket = segment.Bucket(home);
            var steps = 0;
            while (true)
            {
                for (var taken = DictBucket.Taken(bucket); taken != 0; taken &= taken - 1)
                {
                    var index = BitOperations.TrailingZeroCount(taken);
                    var slot = DictBucket.SlotAt(bucket, index);
                    if (steps > 0 && segment.HomeOfSlot(slot) != home) continue;
                    elements[found] = DictBucket.ElementOf(slot);
                    hashes[found] = VerifySlot(hasher, segment, prefix, home, bucket[index], slot);
                    found++;
                }

                if (steps > 0) Check(DictBucket.Taken(bucket) != 0, "no stash bucket in a chain is empty");
                var next = DictBucket.Overflow(bucket);
                if (next == 0) break;
                Check(next >= segment.Homes && next < segment.Buckets, "overflow goes to the stash");
                Check(++steps <= segment.Stash, "chains are no rings");
                bucket = segment.Bucket(next);
            }

            var hasOverflow = DictBucket.Overflow(segment.Bucket(home)) != 0;
            Check(!hasOverflow || found - first > DictBucket.Slots, "overflow is set only while the stash has elements of the home");
            Check(!hasOverflow || DictBucket.Free(segment.Bucket(home)) == 0, "a home that overflows is full");
            VerifyUnique(hashes[first..found], elements[first..found]);
        }

        Check(all == found, $"all {all} elements of a segment are found from their homes, not {found}");
        return all;
    }

    private static ulong VerifySlot(KeyedHash hasher, DictSegment segment, ulong prefix, int home, byte tag, ulong slot)
    {
        var hash = TLayout.HashOf(hasher, TLayout.KeyOf(DictBucket.ElementOf(slot)));
        Check(segment.Depth == 0 || (hash ^ prefix) >> (64 - segment.Depth) == 0, "an element is in the segment of its hash");
        Check(segment.HomeOf(hash) == home && segment.HomeOfSlot(slot) == home, "an element is in its home");
        Check(segment.WindowOf(hash) == DictBucket.WindowOf(slot), "a slot has the bits of its hash");
        Check(tag == DictBucket.TagOf(hash), "a tag is that of the hash");
        return hash;
    }

    private static void VerifyUnique(ReadOnlySpan<ulong> hashes, ReadOnlySpan<nint> elements)
    {
        for (var one = 0; one < elements.Length; one++)
        {
            for (var other = one + 1; other < elements.Length; other++)
            {
                if (hashes[one] != hashes[other]) continue;
                Check(!TLayout.KeyOf(elements[one]).SequenceEqual(TLayout.KeyOf(elements[other])), "no key is there twice");
            }
        }
    }

    private static void Check(bool condition, string rule)
    {
        if (!condition) throw new InvalidOperationException($"Dict: broken is the rule that {rule}.");
    }
}

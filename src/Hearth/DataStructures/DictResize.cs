using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// How a <see cref="Dict{TLayout}"/> grows and shrinks: one segment at a time. A full segment climbs the ladder and then splits;
/// one that empties steps down and then merges with its buddy. Both move slots by the hash bits they carry. Only a split that
/// has used these up, every ninth of a segment, reads its keys.
/// </summary>
internal readonly unsafe struct DictResize<TLayout>(Heap heap, KeyedHash hasher, DictHeader* header)
    where TLayout : struct, IDictLayout
{
    private const int PrefetchDistance = 16;

    private readonly DictDirectory _directory = new(heap, header);

    public void CreateFirst()
    {
        var block = _directory.AllocateTable(DictBucket.Bytes);
        DictBucket.Clear(block);
        header->Top = new DictSegment(block, homes: 1, stash: 0, depth: 0, age: 0).Word;
    }

    /// <summary>Makes room around a hash whose segment is full.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Grow(ulong hash)
    {
        var segment = DictDirectory.Find(header, hash);
        var step = DictLadder.StepOf(segment.Buckets);
        if (step < DictLadder.Last && TryResize(hash, segment, step + 1, DictLadder.Last)) return;

        // A good hash fills segments evenly, so that they split at about the same depth. One that is far deeper than the number
        // of elements explains is full of near equal hashes: splitting on would blow up the directory.
        var isEven = 1L << segment.Depth <= header->Count / 16;
        if (!isEven && step < DictLadder.Oversize && TryResize(hash, segment, DictLadder.Oversize, DictLadder.Oversize)) return;
        if (segment.Depth == DictSegment.MaxDepth) throw new InvalidOperationException("A dict is full of equal hashes.");
        Split(hash, segment);
    }

    /// <summary>Gives room back around a hash whose segment has lost elements.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Shrink(ulong hash)
    {
        while (TryMerge(hash))
        {
        }

        if (header->Count == 0)
        {
            FreeEmptyTables();
            return;
        }

        var segment = DictDirectory.Find(header, hash);
        var count = _directory.CountOf(hash, segment);
        var step = DictLadder.StepOf(segment.Buckets);
        if (count <= DictLadder.ShrinkBelow(step)) TryResize(hash, segment, DictLadder.StepFor(count), Math.Min(step, DictLadder.Oversize) - 1);
    }

    [SkipLocalsInit]
    private bool TryResize(ulong hash, DictSegment segment, int step, int lastStep)
    {
        var slots = stackalloc ulong[DictGathering.Capacity];
        var tags = stackalloc byte[DictGathering.Capacity];
        var gathering = new DictGathering(slots, tags, segment.Depth, segment.Age);
        gathering.Add(segment, hash);
        var resized = gathering.TryBuild(_directory, step, lastStep);
        if (resized.Word == 0) return false;

        _directory.SetSegment(hash, resized, gathering.Count);
        _directory.FreeTable(segment.Block, segment.Bytes);
        return true;
    }

    [SkipLocalsInit]
    private void Split(ulong hash, DictSegment segment)
    {
        var depth = segment.Depth + 1;
        _directory.EnsureDepth(hash, depth);
        var slots = stackalloc ulong[2 * DictGathering.Capacity];
        var tags = stackalloc byte[2 * DictGathering.Capacity];
        var lower = new DictGathering(slots, tags, depth, segment.Age + 1);
        var upper = new DictGathering(slots + DictGathering.Capacity, tags + DictGathering.Capacity, depth, segment.Age + 1);
        DictGathering.Split(segment, ref lower, ref upper);
        if (segment.Age == DictSegment.MaxAge)
        {
            RefillWindows(ref lower);
            RefillWindows(ref upper);
        }

        var lowerSegment = lower.TryBuild(_directory, DictLadder.StepForSplit(lower.Count), DictLadder.Oversize);
        var upperSegment = upper.TryBuild(_directory, DictLadder.StepForSplit(upper.Count), DictLadder.Oversize);
        if (lowerSegment.Word == 0 || upperSegment.Word == 0)
            throw new InvalidOperationException("A dict is full of nearly equal hashes.");

        var bit = 1UL << (64 - depth);
        _directory.SetSegment(hash & ~bit, lowerSegment, lower.Count);
        _directory.SetSegment(hash | bit, upperSegment, upper.Count);
        _directory.FreeTable(segment.Block, segment.Bytes);
    }

    /// <summary>Takes the windows from the keys again, starting behind the whole depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RefillWindows(ref DictGathering gathering)
    {
        for (var index = 0; index < gathering.Count; index++)
        {
            if (index + PrefetchDistance < gathering.Count)
            {
                var ahead = (byte*)DictBucket.ElementOf(gathering.Slots[index + PrefetchDistance]);
                CacheLine.Prefetch(ahead);
                CacheLine.Prefetch(ahead + CacheLine.Bytes);
            }

            var element = DictBucket.ElementOf(gathering.Slots[index]);
            var window = (TLayout.HashOf(hasher, TLayout.KeyOf(element)) << gathering.Depth) >> DictBucket.AddressBits;
            gathering.Slots[index] = DictBucket.Slot(window, element);
        }

        gathering.Age = 0;
    }

    [SkipLocalsInit]
    private bool TryMerge(ulong hash)
    {
        var segment = DictDirectory.Find(header, hash);
        if (!_directory.TryFindBuddy(hash, segment, out var buddy, out var buddyCount)) return false;
        if (_directory.CountOf(hash, segment) + buddyCount > DictLadder.MergeBelow) return false;

        // The windows of both must start at the same bit; cutting them at the end is possible, going deeper is not.
        var depth = segment.Depth - 1;
        var baseDepth = Math.Min(depth, Math.Min(segment.BaseDepth, buddy.BaseDepth));
        var slots = stackalloc ulong[DictGathering.Capacity];
        var tags = stackalloc byte[DictGathering.Capacity];
        var gathering = new DictGathering(slots, tags, depth, depth - baseDepth);
        gathering.Add(segment, hash);
        gathering.Add(buddy, hash ^ (1UL << (63 - depth)));
        var merged = gathering.TryBuild(_directory, DictLadder.StepFor(gathering.Count), DictLadder.Last);
        if (merged.Word == 0) return false;

        _directory.SetSegment(hash, merged, gathering.Count);
        _directory.FreeTable(segment.Block, segment.Bytes);
        _directory.FreeTable(buddy.Block, buddy.Bytes);
        _directory.Shrink(hash);
        return true;
    }

    private void FreeEmptyTables()
    {
        var position = 0UL;
        do
        {
            var segment = DictDirectory.Find(header, position);
            position += segment.Depth == 0 ? 0 : 1UL << (64 - segment.Depth);
            _directory.FreeTable(segment.Block, segment.Bytes);
        }
        while (position != 0);

        _directory.Free();
        *header = default;
    }
}

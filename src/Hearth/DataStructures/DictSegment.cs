using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>
/// A segment of a <see cref="Dict{TLayout}"/>: all elements whose hashes share their first <see cref="Depth"/> bits. Its block is
/// an array of buckets, first the homes, in hash order, then the stash. It has no header: all there is to know fits the
/// word that the directory holds, so a lookup goes from the directory straight to the bucket.
/// <code>
/// | depth: 6 | age: 4 | homes: 7 | address: 41 bits (47 less the 6 that are zero) | stash: 6 |
/// </code>
/// The 12 bits of the hash behind the first <c>depth</c> choose the home: position × homes / 4096. An element that finds its home
/// full goes to the stash bucket that the home's overflow byte names, or on along the chain of overflow bytes; chains of several
/// homes may run into each other. <c>age</c> says how many bits of the slots' windows splits have used up; at 8, a further split must
/// read the keys to fill the windows again.
/// <para>
/// Invariants: the overflow byte of a home is set only while its chain holds an element of this home, and then the home itself is
/// full. No stash bucket that a chain leads to is empty.
/// </para>
/// </summary>
internal readonly unsafe struct DictSegment(ulong word)
{
    public const int PositionBits = 12;
    public const int MaxAge = DictBucket.WindowBits - PositionBits;

    /// <summary>Positions must fit into the 48 bits of a cursor.</summary>
    public const int MaxDepth = 48 - PositionBits;

    private const int DepthShift = 58;
    private const int AgeShift = 54;
    private const int HomesShift = 47;
    private const ulong AddressMask = 0x7FFF_FFFF_FFC0;

    public readonly ulong Word = word;

    public DictSegment(byte* block, int homes, int stash, int depth, int age)
        : this((ulong)block | (uint)stash | ((ulong)homes << HomesShift) | ((ulong)age << AgeShift) | ((ulong)depth << DepthShift))
    {
        Debug.Assert(((ulong)block & ~AddressMask) == 0 && homes is > 0 and < 128 && stash is >= 0 and < 64);
        Debug.Assert(depth is >= 0 and <= MaxDepth && age is >= 0 and <= MaxAge && age <= depth);
    }

    public byte* Block => (byte*)(Word & AddressMask);

    public int Depth => (int)(Word >> DepthShift);

    public int Age => (int)(Word >> AgeShift) & 15;

    public int BaseDepth => Depth - Age;

    public int Homes => (int)(Word >> HomesShift) & 127;

    public int Stash => (int)Word & 63;

    public int Buckets => Homes + Stash;

    public long Bytes => (long)Buckets * DictBucket.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Bucket(int index) => Block + index * DictBucket.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* HomeBucket(ulong hash) => Bucket(HomeOf(hash));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int HomeOf(ulong hash) => (int)((((hash << Depth) >> (64 - PositionBits)) * (uint)Homes) >> PositionBits);

    /// <summary>The bits of the hash that a slot of this segment keeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong WindowOf(ulong hash) => (hash << BaseDepth) >> DictBucket.AddressBits;

    public int HomeOfSlot(ulong slot)
    {
        var position = (DictBucket.WindowOf(slot) >> (MaxAge - Age)) & ((1u << PositionBits) - 1);
        return (int)((position * (uint)Homes) >> PositionBits);
    }

    /// <summary>The first of the 4096 positions that belongs to this home.</summary>
    public uint FirstPosition(int home) => (uint)(((home << PositionBits) + Homes - 1) / Homes);

    /// <summary>Puts an element into its home or the stash; false if there is no room.</summary>
    public bool TryInsert(ulong hash, nint element)
    {
        var home = HomeOf(hash);
        var bucket = Bucket(home);
        var slot = DictBucket.Slot(WindowOf(hash), element);
        var free = DictBucket.Free(bucket);
        if (free == 0) return TryInsertInStash(home, DictBucket.TagOf(hash), slot);
        DictBucket.Put(bucket, BitOperations.TrailingZeroCount(free), DictBucket.TagOf(hash), slot);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryInsertInStash(int home, byte tag, ulong slot)
    {
        var last = Bucket(home);
        while (DictBucket.Overflow(last) != 0)
        {
            last = Bucket(DictBucket.Overflow(last));
            var free = DictBucket.Free(last);
            if (free == 0) continue;
            DictBucket.Put(last, BitOperations.TrailingZeroCount(free), tag, slot);
            return true;
        }

        var index = FindStash(home, last);
        if (index == 0) return false;
        var stash = Bucket(index);
        DictBucket.Put(stash, BitOperations.TrailingZeroCount(DictBucket.Free(stash)), tag, slot);
        DictBucket.Overflow(last) = (byte)index;
        return true;
    }

    /// <summary>Frees a slot of an element of this home, and moves one of its elements from the stash back into the home.</summary>
    public void RemoveAt(int home, byte* bucket, int index)
    {
        bucket[index] = 0;
        var homeBucket = Bucket(home);
        if (DictBucket.Overflow(homeBucket) == 0) return;

        var remain = 0;
        var hole = bucket == homeBucket ? -1 : 0;
        for (var next = DictBucket.Overflow(homeBucket); next != 0; next = DictBucket.Overflow(Bucket(next)))
        {
            var stash = Bucket(next);
            for (var taken = DictBucket.Taken(stash); taken != 0; taken &= taken - 1)
            {
                var candidate = BitOperations.TrailingZeroCount(taken);
                if (HomeOfSlot(DictBucket.SlotAt(stash, candidate)) != home) continue;
                if (hole >= 0)
                {
                    remain++;
                    continue;
                }

                DictBucket.Put(homeBucket, index, stash[candidate], DictBucket.SlotAt(stash, candidate));
                stash[candidate] = 0;
                hole = next;
                bucket = stash;
            }
        }

        if (remain == 0) DictBucket.Overflow(homeBucket) = 0;
        if (DictBucket.Count(bucket) == 0) Unlink((int)((bucket - Block) / DictBucket.Bytes));
    }

    /// <summary>Where the search for a stash bucket starts: neighbours share one, and all get their turn.</summary>
    public int FirstStashOf(int home) => Homes + home * Stash / Homes;

    public int NextStash(int index) => index + 1 == Buckets ? Homes : index + 1;

    public int CountElements()
    {
        var count = 0;
        for (var index = 0; index < Buckets; index++) count += DictBucket.Count(Bucket(index));
        return count;
    }

    /// <summary>
    /// A stash bucket that the chain may go on with behind its last bucket, or 0. Only one that leads nowhere is taken, so that
    /// no chain becomes a ring.
    /// </summary>
    private int FindStash(int home, byte* last)
    {
        var index = FirstStashOf(home);
        for (var tries = Stash; tries > 0; tries--)
        {
            var bucket = Bucket(index);
            if (DictBucket.Overflow(bucket) == 0 && bucket != last && DictBucket.Free(bucket) != 0) return index;
            index = NextStash(index);
        }

        return 0;
    }

    /// <summary>Takes an empty stash bucket out of all chains.</summary>
    private void Unlink(int stash)
    {
        Debug.Assert(stash >= Homes);
        var next = DictBucket.Overflow(Bucket(stash));
        DictBucket.Overflow(Bucket(stash)) = 0;
        for (var index = 0; index < Buckets; index++)
        {
            ref var overflow = ref DictBucket.Overflow(Bucket(index));
            if (overflow == stash) overflow = next;
        }
    }
}

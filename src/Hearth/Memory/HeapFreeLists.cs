using System.Numerics;
using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// Free stretches by size: sixteen lists to each doubling, from 64 bytes to 16 MiB, and a bit for each list that has one. So a stretch that
/// is long enough, and hardly longer than it must be, is found in a few steps.
/// </summary>
internal unsafe struct HeapFreeLists
{
    private const int SmallestLog = 6;
    private const int LargestLog = 24;
    private const int ListBits = 4;
    private const int ListCount = (LargestLog - SmallestLog + 1) << ListBits;
    private const int WordCount = (ListCount + 63) / 64;

    /// <summary>How many stretches of about the size are looked at before a longer one is taken for certain.</summary>
    private const int TriesMax = 8;

    private fixed ulong _taken[WordCount];
    private fixed long _first[ListCount];

    public static HeapFreeLists* Create() => (HeapFreeLists*)NativeMemory.AllocZeroed((nuint)sizeof(HeapFreeLists));

    public void Add(HeapMediumHeader* header)
    {
        var list = ListOf(header->Size);
        var next = (HeapMediumHeader*)_first[list];
        header->PreviousFree = null;
        header->NextFree = next;
        if (next != null) next->PreviousFree = header;
        _first[list] = (long)header;
        _taken[list >> 6] |= 1UL << (list & 63);
    }

    public void Remove(HeapMediumHeader* header)
    {
        if (header->NextFree != null) header->NextFree->PreviousFree = header->PreviousFree;
        if (header->PreviousFree != null)
        {
            header->PreviousFree->NextFree = header->NextFree;
            return;
        }

        var list = ListOf(header->Size);
        _first[list] = (long)header->NextFree;
        if (header->NextFree == null) _taken[list >> 6] &= ~(1UL << (list & 63));
    }

    /// <summary>A stretch of at least so many bytes, or null. It stays in its list.</summary>
    public readonly HeapMediumHeader* Find(long size)
    {
        var list = ListOf(size);
        var header = (HeapMediumHeader*)_first[list];
        for (var tries = 0; header != null && tries < TriesMax; header = header->NextFree, tries++)
        {
            if (header->Size >= size) return header;
        }

        // Every stretch of a higher list is long enough.
        var word = ++list >> 6;
        if (word == WordCount) return null;
        var taken = _taken[word] & (~0UL << (list & 63));
        while (taken == 0)
        {
            if (++word == WordCount) return null;
            taken = _taken[word];
        }

        return (HeapMediumHeader*)_first[(word << 6) + BitOperations.TrailingZeroCount(taken)];
    }

    public readonly bool Contains(HeapMediumHeader* wanted)
    {
        var header = (HeapMediumHeader*)_first[ListOf(wanted->Size)];
        while (header != null && header != wanted) header = header->NextFree;
        return header != null;
    }

    private static int ListOf(long size)
    {
        var log = BitOperations.Log2((ulong)size);
        return ((log - SmallestLog) << ListBits) + (int)((size >> (log - ListBits)) & ((1 << ListBits) - 1));
    }
}

using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>A member with its score as a number that sorts like it, 16 bytes.</summary>
internal struct ScoredKey
{
    public ulong Key;
    public nint Member;

    /// <summary>Negative scores come out reversed, so their bits are turned over; both zeros are one.</summary>
    public static ulong KeyOf(double score)
    {
        var bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        return bits ^ ((ulong)((long)bits >> 63) | 0x8000_0000_0000_0000);
    }
}

/// <summary>
/// Sorts members by score and then by their bytes, as a <see cref="ScoreTree"/> orders them. Scores are sorted byte by byte without
/// comparing any (bytes that are the same in all are left out); only runs of equal scores are then merge-sorted by members.
/// </summary>
internal static unsafe class ScoreSort
{
    private const int Digits = 8;
    private const int Values = 256;
    private const int ShortRun = 16;

    /// <summary>Sorts the items; the scratch has room for as many.</summary>
    public static void Sort(ScoredKey* items, ScoredKey* scratch, int count)
    {
        if (count <= 2 * ShortRun)
        {
            SortShort(items, 0, count);
            return;
        }

        var sorted = SortByKey(items, scratch, count);
        if (sorted != items) new ReadOnlySpan<ScoredKey>(sorted, count).CopyTo(new Span<ScoredKey>(items, count));
        for (var start = 0; start < count;)
        {
            var end = start + 1;
            while (end < count && items[end].Key == items[start].Key) end++;
            if (end - start > 1) SortByMember(items + start, scratch, end - start);
            start = end;
        }
    }

    [SkipLocalsInit]
    private static ScoredKey* SortByKey(ScoredKey* items, ScoredKey* scratch, int count)
    {
        var counts = stackalloc int[Digits * Values];
        new Span<int>(counts, Digits * Values).Clear();
        for (var index = 0; index < count; index++)
        {
            var key = items[index].Key;
            for (var digit = 0; digit < Digits; digit++, key >>= 8) counts[(digit * Values) + (byte)key]++;
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            var digitCounts = counts + (digit * Values);
            var shift = digit * 8;
            if (digitCounts[(byte)(items[0].Key >> shift)] == count) continue;
            var place = 0;
            for (var value = 0; value < Values; value++) (digitCounts[value], place) = (place, place + digitCounts[value]);
            for (var index = 0; index < count; index++) scratch[digitCounts[(byte)(items[index].Key >> shift)]++] = items[index];
            var swapped = items;
            items = scratch;
            scratch = swapped;
        }

        return items;
    }

    /// <summary>From below upwards: short runs by insertion, then two runs at a time into the other array.</summary>
    private static void SortByMember(ScoredKey* items, ScoredKey* scratch, int count)
    {
        for (var start = 0; start < count; start += ShortRun) SortShort(items, start, Math.Min(start + ShortRun, count));
        var (from, to) = ((nint)items, (nint)scratch);
        for (var width = ShortRun; width < count; width *= 2)
        {
            for (var start = 0; start < count; start += 2 * width)
            {
                Merge((ScoredKey*)from, (ScoredKey*)to, start, Math.Min(start + width, count), Math.Min(start + (2 * width), count));
            }

            (from, to) = (to, from);
        }

        if (from != (nint)items) new ReadOnlySpan<ScoredKey>((void*)from, count).CopyTo(new Span<ScoredKey>(items, count));
    }

    private static void Merge(ScoredKey* from, ScoredKey* to, int start, int middle, int end)
    {
        var (left, right) = (start, middle);
        for (var index = start; index < end; index++)
        {
            var takesLeft = right == end || (left < middle && !IsAbove(from[left], from[right]));
            to[index] = takesLeft ? from[left++] : from[right++];
        }
    }

    private static void SortShort(ScoredKey* items, int start, int end)
    {
        for (var index = start + 1; index < end; index++)
        {
            var item = items[index];
            var place = index;
            for (; place > start && IsAbove(items[place - 1], item); place--) items[place] = items[place - 1];
            items[place] = item;
        }
    }

    private static bool IsAbove(in ScoredKey one, in ScoredKey other) => one.Key != other.Key
        ? one.Key > other.Key
        : ScoredMember.BytesOf(one.Member).SequenceCompareTo(ScoredMember.BytesOf(other.Member)) > 0;
}

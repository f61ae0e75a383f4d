using System.Numerics;

namespace Hearth.DataStructures;

/// <summary>
/// The sizes a segment can have. It starts with one bucket, climbs step by step as it fills up, and splits when the last regular
/// step is full. Each step but the smallest keeps an eighth or so of its buckets as stash: less stash would fill up earlier and
/// so cost memory, more would send more lookups to a second cache line. All sizes in bytes are size classes of the heap.
/// </summary>
internal static class DictLadder
{
    /// <summary>The largest regular step.</summary>
    public const int Last = 9;

    /// <summary>
    /// Stands beyond the regular steps for segments that cannot split usefully, because most of their elements agree in many
    /// more hash bits than a good hash allows.
    /// </summary>
    public const int Oversize = 10;

    /// <summary>The most elements a segment can hold.</summary>
    public const int MostElements = (127 + 63) * DictBucket.Slots;

    /// <summary>The most buckets, one for each value of a byte that names them.</summary>
    public const int MostBuckets = 127 + 63;

    /// <summary>Buddies merge when they hold no more than this together: two thirds of what makes a segment split.</summary>
    public const int MergeBelow = 440;

    private static ReadOnlySpan<byte> HomeCounts => [1, 1, 3, 6, 13, 27, 48, 62, 76, 90, 127];

    private static ReadOnlySpan<byte> StashCounts => [0, 1, 1, 2, 3, 5, 8, 10, 12, 14, 63];

    public static int Homes(int step) => HomeCounts[step];

    public static int Stash(int step) => StashCounts[step];

    public static int Slots(int step) => (HomeCounts[step] + StashCounts[step]) * DictBucket.Slots;

    public static int StepOf(int buckets)
    {
        var step = 0;
        while (HomeCounts[step] + StashCounts[step] < buckets) step++;
        return step;
    }

    /// <summary>The step for a segment that has shrunk to so many elements, with room to grow again.</summary>
    public static int StepFor(int count) => StepFor(count, 12);

    /// <summary>The step for half of a segment that was full: the more is in use, the better.</summary>
    public static int StepForSplit(int count) => StepFor(count, 15);

    /// <summary>A segment that holds no more than this steps down. It lies well under what makes the next smaller step full.</summary>
    public static int ShrinkBelow(int step) => step == 0 ? -1 : Slots(Math.Min(step - 1, Last)) * 5 / 8;

    /// <summary>
    /// Whether a segment that has just lost an element looks for a smaller table: when it is empty and four times while it halves (every
    /// eighth element, when there are few), since an attempt that fails has looked at every element.
    /// </summary>
    public static bool IsShrinkDue(int count) => (count & (Math.Max(8, (int)BitOperations.RoundUpToPowerOf2((uint)count + 1) / 8) - 1)) == 0;

    private static int StepFor(int count, int usedSixteenths)
    {
        var step = 0;
        while (step < Last && count > Slots(step) * usedSixteenths / 16) step++;
        return step;
    }
}

using System.Diagnostics;

namespace Hearth.Memory;

/// <summary>Finds blocks that nobody has freed when a heap ends. Debug builds only: there the heap knows its live blocks.</summary>
internal static class LeakCheck
{
    [Conditional("DEBUG")]
    public static void Assert(Heap heap)
    {
        if (heap.LiveBlocks == 0) return;
        throw new InvalidOperationException($"The {heap.Name} heap ends with {heap.LiveBlocks} live blocks: {Describe(heap)}.");
    }

    private static string Describe(Heap heap)
    {
#if DEBUG
        return string.Join(", ", heap.LiveBlockList().Take(10).Select(block => $"{block.Size} bytes"));
#else
        return $"{heap.UsedBytes} bytes";
#endif
    }
}

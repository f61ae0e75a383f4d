using System.Diagnostics;

namespace Hearth.Memory;

/// <summary>Finds blocks that nobody has freed when a heap ends; Debug builds name them.</summary>
internal static class LeakCheck
{
    [Conditional("DEBUG")]
    public static void Assert(Heap heap)
    {
        if (heap.LiveBlocks == 0) return;
        var blocks = string.Join(", ", heap.LiveBlockList().Take(10).Select(block => $"{block.Size} bytes"));
        throw new InvalidOperationException($"The {heap.Name} heap ends with {heap.LiveBlocks} live blocks: {blocks}.");
    }
}

namespace Hearth.Memory;

/// <summary>The memory of a heap that was emptied all at once, until it is given back.</summary>
internal sealed class HeapRemains(HeapRegionList regions, HeapMediumBlocks medium, HeapLargeBlocks large) : IDisposable
{
    private HeapRegionList _regions = regions;
    private HeapMediumBlocks _medium = medium;
    private HeapLargeBlocks _large = large;

    public void Dispose()
    {
        _regions.DestroyAll();
        _medium.FreeAll();
        _large.FreeAll();
    }
}

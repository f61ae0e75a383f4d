namespace Hearth.Memory;

/// <summary>The memory of a heap that was emptied all at once, until it is given back.</summary>
internal sealed class HeapRemains(HeapRegionList regions, HeapLargeBlocks large) : IDisposable
{
    private HeapRegionList _regions = regions;
    private HeapLargeBlocks _large = large;

    public void Dispose()
    {
        _regions.DestroyAll();
        _large.FreeAll();
    }
}

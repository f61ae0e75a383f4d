namespace Hearth.Memory;

/// <summary>All regions of a heap and, apart, those with a free slab. One empty region stays mapped, so that a heap that
/// breathes around a region's edge does not map and unmap it again and again.</summary>
internal unsafe struct HeapRegionList
{
    private HeapRegion* _first;
    private HeapRegion* _firstOpen;

    public readonly HeapRegion* First => _first;

    public int SlabsInUse { get; private set; }

    /// <param name="prefersHugePages">Whether a new region beside others gets huge pages.</param>
    public HeapSlab* TakeSlab(bool prefersHugePages)
    {
        var region = _firstOpen;
        if (region == null)
        {
            region = HeapRegion.Create(isHuge: prefersHugePages && _first != null);
            region->Next = _first;
            if (_first != null) _first->Previous = region;
            _first = region;
            Open(region);
        }

        var slab = HeapRegion.TakeSlab(region);
        if (region->FreeSlabs == 0) Close(region);
        SlabsInUse++;
        return slab;
    }

    public void ReturnSlab(HeapSlab* slab)
    {
        var region = HeapRegion.Of(slab);
        if (region->FreeSlabs == 0) Open(region);
        HeapRegion.ReturnSlab(region, slab);
        SlabsInUse--;
        if (region->IsEmpty && (region->NextOpen != null || region->PreviousOpen != null)) Destroy(region);
    }

    /// <summary>Unmaps the empty regions, the one kept back included.</summary>
    public void Trim()
    {
        for (HeapRegion* region = _firstOpen, next; region != null; region = next)
        {
            next = region->NextOpen;
            if (region->IsEmpty) Destroy(region);
        }
    }

    public void DestroyAll()
    {
        for (HeapRegion* region = _first, next; region != null; region = next)
        {
            next = region->Next;
            HeapRegion.Destroy(region);
        }

        this = default;
    }

    private void Destroy(HeapRegion* region)
    {
        Close(region);
        if (region->Next != null) region->Next->Previous = region->Previous;
        if (region->Previous != null) region->Previous->Next = region->Next;
        else _first = region->Next;
        HeapRegion.Destroy(region);
    }

    private void Open(HeapRegion* region)
    {
        region->PreviousOpen = null;
        region->NextOpen = _firstOpen;
        if (_firstOpen != null) _firstOpen->PreviousOpen = region;
        _firstOpen = region;
    }

    private void Close(HeapRegion* region)
    {
        if (region->NextOpen != null) region->NextOpen->PreviousOpen = region->PreviousOpen;
        if (region->PreviousOpen != null) region->PreviousOpen->NextOpen = region->NextOpen;
        else _firstOpen = region->NextOpen;
        region->NextOpen = region->PreviousOpen = null;
    }
}

namespace Hearth.Memory;

/// <summary>
/// All regions of a heap and, apart, those with a free slab, of small pages and of huge ones. One empty region of each kind stays mapped, so
/// that a heap that breathes around a region's edge does not map and unmap it again and again.
/// </summary>
internal unsafe struct HeapRegionList
{
    private HeapRegion* _first;
    private HeapRegion* _firstOpen;
    private HeapRegion* _firstOpenHuge;

    public readonly HeapRegion* First => _first;

    public int SlabsInUse { get; private set; }

    public HeapSlab* TakeSlab(bool isHuge)
    {
        var region = isHuge ? _firstOpenHuge : _firstOpen;
        if (region == null)
        {
            region = HeapRegion.Create(isHuge);
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
        Trim(_firstOpen);
        Trim(_firstOpenHuge);
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

    private void Trim(HeapRegion* open)
    {
        for (HeapRegion* region = open, next; region != null; region = next)
        {
            next = region->NextOpen;
            if (region->IsEmpty) Destroy(region);
        }
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
        region->NextOpen = region->IsHuge ? _firstOpenHuge : _firstOpen;
        if (region->NextOpen != null) region->NextOpen->PreviousOpen = region;
        SetFirstOpen(region, region->IsHuge);
    }

    private void Close(HeapRegion* region)
    {
        if (region->NextOpen != null) region->NextOpen->PreviousOpen = region->PreviousOpen;
        if (region->PreviousOpen != null) region->PreviousOpen->NextOpen = region->NextOpen;
        else SetFirstOpen(region->NextOpen, region->IsHuge);
        region->NextOpen = region->PreviousOpen = null;
    }

    private void SetFirstOpen(HeapRegion* region, bool isHuge)
    {
        if (isHuge) _firstOpenHuge = region;
        else _firstOpen = region;
    }
}

namespace Hearth.Memory;

/// <summary>A heap together with the sum of what one owner has taken from it: the exact size of a value that consists of many blocks.</summary>
internal readonly unsafe struct CountedHeap(Heap heap, long* usedBytes)
{
    public Heap Heap => heap;

    public byte* Allocate(long size)
    {
        *usedBytes += Heap.UsableSize(size);
        return heap.Allocate(size);
    }

    public void Free(void* block, long size)
    {
        *usedBytes -= Heap.UsableSize(size);
        heap.Free((byte*)block, size);
    }

    /// <summary>A block that the owner has obtained elsewhere now has another size; 0 if it is new or has gone.</summary>
    public void Resized(long usedBefore, long usedNow) => *usedBytes += usedNow - usedBefore;
}

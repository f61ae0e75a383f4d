namespace Hearth.Memory;

/// <summary>
/// Blocks from 1 MiB on: each is a mapping of its own, whose pages return to the system when it is freed. A header of 64 bytes stands in
/// front, through which the blocks of a heap form a list: a reset must find them. Only the block freed last is kept for the next one of
/// about its size, unless it is very large: a value that is replaced again and again would otherwise spend most of its time in the
/// kernel, which zeroes new pages one by one.
/// </summary>
internal unsafe struct HeapLargeBlocks
{
    private const int HeaderBytes = 64;

    /// <summary>From this many bytes on, its own included, a block is worth a mapping of its own.</summary>
    private const long MappedFrom = 1 << 20;
    private const long LargestSize = 1L << 46;
    private const long IdleBytesMax = 16 << 20;

    private Header* _first;
    private Header* _idle;

    public long ReservedBytes { get; private set; }

    public static long UsableSize(long size) => (size + 63) & ~63L;

    /// <summary>Whether a block of this size is one of these; smaller ones are medium.</summary>
    public static bool IsLarge(long size) => size >= MappedFrom || TotalBytes(UsableSize(size)) >= MappedFrom;

    public byte* Allocate(long size)
    {
        if ((ulong)size > LargestSize) throw new InsufficientMemoryException($"No heap has a block of {size} bytes.");

        var usableSize = UsableSize(size);
        var header = AllocateHeader(usableSize, out var mappedBytes);
        *header = new Header { Next = _first, UsableSize = usableSize, MappedBytes = mappedBytes };
        if (_first != null) _first->Previous = header;
        _first = header;
        return (byte*)header + HeaderBytes;
    }

    public void Free(byte* block)
    {
        var header = (Header*)(block - HeaderBytes);
        if (header->Next != null) header->Next->Previous = header->Previous;
        if (header->Previous != null) header->Previous->Next = header->Next;
        else _first = header->Next;
        Release(header);
    }

    public void FreeAll()
    {
        for (Header* header = _first, next; header != null; header = next)
        {
            next = header->Next;
            Release(header);
        }

        _first = null;
        ReleaseIdle();
    }

    /// <summary>Gives the mapping back that is kept for the next block.</summary>
    public void ReleaseIdle()
    {
        if (_idle != null) Unmap(_idle);
        _idle = null;
    }

    /// <summary>Walks the list for a block of this usable size: for checks, not for speed.</summary>
    public readonly bool Contains(byte* block, long usableSize)
    {
        for (var header = _first; header != null; header = header->Next)
        {
            if ((byte*)header + HeaderBytes == block) return header->UsableSize == usableSize;
        }

        return false;
    }

    public readonly void List(List<(nint Address, long Size)> blocks)
    {
        for (var header = _first; header != null; header = header->Next)
            blocks.Add(((nint)header + HeaderBytes, header->UsableSize));
    }

    private static long TotalBytes(long usableSize) => HeaderBytes + usableSize + HeapGuards.BytesAfter(usableSize);

    private Header* AllocateHeader(long usableSize, out long mappedBytes)
    {
        var page = (long)Environment.SystemPageSize;
        mappedBytes = (TotalBytes(usableSize) + page - 1) & -page;
        var idle = TakeIdle(ref mappedBytes);
        if (idle != null) return idle;
        var mapped = (Header*)PageSource.Map(mappedBytes, page);
        ReservedBytes += mappedBytes;
        return mapped;
    }

    /// <summary>The idle mapping if it is large enough and at most half of it would be wasted; the size becomes its own.</summary>
    private Header* TakeIdle(ref long mappedBytes)
    {
        var idle = _idle;
        if (idle == null || idle->MappedBytes < mappedBytes || idle->MappedBytes / 2 > mappedBytes) return null;
        mappedBytes = idle->MappedBytes;
        _idle = null;
        return idle;
    }

    private void Release(Header* header)
    {
        if (header->MappedBytes <= IdleBytesMax)
        {
            ReleaseIdle();
            _idle = header;
        }
        else
        {
            Unmap(header);
        }
    }

    private void Unmap(Header* header)
    {
        ReservedBytes -= header->MappedBytes;
        PageSource.Unmap((byte*)header, header->MappedBytes);
    }

    private struct Header
    {
        public Header* Next;
        public Header* Previous;
        public long UsableSize;
        public long MappedBytes;
    }
}

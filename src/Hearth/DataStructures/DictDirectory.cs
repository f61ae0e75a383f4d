using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// The way from a hash to its segment. A small dict has one segment, named in the header itself. A larger one has a chunk of
/// words, and one that outgrows it a root array of chunks, indexed by the first bits of the hash, where a chunk of a shorter prefix
/// stands several times: extendible hashing over extendible hashing. So no step ever copies more than a chunk of 40 KiB and the
/// root, which has one word for some two million elements.
/// </summary>
internal readonly unsafe struct DictDirectory(Heap heap, DictHeader* header)
{
    private const int MaxRootBits = DictSegment.MaxDepth - DictChunk.MaxBits;

    /// <summary>Chunks merge only to something well under the size that makes them split.</summary>
    private const int MergedBitsMax = DictChunk.MaxBits - 1;

    private bool HasSingleSegment => header->Levels == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DictSegment Find(DictHeader* header, ulong hash)
    {
        var word = header->Top;
        if (header->Levels == 0) return new DictSegment(word);

        if (header->Levels != 1) word = ((ulong*)word)[hash >> (64 - header->RootBits)];
        var chunk = new DictChunk(word);
        return new DictSegment(chunk.Words[chunk.IndexOf(hash)]);
    }

    public int CountOf(ulong hash, DictSegment segment)
    {
        if (HasSingleSegment) return (int)header->Count;
        var chunk = ChunkOf(hash);
        return chunk.Counts[chunk.FirstIndexOf(hash, segment.Depth)];
    }

    /// <summary>Adds to the count of the segment and of the dict; returns that of the segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AddToCount(ulong hash, DictSegment segment, int change)
    {
        header->Count += change;
        if (HasSingleSegment) return (int)header->Count;
        var chunk = ChunkOf(hash);
        return chunk.Counts[chunk.FirstIndexOf(hash, segment.Depth)] += (ushort)change;
    }

    /// <summary>Makes this the segment of its range of hashes.</summary>
    public void SetSegment(ulong hash, DictSegment segment, int count)
    {
        if (HasSingleSegment)
        {
            Debug.Assert(segment.Depth == 0 && count == header->Count);
            header->Top = segment.Word;
            return;
        }

        var chunk = ChunkOf(hash);
        Debug.Assert(segment.Depth >= chunk.Prefix && segment.Depth <= chunk.Depth);
        var first = chunk.FirstIndexOf(hash, segment.Depth);
        new Span<ulong>(chunk.Words + first, 1 << (chunk.Depth - segment.Depth)).Fill(segment.Word);
        new Span<ushort>(chunk.Counts + first, 1 << (chunk.Depth - segment.Depth)).Clear();
        chunk.Counts[first] = (ushort)count;
    }

    /// <summary>The segment that shares all but the last bit of this one's prefix, if it is of the same depth and in the same chunk.</summary>
    public bool TryFindBuddy(ulong hash, DictSegment segment, out DictSegment buddy, out int count)
    {
        (buddy, count) = (default, 0);
        if (HasSingleSegment) return false;
        var chunk = ChunkOf(hash);
        if (segment.Depth <= chunk.Prefix) return false;

        var buddyHash = hash ^ (1UL << (64 - segment.Depth));
        buddy = new DictSegment(chunk.Words[chunk.IndexOf(buddyHash)]);
        if (buddy.Depth != segment.Depth) return false;
        count = chunk.Counts[chunk.FirstIndexOf(buddyHash, buddy.Depth)];
        return true;
    }

    /// <summary>Refines the directory until it can tell segments of this depth apart.</summary>
    public void EnsureDepth(ulong hash, int depth)
    {
        if (HasSingleSegment)
        {
            var only = header->Top;
            var chunk = AllocateChunk(prefix: 0, bits: 0);
            chunk.Words[0] = only;
            chunk.Counts[0] = (ushort)header->Count;
            (header->Top, header->Levels) = (chunk.Word, 1);
        }

        while (ChunkOf(hash).Depth < depth)
        {
            if (ChunkOf(hash).Bits < DictChunk.MaxBits) DoubleChunk(hash);
            else SplitChunk(hash);
        }
    }

    /// <summary>Coarsens the directory around this hash as far as its segments allow.</summary>
    public void Shrink(ulong hash)
    {
        if (HasSingleSegment) return;
        while (ChunkOf(hash) is { Bits: > 0 } chunk && !chunk.HasSegmentAt(chunk.Depth)) HalveChunk(hash, chunk);
        while (TryMergeChunks(hash))
        {
        }

        var last = ChunkOf(hash);
        if (header->Levels != 1 || last.Bits != 0) return;
        (header->Top, header->Levels) = (last.Words[0], 0);
        FreeChunk(last);
    }

    /// <summary>Frees the directory; the segments are gone already.</summary>
    public void Free()
    {
        if (header->Levels == 1) FreeChunk(new DictChunk(header->Top));
        if (header->Levels != 2) return;

        var root = (ulong*)header->Top;
        for (var index = 0; index < 1 << header->RootBits;)
        {
            var chunk = new DictChunk(root[index]);
            index += 1 << (header->RootBits - chunk.Prefix);
            FreeChunk(chunk);
        }

        FreeTable((byte*)root, RootBytes(header->RootBits));
    }

    public DictChunk ChunkOf(ulong hash) =>
        new(header->Levels == 1 ? header->Top : ((ulong*)header->Top)[hash >> (64 - header->RootBits)]);

    /// <summary>Allocates a table that counts as memory of this dict.</summary>
    public byte* AllocateTable(long bytes)
    {
        var table = heap.Allocate(bytes);
        header->MemoryBytes += Heap.UsableSize(bytes);
        return table;
    }

    public void FreeTable(byte* table, long bytes)
    {
        header->MemoryBytes -= Heap.UsableSize(bytes);
        heap.Free(table, bytes);
    }

    private static long RootBytes(int bits) => sizeof(ulong) * (1L << bits);

    private DictChunk AllocateChunk(int prefix, int bits) => new(AllocateTable(DictChunk.BytesOf(bits)), prefix, bits);

    private void FreeChunk(DictChunk chunk) => FreeTable((byte*)chunk.Words, DictChunk.BytesOf(chunk.Bits));

    private void SetChunk(ulong hash, DictChunk chunk)
    {
        if (header->Levels == 1)
        {
            header->Top = chunk.Word;
            return;
        }

        var length = 1 << (header->RootBits - chunk.Prefix);
        var first = (long)(hash >> (64 - header->RootBits)) & -length;
        new Span<ulong>((ulong*)header->Top + first, length).Fill(chunk.Word);
    }

    private void DoubleChunk(ulong hash)
    {
        var old = ChunkOf(hash);
        var chunk = AllocateChunk(old.Prefix, old.Bits + 1);
        chunk.CopyFrom(old, 0, old.Length, 0, finerBits: 1);
        SetChunk(hash, chunk);
        FreeChunk(old);
    }

    private void SplitChunk(ulong hash)
    {
        var old = ChunkOf(hash);
        if (header->Levels == 1 || old.Prefix == header->RootBits) DoubleRoot();

        var bit = 1UL << (63 - old.Prefix);
        var half = old.Length / 2;
        var lower = AllocateChunk(old.Prefix + 1, old.Bits - 1);
        var upper = AllocateChunk(old.Prefix + 1, old.Bits - 1);
        lower.CopyFrom(old, 0, half, 0, finerBits: 0);
        upper.CopyFrom(old, half, half, 0, finerBits: 0);
        SetChunk(hash & ~bit, lower);
        SetChunk(hash | bit, upper);
        FreeChunk(old);
    }

    private void DoubleRoot()
    {
        var oldBits = header->Levels == 1 ? 0 : header->RootBits;
        if (oldBits == MaxRootBits) throw new InsufficientMemoryException("The directory of a dict cannot grow further.");

        var root = (ulong*)AllocateTable(RootBytes(oldBits + 1));
        for (var index = 0; index < 2 << oldBits; index++)
            root[index] = header->Levels == 1 ? header->Top : ((ulong*)header->Top)[index >> 1];

        if (header->Levels == 2) FreeTable((byte*)header->Top, RootBytes(oldBits));
        (header->Top, header->Levels, header->RootBits) = ((ulong)root, 2, (byte)(oldBits + 1));
    }

    private void HalveChunk(ulong hash, DictChunk old)
    {
        var chunk = AllocateChunk(old.Prefix, old.Bits - 1);
        chunk.CopyHalfOf(old);
        SetChunk(hash, chunk);
        FreeChunk(old);
    }

    private bool TryMergeChunks(ulong hash)
    {
        var chunk = ChunkOf(hash);
        if (chunk.Prefix == 0) return false;
        var bit = 1UL << (64 - chunk.Prefix);
        var lower = ChunkOf(hash & ~bit);
        var upper = ChunkOf(hash | bit);
        var bits = Math.Max(lower.Bits, upper.Bits) + 1;
        if (lower.Prefix != upper.Prefix || bits > MergedBitsMax) return false;

        var merged = AllocateChunk(chunk.Prefix - 1, bits);
        merged.CopyFrom(lower, 0, lower.Length, 0, bits - 1 - lower.Bits);
        merged.CopyFrom(upper, 0, upper.Length, merged.Length / 2, bits - 1 - upper.Bits);
        SetChunk(hash, merged);
        FreeChunk(lower);
        FreeChunk(upper);
        ShrinkRoot();
        return true;
    }

    private void ShrinkRoot()
    {
        while (header->Levels == 2)
        {
            var root = (ulong*)header->Top;
            var bits = header->RootBits;
            for (var index = 0; index < 1 << bits; index++)
            {
                if (new DictChunk(root[index]).Prefix == bits) return;
            }

            if (bits == 1)
            {
                (header->Top, header->Levels, header->RootBits) = (root[0], 1, 0);
            }
            else
            {
                var half = (ulong*)AllocateTable(RootBytes(bits - 1));
                for (var index = 0; index < 1 << (bits - 1); index++) half[index] = root[2 * index];
                (header->Top, header->RootBits) = ((ulong)half, (byte)(bits - 1));
            }

            FreeTable((byte*)root, RootBytes(bits));
        }
    }
}

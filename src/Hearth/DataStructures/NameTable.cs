using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>What a block that a <see cref="NameTable"/> holds begins with.</summary>
internal struct NameHeader
{
    public int Length;

    /// <summary>Where in the block the name begins.</summary>
    public int Offset;
}

/// <summary>The root of a <see cref="NameTable"/>: 16 bytes inside its owner's block. Zero is an empty table.</summary>
internal unsafe struct NameTableHeader
{
    public nint* Blocks;
    public int Count;
    public int Capacity;
}

/// <summary>
/// Named blocks in the order of their names, as a sorted array of pointers: a stream's groups and a group's consumers, which are few and
/// are listed in this order. A block begins with a <see cref="NameHeader"/> and belongs to the caller.
/// </summary>
internal readonly unsafe struct NameTable(CountedHeap heap, NameTableHeader* header)
{
    private const int CapacityMin = 1;

    public int Count => header->Count;

    public nint this[int index] => header->Blocks[index];

    public static ReadOnlySpan<byte> NameOf(nint block) => new((byte*)block + ((NameHeader*)block)->Offset, ((NameHeader*)block)->Length);

    /// <summary>The block of this name, or 0.</summary>
    public nint Find(ReadOnlySpan<byte> name) => TryIndexOf(name, out var index) ? header->Blocks[index] : 0;

    /// <summary>Adds a block whose name is known to be absent.</summary>
    public void Insert(nint block)
    {
        TryIndexOf(NameOf(block), out var index);
        if (header->Count == header->Capacity) Resize(Math.Max(CapacityMin, header->Capacity * 2));
        var behind = header->Count++ - index;
        new ReadOnlySpan<nint>(header->Blocks + index, behind).CopyTo(new Span<nint>(header->Blocks + index + 1, behind));
        header->Blocks[index] = block;
    }

    public void Remove(nint block)
    {
        if (!TryIndexOf(NameOf(block), out var index)) return;
        var behind = --header->Count - index;
        new ReadOnlySpan<nint>(header->Blocks + index + 1, behind).CopyTo(new Span<nint>(header->Blocks + index, behind));
        if (header->Count <= header->Capacity / 4) Resize(header->Capacity / 2);
    }

    /// <summary>Forgets all blocks and frees the array.</summary>
    public void Clear()
    {
        header->Count = 0;
        Resize(0);
    }

    /// <summary>Whether the name is there, and where it is or belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryIndexOf(ReadOnlySpan<byte> name, out int index)
    {
        var (low, high) = (0, header->Count);
        while (low < high)
        {
            index = (low + high) >> 1;
            var order = NameOf(header->Blocks[index]).SequenceCompareTo(name);
            if (order == 0) return true;
            if (order < 0) low = index + 1;
            else high = index;
        }

        index = low;
        return false;
    }

    private void Resize(int capacity)
    {
        if (capacity < header->Count || capacity == header->Capacity) return;
        var blocks = capacity == 0 ? null : (nint*)heap.Allocate((long)capacity * sizeof(nint));
        new ReadOnlySpan<nint>(header->Blocks, header->Count).CopyTo(new Span<nint>(blocks, header->Count));
        if (header->Blocks != null) heap.Free(header->Blocks, (long)header->Capacity * sizeof(nint));
        header->Blocks = blocks;
        header->Capacity = capacity;
    }
}

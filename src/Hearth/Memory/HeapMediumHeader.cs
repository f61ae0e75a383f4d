using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>What stands in front of a medium block, or of a free stretch between two.</summary>
[StructLayout(LayoutKind.Sequential, Size = HeapMediumBlocks.HeaderBytes)]
internal unsafe struct HeapMediumHeader
{
    /// <summary>The header of the block or stretch in front of this one; none for the first of a region.</summary>
    public HeapMediumHeader* Before;

    /// <summary>Bytes up to the next header, this one included; 0 for the mark at a region's end.</summary>
    public long Size;

    /// <summary>A block's bytes as its owner sees them.</summary>
    public long UsableSize;

    /// <summary>Neighbours in the list of free stretches of about this size.</summary>
    public HeapMediumHeader* NextFree;
    public HeapMediumHeader* PreviousFree;

    /// <summary>Neighbours among the dirty stretches, from the oldest to the newest.</summary>
    public HeapMediumHeader* OlderDirty;
    public HeapMediumHeader* NewerDirty;

    private long _state;

    public readonly bool IsEnd => Size == 0;

    /// <summary>The header behind this block.</summary>
    public readonly HeapMediumHeader* Next
    {
        get
        {
            fixed (HeapMediumHeader* self = &this) return (HeapMediumHeader*)((byte*)self + Size);
        }
    }

    /// <summary>The lowest bit: a size is a multiple of 64, and so are dirty bytes.</summary>
    public bool IsFree
    {
        readonly get => (_state & 1) != 0;
        set => _state = value ? _state | 1 : _state & ~1L;
    }

    /// <summary>Bytes of a free stretch that may have been written to since its pages came from the system, at most.</summary>
    public long DirtyBytes
    {
        readonly get => _state & ~1L;
        set => _state = value | (_state & 1);
    }
}

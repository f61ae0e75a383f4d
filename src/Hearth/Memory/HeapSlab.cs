using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// The header of a slab: 256 KiB of blocks of one class. Blocks are handed out in order of address first, so that pages are not
/// taken long before they are used, and then from a list that runs through the freed blocks themselves.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct HeapSlab
{
    public const int Bytes = 64;
    public const int Shift = 18;
    public const long DataBytes = 1L << Shift;

    /// <summary>The first freed block; each holds the address of the next.</summary>
    public byte* Free;

    /// <summary>The first block that was never handed out.</summary>
    public byte* Fresh;

    /// <summary>The end of the last whole block.</summary>
    public byte* End;

    /// <summary>How far <see cref="Fresh"/> may go before the next pages are asked for.</summary>
    public byte* Ready;

    /// <summary>Neighbours among the partial slabs of the class.</summary>
    public HeapSlab* Next;

    public HeapSlab* Previous;

    public int Live;

    /// <summary>Set once every block is taken and the class has moved on to another slab.</summary>
    public bool IsFull;

    public byte Class;

    /// <summary>The header of the slab that a block lies in.</summary>
    public static HeapSlab* Of(byte* block)
    {
        var address = (ulong)block;
        var region = address & ~(ulong)(HeapRegion.Bytes - 1);
        return HeapRegion.HeadersOf(region) + (int)((address - region) >> Shift);
    }

    /// <summary>Where the blocks of the slab with this header begin.</summary>
    public static byte* DataOf(HeapSlab* slab)
    {
        var region = (ulong)slab & ~(ulong)(HeapRegion.Bytes - 1);
        return (byte*)region + (slab - HeapRegion.HeadersOf(region)) * DataBytes;
    }
}

/// <summary>What the heap keeps for each size class.</summary>
internal unsafe struct HeapBin
{
    /// <summary>The slab that blocks come from; never null.</summary>
    public HeapSlab* Current;

    /// <summary>Other slabs with free blocks.</summary>
    public HeapSlab* Partial;

    /// <summary>Bytes of a block as the caller sees it.</summary>
    public int Size;

    /// <summary>Bytes from one block to the next: larger than the size where guards stand between.</summary>
    public int Stride;

    /// <summary>How many slabs the class has.</summary>
    public int Slabs;
}

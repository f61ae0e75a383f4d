namespace Hearth.DataStructures;

/// <summary>The root of a <see cref="Dict{TLayout}"/>: 40 bytes inside its owner's block. Zero is an empty dict.</summary>
internal struct DictHeader
{
    /// <summary>By <see cref="Levels"/>: 0 = the word of the only segment, 1 = the word of the only chunk, 2 = the root array.</summary>
    public ulong Top;

    public long Count;

    /// <summary>Bytes of the tables, without the elements.</summary>
    public long MemoryBytes;

    /// <summary>The hash up to which a lazy free has come.</summary>
    public ulong ClearPosition;

    public byte Levels;

    /// <summary>The root array has 2^RootBits words.</summary>
    public byte RootBits;
}

namespace Hearth.DataStructures;

/// <summary>The root of a <see cref="ScoreTree"/>, inside its owner's block. Zero is an empty tree.</summary>
internal unsafe struct ScoreTreeHeader
{
    /// <summary>A leaf when the height is 0, a node above that; null in an empty tree.</summary>
    public byte* Root;

    public long Count;

    /// <summary>Bytes of leaves and nodes, without the members.</summary>
    public long MemoryBytes;

    /// <summary>Levels of nodes above the leaves.</summary>
    public int Height;
}

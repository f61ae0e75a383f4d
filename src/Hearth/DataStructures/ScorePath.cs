namespace Hearth.DataStructures;

/// <summary>The way from the root of a <see cref="ScoreTree"/> down to a leaf. Level 1 is the node above the leaf, level 0 the leaf itself.</summary>
internal unsafe struct ScorePath
{
    /// <summary>More than enough: siblings that are almost empty merge, so even 2^32 elements stay below it.</summary>
    public const int LevelsMax = 16;

    private fixed long _blocks[LevelsMax];
    private fixed byte _indexes[LevelsMax];

    public readonly ScoreLeaf Leaf => new((byte*)_blocks[0]);

    public readonly ScoreNode Node(int level) => new((byte*)_blocks[level]);

    public readonly int Index(int level) => _indexes[level];

    public void Set(int level, byte* block, int index = 0)
    {
        _blocks[level] = (long)block;
        _indexes[level] = (byte)index;
    }
}

namespace Hearth.DataStructures;

/// <summary>A place between two elements of a <see cref="ScoreTree"/>; it ends with the next change of the tree.</summary>
internal readonly unsafe struct ScorePosition(ScoreLeaf leaf, int index, long rank)
{
    public ScoreLeaf Leaf { get; } = leaf;

    /// <summary>How many elements of the leaf come before; all of them, when the next leaf begins here.</summary>
    public int Index { get; } = index;

    /// <summary>How many elements of the tree come before.</summary>
    public long Rank { get; } = rank;

    /// <summary>The score of the element so many places behind (0 is the next one) or, negative, before; false if it is not in this leaf.</summary>
    public bool TryScore(long distance, out double score)
    {
        var isHere = (ulong)(Index + distance) < (ulong)(Leaf.Block == null ? 0 : Leaf.Count);
        score = isHere ? Leaf.Scores[Index + distance] : 0;
        return isHere;
    }
}

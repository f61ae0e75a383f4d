using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>How SORT orders elements.</summary>
internal readonly struct SortOrder
{
    public bool IsDescending { get; init; }

    /// <summary>By text instead of by number.</summary>
    public bool IsAlpha { get; init; }

    /// <summary>By the texts that were given to the elements as weights, instead of by their own.</summary>
    public bool UsesWeights { get; init; }

    /// <summary>
    /// Texts are compared as C strings, which a NUL byte ends: so does the function by which Redis compares them for a client, but not
    /// the one that it takes where the result is stored.
    /// </summary>
    public bool ComparesCStrings { get; init; }

    /// <summary>
    /// Elements whose texts are equal as weights are ordered by their own: they come from a set, whose own order no other server
    /// has, and go to a key that must be the same everywhere. Where only a client sees the order, it is left open as in Redis.
    /// </summary>
    public bool OrdersEqualWeights { get; init; }

    public int Compare(in SortKey x, in SortKey y)
    {
        var result = IsAlpha ? CompareTexts(x, y) : x.Score.CompareTo(y.Score);
        // Elements of one score are ordered all the same, so that every server finds the same order.
        if ((!IsAlpha || OrdersEqualWeights) && result == 0) result = Compare(x.Text, y.Text, asCStrings: false);
        return IsDescending ? -result : result;
    }

    private int CompareTexts(in SortKey x, in SortKey y)
    {
        if (!UsesWeights) return Compare(x.Text, y.Text, ComparesCStrings);
        if (!x.Weight.Exists || !y.Weight.Exists) return x.Weight.Exists.CompareTo(y.Weight.Exists);
        return Compare(x.Weight, y.Weight, ComparesCStrings);
    }

    [SkipLocalsInit]
    private static int Compare(in SortText x, in SortText y, bool asCStrings)
    {
        var first = x.Element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
        var second = y.Element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]);
        return asCStrings ? CString.Clip(first).SequenceCompareTo(CString.Clip(second)) : first.SequenceCompareTo(second);
    }
}

/// <summary>An element with what it is ordered by.</summary>
internal struct SortKey
{
    public SortText Text;
    public SortText Weight;
    public double Score;
}

using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>Chooses so many of a known number of things as they pass one by one: every combination is equally likely.</summary>
internal struct Choice(RandomSource random, long total, long wanted)
{
    /// <summary>Whether the next thing is chosen.</summary>
    public bool Take()
    {
        if (wanted == 0 || random.NextInt64(total--) >= wanted) return false;
        wanted--;
        return true;
    }
}

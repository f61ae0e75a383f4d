using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>What all values of a server share: the heap that they lie in, how their elements hash, chance, and the limits of encodings.</summary>
internal sealed class ValueSpace(Heap heap, KeyedHash hash, RandomSource random, EncodingLimits limits)
{
    public Heap Heap { get; } = heap;

    public KeyedHash Hash { get; } = hash;

    public RandomSource Random { get; } = random;

    public EncodingLimits Limits { get; } = limits;
}

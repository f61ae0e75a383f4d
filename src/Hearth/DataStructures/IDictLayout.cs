using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// What a <see cref="Dict{TLayout}"/> must know of its elements, which are native blocks: 8-aligned and below 2^47. Implemented
/// by structs, so that the JIT compiles a dict of its own for each layout.
/// </summary>
internal interface IDictLayout
{
    public static abstract ReadOnlySpan<byte> KeyOf(nint element);

    /// <summary>The hash that the callers of the dict pass in for this key. Tests replace it by one that collides.</summary>
    public static virtual ulong HashOf(KeyedHash hash, ReadOnlySpan<byte> key) => hash.Hash(key);
}

using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>What an <see cref="ElementTable{TLayout}"/> must know of its elements besides their keys.</summary>
internal interface IElementLayout : IDictLayout
{
    /// <summary>Bytes of the element's block as they were asked from the heap.</summary>
    public static abstract long BlockBytes(nint element);
}

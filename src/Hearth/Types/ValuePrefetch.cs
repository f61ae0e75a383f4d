using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// Asks for the memory that a command will need of a collection: first the block that the entry points to, then, in a big one, the
/// bucket of the element, then the element. Each step reads what the one before it has asked for, so that of several commands each
/// step is done for all before the next one.
/// </summary>
internal static unsafe class ValuePrefetch
{
    private const int LinesOfBlock = 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(Entry entry)
    {
        if (entry.Type == KeyType.String) return;
        var block = (byte*)entry.Word;
        for (var line = 0; line < LinesOfBlock; line++) CacheLine.Prefetch(block + line * CacheLine.Bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bucket(ValueSpace space, Entry entry, ulong hash)
    {
        if (HasDict(entry)) DictOf(space, entry).PrefetchBucket(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Element(ValueSpace space, Entry entry, ulong hash)
    {
        if (HasDict(entry)) DictOf(space, entry).PrefetchElements(hash);
    }

    private static bool HasDict(Entry entry) => entry.Encoding is ValueEncoding.Hashtable or ValueEncoding.Skiplist;

    /// <summary>The headers of all big forms begin with their dict's, and a prefetch reads no key, so that the layout does not matter.</summary>
    private static Dict<MemberLayout> DictOf(ValueSpace space, Entry entry) => new(space.Heap, space.Hash, (DictHeader*)entry.Word);
}

using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>A key's bytes with their hash, which is computed once a command however often the key is looked up.</summary>
internal readonly ref struct Key(ReadOnlySpan<byte> bytes, ulong hash)
{
    public readonly ReadOnlySpan<byte> Bytes = bytes;
    public readonly ulong Hash = hash;

    public static Key Of(ReadOnlySpan<byte> bytes, KeyedHash hash) => new(bytes, hash.Hash(bytes));
}

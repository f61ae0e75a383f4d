using System.Diagnostics.CodeAnalysis;

namespace Hearth.Primitives;

/// <summary>
/// Compares byte strings by content, so that a dictionary keyed by channel or watched key can be asked with a span. The hash is keyed
/// like the keyspace's: names come from clients, and chosen ones must not flood a bucket.
/// </summary>
internal sealed class BytesComparer(KeyedHash hash) : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] bytes) => GetHashCode(bytes.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)(hash.Hash(alternate) >> 32);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}

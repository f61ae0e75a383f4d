using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Types;

namespace Hearth.Store;

/// <summary>
/// A signature of a data set that does not depend on the order of keys, the very one of Redis's DEBUG DIGEST, so that two servers can
/// be compared. Facts are hashed with SHA-1 and either XORed in (where order must not matter) or mixed in (where it must).
/// </summary>
internal static class DatasetDigest
{
    public const int Bytes = SHA1.HashSizeInBytes;

    /// <summary>The digest of all databases.</summary>
    public static void Compute(ValueSpace values, Keyspace[] keyspaces, Span<byte> digest)
    {
        digest.Clear();
        Span<byte> number = stackalloc byte[4];
        foreach (var keyspace in keyspaces)
        {
            if (keyspace.Count == 0) continue;
            BinaryPrimitives.WriteUInt32BigEndian(number, (uint)keyspace.Index);
            Mix(digest, number);
            var visitor = new KeyVisitor(values, digest.ToArray());
            for (ulong cursor = 0; (cursor = keyspace.Keys.Scan(cursor, 1000, ref visitor)) != 0;)
            {
            }

            visitor.Digest.CopyTo(digest);
        }
    }

    /// <summary>XORs one value's signature, without its key, into the digest.</summary>
    public static void XorValue(ValueSpace values, Span<byte> digest, Entry entry)
    {
        Span<byte> type = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(type, (uint)entry.Type);
        Mix(digest, type);
        switch (entry.Type)
        {
            case KeyType.String: MixString(digest, entry); break;
            case KeyType.Hash: XorHash(values, digest, entry); break;
            case KeyType.Set: XorSet(values, digest, entry); break;
            case KeyType.List: MixList(values, digest, entry); break;
            case KeyType.SortedSet: XorSortedSet(values, digest, entry); break;
            case KeyType.Stream: MixStream(digest, new StreamValue(values, entry)); break;
            default: throw new UnreachableException($"A value of type {entry.Type} in space {values}.");
        }

        if (entry.HasExpiry) Xor(digest, "!!expire!!"u8);
    }

    private static void MixString(Span<byte> digest, Entry entry)
    {
        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        Mix(digest, new StringValue(entry).Bytes(scratch));
    }

    private static void MixList(ValueSpace values, Span<byte> digest, Entry entry)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var cursor = new ListValue(values, entry).From(0); cursor.MoveNext();) Mix(digest, cursor.Current.ToBytes(scratch));
    }

    private static void XorHash(ValueSpace values, Span<byte> digest, Entry entry)
    {
        var visitor = new FieldVisitor(digest.ToArray());
        new HashValue(values, entry).Visit(ref visitor);
        visitor.Digest.CopyTo(digest);
    }

    private static void XorSet(ValueSpace values, Span<byte> digest, Entry entry)
    {
        var visitor = new MemberVisitor(digest.ToArray());
        new SetValue(values, entry).Visit(ref visitor);
        visitor.Digest.CopyTo(digest);
    }

    private static void XorSortedSet(ValueSpace values, Span<byte> digest, Entry entry)
    {
        Span<byte> member = stackalloc byte[Bytes];
        Span<byte> scratch = stackalloc byte[NumberText.MaxDoubleLength];
        var walk = new ZSetValue(values, entry).WalkAll();
        while (walk.MoveNext())
        {
            member.Clear();
            Mix(member, walk.Member.ToBytes(scratch));
            Mix(member, scratch[..NumberText.FormatSeventeenDigits(walk.Score, scratch)]);
            Xor(digest, member);
        }
    }

    private static void MixStream(Span<byte> digest, in StreamValue stream)
    {
        Span<byte> scratch = stackalloc byte[StreamId.TextBytesMax];
        var reader = stream.Read(StreamId.Min, StreamId.Max);
        while (reader.MoveNext())
        {
            var id = scratch[..reader.Id.Format(scratch)];
            id[id.IndexOf((byte)'-')] = (byte)'.'; // Here Redis writes the ID with a dot.
            Mix(digest, id);
            for (var left = reader.FieldCount; left > 0; left--)
            {
                reader.ReadField(out var field, out var value);
                Mix(digest, field.ToBytes(scratch));
                Mix(digest, value.ToBytes(scratch));
            }
        }
    }

    private static void Xor(Span<byte> digest, ReadOnlySpan<byte> fact)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA1.HashData(fact, hash);
        for (var i = 0; i < Bytes; i++) digest[i] ^= hash[i];
    }

    private static void Mix(Span<byte> digest, ReadOnlySpan<byte> fact)
    {
        Xor(digest, fact);
        Span<byte> hash = stackalloc byte[Bytes];
        SHA1.HashData(digest, hash);
        hash.CopyTo(digest);
    }

    private readonly struct FieldVisitor(byte[] digest) : IFieldVisitor
    {
        public byte[] Digest { get; } = digest;

        public void Visit(ListpackElement field, ListpackElement value)
        {
            Span<byte> one = stackalloc byte[Bytes];
            one.Clear();
            Mix(one, field.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]));
            Mix(one, value.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]));
            Xor(Digest, one);
        }
    }

    private readonly struct MemberVisitor(byte[] digest) : IElementVisitor
    {
        public byte[] Digest { get; } = digest;

        public void Visit(ListpackElement element) => Xor(Digest, element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]));
    }

    private readonly struct KeyVisitor(ValueSpace values, byte[] digest) : IEntryVisitor
    {
        public byte[] Digest { get; } = digest;

        public void Visit(Entry entry)
        {
            Span<byte> one = stackalloc byte[Bytes];
            one.Clear();
            Mix(one, entry.Key);
            XorValue(values, one, entry);
            Xor(Digest, one);
        }
    }
}

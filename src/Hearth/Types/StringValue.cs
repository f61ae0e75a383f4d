using System.Diagnostics;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// What handlers know of a string: its length and bytes, whether it is an integer. Where the bytes lie (as an integer, in the entry,
/// in a block of their own) is decided here alone. An absent key reads as the empty string.
/// </summary>
internal readonly unsafe struct StringValue(Entry entry)
{
    /// <summary>The longest string that there can be, whatever proto-max-bulk-len allows: spans count in 32 bits, and room to grow must fit too.</summary>
    public const long BytesMax = int.MaxValue - (2L << 20);

    /// <summary>Room that <see cref="Bytes"/> needs to write an integer's text.</summary>
    public const int ScratchBytes = 20;

    /// <summary>Longest text that may be kept as an integer: a sign and nineteen digits.</summary>
    private const int IntegerTextBytesMax = 20;

    public Entry Entry { get; } = entry;

    public bool Exists => Entry.Exists;

    public bool IsInteger => Entry.Exists && Entry.Encoding == ValueEncoding.Integer;

    public int Length
    {
        get
        {
            if (!Entry.Exists) return 0;
            if (Entry.Encoding == ValueEncoding.Integer)
            {
                Span<byte> digits = stackalloc byte[ScratchBytes];
                return NumberText.FormatInt64(Entry.Word, digits);
            }

            return Entry.IsExternalString ? StringBlock.FromAddress(Entry.Word).Length : Entry.InPlaceLength;
        }
    }

    /// <summary>Bytes that could be appended without another block.</summary>
    public long SpareBytes => Entry.IsExternalString ? StringBlock.FromAddress(Entry.Word).SpareBytes : Entry.UsedBytes - Entry.BlockBytes;

    /// <summary>The bytes; those of an integer are written into the scratch room (<see cref="ScratchBytes"/>).</summary>
    public ReadOnlySpan<byte> Bytes(Span<byte> scratch)
    {
        if (!Entry.Exists) return default;
        if (Entry.Encoding == ValueEncoding.Integer) return scratch[..NumberText.FormatInt64(Entry.Word, scratch)];
        return Entry.IsExternalString ? StringBlock.FromAddress(Entry.Word).Bytes : Entry.InPlace;
    }

    /// <summary>The value as a 64-bit integer; an absent key counts as 0.</summary>
    public bool TryGetInteger(out long value)
    {
        value = 0;
        if (!Entry.Exists) return true;
        if (Entry.Encoding == ValueEncoding.Integer)
        {
            value = Entry.Word;
            return true;
        }

        return NumberText.TryParseInt64(Bytes(default), out value);
    }

    /// <summary>A new entry that holds this string, as SET stores it.</summary>
    public static Entry Create(Heap heap, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs)
    {
        if (value.Length <= IntegerTextBytesMax && NumberText.TryParseInt64(value, out var integer))
        {
            return CreateInteger(heap, key, integer, expireAtMs);
        }

        return CreateText(heap, key, value, expireAtMs);
    }

    /// <summary>A new entry that holds this string as text, even if it looks like an integer.</summary>
    public static Entry CreateText(Heap heap, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs)
    {
        if (value.Length <= Entry.InPlaceBytesMax)
        {
            var entry = Entry.CreateInPlace(heap, key, EncodingOf(value.Length), value.Length, expireAtMs);
            value.CopyTo(entry.InPlace);
            return entry;
        }

        var block = StringBlock.Create(heap, value.Length, value.Length);
        value.CopyTo(block.Bytes);
        return Entry.CreateWithWord(heap, key, KeyType.String, ValueEncoding.Raw, block.Address, expireAtMs);
    }

    /// <summary>A new entry with a raw string of this length, whose bytes the caller must fill.</summary>
    public static Entry CreateRaw(Heap heap, ReadOnlySpan<byte> key, int length, out Span<byte> bytes, long expireAtMs = Entry.NoExpiry)
    {
        if (length <= Entry.InPlaceBytesMax)
        {
            var entry = Entry.CreateInPlace(heap, key, ValueEncoding.Raw, length, expireAtMs);
            bytes = entry.InPlace;
            return entry;
        }

        var block = StringBlock.Create(heap, length, length);
        bytes = block.Bytes;
        return Entry.CreateWithWord(heap, key, KeyType.String, ValueEncoding.Raw, block.Address, expireAtMs);
    }

    /// <summary>A new entry under this key with the same string in the same encoding, and the same expiry.</summary>
    public static Entry Duplicate(Heap heap, ReadOnlySpan<byte> key, Entry source)
    {
        var copy = source.CopyBlock(heap, key, source.ExpireAtMs);
        if (!source.IsExternalString) return copy;
        var bytes = StringBlock.FromAddress(source.Word).Bytes;
        var block = StringBlock.Create(heap, bytes.Length, bytes.Length);
        bytes.CopyTo(block.Bytes);
        copy.Word = block.Address;
        return copy;
    }

    public static Entry CreateInteger(Heap heap, ReadOnlySpan<byte> key, long value, long expireAtMs) =>
        Entry.CreateWithWord(heap, key, KeyType.String, ValueEncoding.Integer, value, expireAtMs);

    /// <summary>Stores another value into the same entry if it needs no other block. The value must not lie in the entry itself.</summary>
    public static bool TryOverwrite(Entry entry, ReadOnlySpan<byte> value)
    {
        Debug.Assert(entry.Type == KeyType.String);
        if (value.Length <= IntegerTextBytesMax && NumberText.TryParseInt64(value, out var integer))
        {
            if (entry.Encoding != ValueEncoding.Integer) return false;
            entry.Word = integer;
            return true;
        }

        if (entry.Encoding == ValueEncoding.Integer || !entry.TryResizeInPlace(EncodingOf(value.Length), value.Length)) return false;
        value.CopyTo(entry.InPlace);
        return true;
    }

    /// <summary>
    /// The string as raw bytes of this length that may be written to; new ones are zero. The entry may be a new one: the caller
    /// repoints the tables and frees the old block, whose value block has moved over.
    /// </summary>
    public static Span<byte> MakeWritable(Heap heap, scoped ref Entry entry, int length)
    {
        if (entry.IsExternalString)
        {
            var moved = StringBlock.FromAddress(entry.Word).Resize(heap, length);
            entry.Word = moved.Address;
            entry.SetEncoding(ValueEncoding.Raw);
            return moved.Bytes;
        }

        var oldLength = new StringValue(entry).Length;
        if (entry.TryResizeInPlace(ValueEncoding.Raw, length))
        {
            var inPlace = entry.InPlace;
            if (length > oldLength) inPlace[oldLength..].Clear();
            return inPlace;
        }

        Span<byte> scratch = stackalloc byte[ScratchBytes];
        var old = new StringValue(entry).Bytes(scratch);
        Span<byte> bytes;
        Entry changed;
        if (length <= Entry.InPlaceBytesMax)
        {
            changed = Entry.CreateInPlace(heap, entry.Key, ValueEncoding.Raw, length, entry.ExpireAtMs);
            bytes = changed.InPlace;
        }
        else
        {
            var block = StringBlock.Create(heap, length, StringBlock.GrownCapacity(length));
            bytes = block.Bytes;
            changed = Entry.CreateWithWord(heap, entry.Key, KeyType.String, ValueEncoding.Raw, block.Address, entry.ExpireAtMs);
        }

        var kept = Math.Min(old.Length, length);
        old[..kept].CopyTo(bytes);
        bytes[kept..].Clear();
        changed.AccessClock = entry.AccessClock;
        entry = changed;
        return bytes;
    }

    /// <summary>Gives back the block that the value has besides its entry, if it has one.</summary>
    public static void FreeValue(Heap heap, Entry entry)
    {
        if (entry.IsExternalString) StringBlock.FromAddress(entry.Word).Free(heap);
    }

    /// <summary>Bytes of heap that the value takes besides its entry.</summary>
    public static long ValueBytes(Entry entry) =>
        entry.IsExternalString ? Heap.UsableSize(StringBlock.FromAddress(entry.Word).BlockBytes) : 0;

    private static ValueEncoding EncodingOf(int length) => length <= Entry.EmbeddedBytesMax ? ValueEncoding.Embedded : ValueEncoding.Raw;
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// One key of the keyspace with its value: a single native block, so that a lookup costs one cache miss beyond the table's bucket.
/// <code>
/// 0  type (low half), encoding (high half)      1 byte
/// 1  flags                                      1 byte
/// 2  length of a string kept in place           2 bytes
/// 4  key length, 255 and more: see KeyIsLong    1 byte
/// 5  access clock (LRU or LFU)                  3 bytes
/// 8  expiry, unix time in ms                    8 bytes, if HasExpiry
///    word: the integer, or the value's block    8 bytes, if HasWord
///    key length                                 4 bytes, if KeyIsLong
///    key
///    string in place
/// </code>
/// An entry never changes its address by itself: whoever makes a new block for it repoints the tables (<c>Keyspace</c>).
/// </summary>
internal readonly unsafe struct Entry(byte* block) : IEquatable<Entry>
{
    /// <summary>Strings up to this length lie in the entry; longer ones have a block of their own, so that an entry stays cheap to rebuild.</summary>
    public const int InPlaceBytesMax = 1024;

    /// <summary>The expiry of a key that stays: a time so long past that no key can have it, while every later one may be asked for.</summary>
    public const long NoExpiry = long.MinValue;

    /// <summary>Strings up to this length are "embstr" when set.</summary>
    public const int EmbeddedBytesMax = 44;

    /// <summary>Bytes of an entry before its expiry, key and value.</summary>
    public const int HeaderBytes = 8;

    private const byte LongKeyMark = 255;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        HasExpiry = 1,
        HasWord = 2,
        KeyIsLong = 4,
    }

    private readonly byte* _block = block;

    public bool Exists => _block != null;

    public nint Address => (nint)_block;

    public KeyType Type => (KeyType)(_block[0] & 15);

    public ValueEncoding Encoding => (ValueEncoding)(_block[0] >> 4);

    public bool HasExpiry => (_block[1] & (byte)Flags.HasExpiry) != 0;

    /// <summary>Unix time in milliseconds; <see cref="NoExpiry"/> for a key that does not expire.</summary>
    public long ExpireAtMs
    {
        get => HasExpiry ? *(long*)(_block + HeaderBytes) : NoExpiry;
        set
        {
            Debug.Assert(HasExpiry);
            *(long*)(_block + HeaderBytes) = value;
        }
    }

    /// <summary>24 bits: the LRU clock of the last access, or the LFU's time and counter.</summary>
    public uint AccessClock
    {
        get => *(uint*)(_block + 4) >> 8;
        set => *(uint*)(_block + 4) = (value << 8) | _block[4];
    }

    public ReadOnlySpan<byte> Key => KeyOf(_block);

    /// <summary>The integer, or the address of the value's own block.</summary>
    public long Word
    {
        get => *(long*)WordAddress;
        set => *(long*)WordAddress = value;
    }

    /// <summary>Whether the string's bytes lie in a block of their own.</summary>
    public bool IsExternalString => HasWord && Type == KeyType.String && Encoding != ValueEncoding.Integer;

    public int InPlaceLength => *(ushort*)(_block + 2);

    /// <summary>The string in the entry itself.</summary>
    public Span<byte> InPlace
    {
        get
        {
            var offset = KeyOffset(_block, out var keyLength) + keyLength;
            return new Span<byte>(_block + offset, InPlaceLength);
        }
    }

    /// <summary>Bytes of the block as they were asked from the heap; the value's own block is not in it.</summary>
    public long BlockBytes => KeyOffset(_block, out var keyLength) + (long)keyLength + InPlaceLength;

    /// <summary>Bytes of heap that the entry's block takes.</summary>
    public long UsedBytes => Heap.UsableSize(BlockBytes);

    private bool HasWord => (_block[1] & (byte)Flags.HasWord) != 0;

    private byte* WordAddress
    {
        get
        {
            Debug.Assert(HasWord);
            return _block + HeaderBytes + ((_block[1] & 1) << 3);
        }
    }

    /// <summary>Whether its time is up: the millisecond of the expiry itself still belongs to the key.</summary>
    public bool IsExpiredAt(long nowMs) => HasExpiry && *(long*)(_block + HeaderBytes) < nowMs;

    public static Entry FromAddress(nint address) => new((byte*)address);

    /// <summary>The table's view of a key: called for every tag match, so it branches as little as it can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> KeyOf(byte* block)
    {
        var offset = KeyOffset(block, out var length);
        return new ReadOnlySpan<byte>(block + offset, length);
    }

    /// <summary>A new entry with a word (an integer, or the address of the value's block).</summary>
    public static Entry CreateWithWord(Heap heap, ReadOnlySpan<byte> key, KeyType type, ValueEncoding encoding, long word, long expireAtMs)
    {
        var entry = Create(heap, key, type, encoding, Flags.HasWord, 0, expireAtMs);
        entry.Word = word;
        return entry;
    }

    /// <summary>A new entry with a string of this length in place; the caller fills <see cref="InPlace"/>.</summary>
    public static Entry CreateInPlace(Heap heap, ReadOnlySpan<byte> key, ValueEncoding encoding, int length, long expireAtMs)
    {
        Debug.Assert(length <= InPlaceBytesMax);
        return Create(heap, key, KeyType.String, encoding, Flags.None, length, expireAtMs);
    }

    /// <summary>A copy of this entry under this key and with this expiry. The value's own block, if any, belongs to both: free one entry's block only.</summary>
    public Entry CopyBlock(Heap heap, ReadOnlySpan<byte> key, long expireAtMs)
    {
        var copy = Create(heap, key, Type, Encoding, HasWord ? Flags.HasWord : Flags.None, InPlaceLength, expireAtMs);
        if (HasWord) copy.Word = Word;
        else InPlace.CopyTo(copy.InPlace);
        copy.AccessClock = AccessClock;
        return copy;
    }

    /// <summary>
    /// Makes an entry that keeps a string in place keep one of another length, if its block has room or little enough to waste.
    /// The bytes up to the shorter length stay.
    /// </summary>
    public bool TryResizeInPlace(ValueEncoding encoding, int length)
    {
        if (HasWord || Type != KeyType.String || length > InPlaceBytesMax) return false;
        var offset = KeyOffset(_block, out var keyLength) + (long)keyLength;
        if (Heap.UsableSize(offset + length) != Heap.UsableSize(offset + InPlaceLength)) return false;
        *(ushort*)(_block + 2) = (ushort)length;
        SetEncoding(encoding);
        return true;
    }

    public void SetEncoding(ValueEncoding encoding) => _block[0] = (byte)((_block[0] & 15) | ((byte)encoding << 4));

    /// <summary>Gives the entry's block back, not the value's own block.</summary>
    public void FreeBlock(Heap heap) => heap.Free(_block, BlockBytes);

    public bool Equals(Entry other) => _block == other._block;

    public override bool Equals(object? obj) => obj is Entry other && Equals(other);

    public override int GetHashCode() => ((nint)_block).GetHashCode();

    private static Entry Create(Heap heap, ReadOnlySpan<byte> key, KeyType type, ValueEncoding encoding, Flags flags, int length, long expireAtMs)
    {
        var offset = HeaderBytes;
        if (expireAtMs != NoExpiry)
        {
            flags |= Flags.HasExpiry;
            offset += 8;
        }

        if ((flags & Flags.HasWord) != 0) offset += 8;
        if (key.Length >= LongKeyMark)
        {
            flags |= Flags.KeyIsLong;
            offset += 4;
        }

        var block = heap.Allocate((long)offset + key.Length + length);
        block[0] = (byte)((byte)type | ((byte)encoding << 4));
        block[1] = (byte)flags;
        *(ushort*)(block + 2) = (ushort)length;
        *(uint*)(block + 4) = (uint)Math.Min(key.Length, LongKeyMark);
        if (expireAtMs != NoExpiry) *(long*)(block + HeaderBytes) = expireAtMs;
        if (key.Length >= LongKeyMark) *(int*)(block + offset - 4) = key.Length;
        key.CopyTo(new Span<byte>(block + offset, key.Length));
        return new Entry(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeyOffset(byte* block, out int keyLength)
    {
        int flags = block[1];
        var offset = HeaderBytes + ((flags & 1) << 3) + ((flags & 2) << 2) + (flags & 4);
        keyLength = (flags & (byte)Flags.KeyIsLong) == 0 ? block[4] : *(int*)(block + offset - 4);
        return offset;
    }
}

/// <summary>Tells a table where an entry keeps its key.</summary>
internal readonly unsafe struct EntryLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => Entry.KeyOf((byte*)element);
}

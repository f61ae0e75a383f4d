using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Protocol;

/// <summary>
/// Writes replies in the protocol version that the client speaks. This is the only place that knows how RESP2 and RESP3 differ:
/// a handler says Map, Double or Null, and RESP2 clients get the array, the bulk string or the null bulk that they know.
/// </summary>
internal sealed class RespWriter(NativeBuffer buffer)
{
    /// <summary>Longest header line: a type byte, twenty digits, CR and LF.</summary>
    private const int HeaderBytesMax = 23;

    /// <summary>CR and LF.</summary>
    private const ushort LineEnd = 0x0A0D;

    private NativeBuffer _buffer = buffer;

    public NativeBuffer Buffer => _buffer;

    /// <summary>2 or 3.</summary>
    public int Version { get; private set; } = 2;

    /// <summary>Errors written since the start; the dispatcher compares it to see whether a command failed.</summary>
    public long ErrorCount { get; private set; }

    /// <summary>Hears each error's text as it is sent, without the leading '-'; the server counts them by their first word.</summary>
    public IErrorObserver? Observer { get; set; }

    /// <summary>The most that the buffer may come to hold: what one can, unless a test sets less.</summary>
    public int BytesMax { get; set; } = System.Array.MaxLength;

    /// <summary>
    /// The replies have become too long for any buffer. What had been written is gone, so that the handler can run to its end all the
    /// same, but the client has lost its place in the stream and must be closed.
    /// </summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Bytes written into the current buffer.</summary>
    public int Length => _buffer.Length;

    public void Target(NativeBuffer buffer, int version)
    {
        _buffer = buffer;
        Version = version;
        IsOverfull = false;
    }

    public void UseVersion(int version) => Version = version;

    public void Ok() => Append("+OK\r\n"u8);

    /// <summary>Text without line breaks.</summary>
    public void SimpleString(ReadOnlySpan<byte> text) => Line((byte)'+', text);

    /// <summary>An error line; the text starts with its code. Line breaks in it (they would end the reply) become spaces.</summary>
    public void Error(ReadOnlySpan<byte> text)
    {
        ErrorCount++;
        var room = Reserve(text.Length + 3);
        room[0] = (byte)'-';
        text.CopyTo(room[1..]);
        var written = room.Slice(1, text.Length);
        written.Replace((byte)'\r', (byte)' ');
        written.Replace((byte)'\n', (byte)' ');
        room[text.Length + 1] = (byte)'\r';
        room[text.Length + 2] = (byte)'\n';
        _buffer.Advance(text.Length + 3);
        Observer?.OnError(written);
    }

    /// <summary>An error with words of the client in it, without line breaks at either end; for the cold paths only, since it allocates.</summary>
    public void Error(string text) => Error(Latin1.Bytes(text.Trim('\r', '\n')));

    public void Integer(long value)
    {
        if ((ulong)value <= 9)
        {
            var digit = Reserve(4);
            digit[3] = (byte)'\n';
            digit[0] = (byte)':';
            digit[1] = (byte)('0' + value);
            digit[2] = (byte)'\r';
            _buffer.Advance(4);
            return;
        }

        Header((byte)':', value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Bulk(ReadOnlySpan<byte> value)
    {
        var count = value.Length + HeaderBytesMax + 2;
        Debug.Assert(count > 0, "No value is so long that its reply overflows.");
        MakeRoom(count);
        if (IsOverfull) return; // A handler may go on for very long: what nobody will read is not copied.
        ref var start = ref MemoryMarshal.GetReference(_buffer.Reserve(count));
        var headerLength = WriteHeader(ref start, (byte)'$', value.Length);
        ref var text = ref Unsafe.Add(ref start, headerLength);
        CopyText(value, ref text);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, value.Length), LineEnd);
        _buffer.Advance(headerLength + value.Length + 2);
    }

    /// <summary>A bulk string of ASCII or Latin-1 text; for cold paths.</summary>
    public void Bulk(string text) => Bulk(Latin1.Bytes(text));

    /// <summary>The number as a bulk string, as GET shows a counter.</summary>
    [SkipLocalsInit]
    public void BulkInteger(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Bulk(digits[..NumberText.FormatInt64(value, digits)]);
    }

    /// <summary>"No value": RESP2 has a null bulk string for it.</summary>
    public void Null() => Append(Version == 2 ? "$-1\r\n"u8 : "_\r\n"u8);

    /// <summary>"No list": RESP2 has a null array for it.</summary>
    public void NullArray() => Append(Version == 2 ? "*-1\r\n"u8 : "_\r\n"u8);

    public void Array(long count) => Header((byte)'*', count);

    /// <summary>So many pairs; RESP2 gets them as one flat array.</summary>
    public void Map(long pairs) => Header(Version == 2 ? (byte)'*' : (byte)'%', Version == 2 ? pairs * 2 : pairs);

    /// <summary>So many pairs in order, each begun by <see cref="Pair"/>; RESP2 gets them as one flat array.</summary>
    public void Pairs(long count) => Array(Version == 2 ? count * 2 : count);

    /// <summary>One of several pairs, RESP3 makes an array of the two that follow.</summary>
    public void Pair()
    {
        if (Version > 2) Array(2);
    }

    /// <summary>
    /// So many pairs that RESP2 gets as an array of arrays, and not as a flat one; <see cref="NestedPair"/> stands before each. XREAD's reply
    /// is of this kind.
    /// </summary>
    public void NestedMap(long pairs) => Header(Version == 2 ? (byte)'*' : (byte)'%', pairs);

    /// <summary>A pair of a <see cref="NestedMap"/> follows.</summary>
    public void NestedPair()
    {
        if (Version == 2) Header((byte)'*', 2);
    }

    public void Set(long count) => Header(Version == 2 ? (byte)'*' : (byte)'~', count);

    /// <summary>A message that answers no command.</summary>
    public void Push(long count) => Header(Version == 2 ? (byte)'*' : (byte)'>', count);

    public void Boolean(bool value)
    {
        if (Version == 2) Integer(value ? 1 : 0);
        else Append(value ? "#t\r\n"u8 : "#f\r\n"u8);
    }

    /// <summary>A floating point number; RESP2 gets its text as a bulk string.</summary>
    [SkipLocalsInit]
    public void Double(double value)
    {
        Span<byte> text = stackalloc byte[64];
        var digits = text[..NumberText.FormatDouble(value, text)];
        if (Version == 2) Bulk(digits);
        else Line((byte)',', digits);
    }

    /// <summary>A floating point number that is written with more digits than it needs, as positions on Earth are.</summary>
    [SkipLocalsInit]
    public void Double(LongDouble value)
    {
        Span<byte> text = stackalloc byte[LongDouble.MaxFormattedLength];
        var digits = text[..value.Format(text)];
        if (Version == 2) Bulk(digits);
        else Line((byte)',', digits);
    }

    /// <summary>An integer too long for 64 bits, given as its digits.</summary>
    public void BigNumber(ReadOnlySpan<byte> digits)
    {
        if (Version == 2) Bulk(digits);
        else Line((byte)'(', digits);
    }

    /// <summary>Text for people; the extension says what kind ("txt", "mkd").</summary>
    public void Verbatim(ReadOnlySpan<byte> text, ReadOnlySpan<byte> extension)
    {
        Debug.Assert(extension.Length == 3);
        if (Version == 2)
        {
            Bulk(text);
            return;
        }

        Header((byte)'=', text.Length + 4);
        Append(extension);
        Append(":"u8);
        Append(text);
        Append("\r\n"u8);
    }

    /// <summary>Facts about the reply that follows, in so many pairs. RESP2 has no such thing: the caller must ask <see cref="Version"/> by <see cref="HasAttributes"/>.</summary>
    public void Attribute(long pairs) => Header((byte)'|', pairs);

    public bool HasAttributes => Version > 2;

    /// <summary>Whether the protocol tells messages from replies.</summary>
    public bool HasPush => Version > 2;

    /// <summary>Bytes that are a complete reply already.</summary>
    public void Raw(ReadOnlySpan<byte> reply) => Append(reply);

    /// <summary>Where an aggregate starts whose length is known only at its end.</summary>
    public int BeginDeferred() => _buffer.Length;

    public void EndDeferredArray(int start, long count) => InsertHeader(start, (byte)'*', count);

    public void EndDeferredPairs(int start, long count) => InsertHeader(start, (byte)'*', Version == 2 ? count * 2 : count);

    public void EndDeferredSet(int start, long count) => InsertHeader(start, Version == 2 ? (byte)'*' : (byte)'~', count);

    public void EndDeferredMap(int start, long pairs) => InsertHeader(start, Version == 2 ? (byte)'*' : (byte)'%', Version == 2 ? pairs * 2 : pairs);

    /// <summary>Puts a number as a bulk string in where the reply stood when <see cref="BeginDeferred"/> was called.</summary>
    [SkipLocalsInit]
    public void InsertBulkInteger(int start, long value)
    {
        MakeRoom(HeaderBytesMax * 2);
        if (IsOverfull) return; // The place is gone with the rest.
        Span<byte> bulk = stackalloc byte[HeaderBytesMax * 2];
        Span<byte> digits = stackalloc byte[20];
        digits = digits[..NumberText.FormatInt64(value, digits)];
        var at = WriteHeader(ref bulk[0], (byte)'$', digits.Length);
        digits.CopyTo(bulk[at..]);
        at += digits.Length;
        "\r\n"u8.CopyTo(bulk[at..]);
        _buffer.Insert(start, bulk[..(at + 2)]);
    }

    /// <summary>A bulk string that stands before what has been written since, and is known only now.</summary>
    [SkipLocalsInit]
    public void InsertBulk(int start, ReadOnlySpan<byte> value)
    {
        MakeRoom(HeaderBytesMax + value.Length + 2);
        if (IsOverfull) return; // The place is gone with the rest.
        Span<byte> header = stackalloc byte[HeaderBytesMax];
        _buffer.Insert(start, "\r\n"u8);
        _buffer.Insert(start, value);
        _buffer.Insert(start, header[..WriteHeader(ref header[0], (byte)'$', value.Length)]);
    }

    public void EndDeferredNestedMap(int start, long pairs) => InsertHeader(start, Version == 2 ? (byte)'*' : (byte)'%', pairs);

    private void Header(byte type, long count)
    {
        ref var start = ref MemoryMarshal.GetReference(Reserve(HeaderBytesMax));
        _buffer.Advance(WriteHeader(ref start, type, count));
    }

    /// <summary>Writes a header line, and returns its length. There must be room for the longest one, which it may touch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteHeader(ref byte start, byte type, long count)
    {
        if ((ulong)count > 99) return WriteLongHeader(ref start, type, count);

        // The whole line as one number, its first byte the lowest.
        var number = (uint)count;
        var tens = (number * 205) >> 11;
        var digits = ('0' + tens) | (('0' + number - (tens * 10)) << 8);
        var length = 5;
        if (number <= 9) (digits, length) = (digits >> 8, 4);
        Unsafe.WriteUnaligned(ref start, type | ((ulong)digits << 8) | ((ulong)LineEnd << (8 * (length - 2))));
        return length;
    }

    private static int WriteLongHeader(ref byte start, byte type, long count)
    {
        start = type;
        var room = MemoryMarshal.CreateSpan(ref start, HeaderBytesMax);
        var at = 1 + NumberText.FormatInt64(count, room[1..]);
        room[at] = (byte)'\r';
        room[at + 1] = (byte)'\n';
        return at + 2;
    }

    /// <summary>Copies a text; those of usual length in two overlapping pieces, since a call takes longer than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyText(ReadOnlySpan<byte> text, ref byte target)
    {
        ref var source = ref MemoryMarshal.GetReference(text);
        switch (text.Length)
        {
            case >= 8 and <= 16:
                CopyEnds<ulong>(ref source, ref target, text.Length);
                break;
            case > 16 and <= 32:
                CopyEnds<Vector128<byte>>(ref source, ref target, text.Length);
                break;
            default:
                text.CopyTo(MemoryMarshal.CreateSpan(ref target, text.Length));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyEnds<T>(ref byte source, ref byte target, int length)
        where T : unmanaged
    {
        var last = length - Unsafe.SizeOf<T>();
        var (head, tail) = (Unsafe.ReadUnaligned<T>(ref source), Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref source, last)));
        Unsafe.WriteUnaligned(ref target, head);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, last), tail);
    }

    [SkipLocalsInit]
    private void InsertHeader(int start, byte type, long count)
    {
        MakeRoom(HeaderBytesMax);
        if (IsOverfull) return; // The place is gone with the rest.
        Span<byte> header = stackalloc byte[HeaderBytesMax];
        var headerLength = WriteHeader(ref header[0], type, count);
        _buffer.Insert(start, header[..headerLength]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        _buffer.Append(bytes);
    }

    private Span<byte> Reserve(int count)
    {
        MakeRoom(count);
        return _buffer.Reserve(count);
    }

    private void MakeRoom(int count)
    {
        if (count <= BytesMax - _buffer.Length) return;
        IsOverfull = true;
        _buffer.Clear();
    }

    private void Line(byte type, ReadOnlySpan<byte> text)
    {
        var room = Reserve(text.Length + 3);
        room[0] = type;
        text.CopyTo(room[1..]);
        room[text.Length + 1] = (byte)'\r';
        room[text.Length + 2] = (byte)'\n';
        _buffer.Advance(text.Length + 3);
    }
}

/// <summary>Hears of error replies as they are written.</summary>
internal interface IErrorObserver
{
    void OnError(ReadOnlySpan<byte> text);
}

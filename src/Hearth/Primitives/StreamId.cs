using System.Runtime.CompilerServices;

namespace Hearth.Primitives;

/// <summary>
/// The ID of an entry of a stream: a Unix time in milliseconds, and a number that tells the entries of one millisecond apart. As text
/// both stand in decimal with a '-' between them.
/// </summary>
internal readonly struct StreamId(ulong ms, ulong sequence) : IEquatable<StreamId>, IComparable<StreamId>
{
    /// <summary>No ID needs more bytes: two numbers of 20 digits and the '-'.</summary>
    public const int TextBytesMax = 41;

    /// <summary>Redis parses IDs in a buffer of this size, and refuses what does not fit.</summary>
    private const int ParsedBytesMax = 127;

    public readonly ulong Ms = ms;
    public readonly ulong Sequence = sequence;

    public static StreamId Min => default;

    public static StreamId Max => new(ulong.MaxValue, ulong.MaxValue);

    public bool IsZero => (Ms | Sequence) == 0;

    /// <summary>The next greater ID; the greatest is followed by the least.</summary>
    public StreamId Next => new(Sequence == ulong.MaxValue ? Ms + 1 : Ms, Sequence + 1);

    /// <summary>The next smaller ID; the least is preceded by the greatest.</summary>
    public StreamId Previous => new(Sequence == 0 ? Ms - 1 : Ms, Sequence - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(StreamId left, StreamId right) => left.Ms < right.Ms || (left.Ms == right.Ms && left.Sequence < right.Sequence);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(StreamId left, StreamId right) => right < left;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <=(StreamId left, StreamId right) => !(right < left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >=(StreamId left, StreamId right) => !(left < right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator ==(StreamId left, StreamId right) => left.Ms == right.Ms && left.Sequence == right.Sequence;

    public static bool operator !=(StreamId left, StreamId right) => !(left == right);

    /// <summary>An ID, or '-' for the least and '+' for the greatest. One without its second half gets this sequence.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ulong missingSequence, out StreamId id)
    {
        var isWhole = text.Length == 1 || (text.Length is > 1 and <= ParsedBytesMax && text[1] == 0);
        if (isWhole && text[0] == '-')
        {
            id = Min;
            return true;
        }

        if (isWhole && text[0] == '+')
        {
            id = Max;
            return true;
        }

        return TryParseExact(text, missingSequence, out id);
    }

    /// <summary>An ID, with numbers only. One without its second half gets this sequence.</summary>
    public static bool TryParseExact(ReadOnlySpan<byte> text, ulong missingSequence, out StreamId id) =>
        TryParsePartial(text, missingSequence, allowsStar: false, out id, out _);

    /// <summary>An ID for a new entry: in <c>ms-*</c> the server shall choose the sequence.</summary>
    public static bool TryParsePartial(ReadOnlySpan<byte> text, out StreamId id, out bool hasSequence) =>
        TryParsePartial(text, 0, allowsStar: true, out id, out hasSequence);

    /// <summary>Writes the text and returns its length.</summary>
    public int Format(Span<byte> target)
    {
        var length = NumberText.FormatUInt64(Ms, target);
        target[length] = (byte)'-';
        return length + 1 + NumberText.FormatUInt64(Sequence, target[(length + 1)..]);
    }

    public int CompareTo(StreamId other) => this < other ? -1 : other < this ? 1 : 0;

    public bool Equals(StreamId other) => this == other;

    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Ms, Sequence);

    public override string ToString() => $"{Ms}-{Sequence}";

    private static bool TryParsePartial(ReadOnlySpan<byte> text, ulong missingSequence, bool allowsStar, out StreamId id, out bool hasSequence)
    {
        id = default;
        hasSequence = true;
        if (text.Length > ParsedBytesMax) return false;
        var dash = text.IndexOfAny((byte)'-', (byte)0);
        if (dash >= 0 && text[dash] == 0)
        {
            text = text[..dash];
            dash = -1;
        }

        if (dash < 0)
        {
            if (!NumberText.TryParseUInt64(text, out var onlyMs)) return false;
            id = new StreamId(onlyMs, missingSequence);
            return true;
        }

        if (!NumberText.TryParseUInt64(text[..dash], out var ms)) return false;
        var rest = CString.Clip(text[(dash + 1)..]);
        ulong sequence = 0;
        if (allowsStar && rest is [(byte)'*']) hasSequence = false;
        else if (!NumberText.TryParseUInt64(rest, out sequence)) return false;
        id = new StreamId(ms, sequence);
        return true;
    }
}

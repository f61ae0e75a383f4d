namespace Hearth.Memory;

/// <summary>
/// A view of bytes off the managed heap. It owns nothing: whoever hands one out says how long it stays valid.
/// Code outside the unsafe folders sees only <see cref="Span"/>.
/// </summary>
internal readonly unsafe struct NativeSlice(byte* start, int length)
{
    public readonly byte* Start = start;
    public readonly int Length = length;

    /// <summary>A copy that is made field by field.</summary>
    public NativeSlice(in NativeSlice other)
        : this(other.Start, other.Length)
    {
    }

    public ReadOnlySpan<byte> Span => new(Start, Length);

    public bool IsEmpty => Length == 0;

    public NativeSlice Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(Length - offset));
        return new NativeSlice(Start + offset, length);
    }

    public NativeSlice Slice(int offset) => Slice(offset, Length - offset);

    public static implicit operator ReadOnlySpan<byte>(NativeSlice slice) => slice.Span;
}

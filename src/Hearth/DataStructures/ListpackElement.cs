using System.Runtime.CompilerServices;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>
/// One element of a small collection, on its way in or out: an integer, or bytes that are not the decimal form of one. It is valid
/// until the structure that it was read from changes.
/// </summary>
internal readonly ref struct ListpackElement
{
    /// <summary>No integer needs more scratch for <see cref="ToBytes"/>.</summary>
    public const int ScratchBytes = NumberText.MaxIntegerLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ListpackElement(long integer)
    {
        IsInteger = true;
        Integer = integer;
    }

    /// <summary>What these bytes are kept as: an integer exactly if formatting it gives them back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ListpackElement(ReadOnlySpan<byte> text)
    {
        if (MayBeInteger(text) && NumberText.TryParseInt64(text, out var integer))
        {
            IsInteger = true;
            Integer = integer;
        }
        else
        {
            Bytes = text;
        }
    }

    private ListpackElement(ReadOnlySpan<byte> bytes, bool isInteger)
    {
        Bytes = bytes;
        IsInteger = isInteger;
    }

    public bool IsInteger { get; }

    public long Integer { get; }

    /// <summary>The bytes of an element that is no integer.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public static implicit operator ListpackElement(long integer) => new(integer);

    public static implicit operator ListpackElement(ReadOnlySpan<byte> text) => new(text);

    /// <summary>Bytes that are known not to be an integer, or that shall stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListpackElement FromBytes(ReadOnlySpan<byte> bytes) => new(bytes, false);

    /// <summary>The element as a client sees it; an integer is written to the scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ToBytes(Span<byte> scratch) => IsInteger ? scratch[..NumberText.FormatInt64(Integer, scratch)] : Bytes;

    /// <summary>The element as an integer, whether it is kept as one or as its text.</summary>
    public bool TryGetInteger(out long value)
    {
        value = Integer;
        return IsInteger || NumberText.TryParseInt64(Bytes, out value);
    }

    /// <summary>The length of what <see cref="ToBytes"/> returns.</summary>
    public int TextLength()
    {
        if (!IsInteger) return Bytes.Length;
        return Integer < 0 ? 1 + NumberText.CountDigits(0UL - (ulong)Integer) : NumberText.CountDigits((ulong)Integer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ListpackElement other) => IsInteger
        ? other.IsInteger && Integer == other.Integer
        : !other.IsInteger && Bytes.SequenceEqual(other.Bytes);

    /// <summary>Most texts are told by their length and first byte: a digit or '-' is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayBeInteger(ReadOnlySpan<byte> text) => (uint)(text.Length - 1) < NumberText.MaxIntegerLength && text[0] <= '9';
}

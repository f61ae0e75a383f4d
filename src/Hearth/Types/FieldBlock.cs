using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// A field of a big hash and its value, one block:
/// <code>
/// | field length: 1 | value length: 1 | field length: 4 | value length: 4 | field | value |
///                                      if its byte is 255  if its byte is 255
/// </code>
/// </summary>
internal readonly unsafe struct FieldBlock(byte* block)
{
    private const int LongMark = 255;

    public nint Address => (nint)block;

    public ReadOnlySpan<byte> Field
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var start = FieldStart(out var length);
            return new ReadOnlySpan<byte>(start, length);
        }
    }

    public ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var start = FieldStart(out var fieldLength);
            return new ReadOnlySpan<byte>(start + fieldLength, ValueLength);
        }
    }

    public int ValueLength => block[1] < LongMark ? block[1] : *(int*)(block + (block[0] < LongMark ? 2 : 6));

    public static FieldBlock FromAddress(nint address) => new((byte*)address);

    public static FieldBlock Create(Heap heap, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var created = new FieldBlock(heap.Allocate(BlockBytes(field.Length, value.Length)));
        created.Write(field, value);
        return created;
    }

    public static long BlockBytes(int fieldLength, int valueLength) =>
        2 + (fieldLength < LongMark ? 0 : 4) + (valueLength < LongMark ? 0 : 4) + (long)fieldLength + valueLength;

    /// <summary>Stores another value into the same block if it needs no other one. The value must not lie in the block itself.</summary>
    public bool TryOverwrite(ReadOnlySpan<byte> value)
    {
        var start = FieldStart(out var fieldLength);
        var oldBytes = BlockBytes(fieldLength, ValueLength);
        if (Heap.UsableSize(BlockBytes(fieldLength, value.Length)) != Heap.UsableSize(oldBytes)) return false;
        if (value.Length < LongMark && block[1] < LongMark)
        {
            block[1] = (byte)value.Length;
            value.CopyTo(new Span<byte>(start + fieldLength, value.Length));
        }
        else
        {
            // The field may have to make room for a longer length, or close up.
            Write(new ReadOnlySpan<byte>(start, fieldLength), value);
        }

        return true;
    }

    /// <summary>Writes the whole block; the field may lie in it already.</summary>
    private void Write(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var fieldOffset = 2 + (field.Length < LongMark ? 0 : 4) + (value.Length < LongMark ? 0 : 4);
        field.CopyTo(new Span<byte>(block + fieldOffset, field.Length));
        var (fieldLength, valueLength) = (field.Length, value.Length);
        block[0] = (byte)Math.Min(fieldLength, LongMark);
        block[1] = (byte)Math.Min(valueLength, LongMark);
        if (fieldLength >= LongMark) *(int*)(block + 2) = fieldLength;
        if (valueLength >= LongMark) *(int*)(block + fieldOffset - 4) = valueLength;
        value.CopyTo(new Span<byte>(block + fieldOffset + fieldLength, valueLength));
        Debug.Assert(Field.Length == fieldLength && ValueLength == valueLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* FieldStart(out int length)
    {
        length = block[0];
        var start = block + (block[1] < LongMark ? 2 : 6);
        if (length < LongMark) return start;
        length = *(int*)(block + 2);
        return start + 4;
    }
}

/// <summary>Tells a table where a field keeps its key.</summary>
internal readonly struct FieldLayout : IElementLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => FieldBlock.FromAddress(element).Field;

    public static long BlockBytes(nint element)
    {
        var block = FieldBlock.FromAddress(element);
        return FieldBlock.BlockBytes(block.Field.Length, block.ValueLength);
    }
}

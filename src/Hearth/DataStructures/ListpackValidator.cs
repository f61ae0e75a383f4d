namespace Hearth.DataStructures;

/// <summary>
/// Tells whether bytes from outside, a file or a client's payload, are a <see cref="Listpack"/> that can be walked in both directions
/// without leaving them. It reads nothing outside of them, whatever they hold.
/// </summary>
internal static unsafe class ListpackValidator
{
    /// <summary>Whether the header and the last byte fit the length; the elements are not looked at.</summary>
    public static bool IsFrameValid(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Listpack.EmptyBytes) return false;
        fixed (byte* block = bytes)
        {
            return *(uint*)block == (uint)bytes.Length && block[bytes.Length - 1] == ListpackEncoding.End;
        }
    }

    /// <summary>Whether every element fits too, and there are as many as the header says.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (!IsFrameValid(bytes)) return false;
        fixed (byte* block = bytes)
        {
            var position = block + Listpack.HeaderBytes;
            var end = block + bytes.Length - 1;
            while (position < end)
            {
                if (!TrySkip(ref position, end)) return false;
                count++;
            }

            int stored = *(ushort*)(block + 4);
            return stored == Listpack.UnknownCount || stored == count;
        }
    }

    /// <summary>Steps over an element that lies wholly before the end and is followed by its own back length.</summary>
    private static bool TrySkip(ref byte* position, byte* end)
    {
        var headerBytes = ListpackEncoding.SizeHeaderBytes(*position);
        var left = end - position;
        if (headerBytes == 0 || headerBytes > left) return false;

        var size = ListpackEncoding.SizeOf(position);
        var backBytes = ListpackEncoding.BackLengthBytes(size);
        if (size + backBytes > left) return false;

        var expected = stackalloc byte[5];
        ListpackEncoding.WriteBackLength(expected, size);
        if (!new ReadOnlySpan<byte>(position + size, backBytes).SequenceEqual(new ReadOnlySpan<byte>(expected, backBytes))) return false;
        position += size + backBytes;
        return true;
    }
}

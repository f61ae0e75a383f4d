namespace Hearth.DataStructures;

/// <summary>
/// How much one node of a <see cref="Quicklist"/> may hold, as <c>list-max-listpack-size</c> says it: below zero by bytes, from -1 for
/// 4 KiB over -2 for 8 KiB to -5 for 64 KiB; above by elements, and then no more than 8 KiB of them either. The rules are Redis's, since
/// OBJECT ENCODING shows where a list crosses them: the bytes of an element count as they come from the client, whatever form they
/// take in the listpack.
/// </summary>
internal static class QuicklistFill
{
    private const long SafeBytesMax = 8192;

    private const int SmallestBytesShift = 12;

    private const int LargestLevel = 5;

    /// <summary>What one more element is taken to need besides its text.</summary>
    private const int ElementOverheadBytes = 8;

    /// <summary>The setting as a list keeps it, for its lifetime.</summary>
    public static int Clamp(int fill) => Math.Clamp(fill, -LargestLevel, short.MaxValue);

    /// <summary>Whether a node of so many bytes and elements would be too large.</summary>
    public static bool IsExceeded(int fill, long bytes, long count) =>
        fill < 0 ? bytes > BytesMax(fill) : bytes > SafeBytesMax || count > Math.Max(fill, 1);

    /// <summary>Whether a node of so many bytes and elements may take one more element, of so many bytes of text.</summary>
    public static bool HasRoom(int fill, long bytes, long count, long textBytes) =>
        !IsExceeded(fill, bytes + textBytes + ElementOverheadBytes, count + 1);

    /// <summary>Whether the last node of a quicklist is small enough to be the whole list: at most half full, so that it won't go back and forth.</summary>
    public static bool IsAtMostHalf(int fill, long bytes, long count) =>
        fill < 0 ? bytes <= BytesMax(fill) / 2 : count <= Math.Max(fill, 1) / 2;

    /// <summary>Whether it is within the limit itself.</summary>
    public static bool IsWithin(int fill, long bytes, long count) =>
        fill < 0 ? bytes <= BytesMax(fill) : count <= Math.Max(fill, 1);

    /// <summary>The bytes that a node holds at most, unless a single element is larger.</summary>
    public static long NodeBytesMax(int fill) => fill < 0 ? BytesMax(fill) : SafeBytesMax;

    private static long BytesMax(int fill) => 1L << (SmallestBytesShift - 1 + (int)Math.Min(-(long)fill, LargestLevel));
}

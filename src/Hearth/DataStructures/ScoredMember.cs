using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>
/// A member of a big sorted set with its score, in one block that the set's <see cref="Dict{TLayout}"/> and its
/// <see cref="ScoreTree"/> both point to. Asking for a score is one lookup in the dict, and does not touch the tree.
/// <code>
/// 0  score                                     8 bytes
/// 8  length, 255 for members that are longer   1 byte
///    length                                    4 bytes, only behind a 255
///    member
/// </code>
/// </summary>
internal readonly unsafe struct ScoredMember(nint address)
{
    private const int LengthOffset = 8;
    private const int ShortOffset = 9;
    private const int LongOffset = 13;
    private const byte LongMark = 255;

    public nint Address { get; } = address;

    public double Score
    {
        get => *(double*)Address;
        set => *(double*)Address = value;
    }

    public ReadOnlySpan<byte> Bytes => BytesOf(Address);

    /// <summary>Bytes of the block as they were asked from the heap.</summary>
    public long BlockBytes => BlockBytesOf(Bytes.Length);

    public static ScoredMember Create(Heap heap, ReadOnlySpan<byte> bytes, double score)
    {
        var block = heap.Allocate(BlockBytesOf(bytes.Length));
        *(double*)block = score;
        if (bytes.Length < LongMark)
        {
            block[LengthOffset] = (byte)bytes.Length;
            bytes.CopyTo(new Span<byte>(block + ShortOffset, bytes.Length));
        }
        else
        {
            block[LengthOffset] = LongMark;
            *(int*)(block + ShortOffset) = bytes.Length;
            bytes.CopyTo(new Span<byte>(block + LongOffset, bytes.Length));
        }

        return new ScoredMember((nint)block);
    }

    public void Free(Heap heap) => heap.Free((byte*)Address, BlockBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> BytesOf(nint address)
    {
        var block = (byte*)address;
        int length = block[LengthOffset];
        return length != LongMark
            ? new ReadOnlySpan<byte>(block + ShortOffset, length)
            : new ReadOnlySpan<byte>(block + LongOffset, *(int*)(block + ShortOffset));
    }

    private static long BlockBytesOf(int length) => (length < LongMark ? ShortOffset : LongOffset) + (long)length;
}

/// <summary>Tells a dict where a member keeps its bytes.</summary>
internal readonly struct ScoredMemberLayout : IDictLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => ScoredMember.BytesOf(element);
}

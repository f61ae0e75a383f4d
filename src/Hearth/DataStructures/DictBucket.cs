using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hearth.DataStructures;

/// <summary>
/// A bucket of a <see cref="Dict{TLayout}"/>, one cache line:
/// <code>
/// | 7 tags | overflow | slot 0 | slot 1 | ... | slot 6 |
///   1 byte    1 byte    8 bytes each
/// </code>
/// A tag is the low byte of the hash, 0 where the slot is free (a hash that ends in 0 gets 1). The overflow byte is the number of
/// the bucket of this segment where elements go on that find no room here, 0 if there are none. A slot is
/// <code>
/// | window: 20 bits of the hash | address >> 3: 44 bits |
/// </code>
/// The window starts at the segment's base depth. With the tag it rejects nearly every other key without reading it, and it lets
/// a segment grow, split and merge without reading any.
/// </summary>
internal static unsafe class DictBucket
{
    public const int Bytes = 64;
    public const int Slots = 7;
    public const int WindowBits = 20;
    public const int AddressBits = 64 - WindowBits;

    private const int OverflowByte = 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte TagOf(ulong hash)
    {
        var tag = (byte)hash;
        return tag == 0 ? (byte)1 : tag;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Slot(ulong window, nint element)
    {
        Debug.Assert(element > 0 && (element & 7) == 0 && (ulong)element < 1UL << 47);
        return (window << AddressBits) | ((ulong)element >> 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint ElementOf(ulong slot) => (nint)((slot << WindowBits) >> (WindowBits - 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WindowOf(ulong slot) => slot >> AddressBits;

    /// <summary>A bit for each slot with this tag; tag 0 finds the free ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Match(byte* bucket, byte tag)
    {
        var tags = Vector128.CreateScalarUnsafe(*(ulong*)bucket).AsByte();
        return Vector128.Equals(tags, Vector128.Create(tag)).ExtractMostSignificantBits() & ((1u << Slots) - 1);
    }

    public static uint Free(byte* bucket) => Match(bucket, 0);

    public static uint Taken(byte* bucket) => Match(bucket, 0) ^ ((1u << Slots) - 1);

    public static int Count(byte* bucket) => BitOperations.PopCount(Taken(bucket));

    public static ref byte Overflow(byte* bucket) => ref bucket[OverflowByte];

    public static ref ulong SlotAt(byte* bucket, int index) => ref ((ulong*)bucket)[1 + index];

    public static void Clear(byte* bucket) => *(ulong*)bucket = 0;

    public static void Put(byte* bucket, int index, byte tag, ulong slot)
    {
        Debug.Assert(bucket[index] == 0 && tag != 0);
        bucket[index] = tag;
        SlotAt(bucket, index) = slot;
    }
}

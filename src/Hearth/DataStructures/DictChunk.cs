using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearth.DataStructures;

/// <summary>
/// A chunk of the directory of a <see cref="Dict{TLayout}"/>: the words of all segments whose hashes share the first
/// <see cref="Prefix"/> bits, indexed by the next <see cref="Bits"/>, and behind them the segments' element counts. A segment
/// that is less deep than the index has several equal words in a row; its count stands at the first.
/// <code>
/// | 2^bits words of 8 bytes | 2^bits counts of 2 bytes |
/// </code>
/// A chunk is itself described by a word:
/// <code>
/// | prefix: 6 | unused: 6 | bits: 5 | address: 47 bits |
/// </code>
/// Chunks are copied so rarely that the JIT would leave the loops unoptimized until well into a long life, if it were not told.
/// </summary>
internal readonly unsafe struct DictChunk(ulong word)
{
    /// <summary>A chunk of this many bits splits instead of doubling; copying it takes some microseconds.</summary>
    public const int MaxBits = 12;

    private const int PrefixShift = 58;
    private const int BitsShift = 47;
    private const ulong AddressMask = (1UL << 47) - 1;

    public readonly ulong Word = word;

    public DictChunk(byte* block, int prefix, int bits)
        : this((ulong)block | ((ulong)bits << BitsShift) | ((ulong)prefix << PrefixShift))
    {
        Debug.Assert(((ulong)block & ~AddressMask) == 0 && bits is >= 0 and <= MaxBits);
    }

    public int Prefix => (int)(Word >> PrefixShift);

    public int Bits => (int)(Word >> BitsShift) & 31;

    /// <summary>The deepest segment that the chunk can hold.</summary>
    public int Depth => Prefix + Bits;

    public int Length => 1 << Bits;

    public ulong* Words => (ulong*)(Word & AddressMask);

    public ushort* Counts => (ushort*)(Words + Length);

    public static long BytesOf(int bits) => (sizeof(ulong) + sizeof(ushort)) * (1L << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(ulong hash) => (int)(((hash << Prefix) >> 1) >> (63 - Bits));

    /// <summary>The index of the first word of the segment of this depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstIndexOf(ulong hash, int depth) => IndexOf(hash) & -(1 << (Depth - depth));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasSegmentAt(int depth)
    {
        for (var index = 0; index < Length; index++)
        {
            if (new DictSegment(Words[index]).Depth == depth) return true;
        }

        return false;
    }

    /// <summary>Copies the words and counts of a part of another chunk, each to as many words as this chunk's finer index has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyFrom(DictChunk source, int sourceStart, int sourceLength, int targetStart, int finerBits)
    {
        var words = Words + targetStart;
        var counts = Counts + targetStart;
        var sourceWords = source.Words + sourceStart;
        var sourceCounts = source.Counts + sourceStart;
        var last = (1 << finerBits) - 1;
        for (var index = 0; index < sourceLength << finerBits; index++)
        {
            words[index] = sourceWords[index >> finerBits];
            counts[index] = (index & last) == 0 ? sourceCounts[index >> finerBits] : (ushort)0;
        }
    }

    /// <summary>Takes every second word and count of a chunk whose words are equal in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyHalfOf(DictChunk source)
    {
        var words = Words;
        var counts = Counts;
        var sourceWords = source.Words;
        var sourceCounts = source.Counts;
        for (var index = 0; index < Length; index++)
        {
            words[index] = sourceWords[2 * index];
            counts[index] = sourceCounts[2 * index];
        }
    }
}

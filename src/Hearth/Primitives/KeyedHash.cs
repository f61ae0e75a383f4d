using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Hearth.Primitives;

/// <summary>
/// The hash of keys, fields and members: 64 bits that depend on a secret seed, so that nobody can choose keys that collide. SCAN
/// cursors and the order of keys show the upper bits of hashes, so the function must not give its key away by them either.
///
/// Where the processor has AES instructions, the data passes through rounds of AES under keys expanded from the seed:
///
///   up to 16 bytes   one block, filled up by loads that overlap            whiten, 2 rounds ─┐
///   17 to 32         first and last 16 bytes, each in a lane of its own    whiten, 2 rounds ─┤
///   33 to 64         first and last 32 bytes, four lanes                   whiten, 2 rounds ─┼─ xor ─ 2 rounds ─ fold to 64 bits
///   more             four lanes, 64 bytes a turn, then the last 64 bytes   whiten, 2 rounds ─┘
///
/// Two rounds stand between any two places where data enters, because after one round a difference of one byte can still be
/// cancelled by a well-chosen second one with a chance of 1 in 128; after two, at least five S-boxes have taken part. Two more
/// follow the last exclusive or, so every bit of the result depends on every bit of the data. Folding the halves together keeps
/// the last round from being run backwards. The length goes into a round key of the last block, since overlapping loads alone don't
/// tell "aaaaaaaa" from "aaaaaaaaa". Elsewhere SipHash-1-3 does the work. Hashes are never stored, so the two need not agree.
/// </summary>
internal sealed class KeyedHash
{
    private readonly ulong _seed0;
    private readonly ulong _seed1;
    private readonly Lane _lane0;
    private readonly Lane _lane1;
    private readonly Lane _lane2;
    private readonly Lane _lane3;
    private readonly Vector128<byte> _finalRound0;
    private readonly Vector128<byte> _finalRound1;

    public KeyedHash(ulong seed0, ulong seed1)
    {
        _seed0 = seed0;
        _seed1 = seed1;
        _lane0 = new Lane(ExpandKey(0), ExpandKey(1), ExpandKey(2));
        _lane1 = new Lane(ExpandKey(3), ExpandKey(4), ExpandKey(5));
        _lane2 = new Lane(ExpandKey(6), ExpandKey(7), ExpandKey(8));
        _lane3 = new Lane(ExpandKey(9), ExpandKey(10), ExpandKey(11));
        _finalRound0 = ExpandKey(12);
        _finalRound1 = ExpandKey(13);
    }

    /// <summary>Whether this processor runs the AES variant.</summary>
    public static bool UsesAes => X86Aes.IsSupported || ArmAes.IsSupported;

    public ulong Hash(ReadOnlySpan<byte> data) => UsesAes ? HashWithAes(data) : HashWithSip(data);

    internal ulong HashWithSip(ReadOnlySpan<byte> data) => SipHash13.Hash(_seed0, _seed1, data);

    /// <summary>Callable only where <see cref="UsesAes"/> holds.</summary>
    internal ulong HashWithAes(ReadOnlySpan<byte> data)
    {
        ref var first = ref MemoryMarshal.GetReference(data);
        var length = data.Length;
        if (length > 32) return HashLong(ref first, length);

        // The length enters behind the first round, where no choice of data can cancel it for certain.
        var lengthBlock = Vector128.CreateScalar((ulong)length).AsByte();
        if (length <= 16)
        {
            var block = LoadShort(ref first, length);
            return Finish(Round(Round(block ^ _lane0.White, _lane0.Round0 ^ lengthBlock), _lane0.Round1));
        }

        var head = Vector128.LoadUnsafe(ref first);
        var tail = Vector128.LoadUnsafe(ref first, (nuint)(length - 16));
        var state0 = Round(Round(head ^ _lane0.White, _lane0.Round0 ^ lengthBlock), _lane0.Round1);
        var state1 = Round(Round(tail ^ _lane1.White, _lane1.Round0), _lane1.Round1);
        return Finish(state0 ^ state1);
    }

    private ulong HashLong(ref byte first, int length)
    {
        Debug.Assert(length > 32);
        var lengthBlock = Vector128.CreateScalar((ulong)length).AsByte();
        var state0 = _lane0.White;
        var state1 = _lane1.White;
        var state2 = _lane2.White;
        var state3 = _lane3.White;

        nuint position = 0;
        nuint end = (nuint)length;
        for (; end - position > 64; position += 64)
        {
            state0 = Absorb(state0, ref first, position, _lane0.Round0, _lane0.Round1);
            state1 = Absorb(state1, ref first, position + 16, _lane1.Round0, _lane1.Round1);
            state2 = Absorb(state2, ref first, position + 32, _lane2.Round0, _lane2.Round1);
            state3 = Absorb(state3, ref first, position + 48, _lane3.Round0, _lane3.Round1);
        }

        // From 33 bytes on the first half of what is left can start at the position and the second half end at the end; behind
        // whole turns there may be fewer, so there the last 64 bytes are taken, some of them for the second time.
        if (length > 64) position = end - 64;
        state0 = Absorb(state0, ref first, position, _lane0.Round0 ^ lengthBlock, _lane0.Round1);
        state1 = Absorb(state1, ref first, position + 16, _lane1.Round0, _lane1.Round1);
        state2 = Absorb(state2, ref first, end - 32, _lane2.Round0, _lane2.Round1);
        state3 = Absorb(state3, ref first, end - 16, _lane3.Round0, _lane3.Round1);
        return Finish((state0 ^ state1) ^ (state2 ^ state3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Absorb(
        Vector128<byte> state, ref byte first, nuint position, Vector128<byte> round0, Vector128<byte> round1) =>
        Round(Round(state ^ Vector128.LoadUnsafe(ref first, position), round0), round1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Finish(Vector128<byte> state)
    {
        var words = Round(Round(state, _finalRound0), _finalRound1).AsUInt64();
        return words.ToScalar() ^ words.GetElement(1);
    }

    // Every load lies inside [first, first + length). Together with the length the block tells all texts of up to 16 bytes apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LoadShort(ref byte first, int length)
    {
        Debug.Assert(length is >= 0 and <= 16);
        if (length >= 8)
        {
            var head = Unsafe.ReadUnaligned<ulong>(ref first);
            var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, length - 8));
            return Vector128.Create(head, tail).AsByte();
        }

        if (length >= 4)
        {
            ulong head = Unsafe.ReadUnaligned<uint>(ref first);
            ulong tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4));
            return Vector128.CreateScalar(head | (tail << 32)).AsByte();
        }

        if (length == 0) return Vector128<byte>.Zero;

        uint middle = Unsafe.Add(ref first, length >> 1);
        uint last = Unsafe.Add(ref first, length - 1);
        return Vector128.CreateScalar((ulong)(first | (middle << 8) | (last << 16))).AsByte();
    }

    // One full round: SubBytes, ShiftRows, MixColumns, then the key. Arm's instruction adds its key first, so it gets none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> key)
    {
        if (X86Aes.IsSupported) return X86Aes.Encrypt(state, key);
        if (ArmAes.IsSupported) return ArmAes.MixColumns(ArmAes.Encrypt(state, Vector128<byte>.Zero)) ^ key;
        throw new PlatformNotSupportedException();
    }

    private Vector128<byte> ExpandKey(int index) => Vector128.Create(ExpandWord(2 * index), ExpandWord(2 * index + 1)).AsByte();

    private ulong ExpandWord(int index)
    {
        Span<byte> counter = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(counter, index);
        return SipHash13.Hash(_seed0, _seed1, counter);
    }

    private readonly record struct Lane(Vector128<byte> White, Vector128<byte> Round0, Vector128<byte> Round1);
}

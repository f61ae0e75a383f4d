using System.Buffers.Binary;
using System.Numerics;

namespace Hearth.Primitives;

/// <summary>
/// The source of every random choice that need not be secret (RANDOMKEY, eviction samples, jitter, replication IDs): xoshiro256**
/// by Blackman and Vigna, seeded once by SplitMix64 so that a test can repeat a run from one number. It must not make secrets: its
/// output gives its state away. One thread only.
/// </summary>
internal sealed class RandomSource
{
    private ulong _state0;
    private ulong _state1;
    private ulong _state2;
    private ulong _state3;

    public RandomSource(ulong seed)
    {
        _state0 = SplitMix(ref seed);
        _state1 = SplitMix(ref seed);
        _state2 = SplitMix(ref seed);
        _state3 = SplitMix(ref seed);
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_state1 * 5, 7) * 9;
        var shifted = _state1 << 17;
        _state2 ^= _state0;
        _state3 ^= _state1;
        _state1 ^= _state2;
        _state0 ^= _state3;
        _state2 ^= shifted;
        _state3 = BitOperations.RotateLeft(_state3, 45);
        return result;
    }

    /// <summary>Uniform in [0, exclusiveMax).</summary>
    public long NextInt64(long exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        var range = (ulong)exclusiveMax;
        var high = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
        {
            // 2^64 mod range low products belong to one value too many; drawing again keeps all values equally likely.
            var surplus = (0 - range) % range;
            while (low < surplus) high = Math.BigMul(NextUInt64(), range, out low);
        }

        return (long)high;
    }

    public void NextBytes(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[sizeof(ulong)..];
        }

        if (destination.Length == 0) return;

        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
        last[..destination.Length].CopyTo(destination);
    }

    /// <summary>Lower-case hexadecimal digits, as run IDs and replication IDs have them (40 of them).</summary>
    public string NextHexId(int chars) => string.Create(chars, this, static (id, source) =>
    {
        ulong bits = 0;
        for (var index = 0; index < id.Length; index++)
        {
            if (index % 16 == 0) bits = source.NextUInt64();
            id[index] = "0123456789abcdef"[(int)(bits & 15)];
            bits >>= 4;
        }
    });

    private static ulong SplitMix(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15;
        var mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>A listpack with a heap of its own beside a list of texts that says what must be in it.</summary>
internal sealed unsafe class ListpackModel : IDisposable
{
    private static readonly string[] Edges =
    [
        "", "0", "-0", "00", "+1", " 1", "1 ", "127", "128", "-1", "4095", "4096", "-4096", "-4097", "32767", "32768", "-32768", "-32769", "8388607", "8388608",
        "-8388608", "-8388609", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "1e3", "0x10", "a", "\0",
    ];

    private readonly ulong _seed;

    public ListpackModel(ulong seed)
    {
        _seed = seed;
        Random = new RandomSource(seed);
        Listpack = Listpack.Create(Heap);
    }

    public Heap Heap { get; } = new("test");

    public RandomSource Random { get; }

    public List<string> Expected { get; } = [];

    public Listpack Listpack { get; set; }

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(byte* element)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var value = Listpack.Get(element);
        var text = value.ToBytes(scratch);
        Assert.Equal(text.Length, value.TextLength());
        return Encoding.Latin1.GetString(text);
    }

    public string RandomText() => Random.NextInt64(8) switch
    {
        0 => new string((char)('a' + Random.NextInt64(3)), (int)Random.NextInt64(70)),
        1 => new string('z', (int)Random.NextInt64(200)),
        2 when Random.NextInt64(20) == 0 => new string('y', 4090 + (int)Random.NextInt64(12)),
        3 => ((long)Random.NextUInt64() >> (int)Random.NextInt64(64)).ToString(),
        4 => Random.NextInt64(200).ToString(),
        _ => Edges[Random.NextInt64(Edges.Length)],
    };

    /// <summary>Compares everything, walking forwards and backwards.</summary>
    public void Check()
    {
        Listpack.Verify();
        Assert.Equal(1, Heap.LiveBlocks);
        Assert.Equal(Listpack.UsedBytes, Heap.UsedBytes);
        Assert.True(Expected.Count == Listpack.Count, $"seed {_seed}: {Listpack.Count} elements instead of {Expected.Count}");
        Assert.Equal(Expected.Count == 0, Listpack.IsEmpty);
        var index = 0;
        for (var element = Listpack.First(); element != null; element = Listpack.Next(element)) Check(index++, element);
        Assert.Equal(Expected.Count, index);
        for (var element = Listpack.Last(); element != null; element = Listpack.Previous(element)) Check(--index, element);
        Assert.Equal(0, index);
    }

    public void Dispose()
    {
        Listpack.Free(Heap);
        Assert.Equal(0, Heap.LiveBlocks);
        Heap.Dispose();
    }

    private void Check(int index, byte* element) =>
        Assert.True(Expected[index] == Text(element), $"seed {_seed}: element {index} is {Text(element)} instead of {Expected[index]}");
}

using System.Runtime.InteropServices;
using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

public sealed unsafe class NameTableTests : IDisposable
{
    private readonly Heap _heap = new("test");
    private readonly NameTableHeader* _header = (NameTableHeader*)NativeMemory.AllocZeroed((nuint)sizeof(NameTableHeader));
    private readonly long* _usedBytes = (long*)NativeMemory.AllocZeroed(8);

    private NameTable Table => new(new CountedHeap(_heap, _usedBytes), _header);

    public void Dispose()
    {
        while (Table.Count > 0) Remove(Table[0]);
        Table.Clear();
        Assert.Equal((0, 0), (_heap.LiveBlocks, *_usedBytes));
        _heap.Dispose();
        NativeMemory.Free(_header);
        NativeMemory.Free(_usedBytes);
    }

    [Fact]
    public void Names_are_in_the_order_of_their_bytes_whatever_comes_and_goes()
    {
        const ulong Seed = 20240229;
        var random = new RandomSource(Seed);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < 5000; step++)
        {
            var name = new string((char)random.NextInt64(256), (int)random.NextInt64(4)) + (char)random.NextInt64(256);
            var block = Table.Find(Bytes(name));
            Assert.True(block != 0 == expected.Contains(name), $"seed {Seed}: step {step} finds '{name}': {block != 0}");
            if (block == 0 && random.NextInt64(2) == 0)
            {
                Insert(name);
                expected.Add(name);
            }
            else if (block != 0)
            {
                Remove(block);
                expected.Remove(name);
            }

            if (step % 100 == 0) Assert.Equal(expected, Names());
        }
    }

    [Fact]
    public void One_name_takes_one_pointer()
    {
        Insert("");
        Assert.Equal(8, *_usedBytes);
        Assert.NotEqual(0, Table.Find(""u8));
        Assert.Equal(0, Table.Find("a"u8));
    }

    private static byte[] Bytes(string name) => Encoding.Latin1.GetBytes(name);

    private IEnumerable<string> Names()
    {
        var names = new List<string>();
        for (var i = 0; i < Table.Count; i++) names.Add(Encoding.Latin1.GetString(NameTable.NameOf(Table[i])));
        return names;
    }

    private void Insert(string name)
    {
        var block = (NameHeader*)_heap.Allocate(sizeof(NameHeader) + name.Length);
        *block = new NameHeader { Length = name.Length, Offset = sizeof(NameHeader) };
        Bytes(name).CopyTo(new Span<byte>(block + 1, name.Length));
        Table.Insert((nint)block);
    }

    private void Remove(nint block)
    {
        Table.Remove(block);
        _heap.Free((byte*)block, sizeof(NameHeader) + ((NameHeader*)block)->Length);
    }
}

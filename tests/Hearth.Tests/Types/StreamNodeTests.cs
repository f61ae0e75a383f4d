using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed unsafe class StreamNodeTests : IDisposable
{
    private static readonly StreamId Master = new(1526919030474, 55);

    private readonly Heap _heap = new("test");

    public void Dispose()
    {
        Assert.Equal(0, _heap.LiveBlocks);
        _heap.Dispose();
    }

    /// <summary>The node of a DUMP of redis-server after XADDs of these entries and an XDEL of the second.</summary>
    [Fact]
    public void The_bytes_are_those_of_redis()
    {
        const string Expected =
            "E100000023000301010102018B74656D70657261747572650C84726F6F6D0500010201000100011501876B69746368656E080501030100010101DED4"
            + "028862617468726F6F6D0905010001C20E02DFC90203018B74656D70657261747572650C8432322E350584726F6F6D05876B69746368656E08856578"
            + "74726106F4141A99BE1C000000090A010201F3357FD30405DFD002E046";
        var listpack = Add(default, Master, "temperature", "21", "room", "kitchen");
        listpack = Add(listpack, new StreamId(1526919030474, 56), "temperature", "-300", "room", "bathroom");
        listpack = Add(listpack, new StreamId(1526919031000, 0), "temperature", "22.5", "room", "kitchen", "extra", "123456789012");
        listpack = Add(listpack, new StreamId(1526999999999, 7), "temperature", new string('x', 70), "room", "");

        var node = StreamNode.Of(listpack, Master);
        var second = node.FirstEntry;
        _ = node.ReadEntry(ref second, out var flags, out var fieldCount);
        second = StreamNode.EntryEnd(second, flags, fieldCount);
        *second |= StreamNode.Deleted;
        listpack = StreamNode.AddTo(_heap, listpack, live: -1, deleted: 1);

        var bytes = Convert.ToHexString(listpack.Bytes);
        Assert.Equal(Expected + string.Concat(Enumerable.Repeat("78", 70)) + "4880010501FF", bytes);
        listpack.Free(_heap);
    }

    [Fact]
    public void Counts_outgrow_their_bytes()
    {
        Listpack listpack = default;
        for (ulong i = 0; i < 5000; i++)
        {
            listpack = Add(listpack, new StreamId(Master.Ms, Master.Sequence + i), "f", "v");
            if (i % 2 == 0) listpack = StreamNode.AddTo(_heap, listpack, live: -1, deleted: 1);
        }

        var node = StreamNode.Of(listpack, Master);
        Assert.Equal((2500, 2500, 1), (node.LiveCount, node.DeletedCount, node.FieldCount));
        Assert.Equal(new StreamId(Master.Ms, Master.Sequence + 4999), node.LastId());
        listpack.Verify();
        listpack.Free(_heap);
    }

    private Listpack Add(Listpack listpack, StreamId id, params string[] fieldsAndValues)
    {
        using var input = new NativeBuffer(_heap);
        var ranges = new ArgumentRange[fieldsAndValues.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = new ArgumentRange(input.Length, fieldsAndValues[i].Length);
            input.Append(Encoding.Latin1.GetBytes(fieldsAndValues[i]));
        }

        var args = new Arguments(input.WrittenSlice, ranges, 0, ranges.Length);
        return listpack.Exists
            ? StreamNode.Append(_heap, listpack, Master, id, args, 0, ranges.Length / 2)
            : StreamNode.Create(_heap, id, args, 0, ranges.Length / 2);
    }
}

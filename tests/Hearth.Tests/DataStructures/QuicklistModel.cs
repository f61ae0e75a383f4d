using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>A quicklist with a heap of its own beside a list of texts that says what must be in it.</summary>
internal sealed unsafe class QuicklistModel : IDisposable
{
    private readonly QuicklistHeader* _header;
    private readonly long _plainFromBytes;
    private readonly ulong _seed;

    public QuicklistModel(ulong seed, int fill, long plainFromBytes = 1 << 30)
    {
        _seed = seed;
        _plainFromBytes = plainFromBytes;
        Random = new RandomSource(seed);
        _header = Quicklist.Create(Heap, fill);
    }

    public Heap Heap { get; } = new("test");

    public RandomSource Random { get; }

    public List<string> Expected { get; } = [];

    public Quicklist List => new(Heap, _header, _plainFromBytes);

    /// <summary>The elements of each node, '|' between nodes, '!' before a plain one.</summary>
    public string Nodes
    {
        get
        {
            var nodes = new List<string>();
            for (var node = List.Head; node != null; node = node->Next)
            {
                nodes.Add((node->IsPlain ? "!" : "") + string.Join(' ', TextsOf(node)));
            }

            return string.Join(" | ", nodes);
        }
    }

    public void Push(ListEnd end, string text)
    {
        List.Push(end, ListpackModel.Bytes(text).AsSpan());
        Expected.Insert(end == ListEnd.Head ? 0 : Expected.Count, text);
    }

    public void Drop(ListEnd end)
    {
        List.Drop(end);
        Expected.RemoveAt(end == ListEnd.Head ? 0 : Expected.Count - 1);
    }

    public void Insert(int index, string text, bool after)
    {
        var node = Seek(index, out var element);
        new QuicklistEditor(List).Insert(node, element, ListpackModel.Bytes(text).AsSpan(), after);
        Expected.Insert(after ? index + 1 : index, text);
    }

    public void Replace(int index, string text)
    {
        var node = Seek(index, out var element);
        new QuicklistEditor(List).Replace(node, element, ListpackModel.Bytes(text).AsSpan());
        Expected[index] = text;
    }

    public void Delete(int index)
    {
        var node = Seek(index, out var element);
        List.Delete(node, element);
        Expected.RemoveAt(index);
    }

    public void DeleteRange(int index, int count)
    {
        List.DeleteRange(index, count);
        Expected.RemoveRange(index, count);
    }

    public void Check() => Check(List);

    public void Check(Quicklist list)
    {
        list.Verify();
        Assert.Equal(Expected.Count, list.Count);
        var index = 0;
        for (var node = list.Head; node != null; node = node->Next)
        {
            foreach (var text in TextsOf(node))
            {
                Assert.True(Expected[index] == text, $"seed {_seed}: element {index} is {text} instead of {Expected[index]}");
                index++;
            }
        }

        Assert.Equal(Expected.Count, index);
    }

    public void Dispose()
    {
        Assert.Equal(List.UsedBytes, Heap.UsedBytes);
        while (!List.FreeStep(100))
        {
        }

        Assert.Equal(0, Heap.LiveBlocks);
        Heap.Dispose();
    }

    private QuicklistNode* Seek(int index, out byte* element)
    {
        var node = List.Seek(index, out var place);
        element = node->IsPlain ? null : node->Listpack.Seek(place);
        return node;
    }

    private static List<string> TextsOf(QuicklistNode* node)
    {
        if (node->IsPlain) return [Latin1.Text(node->PlainElement)];
        var texts = new List<string>();
        for (var element = node->Listpack.First(); element != null; element = node->Listpack.Next(element)) texts.Add(ListpackModel.Text(element));
        return texts;
    }
}

using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

/// <summary>A heap and everything else that values of collections need, for tests of one value without a keyspace.</summary>
internal sealed class ValueHarness : IDisposable
{
    public ValueHarness(ulong seed = 1)
    {
        Random = new RandomSource(seed);
        Space = new ValueSpace(new Heap("test"), new KeyedHash(seed, ~seed), new RandomSource(~seed), new EncodingLimits());
    }

    public ValueSpace Space { get; }

    public EncodingLimits Limits => Space.Limits;

    /// <summary>What the test itself rolls; the values have their own.</summary>
    public RandomSource Random { get; }

    public static string Text(ListpackElement element) => Encoding.Latin1.GetString(element.ToBytes(new byte[ListpackElement.ScratchBytes]));

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public Entry CreateEntry(KeyType type, (ValueEncoding Encoding, long Word) empty) =>
        Entry.CreateWithWord(Space.Heap, "key"u8, type, empty.Encoding, empty.Word, Entry.NoExpiry);

    /// <summary>What the value says it takes is what the heap has given for it, when it is the only one.</summary>
    public void CheckBytes(Entry entry) => Assert.Equal(Space.Heap.UsedBytes, entry.UsedBytes + EntryValues.ValueBytes(Space, entry));

    public void Free(Entry entry)
    {
        EntryValues.Free(Space, entry);
        entry.FreeBlock(Space.Heap);
    }

    public void Dispose()
    {
        LeakCheck.Assert(Space.Heap);
        Assert.Equal(0, Space.Heap.LiveBlocks);
        Space.Heap.Dispose();
    }
}

/// <summary>Collects the elements that it sees.</summary>
internal readonly struct CollectingVisitor() : IElementVisitor, IFieldVisitor
{
    public List<string> Elements { get; } = [];

    public List<string> Values { get; } = [];

    public void Visit(ListpackElement element) => Elements.Add(ValueHarness.Text(element));

    public void Visit(ListpackElement field, ListpackElement value)
    {
        Elements.Add(ValueHarness.Text(field));
        Values.Add(ValueHarness.Text(value));
    }
}

using System.Text;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

/// <summary>A stream with a heap of its own beside a sorted list that says what must be in it.</summary>
internal sealed class StreamModel : IDisposable
{
    private readonly SortedList<StreamId, string[]> _expected = [];
    private readonly Heap _heap = new("stream");
    private readonly Heap _inputHeap = new("input");
    private readonly NativeBuffer _input;
    private readonly Entry _entry;
    private readonly ulong _seed;

    public StreamModel(ulong seed)
    {
        _seed = seed;
        Random = new RandomSource(seed);
        Space = new ValueSpace(_heap, new KeyedHash(seed, ~seed), Random, new EncodingLimits());
        _input = new NativeBuffer(_inputHeap);
        _entry = Entry.CreateWithWord(_heap, "key"u8, KeyType.Stream, ValueEncoding.Stream, StreamValue.Create(Space), Entry.NoExpiry);
    }

    public ValueSpace Space { get; }

    public RandomSource Random { get; }

    public StreamValue Stream => new(Space, _entry);

    public int Count => _expected.Count;

    public StreamId IdAt(int index) => _expected.GetKeyAtIndex(index);

    public void Append(StreamId id, params string[] fieldsAndValues)
    {
        _input.Clear();
        var ranges = new ArgumentRange[fieldsAndValues.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            var bytes = Encoding.Latin1.GetBytes(fieldsAndValues[i]);
            ranges[i] = new ArgumentRange(_input.Length, bytes.Length);
            _input.Append(bytes);
        }

        Stream.Append(id, new Arguments(_input.WrittenSlice, ranges, 0, ranges.Length), 0);
        _expected.Add(id, fieldsAndValues);
    }

    public void AppendRandom()
    {
        var last = Stream.LastId;
        var id = Random.NextInt64(3) switch
        {
            0 => last.Next,
            1 => new StreamId(last.Ms + 1 + (ulong)Random.NextInt64(1000), (ulong)Random.NextInt64(3)),
            _ => new StreamId(last.Ms + 1, ulong.MaxValue - (ulong)Random.NextInt64(5)),
        };
        var fields = Random.NextInt64(4) == 0 ? (int)Random.NextInt64(6) + 1 : 3;
        Append(id, [.. Enumerable.Range(0, fields).SelectMany(field => (string[])[$"field{field}", RandomText()])]);
    }

    public void Delete(StreamId id)
    {
        var (first, top) = (Stream.FirstId, Stream.TopId);
        var deleted = Stream.Delete(id);
        Stream.EndDeleting(id == first, id == top);
        Assert.True(deleted == _expected.Remove(id), $"seed {_seed}: deleting {id} says {deleted}");
    }

    public void TrimTo(long length)
    {
        var removed = Stream.Trim(new StreamTrim(ByLength: true, length, default, IsApproximate: false, Limit: 0));
        var surplus = Math.Max(Count - length, 0);
        Assert.True(removed == surplus, $"seed {_seed}: trimming to {length} removed {removed}, not {surplus}");
        for (; surplus > 0; surplus--) _expected.RemoveAt(0);
    }

    public void TrimTo(StreamId minId)
    {
        var removed = Stream.Trim(new StreamTrim(ByLength: false, 0, minId, IsApproximate: false, Limit: 0));
        long expected = 0;
        for (; Count > 0 && IdAt(0) < minId; expected++) _expected.RemoveAt(0);
        Assert.True(removed == expected, $"seed {_seed}: trimming to {minId} removed {removed}, not {expected}");
    }

    /// <summary>Whole nodes only go, so how many is the stream's to say; but never too many, and those at the beginning.</summary>
    public void TrimAbout(long length, long limit)
    {
        var removed = Stream.Trim(new StreamTrim(ByLength: true, length, default, IsApproximate: true, limit));
        Assert.True(removed <= Math.Max(Count - length, 0) && (limit == 0 || removed <= limit), $"seed {_seed}: {removed} is too many");
        for (; removed > 0; removed--) _expected.RemoveAt(0);
    }

    public void CheckRange(StreamId from, StreamId to)
    {
        var wanted = _expected.Where(pair => pair.Key >= from && pair.Key <= to).Select(Describe).ToList();
        Compare(wanted, Stream.Read(from, to), $"{from} to {to}");
        wanted.Reverse();
        Compare(wanted, Stream.Read(from, to, isReverse: true), $"{to} back to {from}");
    }

    public void Verify() => Verify(_entry);

    public void Verify(Entry entry)
    {
        StreamValue.Verify(Space, entry);
        var stream = new StreamValue(Space, entry);
        Assert.Equal(Count, stream.Length);
        Compare([.. _expected.Select(Describe)], stream.Read(StreamId.Min, StreamId.Max), "all");
    }

    /// <summary>A copy, compared with the original and freed in steps or at once.</summary>
    public void CheckCopy()
    {
        var before = _heap.UsedBytes;
        var copy = Entry.CreateWithWord(_heap, "copy"u8, KeyType.Stream, ValueEncoding.Stream, StreamValue.Duplicate(Space, _entry), Entry.NoExpiry);
        Verify(copy);
        Assert.Equal(before + copy.UsedBytes + StreamValue.ValueBytes(Space, copy), _heap.UsedBytes);
        if (Random.NextInt64(2) == 0) StreamValue.Free(Space, copy);
        else while (!StreamValue.FreeStep(Space, copy, 50)) { }
        copy.FreeBlock(_heap);
        Assert.Equal(before, _heap.UsedBytes);
    }

    public static string Describe(ref StreamEntryReader reader)
    {
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var text = new StringBuilder(reader.Id.ToString());
        for (var left = reader.FieldCount; left > 0; left--)
        {
            reader.ReadField(out var field, out var value);
            text.Append(' ').Append(Encoding.Latin1.GetString(field.ToBytes(scratch)));
            text.Append('=').Append(Encoding.Latin1.GetString(value.ToBytes(scratch)));
        }

        return text.ToString();
    }

    public void Dispose()
    {
        StreamValue.Free(Space, _entry);
        _entry.FreeBlock(_heap);
        Assert.Equal(0, _heap.LiveBlocks);
        _heap.Dispose();
        _input.Dispose();
        _inputHeap.Dispose();
    }

    private static string Describe(KeyValuePair<StreamId, string[]> entry) =>
        entry.Key + string.Concat(entry.Value.Chunk(2).Select(pair => $" {pair[0]}={pair[1]}"));

    private void Compare(List<string> wanted, StreamEntryReader reader, string what)
    {
        foreach (var entry in wanted)
        {
            Assert.True(reader.MoveNext(), $"seed {_seed}: {what} ends before {entry}");
            var id = reader.Id;
            // A reader who skips some of an entry must find the next one all the same.
            if (Random.NextInt64(4) == 0) Assert.True(entry.StartsWith(id.ToString(), StringComparison.Ordinal), $"seed {_seed}: {what} has {id}, not {entry}");
            else Assert.Equal(entry, Describe(ref reader));
        }

        Assert.False(reader.MoveNext(), $"seed {_seed}: {what} does not end");
    }

    private string RandomText() => Random.NextInt64(6) switch
    {
        0 => "",
        1 => Random.NextInt64(100_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => (-Random.NextInt64(long.MaxValue)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => new string('x', (int)Random.NextInt64(300)),
        _ => $"value{Random.NextInt64(1000)}",
    };
}

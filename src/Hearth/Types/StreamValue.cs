using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Types;

/// <summary>
/// What handlers know of a stream: its entries by ID, its counters, and its groups. An entry's word is the address of the
/// stream's <see cref="StreamHeader"/>. A stream exists without entries too.
/// </summary>
internal readonly unsafe struct StreamValue(ValueSpace space, Entry entry)
{
    /// <summary>The text of one entry must not be longer, since it has to fit a listpack.</summary>
    public const long EntryBytesMax = Listpack.SafeBytesMax;

    private readonly StreamHeader* _header = entry.Exists ? (StreamHeader*)entry.Word : null;

    public bool Exists => _header != null;

    public long Length => _header->Length;

    /// <summary>The greatest ID that was ever given out; XSETID can raise it.</summary>
    public StreamId LastId
    {
        get => _header->LastId;
        set => _header->LastId = value;
    }

    /// <summary>The first entry; zero in an empty stream.</summary>
    public StreamId FirstId => _header->FirstId;

    /// <summary>The last entry; zero in an empty stream.</summary>
    public StreamId TopId => _header->TopId;

    /// <summary>The greatest ID that was deleted by name.</summary>
    public StreamId MaxDeletedId
    {
        get => _header->MaxDeletedId;
        set => _header->MaxDeletedId = value;
    }

    public long EntriesAdded
    {
        get => _header->EntriesAdded;
        set => _header->EntriesAdded = value;
    }

    /// <summary>Listpacks that hold the entries.</summary>
    public long NodeCount => _header->Nodes.Count;

    /// <summary>Nodes of the index that finds them.</summary>
    public long IndexNodeCount => _header->Nodes.NodeCount;

    /// <summary>The first ID that the stream has any bytes of, deleted or not; the greatest of all where there is none.</summary>
    public StreamId FirstStoredId => Nodes.IsEmpty ? StreamId.Max : Nodes.First.Id;

    public int GroupCount => Groups.Count;

    private Heap Heap => space.Heap;

    private CountedHeap Memory => new(space.Heap, &_header->UsedBytes);

    private IdTree Nodes => new(Memory, &_header->Nodes);

    private NameTable Groups => new(Memory, &_header->Groups);

    /// <summary>The word of a new stream without entries.</summary>
    public static long Create(ValueSpace space)
    {
        var header = (StreamHeader*)space.Heap.Allocate(sizeof(StreamHeader));
        *header = new StreamHeader { Epoch = 1, UsedBytes = Heap.UsableSize(sizeof(StreamHeader)) };
        return (long)header;
    }

    public static void Free(ValueSpace space, Entry entry) => new StreamLifetime(space.Heap, (StreamHeader*)entry.Word).Free();

    public static bool FreeStep(ValueSpace space, Entry entry, int elements) =>
        new StreamLifetime(space.Heap, (StreamHeader*)entry.Word).FreeStep(elements);

    public static long Duplicate(ValueSpace space, Entry source) => new StreamLifetime(space.Heap, (StreamHeader*)source.Word).Duplicate();

    public static long ValueBytes(ValueSpace space, Entry entry) => ((StreamHeader*)entry.Word)->UsedBytes;

    /// <summary>The entries, and those that groups wait for: what freeing the stream has to go through.</summary>
    public static long ElementCount(ValueSpace space, Entry entry)
    {
        var stream = new StreamValue(space, entry);
        var count = stream.Length;
        for (var i = 0; i < stream.GroupCount; i++) count += stream.Group(i).PendingCount;
        return count;
    }

    public static void Verify(ValueSpace space, Entry entry) => StreamVerifier.Verify(space.Heap, (StreamHeader*)entry.Word);

    /// <summary>Adds an entry. Its ID is greater than the last one; the text of its fields and values, which follow each other, is not too long.</summary>
    public void Append(StreamId id, in Arguments args, int firstArgument)
    {
        var fieldCount = (args.Count - firstArgument) / 2;
        var last = Nodes.Last;
        if (last.IsValid && HasRoom(Listpack.FromAddress(last.Word), TextBytes(args, firstArgument)))
        {
            var listpack = Listpack.FromAddress(last.Word);
            var before = listpack.UsedBytes;
            listpack = StreamNode.Append(Heap, listpack, last.Id, id, args, firstArgument, fieldCount);
            Memory.Resized(before, listpack.UsedBytes);
            last.Word = listpack.Address;
        }
        else
        {
            var listpack = StreamNode.Create(Heap, id, args, firstArgument, fieldCount);
            Memory.Resized(0, listpack.UsedBytes);
            Nodes.Insert(id, listpack.Address);
        }

        if (_header->Length++ == 0) _header->FirstId = id;
        _header->LastId = _header->TopId = id;
        _header->EntriesAdded++;
    }

    /// <summary>Bytes of the words from here on.</summary>
    public static long TextBytes(in Arguments args, int firstArgument)
    {
        long bytes = 0;
        for (var i = firstArgument; i < args.Count; i++) bytes += args.Slice(i).Length;
        return bytes;
    }

    /// <summary>Deletes one entry; false if there is none of this ID. <see cref="EndDeleting"/> has to follow after the last.</summary>
    public bool Delete(StreamId id)
    {
        if (!new StreamTrimmer(Heap, _header).Delete(id)) return false;
        if (id > _header->MaxDeletedId) _header->MaxDeletedId = id;
        return true;
    }

    /// <summary>Brings the ends up to date, if one of these entries was deleted.</summary>
    public void EndDeleting(bool hasFirstGone, bool hasTopGone) => new StreamTrimmer(Heap, _header).FindEnds(hasFirstGone, hasTopGone);

    /// <summary>Removes the oldest entries and returns how many they were.</summary>
    public long Trim(in StreamTrim trim) => new StreamTrimmer(Heap, _header).Trim(trim);

    /// <summary>The entries between two IDs, both included.</summary>
    public StreamEntryReader Read(StreamId from, StreamId to, bool isReverse = false) => new(_header, from, to, isReverse);

    /// <summary>The entries from an ID on, for somebody who reads on where he stopped: it costs less if nobody else has read meanwhile.</summary>
    public StreamEntryReader ReadOn(StreamId from)
    {
        var reader = Read(from, StreamId.Max);
        reader.StartAt(_header->Place);
        return reader;
    }

    /// <summary>The same for a group.</summary>
    public StreamEntryReader ReadOn(StreamGroup group)
    {
        var reader = Read(group.LastId.Next, StreamId.Max);
        reader.StartAt(group.Header->Place);
        return reader;
    }

    /// <summary>The reader has stopped behind its current entry.</summary>
    public void StopReading(ref StreamEntryReader reader) => reader.Remember(ref _header->Place);

    /// <summary>The same for a group.</summary>
    public void StopReading(StreamGroup group, ref StreamEntryReader reader) => reader.Remember(ref group.Header->Place);

    public bool Contains(StreamId id) => Read(id, id).MoveNext();

    public StreamGroup Group(int index) => new(Heap, _header, (StreamGroupHeader*)Groups[index]);

    public StreamGroup FindGroup(ReadOnlySpan<byte> name) => new(Heap, _header, (StreamGroupHeader*)Groups.Find(name));

    /// <summary>Adds a group whose name is known to be absent.</summary>
    public StreamGroup CreateGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead)
    {
        var group = StreamGroup.Create(Memory, name);
        (group->LastId, group->EntriesRead) = (lastId, entriesRead);
        Groups.Insert((nint)group);
        return new StreamGroup(Heap, _header, group);
    }

    public void DestroyGroup(StreamGroup group)
    {
        Groups.Remove((nint)group.Header);
        group.Free();
    }

    /// <summary>Whether another entry may go to this node, whose bytes and entries are limited; deleted ones count.</summary>
    private bool HasRoom(Listpack listpack, long textBytes)
    {
        var bytesMax = space.Limits.StreamNodeBytes;
        if (bytesMax is 0 or > EntryBytesMax) bytesMax = EntryBytesMax;
        if (listpack.TotalBytes + textBytes >= bytesMax) return false;
        if (space.Limits.StreamNodeEntries == 0) return true;
        var position = listpack.First();
        return StreamNode.ReadInteger(ref position) + StreamNode.ReadInteger(ref position) < space.Limits.StreamNodeEntries;
    }
}

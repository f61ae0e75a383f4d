using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// Takes entries out of a stream, one by its ID or the oldest of all. Nodes that lose all entries are freed; in others the entries are
/// flagged and stay where they are.
/// </summary>
internal readonly unsafe struct StreamTrimmer(Heap heap, StreamHeader* stream)
{
    private CountedHeap Memory => new(heap, &stream->UsedBytes);

    private IdTree Nodes => new(Memory, &stream->Nodes);

    /// <summary>Deletes one entry; false if there is none of this ID.</summary>
    public bool Delete(StreamId id)
    {
        var cursor = Nodes.SeekAtMost(id);
        if (!cursor.IsValid) return false;
        var node = StreamNode.At(cursor);
        for (var entry = node.FirstEntry; *entry != ListpackEncoding.End;)
        {
            var position = entry;
            var current = node.ReadEntry(ref position, out var flags, out var fieldCount);
            if (current >= id)
            {
                if (current != id || (flags & StreamNode.Deleted) != 0) return false;
                DeleteEntry(ref cursor, node, entry);
                return true;
            }

            entry = StreamNode.EntryEnd(position, flags, fieldCount);
        }

        return false;
    }

    /// <summary>Removes the oldest entries and returns how many they were.</summary>
    public long Trim(in StreamTrim trim)
    {
        long removed = 0;
        while (true)
        {
            var cursor = Nodes.First;
            if (!cursor.IsValid || (trim.ByLength && stream->Length <= trim.MaxLength)) break;
            var node = StreamNode.At(cursor);
            if (trim.Limit != 0 && removed + node.LiveCount > trim.Limit) break;

            var goesWhole = trim.ByLength ? stream->Length - node.LiveCount >= trim.MaxLength : node.LastId() < trim.MinId;
            if (goesWhole)
            {
                removed += node.LiveCount;
                stream->Length -= node.LiveCount;
                RemoveNode(node);
                continue;
            }

            if (!trim.IsApproximate) removed += TrimNode(ref cursor, node, trim);
            break;
        }

        if (removed > 0) FindEnds(isFirst: true, isTop: false);
        return removed;
    }

    /// <summary>Looks for the first and the last entry anew, since what was there has gone.</summary>
    public void FindEnds(bool isFirst, bool isTop)
    {
        if (stream->Length == 0)
        {
            stream->FirstId = stream->TopId = default;
            return;
        }

        if (isFirst) stream->FirstId = EndId(isReverse: false);
        if (isTop) stream->TopId = EndId(isReverse: true);
    }

    public void RemoveNode(in StreamNode node)
    {
        Nodes.Remove(node.Master);
        Memory.Resized(node.Listpack.UsedBytes, 0);
        node.Listpack.Free(heap);
        if (++stream->Epoch == 0) stream->Epoch = 1;
    }

    private StreamId EndId(bool isReverse)
    {
        var reader = new StreamEntryReader(stream, StreamId.Min, StreamId.Max, isReverse);
        return reader.MoveNext() ? reader.Id : default;
    }

    private void DeleteEntry(ref IdTreeCursor cursor, in StreamNode node, byte* entry)
    {
        stream->Length--;
        if (node.LiveCount == 1)
        {
            RemoveNode(node);
            return;
        }

        *entry |= StreamNode.Deleted;
        CountDeleted(ref cursor, node.Listpack, 1);
    }

    /// <summary>Flags the entries at the beginning of a node that are to go, and returns how many they were.</summary>
    private long TrimNode(ref IdTreeCursor cursor, in StreamNode node, in StreamTrim trim)
    {
        long removed = 0;
        for (var entry = node.FirstEntry; *entry != ListpackEncoding.End;)
        {
            var position = entry;
            var id = node.ReadEntry(ref position, out var flags, out var fieldCount);
            if (trim.ByLength ? stream->Length <= trim.MaxLength : id >= trim.MinId) break;
            if ((flags & StreamNode.Deleted) == 0)
            {
                *entry |= StreamNode.Deleted;
                stream->Length--;
                removed++;
            }

            entry = StreamNode.EntryEnd(position, flags, fieldCount);
        }

        if (removed > 0) CountDeleted(ref cursor, node.Listpack, removed);
        return removed;
    }

    private void CountDeleted(ref IdTreeCursor cursor, Listpack listpack, long count)
    {
        var before = listpack.UsedBytes;
        var changed = StreamNode.AddTo(heap, listpack, -count, count);
        Memory.Resized(before, changed.UsedBytes);
        cursor.Word = changed.Address;
    }
}

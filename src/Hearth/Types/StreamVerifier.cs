using System.Diagnostics;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>Checks every rule of a stream: its nodes down to each entry, its counters, its groups, and the sum of its bytes.</summary>
internal static unsafe class StreamVerifier
{
    public static void Verify(Heap heap, StreamHeader* stream)
    {
        // Nothing is allocated, so nothing is counted.
        long ignored = 0;
        var memory = new CountedHeap(heap, &ignored);
        var nodes = new IdTree(memory, &stream->Nodes);
        nodes.Verify();

        long bytes = Heap.UsableSize(sizeof(StreamHeader)) + TreeBytes(&stream->Nodes) + TableBytes(&stream->Groups);
        long length = 0;
        StreamId first = default;
        StreamId top = default;
        StreamId lastStored = default;
        for (var cursor = nodes.First; cursor.IsValid; cursor.MoveNext())
        {
            var listpack = Listpack.FromAddress(cursor.Word);
            listpack.Verify();
            bytes += listpack.UsedBytes;
            VerifyNode(StreamNode.At(cursor), ref length, ref first, ref top, ref lastStored);
        }

        Trace.Assert(length == stream->Length, "The length is wrong.");
        Trace.Assert(first == stream->FirstId && top == stream->TopId, "The first or the last entry is wrong.");
        Trace.Assert(lastStored <= stream->LastId, "An entry lies beyond the last ID.");

        var groups = new NameTable(memory, &stream->Groups);
        for (var i = 0; i < groups.Count; i++)
        {
            Trace.Assert(i == 0 || NameTable.NameOf(groups[i - 1]).SequenceCompareTo(NameTable.NameOf(groups[i])) < 0, "Groups are out of order.");
            bytes += VerifyGroup(new StreamGroup(heap, stream, (StreamGroupHeader*)groups[i]));
        }

        Trace.Assert(bytes == stream->UsedBytes, "The sum of the bytes is wrong.");
    }

    private static void VerifyNode(in StreamNode node, ref long length, ref StreamId first, ref StreamId top, ref StreamId last)
    {
        long live = 0;
        long deleted = 0;
        for (var entry = node.FirstEntry; *entry != ListpackEncoding.End;)
        {
            var position = entry;
            var id = node.ReadEntry(ref position, out var flags, out var fieldCount);
            Trace.Assert(entry != node.FirstEntry || id == node.Master, "The first entry is not the master.");
            Trace.Assert(id > last, "IDs are out of order.");
            last = id;
            if ((flags & StreamNode.Deleted) != 0)
            {
                deleted++;
            }
            else
            {
                if (length + live++ == 0) first = id;
                top = id;
            }

            var end = StreamNode.EntryEnd(position, flags, fieldCount);
            Trace.Assert(end <= node.End && StreamNode.EntryBefore(end) == entry, "An entry's number of elements is wrong.");
            entry = end;
        }

        Trace.Assert(live == node.LiveCount && deleted == node.DeletedCount, "A node counts its entries wrongly.");
        length += live;
    }

    /// <summary>The group's bytes.</summary>
    private static long VerifyGroup(StreamGroup group)
    {
        var header = group.Header;
        new IdTree(default, &header->Pending).Verify();
        var bytes = Heap.UsableSize(sizeof(StreamGroupHeader) + header->Name.Length) + TreeBytes(&header->Pending) + TableBytes(&header->Consumers);
        bytes += header->Pending.Count * Heap.UsableSize(sizeof(StreamNack));
        long pending = 0;
        for (var i = 0; i < group.ConsumerCount; i++)
        {
            var consumer = group.Consumer(i);
            Trace.Assert(i == 0 || group.Consumer(i - 1).Name.SequenceCompareTo(consumer.Name) < 0, "Consumers are out of order.");
            new IdTree(default, &consumer.Header->Pending).Verify();
            bytes += Heap.UsableSize(sizeof(StreamConsumerHeader) + consumer.Name.Length) + TreeBytes(&consumer.Header->Pending);
            pending += consumer.PendingCount;
            for (var cursor = consumer.Pending; cursor.IsValid; cursor.MoveNext())
            {
                Trace.Assert(group.FindPending(cursor.Id).Nack == cursor.Entry.Nack, "A pending entry is not the group's.");
                Trace.Assert(cursor.Entry.Consumer.Equals(consumer), "A pending entry is another consumer's.");
            }
        }

        Trace.Assert(pending == group.PendingCount, "A pending entry belongs to no consumer.");
        return bytes;
    }

    private static long TableBytes(NameTableHeader* table) => table->Blocks == null ? 0 : Heap.UsableSize((long)table->Capacity * sizeof(nint));

    private static long TreeBytes(IdTreeHeader* tree)
    {
        long bytes = 0;
        for (var leftmost = tree->Root; leftmost != null; leftmost = leftmost->Level == 0 ? null : IdTreeNode.Child(leftmost, 0))
        {
            for (var node = leftmost; node != null; node = node->Next) bytes += Heap.UsableSize(IdTreeNode.BlockBytes(node->Capacity));
        }

        return bytes;
    }
}

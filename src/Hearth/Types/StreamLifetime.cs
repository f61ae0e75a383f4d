using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>Copies and frees whole streams.</summary>
internal readonly unsafe struct StreamLifetime(Heap heap, StreamHeader* stream)
{
    /// <summary>Freeing a node is as much work as freeing about so many single blocks.</summary>
    private const int ElementsPerNode = 4;

    private CountedHeap Memory => new(heap, &stream->UsedBytes);

    private IdTree Nodes => new(Memory, &stream->Nodes);

    private NameTable Groups => new(Memory, &stream->Groups);

    public void Free()
    {
        for (var i = 0; i < Groups.Count; i++) Group(i).Free();
        Groups.Clear();
        for (var cursor = Nodes.First; cursor.IsValid; cursor.MoveNext()) Listpack.FromAddress(cursor.Word).Free(heap);
        Nodes.Clear();
        heap.Free((byte*)stream, sizeof(StreamHeader));
    }

    /// <summary>Frees so much; true when all is freed, the stream's own block too.</summary>
    public bool FreeStep(int elements)
    {
        while (Groups.Count > 0)
        {
            var group = Group(Groups.Count - 1);
            for (; group.PendingCount > 0 && elements > 0; elements--) group.Acknowledge(group.Pending.LastId);
            for (; group.ConsumerCount > 0 && elements > 0; elements--) group.DeleteConsumer(group.Consumer(group.ConsumerCount - 1));
            if (elements <= 0) return false;
            Groups.Remove((nint)group.Header);
            group.Free();
        }

        for (; !Nodes.IsEmpty; elements -= ElementsPerNode)
        {
            if (elements <= 0) return false;
            var last = Nodes.Last;
            var listpack = Listpack.FromAddress(last.Word);
            Memory.Resized(listpack.UsedBytes, 0);
            listpack.Free(heap);
            Nodes.Remove(last.Id);
        }

        Free();
        return true;
    }

    /// <summary>The word of a copy of the stream with all of its groups.</summary>
    public long Duplicate()
    {
        var copy = (StreamHeader*)heap.Allocate(sizeof(StreamHeader));
        *copy = *stream;
        (copy->Nodes, copy->Groups, copy->Place, copy->Epoch) = (default, default, default, 1);
        copy->UsedBytes = Heap.UsableSize(sizeof(StreamHeader));
        var target = new StreamLifetime(heap, copy);
        for (var cursor = Nodes.First; cursor.IsValid; cursor.MoveNext())
        {
            var listpack = Listpack.FromAddress(cursor.Word).Duplicate(heap);
            target.Memory.Resized(0, listpack.UsedBytes);
            target.Nodes.Insert(cursor.Id, listpack.Address);
        }

        for (var i = 0; i < Groups.Count; i++) target.CopyGroup(Group(i));
        return (long)copy;
    }

    private StreamGroup Group(int index) => new(heap, stream, (StreamGroupHeader*)Groups[index]);

    private void CopyGroup(StreamGroup source)
    {
        var header = StreamGroup.Create(Memory, source.Name);
        Groups.Insert((nint)header);
        var group = new StreamGroup(heap, stream, header) { LastId = source.LastId, EntriesRead = source.EntriesRead };
        for (var i = 0; i < source.ConsumerCount; i++)
        {
            var consumer = source.Consumer(i);
            group.CreateConsumer(consumer.Name, consumer.SeenAtMs).ActiveAtMs = consumer.ActiveAtMs;
        }

        for (var cursor = source.Pending; cursor.IsValid; cursor.MoveNext())
        {
            var pending = group.Deliver(cursor.Id, group.FindConsumer(cursor.Entry.Consumer.Name), cursor.Entry.DeliveredAtMs);
            pending.DeliveryCount = cursor.Entry.DeliveryCount;
        }
    }
}

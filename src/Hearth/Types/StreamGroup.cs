using System.Diagnostics;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// What handlers know of a consumer group: how far it has read, its consumers, and the entries that were delivered and not
/// acknowledged. Each of these has one <see cref="StreamNack"/>, which the group and its consumer both find by the entry's ID. Valid
/// until the group is destroyed.
/// </summary>
internal readonly unsafe struct StreamGroup(Heap heap, StreamHeader* stream, StreamGroupHeader* header)
{
    /// <summary>How many entries the group has read cannot be told.</summary>
    public const long UnknownEntriesRead = -1;

    public bool Exists => header != null;

    public StreamGroupHeader* Header => header;

    public ReadOnlySpan<byte> Name => NameTable.NameOf((nint)header);

    public StreamId LastId
    {
        get => header->LastId;
        set => header->LastId = value;
    }

    /// <summary>Entries read since the stream's beginning, or <see cref="UnknownEntriesRead"/>.</summary>
    public long EntriesRead
    {
        get => header->EntriesRead;
        set => header->EntriesRead = value;
    }

    public int ConsumerCount => Consumers.Count;

    public long PendingCount => header->Pending.Count;

    public StreamPendingCursor Pending => new(PendingTree);

    private CountedHeap Memory => new(heap, &stream->UsedBytes);

    private NameTable Consumers => new(Memory, &header->Consumers);

    private IdTree PendingTree => new(Memory, &header->Pending);

    public static StreamGroupHeader* Create(CountedHeap memory, ReadOnlySpan<byte> name)
    {
        var group = (StreamGroupHeader*)memory.Allocate(sizeof(StreamGroupHeader) + name.Length);
        *group = new StreamGroupHeader { Name = new NameHeader { Length = name.Length, Offset = sizeof(StreamGroupHeader) } };
        name.CopyTo(new Span<byte>(group + 1, name.Length));
        return group;
    }

    public StreamConsumer Consumer(int index) => new((StreamConsumerHeader*)Consumers[index]);

    public StreamConsumer FindConsumer(ReadOnlySpan<byte> name) => new((StreamConsumerHeader*)Consumers.Find(name));

    /// <summary>Adds a consumer whose name is known to be absent.</summary>
    public StreamConsumer CreateConsumer(ReadOnlySpan<byte> name, long nowMs)
    {
        var consumer = (StreamConsumerHeader*)Memory.Allocate(sizeof(StreamConsumerHeader) + name.Length);
        *consumer = new StreamConsumerHeader
        {
            Name = new NameHeader { Length = name.Length, Offset = sizeof(StreamConsumerHeader) },
            SeenAtMs = nowMs,
            ActiveAtMs = StreamConsumer.NeverActive,
        };
        name.CopyTo(new Span<byte>(consumer + 1, name.Length));
        Consumers.Insert((nint)consumer);
        return new StreamConsumer(consumer);
    }

    /// <summary>Deletes a consumer and with it its pending entries, and returns how many they were.</summary>
    public long DeleteConsumer(StreamConsumer consumer)
    {
        var pending = PendingOf(consumer.Header);
        var count = pending.Count;
        for (var cursor = pending.First; cursor.IsValid; cursor.MoveNext())
        {
            PendingTree.Remove(cursor.Id);
            Memory.Free((void*)cursor.Word, sizeof(StreamNack));
        }

        pending.Clear();
        Consumers.Remove((nint)consumer.Header);
        FreeBlock(consumer.Header);
        return count;
    }

    public StreamPending FindPending(StreamId id) => new((StreamNack*)PendingTree.Find(id));

    /// <summary>An entry is delivered to a consumer for the first time, or once more if somebody has set the group back.</summary>
    public StreamPending Deliver(StreamId id, StreamConsumer consumer, long nowMs)
    {
        var known = IsBeyondPending(id) ? default : FindPending(id);
        var pending = known.Exists ? known : Force(id, nowMs);
        Assign(id, pending, consumer);
        pending.DeliveredAtMs = nowMs;
        pending.DeliveryCount = 1;
        return pending;
    }

    /// <summary>Makes an entry pending that was not, delivered once to nobody; <see cref="Assign"/> has to follow.</summary>
    public StreamPending Force(StreamId id, long nowMs)
    {
        var nack = (StreamNack*)Memory.Allocate(sizeof(StreamNack));
        *nack = new StreamNack { DeliveredAtMs = nowMs, DeliveryCount = 1 };
        PendingTree.Insert(id, (nint)nack);
        return new StreamPending(nack);
    }

    /// <summary>Makes a pending entry this consumer's.</summary>
    public void Assign(StreamId id, StreamPending pending, StreamConsumer consumer)
    {
        var nack = pending.Nack;
        if (nack->Consumer == consumer.Header) return;
        if (nack->Consumer != null) PendingOf(nack->Consumer).Remove(id);
        PendingOf(consumer.Header).Insert(id, (nint)nack);
        nack->Consumer = consumer.Header;
    }

    /// <summary>The entry is pending no more; false if it was not.</summary>
    public bool Acknowledge(StreamId id)
    {
        var nack = (StreamNack*)PendingTree.Remove(id);
        if (nack == null) return false;
        var removed = PendingOf(nack->Consumer).Remove(id);
        Debug.Assert(removed == (nint)nack);
        Memory.Free(nack, sizeof(StreamNack));
        return true;
    }

    /// <summary>Frees the group with all that it has.</summary>
    public void Free()
    {
        for (var cursor = PendingTree.First; cursor.IsValid; cursor.MoveNext()) Memory.Free((void*)cursor.Word, sizeof(StreamNack));
        PendingTree.Clear();
        for (var i = 0; i < Consumers.Count; i++)
        {
            var consumer = (StreamConsumerHeader*)Consumers[i];
            PendingOf(consumer).Clear();
            FreeBlock(consumer);
        }

        Consumers.Clear();
        Memory.Free(header, sizeof(StreamGroupHeader) + header->Name.Length);
    }

    public IdTree PendingOf(StreamConsumerHeader* consumer) => new(Memory, &consumer->Pending);

    /// <summary>Whether an ID is greater than all that are pending, as those of new entries mostly are.</summary>
    private bool IsBeyondPending(StreamId id)
    {
        var last = PendingTree.Last;
        return !last.IsValid || last.Id < id;
    }

    private void FreeBlock(StreamConsumerHeader* consumer) => Memory.Free(consumer, sizeof(StreamConsumerHeader) + consumer->Name.Length);
}

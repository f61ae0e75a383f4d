using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>What handlers know of a pending entry. Valid until it is acknowledged or its consumer is deleted.</summary>
internal readonly unsafe struct StreamPending(StreamNack* nack)
{
    public bool Exists => nack != null;

    public StreamNack* Nack => nack;

    /// <summary>The consumer that it was delivered to; none while it is being forced into the group.</summary>
    public StreamConsumer Consumer => new(nack->Consumer);

    /// <summary>Unix time in milliseconds.</summary>
    public long DeliveredAtMs
    {
        get => nack->DeliveredAtMs;
        set => nack->DeliveredAtMs = value;
    }

    public long DeliveryCount
    {
        get => nack->DeliveryCount;
        set => nack->DeliveryCount = value;
    }
}

/// <summary>Goes through pending entries, of a group or of one consumer, in the order of their IDs. Valid until one comes or goes.</summary>
internal struct StreamPendingCursor
{
    private readonly IdTree _tree;
    private IdTreeCursor _cursor;

    /// <summary>Stands at the first entry.</summary>
    public StreamPendingCursor(IdTree tree)
    {
        _tree = tree;
        _cursor = tree.First;
    }

    public readonly bool IsValid => _cursor.IsValid;

    public readonly StreamId Id => _cursor.Id;

    public readonly unsafe StreamPending Entry => new((StreamNack*)_cursor.Word);

    /// <summary>The greatest ID; zero when there is none.</summary>
    public readonly StreamId LastId => _tree.Last.IsValid ? _tree.Last.Id : default;

    public void MoveNext() => _cursor.MoveNext();

    /// <summary>Goes to the first entry whose ID is not less.</summary>
    public void Seek(StreamId id) => _cursor = _tree.SeekAtLeast(id);
}

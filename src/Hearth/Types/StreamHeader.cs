using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// A stream's own block, to which its entry's word points. The entries lie in nodes (<see cref="StreamNode"/>) that an index finds by the
/// ID of their first entry; groups (<see cref="StreamGroupHeader"/>) are in the order of their names.
/// </summary>
internal unsafe struct StreamHeader
{
    /// <summary>Master ID to listpack.</summary>
    public IdTreeHeader Nodes;

    public NameTableHeader Groups;

    /// <summary>Entries that have not been deleted.</summary>
    public long Length;

    /// <summary>The greatest ID that was ever given out; XSETID can raise it.</summary>
    public StreamId LastId;

    /// <summary>The first entry that has not been deleted; zero in an empty stream.</summary>
    public StreamId FirstId;

    /// <summary>The last entry that has not been deleted; zero in an empty stream.</summary>
    public StreamId TopId;

    /// <summary>The greatest ID that was deleted by name, not by trimming.</summary>
    public StreamId MaxDeletedId;

    /// <summary>Entries that were ever added, as far as is known.</summary>
    public long EntriesAdded;

    /// <summary>Heap bytes of all of the stream's blocks, this one included.</summary>
    public long UsedBytes;

    /// <summary>Where the last reader that belongs to no group stopped.</summary>
    public StreamPlace Place;

    /// <summary>Changes whenever a node is removed, and is never 0.</summary>
    public uint Epoch;
}

/// <summary>A consumer group: its own block, which its name follows.</summary>
internal unsafe struct StreamGroupHeader
{
    public NameHeader Name;

    /// <summary>Entries that were delivered and not acknowledged: ID to <see cref="StreamNack"/>.</summary>
    public IdTreeHeader Pending;

    public NameTableHeader Consumers;

    /// <summary>The last ID that was delivered.</summary>
    public StreamId LastId;

    /// <summary>Entries delivered since the stream's beginning, or <see cref="StreamGroup.UnknownEntriesRead"/>.</summary>
    public long EntriesRead;

    /// <summary>Where the last delivery stopped.</summary>
    public StreamPlace Place;
}

/// <summary>A consumer of a group: its own block, which its name follows.</summary>
internal unsafe struct StreamConsumerHeader
{
    public NameHeader Name;

    /// <summary>The group's pending entries that are this consumer's, by the same pointers.</summary>
    public IdTreeHeader Pending;

    /// <summary>When it last asked for anything, Unix time in milliseconds.</summary>
    public long SeenAtMs;

    /// <summary>When it last got an entry; -1 if never.</summary>
    public long ActiveAtMs;
}

/// <summary>An entry that was delivered and waits to be acknowledged ("not acknowledged").</summary>
internal unsafe struct StreamNack
{
    /// <summary>Unix time in milliseconds.</summary>
    public long DeliveredAtMs;

    public long DeliveryCount;

    /// <summary>Null only while an entry is being forced into a group.</summary>
    public StreamConsumerHeader* Consumer;
}

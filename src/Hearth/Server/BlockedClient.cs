using Hearth.Memory;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>
/// A client's wait for keys: which they are, until when, and the command that runs again when one of them is ready. It belongs to its
/// client and serves all its waits, one after the other.
/// </summary>
internal sealed class BlockedClient(Client client, Heap heap) : IDisposable
{
    public Client Client { get; } = client;

    public Command Command { get; set; } = null!;

    public CopiedCommand Words { get; } = new(heap);

    /// <summary>The type of value that ends the wait; a key of another type does not.</summary>
    public KeyType Type { get; set; }

    public int Database { get; set; }

    /// <summary>Unix time in milliseconds; <see cref="long.MaxValue"/> = for ever.</summary>
    public long DeadlineMs { get; set; } = long.MaxValue;

    /// <summary>Where it stands among the <see cref="Deadlines"/>; -1 = nowhere.</summary>
    public int DeadlinePlace { get; set; } = -1;

    /// <summary>Orders waits that end in the same millisecond.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether the wait also ends when a key goes, or gets another type: what the command asks for can't come any more.</summary>
    public bool EndsWithKey { get; set; }

    /// <summary>CLIENT REPLY had turned off the reply of the command that waits.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Its places in the queues of the keys.</summary>
    public List<LinkedListNode<BlockedClient>> Places { get; } = [];

    public void Dispose() => Words.Dispose();
}

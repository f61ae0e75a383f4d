using Hearth.Primitives;

namespace Hearth.PubSub;

/// <summary>The channels of one kind that have subscribers, by name.</summary>
internal sealed class ChannelTable
{
    private readonly Dictionary<byte[], Channel> _channels;
    private readonly Dictionary<byte[], Channel>.AlternateLookup<ReadOnlySpan<byte>> _byName;

    public ChannelTable(SubscriptionKind kind, KeyedHash hash)
    {
        Kind = kind;
        _channels = new Dictionary<byte[], Channel>(new BytesComparer(hash));
        _byName = _channels.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public SubscriptionKind Kind { get; }

    public int Count => _channels.Count;

    public Dictionary<byte[], Channel>.ValueCollection All => _channels.Values;

    public Channel? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out var channel) ? channel : null;

    public Channel FindOrAdd(ReadOnlySpan<byte> name)
    {
        if (_byName.TryGetValue(name, out var channel)) return channel;
        channel = new Channel(this, name.ToArray());
        _channels.Add(channel.Name, channel);
        return channel;
    }

    public void Remove(Channel channel) => _channels.Remove(channel.Name);
}

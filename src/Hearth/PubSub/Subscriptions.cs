using Hearth.Server;

namespace Hearth.PubSub;

/// <summary>What one client is subscribed to.</summary>
internal sealed class Subscriptions(Client client) : ISubscriptions
{
    /// <summary>For each kind, the channels with this client's place in each.</summary>
    private readonly Dictionary<Channel, int>?[] _places = new Dictionary<Channel, int>?[SubscriptionKind.Count];

    public Client Client { get; } = client;

    public int Count => ChannelCount + PatternCount + ShardChannelCount;

    public int ChannelCount => CountOf(SubscriptionKind.Channel);

    public int PatternCount => CountOf(SubscriptionKind.Pattern);

    public int ShardChannelCount => CountOf(SubscriptionKind.ShardChannel);

    public int CountOf(SubscriptionKind kind) => _places[kind.Index]?.Count ?? 0;

    /// <summary>The channels of this kind as they are now.</summary>
    public Channel[] ChannelsOf(SubscriptionKind kind) => _places[kind.Index]?.Keys.ToArray() ?? [];

    /// <summary>Does nothing when the client is subscribed already.</summary>
    public void Add(Channel channel)
    {
        var places = _places[channel.Table.Kind.Index] ??= [];
        if (!places.ContainsKey(channel)) places.Add(channel, channel.Add(this));
    }

    /// <summary>Does nothing when the client is not subscribed.</summary>
    public void Remove(Channel channel)
    {
        if (_places[channel.Table.Kind.Index] is { } places && places.Remove(channel, out var place)) channel.RemoveAt(place);
    }

    public void EndAll()
    {
        foreach (var places in _places)
        {
            if (places is null) continue;
            foreach (var (channel, place) in places) channel.RemoveAt(place);
            places.Clear();
        }
    }

    /// <summary>The channel has put this subscriber into the place of one that left.</summary>
    public void Moved(Channel channel, int place) => _places[channel.Table.Kind.Index]![channel] = place;
}

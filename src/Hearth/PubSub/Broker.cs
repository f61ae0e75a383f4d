using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Server;
using Hearth.Store;

namespace Hearth.PubSub;

/// <summary>
/// Publish/subscribe of one server: who is subscribed to what, and the way of a message to them. A server gets its broker when somebody
/// first subscribes or publishes; before that, nobody can be interested in what happens to keys either.
/// </summary>
internal sealed class Broker : IKeyspaceNotifier, IDisposable
{
    private readonly Engine _engine;
    private readonly MessageEncoder _encoder;
    private readonly NativeBuffer _scratch;
    private readonly RespWriter _scratchWriter;

    private Broker(Engine engine)
    {
        _engine = engine;
        _encoder = new MessageEncoder(engine.ClientHeap);
        _scratch = new NativeBuffer(engine.ClientHeap);
        _scratchWriter = new RespWriter(_scratch);
        Channels = new ChannelTable(SubscriptionKind.Channel, engine.Hash);
        Patterns = new ChannelTable(SubscriptionKind.Pattern, engine.Hash);
        ShardChannels = new ChannelTable(SubscriptionKind.ShardChannel, engine.Hash);
    }

    public ChannelTable Channels { get; }

    public ChannelTable Patterns { get; }

    public ChannelTable ShardChannels { get; }

    /// <summary>The broker of a server.</summary>
    public static Broker Of(Engine engine)
    {
        if (engine.Notifier is Broker broker) return broker;
        broker = new Broker(engine);
        engine.Notifier = broker;
        engine.SubscriptionCounts = broker.Count;
        return broker;
    }

    public ChannelTable TableOf(SubscriptionKind kind) =>
        kind == SubscriptionKind.Channel ? Channels : kind == SubscriptionKind.Pattern ? Patterns : ShardChannels;

    /// <summary>Subscribes a client and confirms it, also when it is subscribed already.</summary>
    public void Subscribe(Client client, SubscriptionKind kind, ReadOnlySpan<byte> name)
    {
        var subscriptions = SubscriptionsOf(client);
        subscriptions.Add(TableOf(kind).FindOrAdd(name));
        Confirm(client, kind.Subscribe, name, hasName: true, Total(subscriptions, kind));
    }

    /// <summary>Ends a subscription and confirms it, also when there is none.</summary>
    public void Unsubscribe(Client client, SubscriptionKind kind, ReadOnlySpan<byte> name)
    {
        var subscriptions = SubscriptionsOf(client);
        if (TableOf(kind).Find(name) is { } channel) subscriptions.Remove(channel);
        Confirm(client, kind.Unsubscribe, name, hasName: true, Total(subscriptions, kind));
    }

    /// <summary>Ends all subscriptions of a kind and confirms each, or that there was none.</summary>
    public void UnsubscribeAll(Client client, SubscriptionKind kind)
    {
        var subscriptions = SubscriptionsOf(client);
        if (subscriptions.CountOf(kind) == 0) Confirm(client, kind.Unsubscribe, default, hasName: false, Total(subscriptions, kind));
        foreach (var channel in subscriptions.ChannelsOf(kind)) Unsubscribe(client, kind, channel.Name);
    }

    /// <summary>Sends a message to the subscribers of a channel and of the patterns that match it; how many got it.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> text)
    {
        var receivers = Channels.Find(channel) is { } direct ? Send(new Message(direct, channel, text)) : 0;
        if (Patterns.Count == 0) return receivers;
        foreach (var pattern in Patterns.All)
        {
            if (Glob.IsMatch(pattern.Name, channel)) receivers += Send(new Message(pattern, channel, text));
        }

        return receivers;
    }

    /// <summary>Sends a message to the subscribers of a shard channel; how many got it.</summary>
    public int PublishToShard(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> text) =>
        ShardChannels.Find(channel) is { } direct ? Send(new Message(direct, channel, text)) : 0;

    /// <summary>Publishes the event to the key's channel and the key to the event's, as notify-keyspace-events says.</summary>
    public void Notify(int database, KeyspaceEvent keyspaceEvent, ReadOnlySpan<byte> key)
    {
        if (Channels.Count == 0 && Patterns.Count == 0) return;
        var flags = _engine.Config.NotifyKeyspaceEvents;
        if ((flags & NotifyFlags.Keyspace) != 0) Publish(NameChannel("__keyspace@"u8, database, key), keyspaceEvent.Name);
        if ((flags & NotifyFlags.Keyevent) != 0) Publish(NameChannel("__keyevent@"u8, database, keyspaceEvent.Name), key);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _scratch.Dispose();
    }

    private (int Channels, int Patterns, int ShardChannels) Count() => (Channels.Count, Patterns.Count, ShardChannels.Count);

    private static Subscriptions SubscriptionsOf(Client client)
    {
        if (client.Subscriptions is Subscriptions subscriptions) return subscriptions;
        subscriptions = new Subscriptions(client);
        client.Subscriptions = subscriptions;
        return subscriptions;
    }

    /// <summary>The number that a confirmation shows: channels and patterns together, shard channels apart.</summary>
    private static int Total(Subscriptions subscriptions, SubscriptionKind kind) => kind == SubscriptionKind.ShardChannel
        ? subscriptions.ShardChannelCount
        : subscriptions.ChannelCount + subscriptions.PatternCount;

    private int Send(in Message message)
    {
        _encoder.Begin();
        var subscribers = message.To.Subscribers;
        foreach (var subscriber in subscribers)
        {
            var client = subscriber.Client;
            _engine.Pushes.Send(client, _encoder.Encode(message, client.Protocol));
        }

        return subscribers.Length;
    }

    /// <summary>
    /// A confirmation is the reply of its command, in the command's place among others. But to clients it is a push, so it also
    /// comes while replies are turned off.
    /// </summary>
    private void Confirm(Client client, ReadOnlySpan<byte> word, ReadOnlySpan<byte> name, bool hasName, int count)
    {
        if (client.ReplyMode == ReplyMode.On)
        {
            MessageEncoder.WriteConfirmation(_engine.Context.Reply, word, name, hasName, count);
            return;
        }

        _scratch.Clear();
        _scratchWriter.Target(_scratch, client.Protocol);
        MessageEncoder.WriteConfirmation(_scratchWriter, word, name, hasName, count);
        _engine.Pushes.Send(client, _scratch.Written);
    }

    private ReadOnlySpan<byte> NameChannel(ReadOnlySpan<byte> prefix, int database, ReadOnlySpan<byte> suffix)
    {
        _scratch.Clear();
        _scratch.Append(prefix);
        _scratch.Advance(NumberText.FormatInt64(database, _scratch.Reserve(20)));
        _scratch.Append("__:"u8);
        _scratch.Append(suffix);
        return _scratch.Written;
    }
}

using Hearth.Primitives;
using Hearth.PubSub;
using Hearth.Server;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Publish/subscribe: messages to whoever listens right now. They are not kept, and have nothing to do with keys.</summary>
internal static class PubSubCommands
{
    public static readonly Command[] Table =
    [
        new("PSUBSCRIBE", arity: -2, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub, PSubscribe)
        {
            Since = "2.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of patterns",
            Syntax = "pattern...",
            Summary = "Listens to the channels that match patterns.",
        },
        new("PUBLISH", arity: 3, CommandFlags.PubSub | Loading | Stale | Fast | MayReplicate, Publish)
        {
            Since = "2.0.0", Group = CommandGroup.PubSub,
            Complexity = "O(N+M) with N subscribers of the channel and M patterns subscribed to by anyone",
            Syntax = "channel message",
            Summary = "Sends a message to a channel.",
        },
        new("PUBSUB", arity: -2, CommandFlags.None)
        {
            Since = "2.8.0", Group = CommandGroup.PubSub,
            Summary = "Holds the commands that look into publish/subscribe.",
            Subcommands =
            [
                new("CHANNELS", arity: -2, CommandFlags.PubSub | Loading | Stale, PubSubChannels)
                {
                    Since = "2.8.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels",
                    Syntax = "[pattern]",
                    Summary = "Returns the channels that have subscribers.",
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "6.2.0", Group = CommandGroup.PubSub, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                    OwnCategories = CommandCategories.None,
                },
                new("NUMPAT", arity: 2, CommandFlags.PubSub | Loading | Stale, PubSubNumPat)
                {
                    Since = "2.8.0", Group = CommandGroup.PubSub, Complexity = "O(1)",
                    Summary = "Returns how many different patterns are subscribed to.",
                },
                new("NUMSUB", arity: -2, CommandFlags.PubSub | Loading | Stale, PubSubNumSub)
                {
                    Since = "2.8.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels given",
                    Syntax = "[channel...]",
                    Summary = "Returns how many subscribers channels have.",
                },
                new("SHARDCHANNELS", arity: -2, CommandFlags.PubSub | Loading | Stale, PubSubShardChannels)
                {
                    Since = "7.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of shard channels",
                    Syntax = "[pattern]",
                    Summary = "Returns the shard channels that have subscribers.",
                },
                new("SHARDNUMSUB", arity: -2, CommandFlags.PubSub | Loading | Stale, PubSubShardNumSub)
                {
                    Since = "7.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels given",
                    Syntax = "[shardchannel...]",
                    Summary = "Returns how many subscribers shard channels have.",
                },
            ],
        },
        new("PUNSUBSCRIBE", arity: -1, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub, PUnsubscribe)
        {
            Since = "2.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of patterns",
            Syntax = "[pattern...]",
            Summary = "Stops listening to patterns, or to all of them.",
        },
        new("SPUBLISH", arity: 3, CommandFlags.PubSub | Loading | Stale | Fast | MayReplicate, KeySpec.At(1, NotKey), SPublish)
        {
            Since = "7.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N subscribers of the shard channel",
            Syntax = "shardchannel message",
            Summary = "Sends a message to a shard channel.",
        },
        new("SSUBSCRIBE", arity: -2, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub,
            KeySpec.Range(1, last: -1, NotKey), SSubscribe)
        {
            Since = "7.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels",
            Syntax = "shardchannel...",
            Summary = "Listens to shard channels.",
        },
        new("SUBSCRIBE", arity: -2, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub, Subscribe)
        {
            Since = "2.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels",
            Syntax = "channel...",
            Summary = "Listens to channels.",
        },
        new("SUNSUBSCRIBE", arity: -1, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub,
            KeySpec.Range(1, last: -1, NotKey), SUnsubscribe)
        {
            Since = "7.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels",
            Syntax = "[shardchannel...]",
            Summary = "Stops listening to shard channels, or to all of them.",
        },
        new("UNSUBSCRIBE", arity: -1, CommandFlags.PubSub | NoScript | Loading | Stale | AllowedInPubSub, Unsubscribe)
        {
            Since = "2.0.0", Group = CommandGroup.PubSub, Complexity = "O(N) with N the number of channels",
            Syntax = "[channel...]",
            Summary = "Stops listening to channels, or to all of them.",
        },
    ];

    private static void PSubscribe(CommandContext context) => SubscribeTo(context, SubscriptionKind.Pattern);

    private static void Publish(CommandContext context) =>
        context.Reply.Integer(Broker.Of(context.Engine).Publish(context.Args[1], context.Args[2]));

    private static void PubSubChannels(CommandContext context) => ReplyNames(context, SubscriptionKind.Channel);

    private static void PubSubNumPat(CommandContext context) => context.Reply.Integer(Broker.Of(context.Engine).Patterns.Count);

    private static void PubSubNumSub(CommandContext context) => ReplySubscribers(context, SubscriptionKind.Channel);

    private static void PubSubShardChannels(CommandContext context) => ReplyNames(context, SubscriptionKind.ShardChannel);

    private static void PubSubShardNumSub(CommandContext context) => ReplySubscribers(context, SubscriptionKind.ShardChannel);

    private static void PUnsubscribe(CommandContext context) => UnsubscribeFrom(context, SubscriptionKind.Pattern);

    private static void SPublish(CommandContext context) =>
        context.Reply.Integer(Broker.Of(context.Engine).PublishToShard(context.Args[1], context.Args[2]));

    private static void SSubscribe(CommandContext context)
    {
        // Its confirmations would stand in EXEC's reply as if they were results. The other two are let through since they always were.
        if (context.Client.IsInTransaction) context.Reply.Error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client"u8);
        else SubscribeTo(context, SubscriptionKind.ShardChannel);
    }

    private static void Subscribe(CommandContext context) => SubscribeTo(context, SubscriptionKind.Channel);

    private static void SUnsubscribe(CommandContext context) => UnsubscribeFrom(context, SubscriptionKind.ShardChannel);

    private static void Unsubscribe(CommandContext context) => UnsubscribeFrom(context, SubscriptionKind.Channel);

    private static void SubscribeTo(CommandContext context, SubscriptionKind kind)
    {
        var broker = Broker.Of(context.Engine);
        for (var i = 1; i < context.Args.Count; i++) broker.Subscribe(context.Client, kind, context.Args[i]);
    }

    private static void UnsubscribeFrom(CommandContext context, SubscriptionKind kind)
    {
        var broker = Broker.Of(context.Engine);
        if (context.Args.Count == 1) broker.UnsubscribeAll(context.Client, kind);
        for (var i = 1; i < context.Args.Count; i++) broker.Unsubscribe(context.Client, kind, context.Args[i]);
    }

    private static void ReplyNames(CommandContext context, SubscriptionKind kind)
    {
        if (context.Args.Count > 3)
        {
            Subcommands.WrongArguments(context);
            return;
        }

        var start = context.Reply.BeginDeferred();
        var count = 0;
        foreach (var channel in Broker.Of(context.Engine).TableOf(kind).All)
        {
            if (context.Args.Count == 3 && !Glob.IsMatch(context.Args[2], channel.Name)) continue;
            context.Reply.Bulk(channel.Name);
            count++;
        }

        context.Reply.EndDeferredArray(start, count);
    }

    private static void ReplySubscribers(CommandContext context, SubscriptionKind kind)
    {
        var table = Broker.Of(context.Engine).TableOf(kind);
        context.Reply.Array((context.Args.Count - 2) * 2);
        for (var i = 2; i < context.Args.Count; i++)
        {
            context.Reply.Bulk(context.Args[i]);
            context.Reply.Integer(table.Find(context.Args[i])?.Subscribers.Length ?? 0);
        }
    }
}

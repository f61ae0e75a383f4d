using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>XINFO: what there is to know of a stream, its groups and their consumers.</summary>
internal static class StreamInfoCommands
{
    private const long EntriesShownDefault = 10;

    public static readonly Command[] Table =
    [
        new("XINFO", arity: -2, CommandFlags.None)
        {
            Since = "5.0.0", Group = CommandGroup.Stream,
            Summary = "Holds the commands that look into streams.",
            Subcommands =
            [
                new("CONSUMERS", arity: 4, ReadOnly, KeySpec.At(2, Read | Access), XInfoConsumers)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the number of consumers",
                    Syntax = "key group",
                    Summary = "Returns the consumers of a group.",
                    Tips = ["nondeterministic_output"],
                },
                new("GROUPS", arity: 3, ReadOnly, KeySpec.At(2, Read | Access), XInfoGroups)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the number of groups",
                    Syntax = "key",
                    Summary = "Returns the consumer groups of a stream.",
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("STREAM", arity: -3, ReadOnly, KeySpec.At(2, Read | Access), XInfoStream)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream,
                    Complexity = "O(1), and O(N) with N the entries returned when FULL is given",
                    Syntax = "key [full-block:(FULL [COUNT count:integer])]",
                    Summary = "Describes a stream.",
                },
            ],
        },
    ];

    private static void XInfoConsumers(CommandContext context)
    {
        if (!TryStream(context, out var stream)) return;
        var group = stream.FindGroup(context.Args[3]);
        if (!group.Exists)
        {
            context.Reply.Error($"NOGROUP No such consumer group '{Errors.Quote(context.Args[3])}' for key name '{Errors.Quote(context.Args[2])}'");
            return;
        }

        var reply = context.Reply;
        reply.Array(group.ConsumerCount);
        for (var i = 0; i < group.ConsumerCount; i++)
        {
            var consumer = group.Consumer(i);
            var idleMs = Math.Max(context.NowMs - consumer.SeenAtMs, 0);
            var isNeverActive = consumer.ActiveAtMs == StreamConsumer.NeverActive;
            reply.Map(4);
            reply.Bulk("name"u8);
            reply.Bulk(consumer.Name);
            reply.Bulk("pending"u8);
            reply.Integer(consumer.PendingCount);
            reply.Bulk("idle"u8);
            reply.Integer(idleMs);
            reply.Bulk("inactive"u8);
            reply.Integer(isNeverActive ? StreamConsumer.NeverActive : Math.Max(context.NowMs - consumer.ActiveAtMs, 0));
        }
    }

    private static void XInfoGroups(CommandContext context)
    {
        if (!TryStream(context, out var stream)) return;
        var reply = context.Reply;
        reply.Array(stream.GroupCount);
        for (var i = 0; i < stream.GroupCount; i++)
        {
            var group = stream.Group(i);
            reply.Map(6);
            reply.Bulk("name"u8);
            reply.Bulk(group.Name);
            reply.Bulk("consumers"u8);
            reply.Integer(group.ConsumerCount);
            reply.Bulk("pending"u8);
            reply.Integer(group.PendingCount);
            reply.Bulk("last-delivered-id"u8);
            StreamReplies.Id(reply, group.LastId);
            ReplyProgress(context, stream, group);
        }
    }

    private static void XInfoStream(CommandContext context)
    {
        if (!TryStream(context, out var stream)) return;
        if (!TryParseFull(context, out var isFull, out var count)) return;
        var reply = context.Reply;
        reply.Map(isFull ? 9 : 10);
        reply.Bulk("length"u8);
        reply.Integer(stream.Length);
        reply.Bulk("radix-tree-keys"u8);
        reply.Integer(stream.NodeCount);
        reply.Bulk("radix-tree-nodes"u8);
        reply.Integer(stream.IndexNodeCount + 1); // A radix tree has a root even when it is empty.
        reply.Bulk("last-generated-id"u8);
        StreamReplies.Id(reply, stream.LastId);
        reply.Bulk("max-deleted-entry-id"u8);
        StreamReplies.Id(reply, stream.MaxDeletedId);
        reply.Bulk("entries-added"u8);
        reply.Integer(stream.EntriesAdded);
        reply.Bulk("recorded-first-entry-id"u8);
        StreamReplies.Id(reply, stream.FirstId);
        if (isFull)
        {
            reply.Bulk("entries"u8);
            var reader = stream.Read(StreamId.Min, StreamId.Max);
            StreamReplies.Entries(reply, ref reader, count);
            reply.Bulk("groups"u8);
            reply.Array(stream.GroupCount);
            for (var i = 0; i < stream.GroupCount; i++) ReplyGroup(context, stream, stream.Group(i), count);
            return;
        }

        reply.Bulk("groups"u8);
        reply.Integer(stream.GroupCount);
        reply.Bulk("first-entry"u8);
        ReplyFirst(context, stream, isReverse: false);
        reply.Bulk("last-entry"u8);
        ReplyFirst(context, stream, isReverse: true);
    }

    private static bool TryStream(CommandContext context, out StreamValue stream)
    {
        stream = default;
        var entry = context.Read(context.Key(2));
        if (!entry.Exists)
        {
            context.Reply.Error(Errors.NoSuchKey);
            return false;
        }

        if (entry.Type != KeyType.Stream)
        {
            context.Reply.Error(Errors.WrongType);
            return false;
        }

        stream = new StreamValue(context.Values, entry);
        return true;
    }

    private static bool TryParseFull(CommandContext context, out bool isFull, out long count)
    {
        isFull = context.Args.Count > 3;
        count = EntriesShownDefault;
        if (!isFull) return true;
        var isWellFormed = context.Is(3, "FULL"u8) && (context.Args.Count == 4 || (context.Args.Count == 6 && context.Is(4, "COUNT"u8)));
        if (!isWellFormed)
        {
            Subcommands.WrongArguments(context);
            return false;
        }

        if (context.Args.Count == 4) return true;
        if (!context.TryInteger(5, out count)) return false;
        if (count < 0) count = EntriesShownDefault;
        return true;
    }

    private static void ReplyFirst(CommandContext context, in StreamValue stream, bool isReverse)
    {
        var reader = stream.Read(StreamId.Min, StreamId.Max, isReverse);
        if (reader.MoveNext()) StreamReplies.Entry(context.Reply, ref reader);
        else context.Reply.Null();
    }

    private static void ReplyProgress(CommandContext context, in StreamValue stream, StreamGroup group)
    {
        var reply = context.Reply;
        reply.Bulk("entries-read"u8);
        if (group.EntriesRead == StreamGroup.UnknownEntriesRead) reply.Null();
        else reply.Integer(group.EntriesRead);
        reply.Bulk("lag"u8);
        if (StreamProgress.TryGetLag(stream, group, out var lag)) reply.Integer(lag);
        else reply.Null();
    }

    private static void ReplyGroup(CommandContext context, in StreamValue stream, StreamGroup group, long count)
    {
        var reply = context.Reply;
        reply.Map(7);
        reply.Bulk("name"u8);
        reply.Bulk(group.Name);
        reply.Bulk("last-delivered-id"u8);
        StreamReplies.Id(reply, group.LastId);
        ReplyProgress(context, stream, group);
        reply.Bulk("pel-count"u8);
        reply.Integer(group.PendingCount);
        reply.Bulk("pending"u8);
        ReplyPending(context, group.Pending, group.PendingCount, count, hasConsumer: true);
        reply.Bulk("consumers"u8);
        reply.Array(group.ConsumerCount);
        for (var i = 0; i < group.ConsumerCount; i++)
        {
            var consumer = group.Consumer(i);
            reply.Map(5);
            reply.Bulk("name"u8);
            reply.Bulk(consumer.Name);
            reply.Bulk("seen-time"u8);
            reply.Integer(consumer.SeenAtMs);
            reply.Bulk("active-time"u8);
            reply.Integer(consumer.ActiveAtMs);
            reply.Bulk("pel-count"u8);
            reply.Integer(consumer.PendingCount);
            reply.Bulk("pending"u8);
            ReplyPending(context, consumer.Pending, consumer.PendingCount, count, hasConsumer: false);
        }
    }

    private static void ReplyPending(CommandContext context, StreamPendingCursor cursor, long pending, long count, bool hasConsumer)
    {
        var reply = context.Reply;
        var shown = count == 0 ? pending : Math.Min(count, pending);
        reply.Array(shown);
        for (; shown > 0; shown--, cursor.MoveNext())
        {
            reply.Array(hasConsumer ? 4 : 3);
            StreamReplies.Id(reply, cursor.Id);
            if (hasConsumer) reply.Bulk(cursor.Entry.Consumer.Name);
            reply.Integer(cursor.Entry.DeliveredAtMs);
            reply.Integer(cursor.Entry.DeliveryCount);
        }
    }
}

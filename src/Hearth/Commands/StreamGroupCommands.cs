using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Consumer groups: how they are made and changed, and what they wait for. Claims are in <see cref="StreamClaimCommands"/>.</summary>
internal static class StreamGroupCommands
{
    public static readonly Command[] Table =
    [
        new("XACK", arity: -4, Write | Fast, KeySpec.At(1, ReadWrite | Update), XAck)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1) for each entry",
            Syntax = "key group id...",
            Summary = "Marks entries as processed by a group.",
        },
        new("XGROUP", arity: -2, CommandFlags.None)
        {
            Since = "5.0.0", Group = CommandGroup.Stream,
            Summary = "Holds the commands that change consumer groups.",
            Subcommands =
            [
                new("CREATE", arity: -5, Write | DenyOom, KeySpec.At(2, ReadWrite | Insert), XGroupCreate)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
                    Syntax = "key group id-selector:<id | new-id='$'> [MKSTREAM] [ENTRIESREAD entries-read:integer]",
                    Summary = "Creates a consumer group.",
                },
                new("CREATECONSUMER", arity: 5, Write | DenyOom, KeySpec.At(2, ReadWrite | Insert), XGroupCreateConsumer)
                {
                    Since = "6.2.0", Group = CommandGroup.Stream, Complexity = "O(1)",
                    Syntax = "key group consumer",
                    Summary = "Creates a consumer in a group.",
                },
                new("DELCONSUMER", arity: 5, Write, KeySpec.At(2, ReadWrite | Delete), XGroupDelConsumer)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries pending for the consumer",
                    Syntax = "key group consumer",
                    Summary = "Deletes a consumer of a group.",
                },
                new("DESTROY", arity: 4, Write, KeySpec.At(2, ReadWrite | Delete), XGroupDestroy)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries pending in the group",
                    Syntax = "key group",
                    Summary = "Deletes a consumer group.",
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("SETID", arity: -5, Write, KeySpec.At(2, ReadWrite | Update), XGroupSetId)
                {
                    Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
                    Syntax = "key group id-selector:<id | new-id='$'> [ENTRIESREAD entriesread\"entries-read\":integer]",
                    Summary = "Sets the id after which a group goes on.",
                },
            ],
        },
        new("XPENDING", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), XPending)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries returned, O(1) for the summary",
            Syntax = "key group [filters:([IDLE min-idle-time@6.2.0:integer] start end count:integer [consumer])]",
            Summary = "Returns which entries of a group wait for an acknowledgement.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void XAck(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.Stream, out var entry)) return;
        var group = entry.Exists ? new StreamValue(context.Values, entry).FindGroup(context.Args[2]) : default;
        if (!group.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        if (!StreamArguments.AreIds(context, 3)) return;
        long acknowledged = 0;
        for (var i = 3; i < context.Args.Count; i++)
        {
            StreamId.TryParseExact(context.Args[i], 0, out var id);
            if (group.Acknowledge(id)) acknowledged++;
        }

        context.Engine.Dirty += acknowledged;
        context.Reply.Integer(acknowledged);
    }

    private static void XGroupCreate(CommandContext context)
    {
        if (!TryParseOptions(context, allowsCreating: true, out var makesStream, out var entriesRead)) return;
        var key = context.Key(2);
        if (!context.TryWrite(key, KeyType.Stream, out var entry) || (!makesStream && !CheckKey(context, entry))) return;
        if (context.Args.Count > 8)
        {
            Subcommands.WrongArguments(context);
            return;
        }

        if (!TryResolveId(context, new StreamValue(context.Values, entry), allowsEnds: false, out var id)) return;
        if (!entry.Exists)
        {
            entry = context.Keyspace.CreateEntry(key, KeyType.Stream, ValueEncoding.Stream, StreamValue.Create(context.Values));
            context.Keyspace.Put(key, default, entry);
            context.Touched(key);
        }

        var stream = new StreamValue(context.Values, entry);
        var name = context.Args[3];
        if (stream.FindGroup(name).Exists)
        {
            context.Reply.Error("BUSYGROUP Consumer Group name already exists"u8);
            return;
        }

        stream.CreateGroup(name, id, entriesRead);
        context.Reply.Ok();
        Changed(context, key, KeyspaceEvent.XGroupCreate);
    }

    private static void XGroupCreateConsumer(CommandContext context)
    {
        var key = context.Key(2);
        if (!TryWriteGroup(context, key, out _, out var group)) return;
        var name = context.Args[4];
        var isNew = !group.FindConsumer(name).Exists;
        if (isNew) StreamArguments.CreateConsumer(context, key, group, name);
        context.Reply.Integer(isNew ? 1 : 0);
    }

    private static void XGroupDelConsumer(CommandContext context)
    {
        var key = context.Key(2);
        if (!TryWriteGroup(context, key, out _, out var group)) return;
        var consumer = group.FindConsumer(context.Args[4]);
        long pending = 0;
        if (consumer.Exists)
        {
            pending = group.DeleteConsumer(consumer);
            Changed(context, key, KeyspaceEvent.XGroupDelConsumer);
        }

        context.Reply.Integer(pending);
    }

    private static void XGroupDestroy(CommandContext context)
    {
        var key = context.Key(2);
        if (!context.TryWrite(key, KeyType.Stream, out var entry) || !CheckKey(context, entry)) return;
        var stream = new StreamValue(context.Values, entry);
        var group = stream.FindGroup(context.Args[3]);
        if (!group.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        stream.DestroyGroup(group);
        context.Reply.Integer(1);
        Changed(context, key, KeyspaceEvent.XGroupDestroy);
        context.Engine.Blocking.Signal(context.Keyspace, key.Bytes);
    }

    private static void XGroupSetId(CommandContext context)
    {
        if (!TryParseOptions(context, allowsCreating: false, out _, out var entriesRead)) return;
        var key = context.Key(2);
        if (!TryWriteGroup(context, key, out var stream, out var group)) return;
        if (context.Args.Count > 7)
        {
            Subcommands.WrongArguments(context);
            return;
        }

        if (!TryResolveId(context, stream, allowsEnds: true, out var id)) return;
        (group.LastId, group.EntriesRead) = (id, entriesRead);
        context.Reply.Ok();
        Changed(context, key, KeyspaceEvent.XGroupSetId);
    }

    private static void XPending(CommandContext context)
    {
        var isSummary = context.Args.Count == 3;
        PendingRange range = default;
        if (!isSummary && !PendingRange.TryParse(context, out range)) return;
        if (!StreamArguments.TryReadGroup(context, context.Key(1), 2, out _, out var group)) return;
        if (isSummary) ReplySummary(context, group);
        else ReplyPending(context, group, range);
    }

    /// <summary>What a command does to a group is a change that those who watch the key need not hear of.</summary>
    private static void Changed(CommandContext context, in Key key, KeyspaceEvent keyspaceEvent)
    {
        context.Engine.Dirty++;
        context.Engine.Notify(context.Keyspace, keyspaceEvent, key.Bytes);
    }

    private static bool TryParseOptions(CommandContext context, bool allowsCreating, out bool makesStream, out long entriesRead)
    {
        makesStream = false;
        entriesRead = StreamGroup.UnknownEntriesRead;
        for (var i = 5; i < context.Args.Count; i++)
        {
            if (allowsCreating && context.Is(i, "MKSTREAM"u8))
            {
                makesStream = true;
            }
            else if (i + 1 < context.Args.Count && context.Is(i, "ENTRIESREAD"u8))
            {
                if (!context.TryInteger(++i, out entriesRead)) return false;
                if (entriesRead >= 0 || entriesRead == StreamGroup.UnknownEntriesRead) continue;
                context.Reply.Error("ERR value for ENTRIESREAD must be positive or -1"u8);
                return false;
            }
            else
            {
                Subcommands.WrongArguments(context);
                return false;
            }
        }

        return true;
    }

    private static bool CheckKey(CommandContext context, Entry entry)
    {
        if (entry.Exists) return true;
        context.Reply.Error(
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create "u8
            + "an empty stream automatically."u8);
        return false;
    }

    private static bool TryWriteGroup(CommandContext context, in Key key, out StreamValue stream, out StreamGroup group)
    {
        (stream, group) = (default, default);
        if (!context.TryWrite(key, KeyType.Stream, out var entry) || !CheckKey(context, entry)) return false;
        stream = new StreamValue(context.Values, entry);
        group = stream.FindGroup(context.Args[3]);
        if (group.Exists) return true;
        context.Reply.Error($"NOGROUP No such consumer group '{Errors.Quote(context.Args[3])}' for key name '{Errors.Quote(key.Bytes)}'");
        return false;
    }

    /// <summary>From where a group reads; '$' is the stream's last ID.</summary>
    private static bool TryResolveId(CommandContext context, in StreamValue stream, bool allowsEnds, out StreamId id)
    {
        id = stream.Exists ? stream.LastId : default;
        if (CString.Clip(context.Args[4]) is [(byte)'$']) return true;
        return allowsEnds ? StreamArguments.TryIdOrEnd(context, 4, out id) : StreamArguments.TryId(context, 4, out id);
    }

    private static void ReplySummary(CommandContext context, StreamGroup group)
    {
        var reply = context.Reply;
        reply.Array(4);
        reply.Integer(group.PendingCount);
        if (group.PendingCount == 0)
        {
            reply.Null();
            reply.Null();
            reply.NullArray();
            return;
        }

        StreamReplies.Id(reply, group.Pending.Id);
        StreamReplies.Id(reply, group.Pending.LastId);
        var start = reply.BeginDeferred();
        var consumers = 0;
        for (var i = 0; i < group.ConsumerCount; i++)
        {
            var consumer = group.Consumer(i);
            if (consumer.PendingCount == 0) continue;
            reply.Array(2);
            reply.Bulk(consumer.Name);
            reply.BulkInteger(consumer.PendingCount);
            consumers++;
        }

        reply.EndDeferredArray(start, consumers);
    }

    private static void ReplyPending(CommandContext context, StreamGroup group, in PendingRange range)
    {
        var reply = context.Reply;
        var cursor = group.Pending;
        if (range.ConsumerArgument > 0)
        {
            var consumer = group.FindConsumer(context.Args[range.ConsumerArgument]);
            if (!consumer.Exists)
            {
                reply.Array(0);
                return;
            }

            cursor = consumer.Pending;
        }

        var start = reply.BeginDeferred();
        long count = 0;
        for (cursor.Seek(range.From); count < range.Count && cursor.IsValid && cursor.Id <= range.To; cursor.MoveNext())
        {
            var idleMs = context.NowMs - cursor.Entry.DeliveredAtMs;
            if (range.MinIdleMs != 0 && idleMs < range.MinIdleMs) continue;
            reply.Array(4);
            StreamReplies.Id(reply, cursor.Id);
            reply.Bulk(cursor.Entry.Consumer.Name);
            reply.Integer(Math.Max(idleMs, 0));
            reply.Integer(cursor.Entry.DeliveryCount);
            count++;
        }

        reply.EndDeferredArray(start, count);
    }

    /// <summary>Which pending entries XPENDING shall list.</summary>
    private readonly record struct PendingRange(long MinIdleMs, StreamId From, StreamId To, long Count, int ConsumerArgument)
    {
        public static bool TryParse(CommandContext context, out PendingRange range)
        {
            range = default;
            var args = context.Args.Count;
            if (args is < 6 or > 9)
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }

            var from = 3;
            long minIdleMs = 0;
            if (context.Is(3, "IDLE"u8))
            {
                if (!context.TryInteger(4, out minIdleMs)) return false;
                if (args < 8)
                {
                    context.Reply.Error(Errors.Syntax);
                    return false;
                }

                from += 2;
            }

            if (!context.TryInteger(from + 2, out var count)) return false;
            if (!StreamArguments.TryFrom(context, from, out var fromId) || !StreamArguments.TryTo(context, from + 1, out var toId)) return false;
            range = new PendingRange(minIdleMs, fromId, toId, count, args > from + 3 ? from + 3 : 0);
            return true;
        }
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Reading on in streams. XREAD returns what lies behind IDs that the client names. XREADGROUP returns what nobody in the group has got
/// yet, and keeps it as pending until it is acknowledged; with an ID it returns the consumer's own pending entries once more.
/// </summary>
internal static class StreamReadCommands
{
    public static readonly Command[] Table =
    [
        new("XREAD", arity: -4, ReadOnly | CommandFlags.Blocking,
            KeySpec.After("STREAMS", startFrom: 1, last: -1, Read | Access, limit: 2), XRead)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries returned",
            Syntax = "[COUNT count:integer] [BLOCK milliseconds:integer] STREAMS streams:(key... id...)",
            Summary = "Returns the entries of streams beyond given ids; may wait for new ones.",
        },
        new("XREADGROUP", arity: -7, Write | CommandFlags.Blocking,
            KeySpec.After("STREAMS", startFrom: 4, last: -1, Read | Access, limit: 2), XReadGroup)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries returned",
            Syntax = "GROUP group-block:(group consumer) [COUNT count:integer] [BLOCK milliseconds:integer] [NOACK] STREAMS "
                + "streams:(key... id...)",
            Summary = "Returns the new or pending entries of streams to a consumer of a group; may wait for new ones.",
        },
    ];

    private static void XRead(CommandContext context)
    {
        if (!StreamReadOptions.TryParse(context, isGroup: false, out var options)) return;
        for (var i = 0; i < options.StreamCount; i++)
        {
            if (!context.TryRead(context.Key(options.FirstKey + i), KeyType.Stream, out var entry)) return;
            if (!TryResolveId(context, options, i, new StreamValue(context.Values, entry), out _)) return;
        }

        var replies = new Replies(context, options);
        for (var i = 0; i < options.StreamCount; i++)
        {
            var entry = context.Read(context.Key(options.FirstKey + i));
            if (!entry.Exists) continue;
            var stream = new StreamValue(context.Values, entry);
            TryResolveId(context, options, i, stream, out var after);
            if (stream.Length == 0 || stream.TopId <= after) continue;

            replies.Begin(i);
            var reader = stream.ReadOn(after.Next);
            if (StreamReplies.Entries(context.Reply, ref reader, options.Count) > 0) stream.StopReading(ref reader);
        }

        if (!replies.End() && options.BlockMs is { } blockMs) Wait(context, options, blockMs);
    }

    private static void XReadGroup(CommandContext context)
    {
        if (!StreamReadOptions.TryParse(context, isGroup: true, out var options)) return;
        for (var i = 0; i < options.StreamCount; i++)
        {
            if (!TryCheckGroup(context, options, i)) return;
        }

        context.Propagation.Nothing();
        var replies = new Replies(context, options);
        for (var i = 0; i < options.StreamCount; i++)
        {
            var key = context.Key(options.FirstKey + i);
            var stream = new StreamValue(context.Values, context.Read(key));
            var group = stream.FindGroup(context.Args[options.GroupArgument]);
            var isNew = IsNew(context, options, i, out var after);
            var consumer = StreamArguments.SeeConsumer(context, key, group, context.Args[options.GroupArgument + 1], out var isCreated);
            if (isCreated && options.NoAck) StreamPropagation.CreateConsumer(context, key, group, consumer);

            if (!isNew)
            {
                replies.Begin(i);
                ReplyHistory(context, options, stream, consumer, after);
                context.Engine.Dirty++;
            }
            else if (stream.Length > 0 && stream.TopId > group.LastId)
            {
                replies.Begin(i);
                Deliver(context, options, key, stream, group, consumer);
                context.Engine.Dirty++;
            }
        }

        // The command runs again, and then fails, when the group goes; the same if its key does.
        if (replies.End() || options.BlockMs is not { } blockMs) return;
        context.Block(KeyType.Stream, options.FirstKey, options.StreamCount, blockMs, endsWithKey: true);
    }

    /// <summary>Waits for entries behind those that are there now, so '$' does not mean the last ID of a later time.</summary>
    private static void Wait(CommandContext context, in StreamReadOptions options, long blockMs)
    {
        var words = context.Block(KeyType.Stream, options.FirstKey, options.StreamCount, blockMs);
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        for (var i = 0; i < options.StreamCount; i++)
        {
            var argument = options.FirstKey + options.StreamCount + i;
            if (CString.Clip(words.Args[argument]) is not [(byte)'$']) continue;
            var entry = context.Keyspace.Peek(context.Key(options.FirstKey + i));
            var last = entry.Exists ? new StreamValue(context.Values, entry).LastId : StreamId.Min;
            words.Replace(argument, text[..last.Format(text)]);
        }
    }

    /// <summary>The ID behind which to read in a stream; '$' is its last one.</summary>
    private static bool TryResolveId(CommandContext context, in StreamReadOptions options, int index, in StreamValue stream, out StreamId after)
    {
        var argument = options.FirstKey + options.StreamCount + index;
        after = default;
        switch (CString.Clip(context.Args[argument]))
        {
            case [(byte)'$']:
                if (stream.Exists) after = stream.LastId;
                return true;
            case [(byte)'>']:
                context.Reply.Error("ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."u8);
                return false;
            default:
                return StreamArguments.TryId(context, argument, out after);
        }
    }

    /// <summary>Whether the group is there and the ID is one; false after it has replied that not.</summary>
    private static bool TryCheckGroup(CommandContext context, in StreamReadOptions options, int index)
    {
        var key = context.Key(options.FirstKey + index);
        if (!context.TryRead(key, KeyType.Stream, out var entry)) return false;
        var name = context.Args[options.GroupArgument];
        if (!entry.Exists || !new StreamValue(context.Values, entry).FindGroup(name).Exists)
        {
            context.Reply.Error(
                $"NOGROUP No such key '{Errors.Quote(key.Bytes)}' or consumer group '{Errors.Quote(name)}' in XREADGROUP with GROUP option");
            return false;
        }

        var argument = options.FirstKey + options.StreamCount + index;
        switch (CString.Clip(context.Args[argument]))
        {
            case [(byte)'$']:
                context.Reply.Error(
                    "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a "u8
                    + "proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."u8);
                return false;
            case [(byte)'>']:
                return true;
            default:
                return StreamArguments.TryId(context, argument, out _);
        }
    }

    /// <summary>Whether new entries are wanted, and otherwise the ID behind which pending ones are. The greatest ID means '>' too.</summary>
    private static bool IsNew(CommandContext context, in StreamReadOptions options, int index, out StreamId after)
    {
        after = default;
        var text = CString.Clip(context.Args[options.FirstKey + options.StreamCount + index]);
        if (text is [(byte)'>']) return true;
        StreamId.TryParseExact(text, 0, out after);
        return after == StreamId.Max;
    }

    /// <summary>Hands new entries to the consumer. Each is repeated as a claim, which says all that has changed.</summary>
    private static void Deliver(
        CommandContext context, in StreamReadOptions options, in Key key, in StreamValue stream, StreamGroup group, StreamConsumer consumer)
    {
        var start = context.Reply.BeginDeferred();
        var reader = stream.ReadOn(group);
        long count = 0;
        while ((options.Count == 0 || count < options.Count) && reader.MoveNext())
        {
            var id = reader.Id;
            StreamProgress.Advance(stream, group, id);
            StreamReplies.Entry(context.Reply, ref reader);
            count++;
            if (options.NoAck) continue;
            var pending = group.Deliver(id, consumer, context.NowMs);
            consumer.ActiveAtMs = context.NowMs;
            StreamPropagation.Claim(context, key, group, id, pending);
        }

        stream.StopReading(group, ref reader);
        context.Reply.EndDeferredArray(start, count);
        if (options.NoAck) StreamPropagation.SetGroupId(context, key, group);
    }

    /// <summary>Entries that were deleted meanwhile are shown without their fields, so that the consumer can acknowledge them.</summary>
    private static void ReplyHistory(CommandContext context, in StreamReadOptions options, in StreamValue stream, StreamConsumer consumer, StreamId after)
    {
        var start = context.Reply.BeginDeferred();
        long count = 0;
        var cursor = consumer.Pending;
        for (cursor.Seek(after.Next); cursor.IsValid && (options.Count == 0 || count < options.Count); cursor.MoveNext(), count++)
        {
            var reader = stream.Read(cursor.Id, cursor.Id);
            if (reader.MoveNext())
            {
                StreamReplies.Entry(context.Reply, ref reader);
                var pending = cursor.Entry;
                pending.DeliveredAtMs = context.NowMs;
                pending.DeliveryCount++;
                continue;
            }

            context.Reply.Array(2);
            StreamReplies.Id(context.Reply, cursor.Id);
            context.Reply.NullArray();
        }

        context.Reply.EndDeferredArray(start, count);
    }

    /// <summary>Streams that have something go into one map, whose length is known at its end only, unless there is only one.</summary>
    private ref struct Replies(CommandContext context, StreamReadOptions options)
    {
        private int _start;
        private int _count;

        /// <summary>The entries of this stream follow.</summary>
        public void Begin(int index)
        {
            var reply = context.Reply;
            if (options.StreamCount == 1) reply.NestedMap(1);
            else if (_count == 0) _start = reply.BeginDeferred();
            _count++;
            reply.NestedPair();
            reply.Bulk(context.Args[options.FirstKey + index]);
        }

        /// <summary>False if there was nothing and the client wants, and may, wait for something; nothing has been replied then.</summary>
        public readonly bool End()
        {
            if (_count == 0 && options.BlockMs is not null && context.MayBlock) return false;
            if (_count == 0) context.Reply.NullArray();
            else if (options.StreamCount > 1) context.Reply.EndDeferredNestedMap(_start, _count);
            return true;
        }
    }
}

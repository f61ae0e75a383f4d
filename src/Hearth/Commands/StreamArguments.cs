using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>What the arguments of stream commands have in common: IDs, ends of ranges, and groups that must be there.</summary>
internal static class StreamArguments
{
    private static ReadOnlySpan<byte> InvalidId => "ERR Invalid stream ID specified as stream command argument"u8;

    /// <summary>The argument as an ID of numbers only, with the sequence 0 unless it is given; false after it has replied that it is none.</summary>
    public static bool TryId(CommandContext context, int argument, out StreamId id)
    {
        if (StreamId.TryParseExact(context.Args[argument], 0, out id)) return true;
        context.Reply.Error(InvalidId);
        return false;
    }

    /// <summary>The same for '-' and '+' too.</summary>
    public static bool TryIdOrEnd(CommandContext context, int argument, out StreamId id)
    {
        if (StreamId.TryParse(context.Args[argument], 0, out id)) return true;
        context.Reply.Error(InvalidId);
        return false;
    }

    /// <summary>The ID of a new entry, of which the server may have to choose the sequence.</summary>
    public static bool TryNewId(CommandContext context, int argument, out StreamId id, out bool hasSequence)
    {
        if (StreamId.TryParsePartial(context.Args[argument], out id, out hasSequence)) return true;
        context.Reply.Error(InvalidId);
        return false;
    }

    /// <summary>All arguments from here on as IDs.</summary>
    public static bool AreIds(CommandContext context, int firstArgument)
    {
        for (var i = firstArgument; i < context.Args.Count; i++)
        {
            if (!TryId(context, i, out _)) return false;
        }

        return true;
    }

    /// <summary>The least ID of a range. One that '(' precedes is not itself included.</summary>
    public static bool TryFrom(CommandContext context, int argument, out StreamId from)
    {
        if (!TryEnd(context, argument, missingSequence: 0, out from, out var isExcluded)) return false;
        if (!isExcluded) return true;
        var isLast = from == StreamId.Max;
        from = from.Next;
        if (isLast) context.Reply.Error("ERR invalid start ID for the interval"u8);
        return !isLast;
    }

    /// <summary>The greatest ID of a range. One that '(' precedes is not itself included.</summary>
    public static bool TryTo(CommandContext context, int argument, out StreamId to)
    {
        if (!TryEnd(context, argument, missingSequence: ulong.MaxValue, out to, out var isExcluded)) return false;
        if (!isExcluded) return true;
        var isFirst = to == StreamId.Min;
        to = to.Previous;
        if (isFirst) context.Reply.Error("ERR invalid end ID for the interval"u8);
        return !isFirst;
    }

    /// <summary>The group; false after it has replied that the key or the group is missing, or that the key holds another type.</summary>
    public static bool TryReadGroup(CommandContext context, in Key key, int groupArgument, out StreamValue stream, out StreamGroup group) =>
        TryGroup(context, key, context.Read(key), groupArgument, out stream, out group);

    /// <summary>The same for a key that has been looked up.</summary>
    public static bool TryGroup(CommandContext context, in Key key, Entry entry, int groupArgument, out StreamValue stream, out StreamGroup group)
    {
        (stream, group) = (default, default);
        if (entry.Exists && entry.Type != KeyType.Stream)
        {
            context.Reply.Error(Errors.WrongType);
            return false;
        }

        stream = new StreamValue(context.Values, entry);
        if (stream.Exists) group = stream.FindGroup(context.Args[groupArgument]);
        if (group.Exists) return true;
        context.Reply.Error($"NOGROUP No such key '{Errors.Quote(key.Bytes)}' or consumer group '{Errors.Quote(context.Args[groupArgument])}'");
        return false;
    }

    /// <summary>The consumer of this name, created if need be; it has been seen now.</summary>
    public static StreamConsumer SeeConsumer(CommandContext context, in Key key, StreamGroup group, ReadOnlySpan<byte> name, out bool isNew)
    {
        var consumer = group.FindConsumer(name);
        isNew = !consumer.Exists;
        if (isNew) consumer = CreateConsumer(context, key, group, name);
        consumer.SeenAtMs = context.NowMs;
        return consumer;
    }

    /// <summary>Adds a consumer; this is a change, of which only events tell.</summary>
    public static StreamConsumer CreateConsumer(CommandContext context, in Key key, StreamGroup group, ReadOnlySpan<byte> name)
    {
        var consumer = group.CreateConsumer(name, context.NowMs);
        context.Engine.Notify(context.Keyspace, KeyspaceEvent.XGroupCreateConsumer, key.Bytes);
        context.Engine.Dirty++;
        return consumer;
    }

    private static bool TryEnd(CommandContext context, int argument, ulong missingSequence, out StreamId id, out bool isExcluded)
    {
        var text = context.Args[argument];
        isExcluded = text.Length > 1 && text[0] == '(';
        if (isExcluded ? StreamId.TryParseExact(text[1..], missingSequence, out id) : StreamId.TryParse(text, missingSequence, out id)) return true;
        context.Reply.Error(InvalidId);
        return false;
    }
}

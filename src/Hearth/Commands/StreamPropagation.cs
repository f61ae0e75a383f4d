using System.Runtime.CompilerServices;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>What groups do is repeated as commands that say its outcome, since reading again may find other entries.</summary>
internal static class StreamPropagation
{
    /// <summary>A consumer has got this entry, or (without any effect where it is repeated) is to lose it since it exists no more.</summary>
    [SkipLocalsInit]
    public static void Claim(CommandContext context, in Key key, StreamGroup group, StreamId id, StreamPending pending)
    {
        if (!context.Propagation.IsActive) return;
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        Claim(context, key, group, text[..id.Format(text)], pending);
    }

    /// <summary>The same with the ID as the client wrote it.</summary>
    public static void Claim(CommandContext context, in Key key, StreamGroup group, ReadOnlySpan<byte> id, StreamPending pending)
    {
        if (!context.Propagation.IsActive) return;
        Span<byte> lastId = stackalloc byte[StreamId.TextBytesMax];
        context.Propagation.Also(context.Keyspace.Index, 14)
            .Word("XCLAIM"u8).Word(key.Bytes).Word(group.Name).Word(pending.Consumer.Name).Word("0"u8).Word(id)
            .Word("TIME"u8).Word(pending.DeliveredAtMs).Word("RETRYCOUNT"u8).Word(pending.DeliveryCount)
            .Word("FORCE"u8).Word("JUSTID"u8).Word("LASTID"u8).Word(lastId[..group.LastId.Format(lastId)]);
    }

    /// <summary>The group has read on without keeping anything as pending, or was told to.</summary>
    public static void SetGroupId(CommandContext context, in Key key, StreamGroup group)
    {
        if (!context.Propagation.IsActive) return;
        Span<byte> lastId = stackalloc byte[StreamId.TextBytesMax];
        context.Propagation.Also(context.Keyspace.Index, 7)
            .Word("XGROUP"u8).Word("SETID"u8).Word(key.Bytes).Word(group.Name).Word(lastId[..group.LastId.Format(lastId)])
            .Word("ENTRIESREAD"u8).Word(group.EntriesRead);
    }

    public static void CreateConsumer(CommandContext context, in Key key, StreamGroup group, StreamConsumer consumer)
    {
        if (!context.Propagation.IsActive) return;
        context.Propagation.Also(context.Keyspace.Index, 5)
            .Word("XGROUP"u8).Word("CREATECONSUMER"u8).Word(key.Bytes).Word(group.Name).Word(consumer.Name);
    }
}

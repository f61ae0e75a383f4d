using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>How IDs and entries of streams are replied.</summary>
internal static class StreamReplies
{
    [SkipLocalsInit]
    public static void Id(RespWriter reply, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        reply.Bulk(text[..id.Format(text)]);
    }

    /// <summary>The reader's current entry: its ID, and its fields and values in one array.</summary>
    public static void Entry(RespWriter reply, ref StreamEntryReader reader)
    {
        reply.Array(2);
        Id(reply, reader.Id);
        var fields = reader.FieldCount;
        reply.Array(2L * fields);
        for (; fields > 0; fields--)
        {
            reader.ReadField(out var field, out var value);
            Element(reply, field);
            Element(reply, value);
        }
    }

    /// <summary>An array of the reader's next entries, at most so many; 0 for all. Returns how many they were.</summary>
    public static long Entries(RespWriter reply, ref StreamEntryReader reader, long count)
    {
        var start = reply.BeginDeferred();
        long written = 0;
        while ((count == 0 || written < count) && !reply.IsOverfull && reader.MoveNext())
        {
            Entry(reply, ref reader);
            written++;
        }

        reply.EndDeferredArray(start, written);
        return written;
    }

    /// <summary>The entry of this ID, which exists.</summary>
    public static void EntryOf(RespWriter reply, in StreamValue stream, StreamId id)
    {
        var reader = stream.Read(id, id);
        if (reader.MoveNext()) Entry(reply, ref reader);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element(RespWriter reply, ListpackElement element)
    {
        if (element.IsInteger) reply.BulkInteger(element.Integer);
        else reply.Bulk(element.Bytes);
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Streams: logs of entries with ascending IDs. Reading on from an ID, alone or in a group, is in <see cref="StreamReadCommands"/>,
/// consumer groups are in <see cref="StreamGroupCommands"/>, XINFO in <see cref="StreamInfoCommands"/>.
/// </summary>
internal static class StreamCommands
{
    public static readonly Command[] Table =
    [
        new("XADD", arity: -5, Write | DenyOom | Fast,
            KeySpec.At(1, ReadWrite | Update, notes: "It may trim, so it counts as an update."), XAdd)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1), plus O(N) with N the entries trimmed",
            Syntax = "key [NOMKSTREAM@6.2.0] [trim:(strategy:<MAXLEN | MINID@6.2.0> [operator:<equal='=' | approximately='~'>] "
                + "threshold [LIMIT count@6.2.0:integer])] id-selector:<auto-id='*' | id> data:(field value)...",
            Summary = "Adds an entry to a stream.",
            Tips = ["nondeterministic_output"],
        },
        new("XDEL", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Delete), XDel)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1) for each entry",
            Syntax = "key id...",
            Summary = "Deletes entries of a stream.",
        },
        new("XLEN", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), XLen)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many entries a stream has.",
        },
        new("XRANGE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), XRange)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries returned",
            Syntax = "key start end [COUNT count:integer]",
            Summary = "Returns the entries between two ids.",
        },
        new("XREVRANGE", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), XRevRange)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries returned",
            Syntax = "key end start [COUNT count:integer]",
            Summary = "Returns the entries between two ids, the latest first.",
        },
        new("XSETID", arity: -3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Update), XSetId)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(1)",
            Syntax = "key last-id [ENTRIESADDED entries-added@7.0.0:integer] [MAXDELETEDID max-deleted-id@7.0.0]",
            Summary = "Sets the last id of a stream.",
        },
        new("XTRIM", arity: -4, Write, KeySpec.At(1, ReadWrite | Delete), XTrim)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries removed",
            Syntax = "key trim:(strategy:<MAXLEN | MINID@6.2.0> [operator:<equal='=' | approximately='~'>] threshold [LIMIT "
                + "count@6.2.0:integer])",
            Summary = "Deletes the oldest entries of a stream.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void XAdd(CommandContext context)
    {
        if (!StreamAddOptions.TryParse(context, isAdd: true, out var options)) return;
        var firstField = options.IdArgument + 1;
        var words = context.Args.Count - firstField;
        if (words < 2 || words % 2 == 1)
        {
            context.Reply.Error($"ERR wrong number of arguments for '{context.Command.FullName}' command");
            return;
        }

        if (options is { HasId: true, HasSequence: true, Id.IsZero: true })
        {
            context.Reply.Error("ERR The ID specified in XADD must be greater than 0-0"u8);
            return;
        }

        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.Stream, out var entry)) return;
        if (!entry.Exists && options.NeedsStream)
        {
            context.Reply.Null();
            return;
        }

        var isNew = !entry.Exists;
        if (isNew) entry = context.Keyspace.CreateEntry(key, KeyType.Stream, ValueEncoding.Stream, StreamValue.Create(context.Values));
        var stream = new StreamValue(context.Values, entry);
        if (!TryChooseId(context, stream, options, out var id) || !CheckText(context, firstField))
        {
            if (isNew) context.Keyspace.FreeEntry(entry);
            return;
        }

        stream.Append(id, context.Args, firstField);
        if (isNew) context.Keyspace.Put(key, default, entry);
        StreamReplies.Id(context.Reply, id);
        context.Modified(key, KeyspaceEvent.XAdd);
        context.Engine.Blocking.Signal(context.Keyspace, key.Bytes);
        if (options.Trims && stream.Trim(options.Trim) > 0) context.Engine.Notify(context.Keyspace, KeyspaceEvent.XTrim, key.Bytes);
        PropagateExactly(context, stream, options, id);
    }

    private static void XDel(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.Stream, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        if (!StreamArguments.AreIds(context, 2)) return;
        var stream = new StreamValue(context.Values, entry);
        var (first, top) = (stream.FirstId, stream.TopId);
        var (hasFirstGone, hasTopGone) = (false, false);
        long deleted = 0;
        for (var i = 2; i < context.Args.Count; i++)
        {
            StreamId.TryParseExact(context.Args[i], 0, out var id);
            if (!stream.Delete(id)) continue;
            deleted++;
            hasFirstGone |= id == first;
            hasTopGone |= id == top;
        }

        if (deleted > 0)
        {
            stream.EndDeleting(hasFirstGone, hasTopGone);
            Changed(context, key, KeyspaceEvent.XDel, deleted);
        }

        context.Reply.Integer(deleted);
    }

    private static void XLen(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.Stream, out var entry)) return;
        context.Reply.Integer(entry.Exists ? new StreamValue(context.Values, entry).Length : 0);
    }

    private static void XRange(CommandContext context)
    {
        if (!StreamArguments.TryFrom(context, 2, out var from) || !StreamArguments.TryTo(context, 3, out var to)) return;
        Range(context, from, to, isReverse: false);
    }

    private static void XRevRange(CommandContext context)
    {
        if (!StreamArguments.TryFrom(context, 3, out var from) || !StreamArguments.TryTo(context, 2, out var to)) return;
        Range(context, from, to, isReverse: true);
    }

    private static void XSetId(CommandContext context)
    {
        if (!StreamArguments.TryId(context, 2, out var id)) return;
        if (!TryParseSetId(context, id, out var entriesAdded, out var maxDeletedId)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.Stream, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Error(Errors.NoSuchKey);
            return;
        }

        var stream = new StreamValue(context.Values, entry);
        if (id < stream.MaxDeletedId)
        {
            context.Reply.Error("ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"u8);
            return;
        }

        if (stream.Length > 0 && id < stream.TopId)
        {
            context.Reply.Error("ERR The ID specified in XSETID is smaller than the target stream top item"u8);
            return;
        }

        if (entriesAdded >= 0 && stream.Length > entriesAdded)
        {
            context.Reply.Error("ERR The entries_added specified in XSETID is smaller than the target stream length"u8);
            return;
        }

        stream.LastId = id;
        if (entriesAdded >= 0) stream.EntriesAdded = entriesAdded;
        if (!maxDeletedId.IsZero) stream.MaxDeletedId = maxDeletedId;
        context.Reply.Ok();
        context.Engine.Dirty++;
        context.Engine.Notify(context.Keyspace, KeyspaceEvent.XSetId, key.Bytes);
    }

    private static void XTrim(CommandContext context)
    {
        if (!StreamAddOptions.TryParse(context, isAdd: false, out var options)) return;
        var key = context.Key(1);
        if (!context.TryWrite(key, KeyType.Stream, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        var stream = new StreamValue(context.Values, entry);
        var removed = stream.Trim(options.Trim);
        if (removed > 0)
        {
            Changed(context, key, KeyspaceEvent.XTrim, removed);
            PropagateExactly(context, stream, options, default);
        }

        context.Reply.Integer(removed);
    }

    /// <summary>A key has changed in so many places.</summary>
    private static void Changed(CommandContext context, in Key key, KeyspaceEvent keyspaceEvent, long changes)
    {
        context.Engine.Dirty += changes;
        context.Touched(key);
        context.Engine.Notify(context.Keyspace, keyspaceEvent, key.Bytes);
    }

    /// <summary>The ID of a new entry; false after it has replied that there can be none.</summary>
    private static bool TryChooseId(CommandContext context, in StreamValue stream, in StreamAddOptions options, out StreamId id)
    {
        var last = stream.LastId;
        id = options.Id;
        if (last == StreamId.Max)
        {
            context.Reply.Error("ERR The stream has exhausted the last possible ID, unable to add more items"u8);
            return false;
        }

        if (!options.HasId)
        {
            var nowMs = (ulong)context.NowMs;
            id = nowMs > last.Ms ? new StreamId(nowMs, 0) : last.Next;
        }
        else if (!options.HasSequence && last.Ms == id.Ms)
        {
            // Of a millisecond whose sequences are used up no entry can be added: the ID wraps around, and is refused below.
            id = new StreamId(id.Ms, last.Sequence + 1);
        }

        if (id > last) return true;
        context.Reply.Error("ERR The ID specified in XADD is equal or smaller than the target stream top item"u8);
        return false;
    }

    private static bool CheckText(CommandContext context, int firstField)
    {
        if (StreamValue.TextBytes(context.Args, firstField) <= StreamValue.EntryBytesMax) return true;
        context.Reply.Error("ERR Elements are too large to be stored"u8);
        return false;
    }

    /// <summary>
    /// What the server has decided by itself, an ID or how far to trim, is repeated as it was decided: nodes may be cut elsewhere where
    /// the command is repeated.
    /// </summary>
    private static void PropagateExactly(CommandContext context, in StreamValue stream, in StreamAddOptions options, StreamId id)
    {
        var hasOwnId = options.IdArgument < context.Args.Count && !options.HasSequence;
        var isApproximate = options.Trims && options.Trim.IsApproximate;
        if ((!hasOwnId && !isApproximate) || !context.Propagation.IsActive) return;

        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        var words = context.Propagation.Instead(context.Args.Count);
        for (var i = 0; i < context.Args.Count; i++)
        {
            if (hasOwnId && i == options.IdArgument) words.Word(text[..id.Format(text)]);
            else if (isApproximate && i == options.TrimArgument - 1) words.Word("="u8);
            else if (isApproximate && i == options.TrimArgument && options.Trim.ByLength) words.Word(stream.Length);
            else if (isApproximate && i == options.TrimArgument) words.Word(text[..stream.FirstStoredId.Format(text)]);
            else words.Word(context.Args[i]);
        }
    }

    private static void Range(CommandContext context, StreamId from, StreamId to, bool isReverse)
    {
        long? count = null;
        for (var i = 4; i < context.Args.Count; i += 2)
        {
            if (i + 1 == context.Args.Count || !context.Is(i, "COUNT"u8))
            {
                context.Reply.Error(Errors.Syntax);
                return;
            }

            if (!context.TryInteger(i + 1, out var given)) return;
            count = Math.Max(given, 0);
        }

        if (!context.TryRead(context.Key(1), KeyType.Stream, out var entry)) return;
        if (!entry.Exists)
        {
            context.Reply.Array(0);
            return;
        }

        if (count == 0)
        {
            context.Reply.NullArray();
            return;
        }

        var reader = new StreamValue(context.Values, entry).Read(from, to, isReverse);
        StreamReplies.Entries(context.Reply, ref reader, count ?? 0);
    }

    private static bool TryParseSetId(CommandContext context, StreamId id, out long entriesAdded, out StreamId maxDeletedId)
    {
        (entriesAdded, maxDeletedId) = (-1, default);
        for (var i = 3; i < context.Args.Count; i += 2)
        {
            var hasValue = i + 1 < context.Args.Count;
            if (hasValue && context.Is(i, "ENTRIESADDED"u8))
            {
                if (!context.TryInteger(i + 1, out entriesAdded)) return false;
                if (entriesAdded >= 0) continue;
                context.Reply.Error("ERR entries_added must be positive"u8);
                return false;
            }

            if (hasValue && context.Is(i, "MAXDELETEDID"u8))
            {
                if (!StreamArguments.TryId(context, i + 1, out maxDeletedId)) return false;
                if (id >= maxDeletedId) continue;
                context.Reply.Error("ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"u8);
                return false;
            }

            context.Reply.Error(Errors.Syntax);
            return false;
        }

        return true;
    }
}

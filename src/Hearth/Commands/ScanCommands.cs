using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>Finding keys without knowing their names.</summary>
internal static class ScanCommands
{
    public static readonly Command[] Table =
    [
        new("KEYS", arity: 2, ReadOnly, Keys)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(N) with N the number of keys in the database",
            Syntax = "pattern",
            Summary = "Returns all keys whose names match a pattern.",
            Tips = ["request_policy:all_shards", "nondeterministic_output_order"],
            OwnCategories = CommandCategories.Keyspace | CommandCategories.Dangerous,
        },
        new("RANDOMKEY", arity: 1, ReadOnly | TouchesArbitraryKeys, RandomKey)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Summary = "Returns the name of a random key.",
            Tips = ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
        },
        new("SCAN", arity: -2, ReadOnly | TouchesArbitraryKeys, Scan)
        {
            Since = "2.8.0", Group = CommandGroup.Generic,
            Complexity = "O(1) for each call, O(N) for a whole iteration over N keys",
            Syntax = "cursor:integer [MATCH pattern] [COUNT count:integer] [TYPE type@6.0.0]",
            Summary = "Returns some of the keys, and a cursor for the next call.",
            Tips = ["nondeterministic_output", "request_policy:special", "response_policy:special"],
        },
    ];

    /// <summary>Expired keys are passed over, not removed: a command that looks at all keys has enough to do.</summary>
    private static void Keys(CommandContext context)
    {
        var start = context.Reply.BeginDeferred();
        var visitor = new ReplyingVisitor(context.Reply, context.Args.Slice(1), context.NowMs);
        for (ulong cursor = 0; (cursor = context.Keyspace.Keys.Scan(cursor, int.MaxValue, ref visitor)) != 0;)
        {
        }

        context.Reply.EndDeferredArray(start, visitor.Count);
    }

    private static void RandomKey(CommandContext context)
    {
        var keyspace = context.Keyspace;
        while (true)
        {
            var entry = keyspace.Random(context.Engine.Random);
            if (!entry.Exists)
            {
                context.Reply.Null();
                return;
            }

            if (keyspace.ExpireIfNeeded(entry)) continue;
            context.Reply.Bulk(entry.Key);
            return;
        }
    }

    private static void Scan(CommandContext context)
    {
        if (!ScanOptions.TryCursor(context, 1, out var cursor)) return;
        if (!ScanOptions.TryParse(context, 2, allowsType: true, out var options)) return;

        // What has expired is removed only after the walk: a table must not change during it.
        var visitor = new CollectingVisitor(options);
        cursor = context.Keyspace.Keys.Scan(cursor, options.Count, ref visitor);

        context.Reply.Array(2);
        context.Reply.BulkInteger((long)cursor);
        var start = context.Reply.BeginDeferred();
        var count = 0;
        foreach (var entry in visitor.Found.Span)
        {
            if (!IsWanted(context, options, entry)) continue;
            context.Reply.Bulk(entry.Key);
            count++;
        }

        context.Reply.EndDeferredArray(start, count);
        visitor.Found.Dispose();
    }

    /// <summary>Asking for the type is a read of the key, for the statistics too; without that, only expired keys matter.</summary>
    private static bool IsWanted(CommandContext context, in ScanOptions options, Entry entry)
    {
        if (!options.HasType) return !context.Keyspace.ExpireIfNeeded(entry);
        return context.Keyspace.Find(context.Keyspace.KeyOf(entry), Lookup.Read | Lookup.NoTouch).Exists && options.IsOfType(entry.Type);
    }

    private struct ReplyingVisitor(RespWriter reply, NativeSlice pattern, long nowMs) : IEntryVisitor
    {
        public long Count;

        public void Visit(Entry entry)
        {
            if (!ScanOptions.Matches(pattern, entry.Key) || entry.IsExpiredAt(nowMs)) return;
            reply.Bulk(entry.Key);
            Count++;
        }
    }

    private struct CollectingVisitor(ScanOptions options) : IEntryVisitor
    {
        public PooledList<Entry> Found;

        public void Visit(Entry entry)
        {
            if (options.Matches(entry.Key)) Found.Add(entry);
        }
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>MEMORY: what the memory is used for.</summary>
internal static class MemoryCommands
{
    private const long BytesWorthDiagnosing = 5 * 1024 * 1024;

    /// <summary>Each size of block has a slab of its own, which little data can't fill: less than this is no finding.</summary>
    private const long IdleBytesWorthAWord = 10 * 1024 * 1024;

    public static readonly Command[] Table =
    [
        new("MEMORY", arity: -2, CommandFlags.None)
        {
            Since = "4.0.0", Group = CommandGroup.Server,
            Summary = "Holds the commands about memory.",
            Subcommands =
            [
                new("DOCTOR", arity: 2, CommandFlags.None, MemoryDoctor)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Explains in words whether memory is used well.",
                    Tips = ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("MALLOC-STATS", arity: 2, CommandFlags.None, MemoryMallocStats)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "Depends on how much memory is in use",
                    Summary = "Returns the allocator's own statistics.",
                    Tips = ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
                },
                new("PURGE", arity: 2, CommandFlags.None, MemoryPurge)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "Depends on how much memory can be given back",
                    Summary = "Gives unused memory back to the operating system.",
                    Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
                },
                new("STATS", arity: 2, CommandFlags.None, MemoryStats)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Returns what the memory is used for.",
                    Tips = ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
                },
                new("USAGE", arity: -3, ReadOnly, KeySpec.At(2, Read), MemoryUsage)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of samples",
                    Syntax = "key [SAMPLES count:integer]",
                    Summary = "Estimates how many bytes a key and its value take.",
                },
            ],
        },
    ];

    private static void MemoryDoctor(CommandContext context) =>
        context.Reply.Verbatim(Latin1.Bytes(Diagnose(new MemoryReport(context.Engine))), "txt"u8);

    private static void MemoryMallocStats(CommandContext context)
    {
        var engine = context.Engine;
        var text = string.Concat(((Memory.Heap[])[engine.DataHeap, engine.ClientHeap]).Select(heap =>
            $"{heap.Name}: used {heap.UsedBytes} bytes in {heap.LiveBlocks} blocks, reserved {heap.ReservedBytes} bytes\n"
            + string.Concat(heap.Classes().Select(each =>
                $"  blocks of {each.Size} bytes: {each.LiveBlocks} in {each.Slabs} slabs, {100.0 * each.Size * each.LiveBlocks / (each.Slabs * Memory.HeapSlab.DataBytes):F0} % full\n"))));
        context.Reply.Verbatim(Latin1.Bytes(text), "txt"u8);
    }

    private static void MemoryPurge(CommandContext context)
    {
        context.Engine.Trim();
        context.Reply.Ok();
    }

    private static void MemoryStats(CommandContext context)
    {
        var engine = context.Engine;
        var memory = new MemoryReport(engine);
        var used = engine.Keyspaces.Where(keyspace => keyspace.Count > 0).ToArray();
        var reply = context.Reply;
        reply.Map(27 + used.Length);
        Integers(context, ("peak.allocated", memory.PeakBytes), ("total.allocated", memory.UsedBytes), ("startup.allocated", memory.StartupBytes),
            ("replication.backlog", 0), ("clients.slaves", 0), ("clients.normal", memory.ClientBytes), ("cluster.links", 0), ("aof.buffer", 0),
            ("lua.caches", 0), ("functions.caches", 0));
        foreach (var keyspace in used)
        {
            reply.Bulk($"db.{keyspace.Index}");
            reply.Map(3);
            Integers(context, ("overhead.hashtable.main", keyspace.Keys.MemoryBytes), ("overhead.hashtable.expires", keyspace.Expires.MemoryBytes),
                ("overhead.hashtable.slot-to-keys", 0));
        }

        Integers(context, ("overhead.total", memory.OverheadBytes), ("keys.count", memory.KeyCount),
            ("keys.bytes-per-key", memory.KeyCount == 0 ? 0 : (memory.UsedBytes - memory.StartupBytes) / memory.KeyCount), ("dataset.bytes", memory.DatasetBytes));
        Doubles(context, ("dataset.percentage", memory.DatasetPercent), ("peak.percentage", memory.PeakPercent));
        Integers(context, ("allocator.allocated", memory.UsedBytes), ("allocator.active", memory.ReservedBytes), ("allocator.resident", memory.ReservedBytes));
        Doubles(context, ("allocator-fragmentation.ratio", Ratio(memory.ReservedBytes, memory.UsedBytes)));
        Integers(context, ("allocator-fragmentation.bytes", memory.ReservedBytes - memory.UsedBytes));
        Doubles(context, ("allocator-rss.ratio", 1));
        Integers(context, ("allocator-rss.bytes", 0));
        Doubles(context, ("rss-overhead.ratio", Ratio(memory.ResidentBytes, memory.ReservedBytes)));
        Integers(context, ("rss-overhead.bytes", memory.ResidentBytes - memory.ReservedBytes));
        Doubles(context, ("fragmentation", Ratio(memory.ResidentBytes, memory.UsedBytes)));
        Integers(context, ("fragmentation.bytes", memory.ResidentBytes - memory.UsedBytes));
    }

    private static void MemoryUsage(CommandContext context)
    {
        for (var i = 3; i < context.Args.Count; i++)
        {
            if (!context.Is(i, "SAMPLES"u8) || i + 1 == context.Args.Count)
            {
                context.Reply.Error(Errors.Syntax);
                return;
            }

            if (!context.TryInteger(++i, out var samples)) return;
            if (samples >= 0) continue;
            context.Reply.Error(Errors.Syntax);
            return;
        }

        var key = context.Key(2);
        var entry = context.Keyspace.Find(key, Store.Lookup.Write | Store.Lookup.NoTouch);
        if (entry.Exists) context.Reply.Integer(UsageOf(context, entry));
        else context.Reply.Null();
    }

    /// <summary>The key's blocks, and its share of the tables that it stands in.</summary>
    private static long UsageOf(CommandContext context, Entry entry)
    {
        var keyspace = context.Keyspace;
        var bytes = entry.UsedBytes + EntryValues.ValueBytes(context.Values, entry) + (keyspace.Keys.MemoryBytes / keyspace.Keys.Count);
        return entry.HasExpiry ? bytes + (keyspace.Expires.MemoryBytes / keyspace.Expires.Count) : bytes;
    }

    private static string Diagnose(MemoryReport memory)
    {
        if (memory.UsedBytes < BytesWorthDiagnosing) return "There is too little data to say anything about how memory is used.\n";
        var findings = new System.Text.StringBuilder();
        if (memory.PeakBytes > memory.UsedBytes * 1.5)
        {
            findings.Append("* The peak was more than half as much again as what is used now. Pages that the peak has left half empty may still be held.\n");
        }

        if (memory.ReservedBytes > memory.UsedBytes * 1.4 && memory.ReservedBytes - memory.UsedBytes > IdleBytesWorthAWord)
        {
            findings.Append("* The heaps hold much more than is used: many keys of one size have gone, and others of that size keep their pages.\n");
        }

        return findings.Length == 0 ? "No problem with memory was found.\n" : findings.ToString();
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static void Integers(CommandContext context, params ReadOnlySpan<(string Name, long Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            context.Reply.Bulk(name);
            context.Reply.Integer(value);
        }
    }

    private static void Doubles(CommandContext context, params ReadOnlySpan<(string Name, double Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            context.Reply.Bulk(name);
            context.Reply.Double(value);
        }
    }
}

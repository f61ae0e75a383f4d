using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>How values are kept in memory, and how they are used.</summary>
internal static class ObjectCommands
{
    public static readonly Command[] Table =
    [
        new("OBJECT", arity: -2, CommandFlags.None)
        {
            Since = "2.2.3", Group = CommandGroup.Generic,
            Summary = "Holds the commands that look into how a value is stored.",
            Subcommands =
            [
                new("ENCODING", arity: 3, ReadOnly, KeySpec.At(2, Read), ObjectEncoding)
                {
                    Since = "2.2.3", Group = CommandGroup.Generic, Complexity = "O(1)",
                    Syntax = "key",
                    Summary = "Returns the encoding that a value has in memory.",
                    Tips = ["nondeterministic_output"],
                },
                new("FREQ", arity: 3, ReadOnly, KeySpec.At(2, Read), ObjectFreq)
                {
                    Since = "4.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
                    Syntax = "key",
                    Summary = "Returns how often a key is used, as the LFU policies count it.",
                    Tips = ["nondeterministic_output"],
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "6.2.0", Group = CommandGroup.Generic, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("IDLETIME", arity: 3, ReadOnly, KeySpec.At(2, Read), ObjectIdleTime)
                {
                    Since = "2.2.3", Group = CommandGroup.Generic, Complexity = "O(1)",
                    Syntax = "key",
                    Summary = "Returns how long a key has not been used, in seconds.",
                    Tips = ["nondeterministic_output"],
                },
                new("REFCOUNT", arity: 3, ReadOnly, KeySpec.At(2, Read), ObjectRefCount)
                {
                    Since = "2.2.3", Group = CommandGroup.Generic, Complexity = "O(1)",
                    Syntax = "key",
                    Summary = "Returns how many references a value has.",
                    Tips = ["nondeterministic_output"],
                },
            ],
        },
    ];

    private static void ObjectEncoding(CommandContext context)
    {
        if (TryFind(context, out var entry)) context.Reply.Bulk(entry.Encoding.Name());
    }

    private static void ObjectFreq(CommandContext context)
    {
        if (!TryFind(context, out var entry)) return;
        if (context.Engine.AccessClock.IsLfu)
        {
            context.Reply.Integer(context.Engine.AccessClock.Frequency(entry));
            return;
        }

        context.Reply.Error(
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."u8);
    }

    private static void ObjectIdleTime(CommandContext context)
    {
        if (!TryFind(context, out var entry)) return;
        if (!context.Engine.AccessClock.IsLfu)
        {
            context.Reply.Integer(context.Engine.AccessClock.IdleMs(entry) / 1000);
            return;
        }

        context.Reply.Error(
            "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."u8);
    }

    private static void ObjectRefCount(CommandContext context)
    {
        if (TryFind(context, out var entry)) context.Reply.Integer(IsShared(context, entry) ? int.MaxValue : 1);
    }

    /// <summary>
    /// No value is shared here, each has its own access clock. Redis shares small integers unless it needs that clock for eviction,
    /// and reports them with the greatest count.
    /// </summary>
    private static bool IsShared(CommandContext context, Entry entry)
    {
        const long sharedIntegers = 10_000;
        if (entry.Type != KeyType.String || entry.Encoding != ValueEncoding.Integer) return false;
        if (entry.Word is < 0 or >= sharedIntegers) return false;
        var config = context.Engine.Config;
        return config.MaxMemory == 0 || !config.MaxMemoryPolicy.UsesAccessClock();
    }

    /// <summary>The entry, without counting as an access; false after it has replied that there is none.</summary>
    private static bool TryFind(CommandContext context, out Entry entry)
    {
        entry = context.Keyspace.Find(context.Key(2), Lookup.Read | Lookup.NoTouch);
        if (entry.Exists) return true;
        context.Reply.Null();
        return false;
    }
}

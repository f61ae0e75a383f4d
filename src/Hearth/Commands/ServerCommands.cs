using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>The server as a whole: its databases, its clock, its end.</summary>
internal static class ServerCommands
{
    public static readonly Command[] Table =
    [
        new("DBSIZE", arity: 1, ReadOnly | Fast, DbSize)
        {
            Since = "1.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
            Summary = "Returns how many keys the database holds.",
            Tips = ["request_policy:all_shards", "response_policy:agg_sum"],
            OwnCategories = CommandCategories.Keyspace,
        },
        new("FLUSHALL", arity: -1, Write | EndsBatch, FlushAll)
        {
            Since = "1.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of keys in all databases",
            Syntax = "[flush-type:<ASYNC@4.0.0 | SYNC@6.2.0>]",
            Summary = "Deletes all keys of all databases.",
            Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
            OwnCategories = CommandCategories.Keyspace | CommandCategories.Dangerous,
        },
        new("FLUSHDB", arity: -1, Write | EndsBatch, FlushDb)
        {
            Since = "1.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of keys in the database",
            Syntax = "[flush-type:<ASYNC@4.0.0 | SYNC@6.2.0>]",
            Summary = "Deletes all keys of the database.",
            Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
            OwnCategories = CommandCategories.Keyspace | CommandCategories.Dangerous,
        },
        new("SHUTDOWN", arity: -1, Admin | NoScript | Loading | Stale | NoMulti | AllowBusy | EndsBatch, Shutdown)
        {
            Since = "1.0.0", Group = CommandGroup.Server,
            Complexity = "O(N) when saving, with N the number of keys in all databases",
            Syntax = "[save-selector:<NOSAVE | SAVE>] [NOW@7.0.0] [FORCE@7.0.0] [ABORT@7.0.0]",
            Summary = "Saves the data set if so configured and stops the server.",
        },
        new("SWAPDB", arity: 3, Write | Fast | EndsBatch, SwapDb)
        {
            Since = "4.0.0", Group = CommandGroup.Server,
            Complexity = "O(N) with N the number of clients that watch keys or wait for them",
            Syntax = "index1:integer index2:integer",
            Summary = "Exchanges two databases.",
            OwnCategories = CommandCategories.Keyspace | CommandCategories.Dangerous,
        },
        new("TIME", arity: 1, Loading | Stale | Fast, Time)
        {
            Since = "2.6.0", Group = CommandGroup.Server, Complexity = "O(1)",
            Summary = "Returns the server's clock.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void DbSize(CommandContext context) => context.Reply.Integer(context.Keyspace.Count);

    private static void FlushAll(CommandContext context)
    {
        if (!TryParseFlush(context, out _)) return;
        // The pages are dropped as a whole either way, so there is nothing to do later.
        context.Engine.Dirty += context.Engine.FlushAll();
        PropagateFlush(context);
        context.Reply.Ok();
    }

    private static void FlushDb(CommandContext context)
    {
        if (!TryParseFlush(context, out var isLazy)) return;
        context.Engine.Dirty += context.Engine.Flush(context.Keyspace, isLazy);
        PropagateFlush(context);
        context.Reply.Ok();
    }

    private static void Shutdown(CommandContext context)
    {
        var (save, noSave, aborts, others) = (false, false, false, 0);
        for (var i = 1; i < context.Args.Count; i++)
        {
            if (context.Is(i, "NOSAVE"u8)) noSave = true;
            else if (context.Is(i, "SAVE"u8)) save = true;
            else if (context.Is(i, "ABORT"u8)) aborts = true;
            else if (context.Is(i, "NOW"u8) || context.Is(i, "FORCE"u8)) others++;
            else others = int.MinValue;
        }

        if (others < 0 || (save && noSave) || (aborts && (save || noSave || others > 0)))
        {
            context.Reply.Error(Errors.Syntax);
        }
        else if (aborts)
        {
            context.Reply.Error("ERR No shutdown in progress."u8);
        }
        else if (save)
        {
            context.Engine.Log.Warning("Error trying to save the DB, can't exit: there is no persistence yet.");
            context.Reply.Error("ERR Errors trying to SHUTDOWN. Check logs."u8);
        }
        else
        {
            // No reply: that the connection closes is the answer.
            context.Client.IsClosing = true;
            context.Engine.RequestShutdown();
        }
    }

    private static void SwapDb(CommandContext context)
    {
        if (!TryDatabase(context, 1, "ERR invalid first DB index"u8, out var first)) return;
        if (!TryDatabase(context, 2, "ERR invalid second DB index"u8, out var second)) return;
        var keyspaces = context.Engine.Keyspaces;
        if ((ulong)first >= (ulong)keyspaces.Length || (ulong)second >= (ulong)keyspaces.Length)
        {
            context.Reply.Error(Errors.InvalidDatabase);
            return;
        }

        if (first != second)
        {
            context.Engine.WatchedKeys.TouchAll(keyspaces[first], keyspaces[second]);
            context.Engine.WatchedKeys.TouchAll(keyspaces[second], keyspaces[first]);
            keyspaces[first].SwapContents(keyspaces[second]);
            context.Engine.Blocking.SignalAll(keyspaces[first]);
            context.Engine.Blocking.SignalAll(keyspaces[second]);
        }

        context.Engine.Dirty++;
        context.Reply.Ok();
    }

    private static void Time(CommandContext context)
    {
        var microseconds = context.Engine.Clock.NowMicroseconds;
        context.Reply.Array(2);
        context.Reply.BulkInteger(microseconds / 1_000_000);
        context.Reply.BulkInteger(microseconds % 1_000_000);
    }

    private static bool TryDatabase(CommandContext context, int argument, ReadOnlySpan<byte> error, out long index)
    {
        if (NumberText.TryParseInt64(context.Args[argument], out index) && index is >= int.MinValue and <= int.MaxValue) return true;
        context.Reply.Error(error);
        return false;
    }

    private static bool TryParseFlush(CommandContext context, out bool isLazy)
    {
        isLazy = context.Engine.Config.LazyfreeLazyUserFlush;
        if (context.Args.Count == 1) return true;
        if (context.Args.Count == 2 && context.Is(1, "ASYNC"u8)) return isLazy = true;
        if (context.Args.Count == 2 && context.Is(1, "SYNC"u8))
        {
            isLazy = false;
            return true;
        }

        context.Reply.Error(Errors.Syntax);
        return false;
    }

    /// <summary>Emptying is repeated even if there was nothing to empty, for a replica may have had something.</summary>
    private static void PropagateFlush(CommandContext context) => context.Engine.Dirty++;
}

using Hearth.Server;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Transactions: between MULTI and EXEC the dispatcher queues commands instead of running them, and EXEC runs them with nothing in
/// between. WATCH makes EXEC refuse when a key has changed since, which is optimistic locking.
/// </summary>
internal static class TransactionCommands
{
    public static readonly Command[] Table =
    [
        new("DISCARD", arity: 1, NoScript | Loading | Stale | Fast | AllowBusy | NotQueued, Discard)
        {
            Since = "2.0.0", Group = CommandGroup.Transactions, Complexity = "O(N) with N the number of commands queued",
            Summary = "Drops a transaction.",
        },
        new("EXEC", arity: 1, NoScript | Loading | Stale | SkipSlowlog | RunsTransaction | NotQueued, Exec)
        {
            Since = "1.2.0", Group = CommandGroup.Transactions, Complexity = "As the queued commands",
            Summary = "Runs the commands of a transaction.",
        },
        new("MULTI", arity: 1, NoScript | Loading | Stale | Fast | AllowBusy | NotQueued, Multi)
        {
            Since = "1.2.0", Group = CommandGroup.Transactions, Complexity = "O(1)",
            Summary = "Starts a transaction.",
        },
        new("UNWATCH", arity: 1, NoScript | Loading | Stale | Fast | AllowBusy, Unwatch)
        {
            Since = "2.2.0", Group = CommandGroup.Transactions, Complexity = "O(1)",
            Summary = "Forgets all watched keys.",
        },
        new("WATCH", arity: -2, NoScript | Loading | Stale | Fast | AllowBusy | NotQueued, KeySpec.Range(1, last: -1, Read), Watch)
        {
            Since = "2.2.0", Group = CommandGroup.Transactions, Complexity = "O(1) for each key",
            Syntax = "key...",
            Summary = "Watches keys: the next transaction fails if one of them changes.",
        },
    ];

    private static void Discard(CommandContext context)
    {
        if (!context.Client.IsInTransaction)
        {
            context.Reply.Error("ERR DISCARD without MULTI"u8);
            return;
        }

        context.Engine.Transactions.End(context.Client);
        context.Reply.Ok();
    }

    private static void Exec(CommandContext context)
    {
        var client = context.Client;
        var transactions = context.Engine.Transactions;
        if (client.Transaction is not { } transaction)
        {
            context.Reply.Error("ERR EXEC without MULTI"u8);
            return;
        }

        if (transaction.HasFailed)
        {
            context.Reply.Error("EXECABORT Transaction discarded because of previous errors."u8);
        }
        else if (transactions.IsSpoilt(client))
        {
            context.Reply.NullArray();
        }
        else
        {
            // Its own writes are no reason to refuse.
            transactions.Unwatch(client);
            RunQueued(context, client, transaction);
        }

        transactions.End(client);
        // What the queued commands have changed is propagated as theirs.
        context.Propagation.Nothing();
    }

    /// <summary>
    /// Runs what was queued. CLIENT REPLY and CLIENT KILL may stand among it: what is said while replies are off, or after the client's end, is
    /// taken back at once, for the next command may turn replies on.
    /// </summary>
    private static void RunQueued(CommandContext context, Client client, Transaction transaction)
    {
        var reply = context.Reply;
        if (client.ReplyMode != ReplyMode.Off) reply.Array(transaction.Count);
        for (var i = 0; i < transaction.Count; i++)
        {
            var (lengthBefore, hasEnded) = (reply.Length, client.IsClosing);
            var command = transaction.Get(i, out var args);
            context.Engine.Dispatcher.CallNested(client, command, args);
            if ((hasEnded || client.ReplyMode == ReplyMode.Off) && !reply.IsOverfull) reply.Buffer.Truncate(lengthBefore);
        }
    }

    private static void Multi(CommandContext context)
    {
        if (context.Client.IsInTransaction)
        {
            context.Reply.Error("ERR MULTI calls can not be nested"u8);
            return;
        }

        context.Engine.Transactions.Begin(context.Client);
        context.Reply.Ok();
    }

    private static void Unwatch(CommandContext context)
    {
        context.Engine.Transactions.Unwatch(context.Client);
        context.Reply.Ok();
    }

    private static void Watch(CommandContext context)
    {
        if (context.Client.IsInTransaction)
        {
            context.Reply.Error("ERR WATCH inside MULTI is not allowed"u8);
            return;
        }

        for (var i = 1; i < context.Args.Count; i++) context.Engine.Transactions.Watch(context.Client, context.Keyspace, context.Key(i));
        context.Reply.Ok();
    }
}

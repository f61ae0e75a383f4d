using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>
/// Decides whether a command may run, and runs it. There is one ordered list of refusals, for clients and transactions alike (and for
/// scripts later); each step looks at the row's flags and at the state of client and server, never at a name.
/// </summary>
internal sealed class Dispatcher(Engine engine, CommandContext context)
{
    /// <summary>How much of an unknown command is repeated in the error.</summary>
    private const int QuotedBytesMax = 128;

    /// <summary>An attack must not fill the log.</summary>
    private const long HttpWarningPeriodMs = 60_000;

    private readonly Statistics _statistics = engine.Statistics;
    private readonly RespWriter _reply = context.Reply;

    /// <summary>Fast commands that have run since their batch's time was last shared out: most batches repeat one, so repetitions are counted.</summary>
    private readonly (int Command, int Calls)[] _untimed = new (int, int)[CommandBatch.CommandsMax];
    private int _untimedCount;
    private int _untimedCalls;

    /// <summary>Errors that have been put down to a command: those of a nested command are not the outer one's.</summary>
    private long _errorsCounted;

    private long _nextHttpWarningMs;

    /// <summary>The command under this name, down to its subcommand; null when there is none. Replies nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Command? Find(in Arguments args)
    {
        var command = engine.Commands.Find(args[0]);
        if (command is null || command.Subcommands.Length == 0 || args.Count == 1) return command;
        return command.FindSubcommand(args[1]);
    }

    /// <summary>Runs or refuses one command of a client.</summary>
    public void Execute(Client client, Command? command, in Arguments args, bool isTimed)
    {
        if (client.LastCommand != command) client.LastCommand = command;
        if (command is not null && command.Handler is not null && command.AcceptsArity(args.Count) && client.IsPlain
            && (command.Flags & CommandFlags.Protected) == 0)
        {
            Call(client, command, args, isTimed);
            return;
        }

        if (Refuse(client, command, args)) return;
        if (client.IsInTransaction && !command!.Has(CommandFlags.NotQueued))
        {
            Transactions.Queue(client, command, args);
            _reply.SimpleString("QUEUED"u8);
            return;
        }

        Call(client, command!, args, isTimed);
    }

    /// <summary>Runs a command inside another one; the outer one's context comes back afterwards.</summary>
    public void CallNested(Client client, Command command, in Arguments args)
    {
        var outer = (context.Command, context.Args);
        context.ForgetHashes();
        Call(client, command, args, isTimed: true);
        context.Begin(client, outer.Command, outer.Args);
    }

    /// <summary>Shares the time since the start among the fast commands that have run since.</summary>
    public void RecordShared(long startTicks)
    {
        if (_untimedCalls == 0) return;
        var share = (Stopwatch.GetTimestamp() - startTicks) / _untimedCalls;
        foreach (var (command, calls) in _untimed.AsSpan(0, _untimedCount)) _statistics.Record(command, calls, share);
        _untimedCount = _untimedCalls = 0;
    }

    private void CountUntimed(int command)
    {
        _untimedCalls++;
        if (_untimedCount > 0 && _untimed[_untimedCount - 1].Command == command) _untimed[_untimedCount - 1].Calls++;
        else _untimed[_untimedCount++] = (command, 1);
    }

    private void Call(Client client, Command command, in Arguments args, bool isTimed)
    {
        context.Begin(client, command, args);
        var dirtyBefore = engine.Dirty;
        _errorsCounted = _reply.ErrorCount;
        var database = client.Database;
        var propagation = engine.Propagation;
        var start = isTimed ? Stopwatch.GetTimestamp() : 0;

        propagation.EnterUnit(isWrappable: !command.Has(CommandFlags.TouchesArbitraryKeys));
        propagation.BeginCommand();
        command.Handler!(context);
        if (propagation.IsActive) propagation.EndCommand(database, args, engine.Dirty != dirtyBefore);
        propagation.LeaveUnit();

        // A command that waits counts once, when its wait ends.
        if (client.IsBlocked) return;
        if (isTimed) _statistics.Record(command, Stopwatch.GetTimestamp() - start);
        else CountUntimed(command.Index);

        if (_reply.ErrorCount == _errorsCounted) return;
        _statistics.Commands[command.Index].Failed++;
        _errorsCounted = _reply.ErrorCount;
    }

    /// <summary>The one ordered list of refusals. True when the command has been refused and the error replied.</summary>
    private bool Refuse(Client client, Command? command, in Arguments args) =>
        RefuseUnknown(client, command, args)
        || RefuseProtected(client, command!)
        || RefuseUnauthenticated(client, command!)
        || RefuseInTransaction(client, command!)
        || RefuseInSubscribeMode(client, command!);

    private bool RefuseUnknown(Client client, Command? command, in Arguments args)
    {
        if (command is null || command.Handler is null)
        {
            var container = engine.Commands.Find(args[0]);
            if (container is null) return RefuseHttp(client, args) || Reject(client, null, UnknownCommandText(args));
            if (args.Count > 1)
            {
                // It counts for no command: there is none of this name.
                var word = Errors.Quote(args[1], QuotedBytesMax);
                return Reject(client, null, $"ERR unknown subcommand '{word}'. Try {container.Name} HELP.");
            }

            command = container;
        }

        if (command.AcceptsArity(args.Count) && command.Handler is not null) return false;
        return Reject(client, command, $"ERR wrong number of arguments for '{command.FullName}' command");
    }

    /// <summary>
    /// A browser that was tricked into sending a form here begins with one of these words, and what follows may be commands: none of
    /// it may run.
    /// </summary>
    private bool RefuseHttp(Client client, in Arguments args)
    {
        if (!Ascii.EqualsIgnoreCase(args[0], "POST"u8) && !Ascii.EqualsIgnoreCase(args[0], "Host:"u8)) return false;
        if (engine.Clock.NowMs >= _nextHttpWarningMs)
        {
            _nextHttpWarningMs = engine.Clock.NowMs + HttpWarningPeriodMs;
            engine.Log.Warning(
                "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker "
                + $"attempting to use Cross Protocol Scripting to compromise your Redis instance. Connection from {client.Address} aborted.");
        }

        engine.Clients.CloseLater(client);
        return true;
    }

    private bool RefuseProtected(Client client, Command command)
    {
        if (!command.Has(CommandFlags.Protected) || engine.AllowsProtected(client)) return false;
        var name = (command.Parent ?? command).Name;
        return Reject(client, command,
            $"ERR {name} command not allowed. If the enable-{name.ToLowerInvariant()}-command option is set to \"local\", you can run it from a local connection, "
            + "otherwise you need to set this option in the configuration file, and then restart the server.");
    }

    private bool RefuseUnauthenticated(Client client, Command command) =>
        engine.RequiresPassword(client) && !command.Has(CommandFlags.NoAuth) && Reject(client, command, Errors.NoAuth);

    private bool RefuseInTransaction(Client client, Command command) =>
        client.IsInTransaction && command.Has(CommandFlags.NoMulti) && Reject(client, command, Errors.InsideTransaction);

    private bool RefuseInSubscribeMode(Client client, Command command)
    {
        if (!client.IsInSubscribeMode || command.Has(CommandFlags.AllowedInPubSub)) return false;
        return Reject(client, command,
            $"ERR Can't execute '{command.FullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
    }

    private bool Reject(Client client, Command? command, string text) => Reject(client, command, Latin1.Bytes(text));

    private bool Reject(Client client, Command? command, ReadOnlySpan<byte> text)
    {
        if (command is not null) _statistics.Commands[command.Index].Rejected++;
        if (client.Transaction is { } transaction) transaction.HasFailed = true;
        if (command is not null && command.Has(CommandFlags.RunsTransaction))
        {
            // The client believes that EXEC ends its transaction, whatever the reply: it must not stay in one.
            engine.Transactions.End(client);
            var reason = text.StartsWith("ERR "u8) ? text[4..] : text;
            _reply.Error("EXECABORT Transaction discarded because of: " + Latin1.Text(reason));
            return true;
        }

        _reply.Error(text);
        return true;
    }

    private static string UnknownCommandText(in Arguments args)
    {
        var quoted = new StringBuilder();
        for (var i = 1; i < args.Count && quoted.Length < QuotedBytesMax; i++)
        {
            var room = QuotedBytesMax - quoted.Length;
            quoted.Append('\'').Append(Errors.Quote(args[i], room)).Append("' ");
        }

        return $"ERR unknown command '{Errors.Quote(args[0], QuotedBytesMax)}', with args beginning with: {quoted}";
    }
}

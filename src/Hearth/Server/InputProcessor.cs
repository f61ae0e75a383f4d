using System.Diagnostics;
using Hearth.Memory;
using Hearth.Network;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Store;

namespace Hearth.Server;

/// <summary>
/// The way from a client's bytes to its replies. All complete commands of the input (up to 64) are read, looked up and their keys hashed
/// and prefetched before the first of them runs, so that the cache misses of a pipeline overlap instead of queueing. A row flagged
/// EndsBatch ends the batch: what follows it may have to be read or allowed differently.
/// </summary>
internal sealed class InputProcessor(Engine engine, Dispatcher dispatcher, CommandContext context) : IDisposable
{
    /// <summary>Replies are sent before the batch's end once they are this long, so that a few big ones don't pile up.</summary>
    private const int EarlySendBytes = 256 * 1024;

    /// <summary>
    /// Replies up to this size leave together at the end of the turn: each peer that is woken may have more to send by then, so that the
    /// next turn finds more to do, and fewer peers sleep in between.
    /// </summary>
    private const int DeferredBytesMax = 16 * 1024;

    private const int LoggedInputBytesMax = 64;

    /// <summary>What one client may make the server keep, whatever client-query-buffer-limit says: a buffer counts in 32 bits.</summary>
    private const long InputBytesMax = 1L << 30;

    private readonly CommandBatch _batch = new(engine.ClientHeap);
    private readonly Command?[] _commands = new Command?[CommandBatch.CommandsMax];
    private readonly BatchKeys _keys = context.BatchKeys;
    private readonly NativeBuffer _output = new(engine.ClientHeap);
    private readonly RespWriter _reply = context.Reply;
    private readonly Pushes _pushes = engine.Pushes;

    public RespReader Reader { get; } = new();

    /// <summary>Handles what one receive has brought.</summary>
    public void OnReadable(Client client, Connection connection)
    {
        client.LastReadAtMs = engine.Clock.NowMs;
        var status = connection.Receive(out var input);
        if (status == ReceiveStatus.Data && !client.IsBlocked)
        {
            Handle(client, connection, input);
            return;
        }

        if (status == ReceiveStatus.Data) connection.Keep(0);
        else if (status != ReceiveStatus.NeedMore) return;
        CheckInputLimit(client, connection);
    }

    /// <summary>Goes on with what a client has sent while a command of it was waiting.</summary>
    public void Resume(Client client)
    {
        if (client.IsClosing || client.IsBlocked || client.Connection is not { } connection) return;
        if (connection.TryGetKept(out var input)) Handle(client, connection, input);
    }

    private void Handle(Client client, Connection connection, NativeSlice input)
    {
        _reply.Target(_output, client.Protocol);
        var consumed = Process(client, input);
        if (client.IsClosing && connection.IsClosed)
        {
            _output.Clear();
            return;
        }

        connection.Keep(consumed);
        connection.WantedBytes = client.IsBlocked ? 0 : Reader.WantedBytes;
        SendOutput(client);
        if (!client.IsClosing) CheckInputLimit(client, connection);
        else if (!client.IsDoomed) connection.CloseAfterFlush();
    }

    /// <summary>Runs complete commands of a client without a connection; how many bytes they took.</summary>
    public int ProcessDirect(Client client, NativeSlice input)
    {
        client.LastReadAtMs = engine.Clock.NowMs;
        _reply.Target(client.Captured!, client.Protocol);
        return Process(client, input);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _output.Dispose();
    }

    private int Process(Client client, NativeSlice input)
    {
        _pushes.Executing = client;
        var consumed = ProcessCommands(client, input);
        _pushes.Executing = null;
        return consumed;
    }

    private int ProcessCommands(Client client, NativeSlice input)
    {
        var position = 0;
        while (true)
        {
            var result = Reader.Read(_batch, input, position, !engine.RequiresPassword(client), ref client.Partial);
            var consumed = Reader.Consumed;
            var isFull = _batch.IsFull || consumed > position;
            var wasCut = LookUp(client);
            if (wasCut) consumed = _batch.Commands[_batch.Count - 1].RawEnd;
            var ran = Run(client);
            if (client.IsBlocked)
            {
                // What follows is read anew, from its start, when the wait is over.
                client.Partial = null;
                return _batch.Commands[ran - 1].RawEnd;
            }

            position = consumed;
            if (client.IsClosing) return input.Length;
            if (wasCut) continue;
            if (result == ReadResult.ProtocolError)
            {
                engine.Log.Verbose($"Protocol error ({Reader.Error}) from client: {ClientDescription.Line(client, engine.Clock.NowMs)}");
                if (client.ReplyMode == ReplyMode.On) _reply.Error("ERR " + Reader.Error);
                client.IsClosing = true;
                return input.Length;
            }

            if (!isFull || position == input.Length || Reader.WantedBytes > 0) return position;
        }
    }

    /// <summary>Finds each command's row and asks for the memory of its keys; true when a row's EndsBatch has cut the batch.</summary>
    private bool LookUp(Client client)
    {
        var count = _batch.Count;
        _keys.Begin(engine.Keyspaces[client.Database]);
        Command? command = null;
        ReadOnlySpan<byte> lastName = default;
        for (var i = 0; i < count; i++)
        {
            var args = _batch[i];
            var name = args[0];
            // Most pipelines repeat one command.
            if (command is null || command.Parent is not null || command.Subcommands.Length > 0 || !name.SequenceEqual(lastName)) command = dispatcher.Find(args);
            lastName = name;
            _commands[i] = command;
            _keys.Add(i, command, args, isAlone: count == 1);
            // Even when it is the last: what was read behind it, perhaps an error, has to be read again.
            if (command is not null && command.Has(CommandFlags.EndsBatch))
            {
                _batch.CutAfter(i + 1);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Runs the batch in order. Fast commands share the measured time of their run; every other one is timed by itself, and the clock
    /// is read again after it. Returns how many have run: a client that closes or blocks runs no more.
    /// </summary>
    private int Run(Client client)
    {
        var count = _batch.Count;
        if (count == 0) return 0;
        var start = Stopwatch.GetTimestamp();
        var i = 0;
        for (; i < count && !client.IsClosing && !client.IsBlocked; i++)
        {
            var command = _commands[i];
            var isTimed = command is not null && !command.Has(CommandFlags.Fast | CommandFlags.Brief);
            if (isTimed && i > 0) dispatcher.RecordShared(start);

            RunOne(client, command, i, isTimed);

            if (isTimed)
            {
                engine.RefreshClock();
                start = Stopwatch.GetTimestamp();
            }

            if (_output.Length > EarlySendBytes && client.Connection is not null) SendOutput(client);
        }

        dispatcher.RecordShared(start);
        return i;
    }

    private void RunOne(Client client, Command? command, int index, bool isTimed)
    {
        var before = _reply.Length;
        var modeBefore = client.ReplyMode;
        _keys.PrefetchFrom(index);
        context.UseHashes(_keys.RangeOf(index));
        dispatcher.Execute(client, command, _batch[index], isTimed);
        if (client.ReplyMode != ReplyMode.On) HideReply(client, modeBefore, before);
        if (_pushes.HasHeld) _pushes.Release(_reply);
        if (_reply.IsOverfull) CloseOverfull(client);
        _reply.UseVersion(client.Protocol);
        if (engine.Blocking.HasReady) ServeBlocked(client);
    }

    /// <summary>
    /// Serves the clients that wait. Messages that their commands cause for this client are queued at once, so what it has been replied
    /// before is queued first.
    /// </summary>
    private void ServeBlocked(Client client)
    {
        if (client.Connection is not null) SendOutput(client);
        engine.Blocking.Serve();
    }

    private void CloseOverfull(Client client)
    {
        engine.Log.Warning($"Closing client whose replies are too long for any buffer: {ClientDescription.Line(client, engine.Clock.NowMs)}");
        engine.Clients.CloseLater(client);
        _reply.Buffer.Clear();
    }

    /// <summary>Takes back what a command has replied, unless the command is the one that turned replies off.</summary>
    private void HideReply(Client client, ReplyMode modeBefore, int lengthBefore)
    {
        if (client.ReplyMode == modeBefore && !_reply.IsOverfull) _reply.Buffer.Truncate(lengthBefore);
        client.ReplyMode = client.ReplyMode switch
        {
            ReplyMode.SkipNext => ReplyMode.Skip,
            ReplyMode.Skip => ReplyMode.On,
            var mode => mode,
        };
    }

    /// <summary>Closes a client that makes the server keep more input, queued commands included, than client-query-buffer-limit allows.</summary>
    private void CheckInputLimit(Client client, Connection connection)
    {
        if (connection.KeptBytes + (client.Transaction?.HeldBytes ?? 0) <= Math.Min(engine.Config.ClientQueryBufferLimit, InputBytesMax)) return;
        var start = connection.Kept;
        if (start.Length > LoggedInputBytesMax) start = start[..LoggedInputBytesMax];
        engine.Log.Warning(
            $"Closing client that reached max query buffer length: {ClientDescription.Line(client, engine.Clock.NowMs)} "
            + $"(qbuf initial bytes: {ConfigText.Quote(Latin1.Text(start))})");
        engine.Clients.CloseLater(client);
    }

    private void SendOutput(Client client)
    {
        if (_output.Length == 0) return;
        var connection = client.Connection!;
        if (!client.IsDoomed && engine.OutputLimits.Allows(client, _output.Length + connection.QueuedBytes))
        {
            if (_output.Length <= DeferredBytesMax) connection.Enqueue(_output.Written);
            else connection.Send(_output);
        }

        _output.Clear();
        if (_output.Capacity > EarlySendBytes * 4) _output.Release();
    }
}

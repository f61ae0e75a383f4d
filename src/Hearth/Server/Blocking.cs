using System.Diagnostics;
using Hearth.Memory;
using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>
/// Commands that wait for a key (BLPOP and its kin). Such a command that finds nothing leaves a copy of itself here and no reply. When a
/// key that somebody waits for comes into being, the clients in its queue run their commands again, in the order in which they came,
/// after the command that brought the key has ended, or the whole transaction. A command that still finds nothing waits on, behind the
/// others and to its old deadline.
/// <para>While a client waits, what it sends is kept unread; it goes on before the loop waits again.</para>
/// </summary>
internal sealed class Blocking(Engine engine) : IDisposable
{
    private const int OutputBytesKept = 64 * 1024;

    private readonly KeyQueues _queues = new(engine.Hash);
    private readonly Deadlines _deadlines = new();
    private readonly Queue<KeyQueue> _ready = [];
    private readonly Queue<Client> _unblocked = [];
    private readonly NativeBuffer _output = new(engine.ClientHeap);

    /// <summary>Writes what no command replies, and so counts its errors apart from theirs.</summary>
    private readonly RespWriter _answer = new(new NativeBuffer(engine.ClientHeap)) { Observer = engine.Statistics };

    private long _sequence;

    /// <summary>The client whose command runs again right now: if it blocks again, it keeps its deadline.</summary>
    private Client? _rerun;

    /// <summary>Whether a key is ready that somebody waits for.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Clients that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Clients that wait with a deadline.</summary>
    public int DeadlineCount => _deadlines.Count;

    public int KeyCount => _queues.Count;

    public int EndWithKeyCount => _queues.EndWithKeyCount;

    /// <summary>When the next wait ends without result, unix time in milliseconds; <see cref="long.MaxValue"/> if none does.</summary>
    public long NextDeadlineMs => _deadlines.Next?.DeadlineMs ?? long.MaxValue;

    /// <summary>Lets a client wait for some of its arguments as keys. The command has replied nothing, and runs again when one is ready.</summary>
    /// <param name="timeoutMs">0 = for ever.</param>
    /// <returns>The wait, whose words the caller may still change.</returns>
    public BlockedClient Block(CommandContext context, KeyType type, int firstKey, int keys, long timeoutMs, bool endsWithKey)
    {
        var client = context.Client;
        var blocked = client.Wait ??= new BlockedClient(client, engine.ClientHeap);
        Debug.Assert(!client.IsBlocked);
        client.IsBlocked = true;
        Count++;
        if (_rerun != client)
        {
            blocked.Words.Take(context.Args);
            blocked.DeadlineMs = timeoutMs == 0 ? long.MaxValue : context.NowMs + timeoutMs;
            blocked.IsSilent = client.ReplyMode != ReplyMode.On;
            (blocked.Command, blocked.Type, blocked.EndsWithKey) = (context.Command, type, endsWithKey);
            blocked.Database = client.Database;
        }

        blocked.Sequence = _sequence++;
        if (blocked.DeadlineMs != long.MaxValue) _deadlines.Add(blocked);
        for (var i = firstKey; i < firstKey + keys; i++) _queues.Add(blocked.Database, context.Args[i], blocked);
        return blocked;
    }

    /// <summary>A key has come into being, or has got what clients wait for.</summary>
    public void Signal(Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        if (_queues.Find(keyspace.Index, key) is { } queue) MakeReady(queue);
    }

    /// <summary>A key has gone, or holds another value now.</summary>
    public void SignalGone(Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        if (_queues.EndWithKeyCount > 0 && _queues.Find(keyspace.Index, key) is { EndWithKey: > 0 } queue) MakeReady(queue);
    }

    /// <summary>All keys of a database have gone, or others have taken their places.</summary>
    public void SignalAll(Keyspace keyspace)
    {
        if (_queues.Count == 0) return;
        foreach (var queue in _queues.Of(keyspace.Index))
        {
            if (queue.EndWithKey > 0 || keyspace.Peek(Key.Of(queue.Key, engine.Hash)).Exists) MakeReady(queue);
        }
    }

    /// <summary>Runs the commands that wait for ready keys. Called between commands, never inside one.</summary>
    public void Serve()
    {
        var reply = engine.Context.Reply;
        var (outerBuffer, outerVersion, outerExecuting) = (reply.Buffer, reply.Version, engine.Pushes.Executing);
        while (_ready.TryDequeue(out var queue))
        {
            queue.IsReady = false;
            ServeQueue(queue);
        }

        engine.Pushes.Executing = outerExecuting;
        reply.Target(outerBuffer, outerVersion);
    }

    /// <summary>What is due before the loop waits: waits whose time is up end, and clients that wait no more go on with their input.</summary>
    public void EndTurn()
    {
        if (Count == 0 && _unblocked.Count == 0) return;
        while (_deadlines.Next is { } blocked && blocked.DeadlineMs <= engine.Clock.NowMs) Answer(blocked, isError: false);
        if (HasReady) Serve();
        while (_unblocked.TryDequeue(out var client)) engine.Input.Resume(client);
    }

    /// <summary>CLIENT UNBLOCK: the wait ends as if its time were up, or with an error.</summary>
    public void End(Client client, bool isError) => Answer(client.Wait!, isError);

    /// <summary>The client leaves.</summary>
    public void Forget(Client client)
    {
        if (client.IsBlocked) Release(client.Wait!);
        client.Wait?.Dispose();
        client.Wait = null;
    }

    public void Dispose() => _output.Dispose();

    public void Verify()
    {
        _deadlines.Verify();
        _queues.Verify();
    }

    private void MakeReady(KeyQueue queue)
    {
        if (queue.IsReady) return;
        queue.IsReady = true;
        _ready.Enqueue(queue);
    }

    private void ServeQueue(KeyQueue queue)
    {
        // Those who block again stand behind and get their next chance with the next signal, so that this ends.
        var left = queue.Count;
        for (LinkedListNode<BlockedClient>? node = queue.First, next; node is not null && left > 0; node = next, left--)
        {
            // Most often the first in a long queue has taken all there was.
            var type = TypeOf(queue);
            if (type is null && queue.EndWithKey == 0) return;
            next = node.Next;
            var blocked = node.Value;
            // A client that is about to be closed, or whose connection has broken, would take what it never gets.
            if (blocked.Client.IsClosing || blocked.Client.Connection is { IsClosed: true }) continue;
            if (!blocked.EndsWithKey && blocked.Type != type) continue;
            Rerun(blocked);
            Debug.Assert(next is null || next.List == queue, "A command that ran again has taken another client out of a queue.");
        }
    }

    /// <summary>The type of the key's value; null if there is none.</summary>
    private KeyType? TypeOf(KeyQueue queue)
    {
        var entry = engine.Keyspaces[queue.Database].Peek(Key.Of(queue.Key, engine.Hash));
        return entry.Exists && !entry.IsExpiredAt(engine.Clock.NowMs) ? entry.Type : null;
    }

    private void Rerun(BlockedClient blocked)
    {
        var client = blocked.Client;
        Release(blocked);
        var reply = engine.Context.Reply;
        _output.Clear();
        reply.Target(_output, client.Protocol);
        engine.Pushes.Executing = client;
        _rerun = client;
        engine.Context.ForgetHashes();
        engine.Dispatcher.Execute(client, blocked.Command, blocked.Words.Args, isTimed: true);
        _rerun = null;
        // The messages that it has caused are no reply.
        if (blocked.IsSilent) _output.Clear();
        if (engine.Pushes.HasHeld) engine.Pushes.Release(reply);
        Deliver(blocked, reply);
    }

    /// <summary>Ends a wait with a reply that no command has made; it counts as the command's call all the same, but not the time of waiting.</summary>
    private void Answer(BlockedClient blocked, bool isError)
    {
        var start = Stopwatch.GetTimestamp();
        Release(blocked);
        _output.Clear();
        _answer.Target(_output, blocked.Client.Protocol);
        if (isError) _answer.Error("UNBLOCKED client unblocked via CLIENT UNBLOCK"u8);
        else _answer.NullArray();
        if (blocked.IsSilent) _output.Clear();
        engine.Statistics.Record(blocked.Command, Stopwatch.GetTimestamp() - start);
        if (isError) engine.Statistics.Commands[blocked.Command.Index].Failed++;
        Deliver(blocked, _answer);
    }

    /// <summary>Sends what has been written, and lets a client that waits no more go on.</summary>
    private void Deliver(BlockedClient blocked, RespWriter reply)
    {
        var client = blocked.Client;
        if (reply.IsOverfull) engine.Clients.CloseLater(client);
        else if (_output.Length > 0) client.Enqueue(_output.Written);
        if (client.Connection is { } connection) engine.OutputLimits.Allows(client, connection.QueuedBytes);
        if (_output.Capacity > OutputBytesKept) _output.Release();
        if (client.IsBlocked) return;
        blocked.Words.Clear();
        _unblocked.Enqueue(client);
    }

    private void Release(BlockedClient blocked)
    {
        _queues.Remove(blocked);
        if (blocked.DeadlineMs != long.MaxValue) _deadlines.Remove(blocked);
        blocked.Client.IsBlocked = false;
        Count--;
    }
}

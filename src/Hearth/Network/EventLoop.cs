using System.Net.Sockets;
using Hearth.Memory;

namespace Hearth.Network;

/// <summary>
/// One thread, many descriptors. A turn: the handler prepares (timers, fsync), queued output goes out, wait, the handler looks at
/// the clock, blocked output goes on, input is read and executed, posted work runs.
/// </summary>
/// <remarks>
/// <para>
/// Blocked output goes on before any input of the turn is executed: whatever this turn's commands queue, for whichever connection,
/// stays behind the next <see cref="ILoopHandler.BeforeWait"/>, where the append-only file is synced.
/// </para>
/// <para>
/// Closing is split in two. <see cref="Connection.Close"/> gives the descriptor back at once and marks the connection; its place in
/// the table, its buffers and the handler's <see cref="ILoopHandler.OnClosed"/> wait until no callback is running. A freed place is
/// given to a new connection only after the next wait, so an event that was fetched before can't hit the wrong one.
/// </para>
/// </remarks>
internal sealed class EventLoop : IDisposable
{
    private const int EventsPerWaitMax = 1024;

    private readonly IPoller _poller;
    private readonly List<Connection> _sending = [];
    private readonly PollableTable _table = new();
    private readonly PollEvent[] _events = new PollEvent[EventsPerWaitMax];
    private readonly List<Connection> _closing = [];
    private readonly List<Listener> _resting = [];
    private readonly PostQueue _posts;
    private List<Connection> _flushes = [];
    private List<Connection> _flushing = [];
    private int _writeWaiters;
    private bool _isDisposed;

    /// <summary>The loop takes the poller over; the heap stays its owner's.</summary>
    public EventLoop(IPoller poller, Heap clientHeap, ILoopHandler handler, NetworkOptions options)
    {
        _poller = poller;
        Streams = poller as IStreamPoller;
        _posts = new PostQueue(poller);
        Heap = clientHeap;
        Handler = handler;
        Options = options;
        Input = new InputBuffers(clientHeap);
        OutputChunks = new OutputChunkPool(clientHeap);
    }

    public LoopCounters Counters { get; } = new();

    public NetworkOptions Options { get; }

    /// <summary>The handler's time, kept up to date by it; connections note when they last sent something.</summary>
    public long NowMs { get; set; }

    public string PollerName => _poller.Name;

    /// <summary>Connections that are open, or closed without the handler having heard of it yet.</summary>
    public int ConnectionCount { get; private set; }

    internal Heap Heap { get; }

    internal ILoopHandler Handler { get; }

    internal InputBuffers Input { get; }

    internal OutputChunkPool OutputChunks { get; }

    /// <summary>The poller, if it carries the bytes of connections as well.</summary>
    internal IStreamPoller? Streams { get; }

    /// <summary>Runs the loop on this thread until <see cref="Stop"/>, and then all work that was posted before.</summary>
    public void Run()
    {
        try
        {
            RunTurns();
        }
        finally
        {
            Streams?.LetGo();
        }
    }

    private void RunTurns()
    {
        var turnStart = Options.Time.GetTimestamp();
        while (true)
        {
            var timeoutMs = Handler.BeforeWait();
            // Read once: a stop that comes later has one more turn, in which what is queued now is sent.
            var isStopping = _posts.IsStopped;
            if (Streams is null || isStopping) FlushPending();
            DrainClosing();
            CountTurn(turnStart);
            if (isStopping && !_posts.HasWork) return;

            var ready = Wait(timeoutMs);
            turnStart = Options.Time.GetTimestamp();
            Handler.AfterWait();
            if (ready == 0) Input.ReleaseSpare();
            else Dispatch(ready);
            if (_posts.HasWork) _posts.Run();
            DrainClosing();
            if (_resting.Count > 0) ResumeListeners(turnStart);
        }
    }

    /// <summary>Ends <see cref="Run"/> after its current turn. Any thread may call it, also before Run.</summary>
    public void Stop() => _posts.Stop();

    /// <summary>
    /// Has the loop's thread run this, after what was posted before. Any thread may call it. False means that the loop is stopped and
    /// never will.
    /// </summary>
    public bool Post(Action work) => _posts.Add(work);

    /// <summary>Throws <see cref="ListenException"/>.</summary>
    public Listener Listen(ListenEndpoint endpoint)
    {
        var listener = Listener.Open(this, endpoint);
        listener.Interest = PollInterest.Read;
        listener.Token = _table.Add(listener);
        _poller.Add(listener.Handle, listener.Token, PollInterest.Read);
        return listener;
    }

    /// <summary>Changes the setting for connections to come.</summary>
    public void SetTcpKeepAlive(int seconds)
    {
        Options.TcpKeepAliveSeconds = seconds;
        foreach (var pollable in _table.All()) (pollable as Listener)?.ApplyTcpOptions();
    }

    /// <summary>
    /// Takes over a connected socket, such as one to another server. The <see cref="Socket"/> is only a shell afterwards: the loop
    /// closes the descriptor.
    /// </summary>
    public Connection Adopt(Socket socket)
    {
        var handle = socket.SafeHandle.DangerousGetHandle();
        SocketApi.SetNonBlocking(handle);
        SocketApi.SetNoDelay(handle);
        var connection = Attach(handle, SocketApi.PeerAddress(handle), unixPath: null);
        socket.SafeHandle.SetHandleAsInvalid();
        return connection;
    }

    /// <summary>
    /// Sends everything that was queued. The loop calls it after <see cref="ILoopHandler.BeforeWait"/>; the handler may call it earlier.
    /// </summary>
    public void FlushPending()
    {
        if (_flushes.Count == 0) return;
        (_flushes, _flushing) = (_flushing, _flushes);
        foreach (var connection in _flushing) connection.Flush();
        _flushing.Clear();
    }

    /// <summary>Closes everything; the handler hears of every connection. The loop must not be running.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (var pollable in _table.All()) pollable.Abandon();
        DrainClosing();
        _posts.Dispose();
        _poller.Dispose();
        Input.Dispose();
    }

    /// <summary>Throws <see cref="IOException"/> when the system watches no more descriptors for this user.</summary>
    internal Connection Attach(nint handle, SocketAddressData peer, string? unixPath)
    {
        var connection = new Connection(this, handle, peer, unixPath);
        connection.Token = _table.Add(connection);
        try
        {
            if (Streams is null) _poller.Add(handle, connection.Token, connection.Interest);
            else Streams.AddStream(handle, connection.Token, connection.Interest);
        }
        catch (IOException)
        {
            _table.Remove(connection.Token);
            throw;
        }

        ConnectionCount++;
        return connection;
    }

    internal void Accepted(Connection connection)
    {
        Counters.ConnectionsReceived++;
        Handler.OnAccepted(connection);
    }

    internal void AddFlush(Connection connection) => _flushes.Add(connection);

    internal void SetInterest(Pollable pollable, PollInterest interest)
    {
        var before = pollable.Interest;
        if (before == interest) return;
        _writeWaiters += WriteWaiter(interest) - WriteWaiter(before);
        pollable.Interest = interest;
        _poller.Modify(pollable.Handle, pollable.Token, interest);
    }

    /// <summary>Has a connection that may still have something to read reported by the next wait.</summary>
    internal void ReportAgain(Connection connection) => _poller.Modify(connection.Handle, connection.Token, connection.Interest);

    /// <summary>Stops watching a connection whose descriptor is about to be closed.</summary>
    internal void Closing(Connection connection)
    {
        _writeWaiters -= WriteWaiter(connection.Interest);
        connection.Interest = PollInterest.None;
        _poller.Remove(connection.Handle, connection.Token);
        _closing.Add(connection);
    }

    internal void Remove(Listener listener)
    {
        if (!_resting.Remove(listener)) _poller.Remove(listener.Handle, listener.Token);
        _table.Remove(listener.Token);
    }

    internal void RestListener(Listener listener)
    {
        _poller.Remove(listener.Handle, listener.Token);
        listener.ResumeAtTimestamp = Options.Time.GetTimestamp() + Options.Time.TimestampFrequency * Options.AcceptPauseMs / 1000;
        _resting.Add(listener);
    }

    private static int WriteWaiter(PollInterest interest) => (interest & PollInterest.Write) != 0 ? 1 : 0;

    private int Wait(int timeoutMs)
    {
        if (Streams is not null && _flushes.Count > 0) QueueSends(Streams);
        // Those who heard of a close after the flush may have queued a word to others. Posted work needs no such care: it wakes the poller.
        if (_flushes.Count > 0 || _closing.Count > 0) timeoutMs = 0;
        else if (_resting.Count > 0) timeoutMs = (int)Math.Min((uint)timeoutMs, (uint)MsUntilResume());
        _table.ReuseFreed();
        var ready = _poller.Wait(timeoutMs, _events);
        if (_sending.Count > 0) FinishSends(Streams!);
        return ready;
    }

    /// <summary>Queued output that lies together goes with the wait; what is in pieces is sent at once.</summary>
    private void QueueSends(IStreamPoller streams)
    {
        (_flushes, _flushing) = (_flushing, _flushes);
        foreach (var connection in _flushing)
        {
            if (connection.TryQueueSend(streams, _sending.Count)) _sending.Add(connection);
            else connection.Flush();
        }

        _flushing.Clear();
    }

    private void FinishSends(IStreamPoller streams)
    {
        for (var i = 0; i < _sending.Count; i++) _sending[i].OnSent(streams.SendResult(i));
        _sending.Clear();
    }

    private void Dispatch(int ready)
    {
        const PollReadiness Writable = PollReadiness.Write | PollReadiness.Broken;
        const PollReadiness Readable = PollReadiness.Read | PollReadiness.Broken;

        var events = _events.AsSpan(0, ready);
        for (var i = 0; i < events.Length && _writeWaiters > 0; i++)
        {
            if ((events[i].Readiness & Writable) == 0) continue;
            if (_table[events[i].Token] is { } pollable && (pollable.Interest & PollInterest.Write) != 0) pollable.OnWritable();
        }

        if (_closing.Count > 0) DrainClosing();
        foreach (var pollEvent in events)
        {
            if ((pollEvent.Readiness & Readable) == 0) continue;
            _table[pollEvent.Token]?.OnReadable(pollEvent.Readiness);
            if (_closing.Count > 0) DrainClosing();
        }
    }

    /// <summary>Finishes what <see cref="Connection.Close"/> has begun. A handler that is told may close others.</summary>
    private void DrainClosing()
    {
        for (var i = 0; i < _closing.Count; i++)
        {
            var connection = _closing[i];
            Handler.OnClosed(connection);
            connection.ReleaseBuffers();
            _table.Remove(connection.Token);
            ConnectionCount--;
            if (Input.Owner == connection) Input.Owner = null;
        }

        _closing.Clear();
    }

    private void ResumeListeners(long now)
    {
        for (var i = _resting.Count - 1; i >= 0; i--)
        {
            var listener = _resting[i];
            if (listener.ResumeAtTimestamp > now) continue;
            _resting.RemoveAt(i);
            listener.ResumeAtTimestamp = 0;
            _poller.Add(listener.Handle, listener.Token, listener.Interest);
        }
    }

    private int MsUntilResume()
    {
        var next = long.MaxValue;
        foreach (var listener in _resting) next = Math.Min(next, listener.ResumeAtTimestamp);
        var ticks = next - Options.Time.GetTimestamp();
        return ticks <= 0 ? 0 : (int)(ticks * 1000 / Options.Time.TimestampFrequency) + 1;
    }

    private void CountTurn(long start)
    {
        var microseconds = (Options.Time.GetTimestamp() - start) * 1_000_000 / Options.Time.TimestampFrequency;
        Counters.Cycles++;
        Counters.DurationSumMicroseconds += microseconds;
        if (microseconds > Counters.LongestTurnMicroseconds) Counters.LongestTurnMicroseconds = microseconds;
    }
}

using System.Diagnostics;
using Hearth.Network;

namespace Hearth.Server;

/// <summary>
/// What the server does in each turn of the event loop, besides answering: it keeps the clock, expires keys, frees what was left to be
/// freed, and closes clients that idle too long. Each is a slice with a time budget, so that no turn gets long.
/// </summary>
internal sealed class ServerLoop(Engine engine) : ILoopHandler
{
    /// <summary>A slice of the expiry cycle. As long as too many keys are overdue, slices follow each other, two thirds of the time.</summary>
    private const long ExpirySliceMicroseconds = 500;

    private const long FreeSliceMicroseconds = 500;

    private const string TooManyClients = "-ERR max number of clients reached\r\n";

    private const string ProtectedModeError =
        "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. "
        + "In this mode connections are only accepted from the loopback interface. "
        + "If you want to connect from external computers to Redis you may adopt one of the following solutions: "
        + "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting "
        + "to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible from internet "
        + "if you do so. Use CONFIG REWRITE to make this change permanent. "
        + "2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected "
        + "mode option to 'no', and then restarting the server. "
        + "3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. "
        + "4) Setup a an authentication password for the default user. "
        + "NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.\r\n";

    /// <summary>After so long without a request the server gives back what it holds in reserve.</summary>
    private const long IdleMicroseconds = 500_000;

    private long _nextCronMicroseconds;
    private long _idleSinceMicroseconds;
    private long _readsAtLastCron;
    private bool _isTrimmed;
    private long _nextExpirySliceMicroseconds = long.MaxValue;
    private long _readsAtLastSlice;

    /// <summary>The machine's time: slices are due however a test has moved the server's clock.</summary>
    private static long NowMicroseconds => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));

    public int BeforeWait()
    {
        var now = NowMicroseconds;
        if (now >= _nextCronMicroseconds && !engine.IsCronPaused)
        {
            Cron(now);
            _nextCronMicroseconds = now + (1_000_000 / engine.Config.Hz);
        }

        if (now >= _nextExpirySliceMicroseconds) ExpireSlice(now);
        // Only now: a key that has just expired may end a wait, and the cron may have found clients to be closed.
        engine.Blocking.EndTurn();
        if (engine.Clients.Doomed.Count > 0) engine.CloseDoomed();
        if (!engine.LazyFree.IsIdle)
        {
            FreeSlice(now);
            return 0;
        }

        // The system waits in milliseconds: a shorter pause between two slices is spent looking for requests.
        if (_nextExpirySliceMicroseconds - now < 1000) return 0;
        var wake = Math.Min(_nextExpirySliceMicroseconds, _nextCronMicroseconds);
        var waitMs = Math.Clamp((wake - now + 999) / 1000, engine.IsCronPaused ? 100 : 0, 1000);
        return (int)Math.Clamp(engine.Blocking.NextDeadlineMs - engine.Clock.NowMs, 0, waitMs);
    }

    public void AfterWait()
    {
        engine.RefreshClock();
        engine.Loop!.NowMs = engine.Clock.NowMs;
    }

    public void OnAccepted(Connection connection)
    {
        if (engine.Clients.Count >= engine.Config.MaxClients)
        {
            engine.Statistics.RejectedConnections++;
            connection.Send(Primitives.Latin1.Bytes(TooManyClients));
            connection.CloseAfterFlush();
            return;
        }

        if (RefusesUnprotected(connection))
        {
            engine.Statistics.RejectedConnections++;
            connection.Send(Primitives.Latin1.Bytes(ProtectedModeError));
            connection.CloseAfterFlush();
            return;
        }

        connection.Tag = engine.AddClient(connection, null);
    }

    public void OnReadable(Connection connection)
    {
        if (connection.Tag is Client client) engine.Input.OnReadable(client, connection);
    }

    public void OnClosed(Connection connection)
    {
        if (connection.Tag is Client client) engine.RemoveClient(client);
    }

    private void Cron(long now)
    {
        engine.RefreshClock();
        engine.Samples.Take(engine, now);
        CloseIdleClients();
        TrimWhenIdle(now);
        engine.OutputLimits.CheckSoft();
        if (!engine.IsActiveExpiryOn) _nextExpirySliceMicroseconds = long.MaxValue;
        else if (_nextExpirySliceMicroseconds == long.MaxValue) _nextExpirySliceMicroseconds = now;
    }

    private void ExpireSlice(long now)
    {
        var isDone = engine.ActiveExpiry.Run(ExpirySliceMicroseconds);
        var end = NowMicroseconds;
        var reads = engine.Loop?.Counters.ReadsProcessed ?? 0;
        var isIdle = reads == _readsAtLastSlice;
        _readsAtLastSlice = reads;
        // Requests get half as much time as the slice took. When nobody asks for anything, the next slice may follow at once.
        if (isDone) _nextExpirySliceMicroseconds = long.MaxValue;
        else _nextExpirySliceMicroseconds = isIdle ? end : end + ((end - now) / 2);
    }

    private void FreeSlice(long now)
    {
        while (engine.LazyFree.Step() && NowMicroseconds - now < FreeSliceMicroseconds)
        {
        }
    }

    private void TrimWhenIdle(long now)
    {
        var reads = engine.Loop?.Counters.ReadsProcessed ?? 0;
        if (reads != _readsAtLastCron)
        {
            (_readsAtLastCron, _idleSinceMicroseconds, _isTrimmed) = (reads, now, false);
            return;
        }

        if (_isTrimmed || now - _idleSinceMicroseconds < IdleMicroseconds) return;
        engine.Trim();
        _isTrimmed = true;
    }

    private void CloseIdleClients()
    {
        var timeoutMs = engine.Config.TimeoutSeconds * 1000L;
        if (timeoutMs == 0) return;
        List<Client>? idle = null;
        foreach (var client in engine.Clients.All)
        {
            if (client.Connection is null || client.IsBlocked || client.Type == ClientType.PubSub) continue;
            if (engine.Clock.NowMs - client.LastActiveAtMs > timeoutMs) (idle ??= []).Add(client);
        }

        foreach (var client in idle ?? [])
        {
            engine.Log.Verbose("Closing idle client");
            client.Connection!.Close();
        }
    }

    /// <summary>Without a password and without a bind, only this machine may connect.</summary>
    private bool RefusesUnprotected(Connection connection) =>
        engine.Config.ProtectedMode && engine.Config.RequirePass.Length == 0 && !connection.IsUnixSocket && !connection.IsLoopback;
}

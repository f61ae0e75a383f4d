using Hearth.Memory;
using Hearth.Network;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>
/// What the server does in each turn of the event loop, besides answering: it keeps the clock, expires keys, frees what was left to be
/// freed, and closes clients that idle too long. Each is a slice with a time budget, so that no turn gets long.
/// </summary>
internal sealed class ServerLoop(Engine engine) : ILoopHandler
{
    /// <summary>Part of a period that the slow expiry cycle may take, in percent, at effort 1.</summary>
    private const int ExpirySharePercent = 25;

    /// <summary>A slice of the expiry cycle; several of them make up its share.</summary>
    private const long ExpirySliceMicroseconds = 1000;

    private const long FreeSliceMicroseconds = 500;

    private const string TooManyClients = "-ERR max number of clients reached\r\n";

    private long _nextCronMicroseconds;
    private long _expiryBudgetMicroseconds;
    private long _nextExpirySliceMicroseconds;

    public Samples Samples { get; } = new();

    public EventLoop? Loop { get; set; }

    public int BeforeWait()
    {
        var now = engine.Clock.MonotonicMicroseconds;
        if (now >= _nextCronMicroseconds)
        {
            Cron(now);
            _nextCronMicroseconds = now + (1_000_000 / engine.Config.Hz);
        }

        if (_expiryBudgetMicroseconds > 0 && now >= _nextExpirySliceMicroseconds) ExpireSlice(now);
        if (!engine.LazyFree.IsIdle)
        {
            FreeSlice(now);
            return 0;
        }

        var wake = _expiryBudgetMicroseconds > 0 ? Math.Min(_nextExpirySliceMicroseconds, _nextCronMicroseconds) : _nextCronMicroseconds;
        return (int)Math.Clamp((wake - now + 999) / 1000, 0, 1000);
    }

    public void AfterWait() => engine.RefreshClock();

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
            connection.Send(Primitives.Latin1.Bytes(Lifecycle.ProtectedModeError));
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
        Samples.Take(engine, Loop, now);
        CloseIdleClients();
        // What is left of the last period's share is void: time not used then must not make a burst now.
        var effort = engine.Config.ActiveExpireEffort;
        engine.ActiveExpiry.Effort = effort;
        _expiryBudgetMicroseconds = 1_000_000 / engine.Config.Hz * (ExpirySharePercent + (2 * (effort - 1))) / 100;
        _nextExpirySliceMicroseconds = now;
    }

    private void ExpireSlice(long now)
    {
        var isDone = engine.ActiveExpiry.Run(Math.Min(ExpirySliceMicroseconds, _expiryBudgetMicroseconds));
        var spent = Math.Max(engine.Clock.MonotonicMicroseconds - now, 1);
        _expiryBudgetMicroseconds = isDone ? 0 : _expiryBudgetMicroseconds - spent;
        // Requests get the rest of the time: three quarters of it at least.
        _nextExpirySliceMicroseconds = now + spent + (spent * (100 - ExpirySharePercent) / ExpirySharePercent);
    }

    private void FreeSlice(long now)
    {
        while (engine.LazyFree.Step() && engine.Clock.MonotonicMicroseconds - now < FreeSliceMicroseconds)
        {
        }
    }

    private void CloseIdleClients()
    {
        var timeoutMs = engine.Config.TimeoutSeconds * 1000L;
        if (timeoutMs == 0) return;
        List<Client>? idle = null;
        foreach (var client in engine.Clients.All)
        {
            if (client.Connection is null || client.Subscriptions is { Count: > 0 }) continue;
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

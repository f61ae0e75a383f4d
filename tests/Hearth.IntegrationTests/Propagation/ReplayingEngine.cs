using Hearth.IntegrationTests.Differential;
using Hearth.IntegrationTests.Support;
using Hearth.Memory;
using Hearth.Server;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>
/// A server in this process that runs commands without a socket, on its own thread: the commands of clients, or those that another
/// server has propagated. Ending it finds leaks.
/// </summary>
internal sealed class ReplayingEngine : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly EmbeddedHearth _hearth;
    private readonly List<Client> _clients = [];

    public ReplayingEngine(TimeProvider time, ulong seed, Action<Config>? configure = null) =>
        _hearth = new EmbeddedHearth(timeProvider: time, configure: configure, seed: seed);

    public RecordingSink Record()
    {
        var sink = new RecordingSink();
        OnLoop(engine => engine.Propagation.Attach(sink));
        return sink;
    }

    /// <summary>Starts with no data and with new clients. One that repeats what was propagated is trusted as such.</summary>
    public void Begin(int clients, bool repeats) => OnLoop(engine =>
    {
        Disconnect(engine);
        for (var i = 0; i < clients; i++)
        {
            var client = engine.AddClient(null, new NativeBuffer(engine.ClientHeap));
            client.RepeatsPropagated = repeats;
            _clients.Add(client);
        }
    });

    /// <summary>Runs the steps of clients, but none of one that waits; the replies.</summary>
    public List<RespValue?> Run(IReadOnlyList<Step> steps)
    {
        List<RespValue?> replies = [];
        OnLoop(engine =>
        {
            foreach (var step in steps)
            {
                var client = _clients[step.Connection];
                replies.Add(client.IsBlocked || client.IsClosing ? null : Run(engine, client, step.Words));
            }
        });
        return replies;
    }

    public void Dispose()
    {
        OnLoop(Disconnect);
        _hearth.Dispose();
    }

    private static RespValue? Run(Engine engine, Client client, byte[][] words)
    {
        using var input = new NativeBuffer(engine.ClientHeap);
        input.Append(RespRequest.Encode(words));
        engine.Input.ProcessDirect(client, input.WrittenSlice);
        engine.Blocking.EndTurn();
        var isAnswered = new RespParser(client.Captured!.Written).TryParse(out var reply);
        client.Captured.Clear();
        return isAnswered ? reply : null;
    }

    private void Disconnect(Engine engine)
    {
        foreach (var client in _clients)
        {
            if (!client.IsClosing) engine.RemoveClient(client);
            client.Captured!.Dispose();
        }

        _clients.Clear();
        foreach (var keyspace in engine.Keyspaces)
        {
            keyspace.Verify();
            keyspace.Clear();
        }
    }

    private void OnLoop(Action<Engine> work)
    {
        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        _hearth.Server.Post(() =>
        {
            try
            {
                work(_hearth.Server.Engine);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            done.Set();
        });
        if (!done.Wait(Limit)) throw new TimeoutException("The server did not get to it: " + string.Join('\n', _hearth.Log));
        if (failure is not null) throw new InvalidOperationException("On the server's thread: " + failure, failure);
    }
}

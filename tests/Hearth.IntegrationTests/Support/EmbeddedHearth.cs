using Hearth.Network;
using Hearth.Server;

namespace Hearth.IntegrationTests.Support;

/// <summary>
/// Hearth in the test's own process, reached over a socket all the same. In Debug its heaps carry guards, and ending it fails when a
/// block is still live, so every test that uses it is a test for leaks too.
/// </summary>
internal sealed class EmbeddedHearth : ITestServer
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly List<string> _lines = [];

    public EmbeddedHearth(PollerKind poller = PollerKind.Default, TimeProvider? timeProvider = null, Action<Config>? configure = null, ulong seed = 1)
    {
        var config = HearthConfiguration.From(new HearthOptions());
        config.EnableDebugCommand = LocalAccess.Yes;
        config.Poller = poller;
        configure?.Invoke(config);
        var log = new Log(new DelegateLogSink(Collect), TimeProvider.System, Environment.ProcessId);
        Server = HearthServer.Start(config, log, timeProvider ?? TimeProvider.System, seed);
    }

    public HearthServer Server { get; }

    public int Port => Server.EndPoint.Port;

    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public RespClient Connect() => RespClient.Connect(Port);

    /// <summary>Ends the server and throws what made it fail, be it long ago or a block that leaked.</summary>
    public void Dispose()
    {
        var ended = Server.DisposeAsync().AsTask();
        if (!ended.Wait(StopLimit)) throw new TimeoutException($"The server did not end within {StopLimit}: {string.Join('\n', Log)}");
    }

    private void Collect(string line)
    {
        lock (_lines) _lines.Add(line);
    }
}

using System.Net;
using Hearth.Commands;
using Hearth.Network;
using Hearth.Server;

namespace Hearth;

/// <summary>
/// A running server. It has a thread of its own, which owns the data; any number of servers can live in one process. Clients connect
/// to <see cref="EndPoint"/> with RESP, the protocol of Redis (https://redis.io/docs/latest/develop/reference/protocol-spec/).
/// </summary>
public sealed class HearthServer : IAsyncDisposable
{
    private readonly Engine _engine;
    private readonly EventLoop _loop;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    private HearthServer(Engine engine, EventLoop loop, IReadOnlyList<EndPoint> endPoints)
    {
        _engine = engine;
        _loop = loop;
        EndPoints = endPoints;
        _thread = new Thread(Run) { Name = "hearth", IsBackground = true };
    }

    /// <summary>The addresses that the server listens on, with the ports that it got.</summary>
    public IReadOnlyList<EndPoint> EndPoints { get; }

    /// <summary>The first TCP address that the server listens on.</summary>
    /// <exception cref="InvalidOperationException">The server listens on no TCP port.</exception>
    public IPEndPoint EndPoint =>
        EndPoints.OfType<IPEndPoint>().FirstOrDefault() ?? throw new InvalidOperationException("The server listens on no TCP port.");

    /// <summary>Ends when the server has ended: after <see cref="DisposeAsync"/>, or when a client has sent SHUTDOWN. Fails if the server failed.</summary>
    public Task Completion => _completion.Task;

    internal Engine Engine => _engine;

    /// <summary>Starts a server and returns once it accepts connections.</summary>
    /// <exception cref="ArgumentException">A directive is unknown or has a wrong value; the message says which and why.</exception>
    /// <exception cref="IOException">The address can't be listened on.</exception>
    public static Task<HearthServer> StartAsync(HearthOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new HearthOptions();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var config = HearthConfiguration.From(options);
            ILogSink sink = options.Log is { } write ? new DelegateLogSink(write) : new NullLogSink();
            var log = new Log(sink, TimeProvider.System, Environment.ProcessId) { Level = config.LogLevel };
            var server = Start(config, log, options.TimeProvider, options.Seed);
            foreach (var warning in config.StartWarnings) log.Warning(warning);
            return Task.FromResult(server);
        }
        catch (ConfigException exception)
        {
            throw new ArgumentException(exception.Message, nameof(options), exception);
        }
    }

    /// <summary>Ends the server: closes all connections and frees all memory.</summary>
    public async ValueTask DisposeAsync()
    {
        RequestShutdown();
        await Completion.ConfigureAwait(false);
    }

    internal static HearthServer Start(Config config, Log log, TimeProvider timeProvider, ulong? seed)
    {
        if (!PollerFactory.IsSupported(config.Poller)) throw new ConfigException("This system has no such multiplexing-api, or forbids it.");
        var engine = new Engine(config, log, timeProvider, seed ?? RandomSeed(), CommandFamilies.All, CommandFamilies.RowCount);
        var handler = new ServerLoop(engine);
        var loop = new EventLoop(PollerFactory.Create(config.Poller), engine.ClientHeap, handler, new NetworkOptions
        {
            TcpKeepAliveSeconds = config.TcpKeepaliveSeconds,
            AcceptFailed = reason => log.Warning($"Accepting client connection: {reason}"),
        });
        try
        {
            engine.Loop = loop;
            var listening = new Listening(loop, config, log);
            ConfigFollower.Attach(engine, loop, listening);
            listening.Open();
            engine.TcpPort = listening.EndPoints.OfType<IPEndPoint>().FirstOrDefault()?.Port ?? 0;
            var server = new HearthServer(engine, loop, [.. listening.EndPoints]);
            server._thread.Start();
            return server;
        }
        catch
        {
            loop.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Asks the server to end; <see cref="Completion"/> tells when it has. Any thread may call it.</summary>
    internal void RequestShutdown() => _loop.Stop();

    /// <summary>Runs something on the thread that owns the data.</summary>
    internal bool Post(Action work) => _loop.Post(work);

    /// <summary>
    /// From the system's secure source of random bits, by way of a Guid: the cryptographic library would be loaded for it at each start. The
    /// six bits of a Guid that are always the same meet random ones.
    /// </summary>
    private static ulong RandomSeed()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BitConverter.ToUInt64(bytes) ^ BitConverter.ToUInt64(bytes[8..]);
    }

    private void Run()
    {
        try
        {
            _loop.Run();
            _loop.Dispose();
            _engine.Dispose();
            _completion.SetResult();
        }
        catch (Exception exception)
        {
            _engine.Log.Warning($"The server has failed: {exception}");
            Abandon();
            _completion.SetException(exception);
        }
    }

    /// <summary>Lets clients and posted work know that nobody will answer any more. Parts of a server that has failed may fail again.</summary>
    private void Abandon()
    {
        try
        {
            _loop.Dispose();
            _engine.Dispose();
        }
        catch (Exception exception)
        {
            _engine.Log.Warning($"The server could not end in good order: {exception.Message}");
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

/// <summary>
/// A loop on a thread of its own with a loopback port. Disposing it checks what must hold after every test: each connection was
/// reported closed exactly once, and no native block is left.
/// </summary>
internal sealed class LoopHarness : IDisposable
{
    /// <summary>Makes a slow reader, and yet holds several of loopback's segments of 64 KiB: with less, TCP crawls on its timers.</summary>
    public const int SmallReceiveBufferBytes = 256 * 1024;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Thread _thread;
    private readonly ConcurrentBag<Socket> _clients = [];
    private Exception? _failure;

    public LoopHarness(string poller, ScriptedHandler? handler = null, NetworkOptions? options = null)
    {
        Handler = handler ?? new ScriptedHandler();
        Loop = new EventLoop(PollerFactory.Create(KindOf(poller)), Heap, Handler, options ?? new NetworkOptions());
        Port = Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", 0)).Port;
        _thread = new Thread(RunLoop) { IsBackground = true };
        _thread.Start();
    }

    public static TheoryData<string> Pollers
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var kind in new[] { PollerKind.IoUring, PollerKind.Epoll, PollerKind.Poll })
                if (PollerFactory.IsSupported(kind)) names.Add(kind.ToString());
            return names;
        }
    }

    /// <summary>For tests of what no poller has a part in.</summary>
    public static string AnyPoller => nameof(PollerKind.Default);

    /// <summary>Theory data is text, because the kinds are internal.</summary>
    public static PollerKind KindOf(string poller) => Enum.Parse<PollerKind>(poller);

    public Heap Heap { get; } = new("clients");

    public ScriptedHandler Handler { get; }

    public EventLoop Loop { get; }

    public int Port { get; }

    /// <summary>A blocking client socket that gives up after a while; the harness disposes it.</summary>
    public Socket Connect(int receiveBufferBytes = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBufferBytes > 0) socket.ReceiveBufferSize = receiveBufferBytes;
        socket.NoDelay = true;
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Port));
        _clients.Add(socket);
        return socket;
    }

    /// <summary>A client and the connection that the loop made of it.</summary>
    public (Socket Client, Connection Connection) ConnectPair(int receiveBufferBytes = 0)
    {
        var client = Connect(receiveBufferBytes);
        return (client, NextAccepted());
    }

    public Connection NextAccepted()
    {
        Assert.True(Handler.AcceptedConnections.TryTake(out var connection, Patience), "The loop did not accept in time.");
        return connection;
    }

    /// <summary>Runs this on the loop's thread and waits for it.</summary>
    public void OnLoop(Action work)
    {
        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        Assert.True(Loop.Post(() =>
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            finally
            {
                done.Set();
            }
        }));
        Assert.True(done.Wait(Patience), $"The loop did not run posted work in time: {_failure}");
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    public T OnLoop<T>(Func<T> work)
    {
        T result = default!;
        OnLoop(() => { result = work(); });
        return result;
    }

    /// <summary>Stops the loop's thread until this is disposed.</summary>
    public IDisposable HoldLoop()
    {
        var (held, released) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        Assert.True(Loop.Post(() =>
        {
            held.Set();
            released.Wait(Patience);
        }));
        Assert.True(held.Wait(Patience), "The loop did not run posted work in time.");
        return new Hold(released);
    }

    /// <summary>Turns the loop until this holds.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!OnLoop(condition))
        {
            Assert.True(Environment.TickCount64 < deadline, $"Did not happen in time: {what}");
            Thread.Yield();
        }
    }

    public void AwaitClosed(int count = 1)
    {
        for (var i = 0; i < count; i++)
            Assert.True(Handler.ClosedConnections.TryTake(out _, Patience), $"Connection {i + 1} of {count} was not closed in time.");
    }

    /// <summary>Ends the loop and waits for its thread.</summary>
    public void Stop()
    {
        Loop.Stop();
        Assert.True(_thread.Join(Patience), "The loop did not stop in time.");
    }

    public void Dispose()
    {
        Stop();
        var open = Loop.ConnectionCount;
        var reported = Handler.CloseCounts.Count;
        Loop.Dispose();
        if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
        Assert.Equal(reported + open, Handler.CloseCounts.Count);
        Assert.All(Handler.CloseCounts.Values, count => Assert.Equal(1, count));
        Assert.Equal(0, Loop.ConnectionCount);
        Assert.Equal(0, Heap.LiveBlocks);
        Heap.Dispose();
        foreach (var client in _clients) client.Dispose();
    }

    private void RunLoop()
    {
        try
        {
            Loop.Run();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    private sealed class Hold(ManualResetEventSlim released) : IDisposable
    {
        public void Dispose() => released.Set();
    }
}

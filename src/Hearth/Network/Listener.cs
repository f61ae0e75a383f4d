using System.Net;
using System.Net.Sockets;

namespace Hearth.Network;

/// <summary>
/// A listening socket. It is made by <see cref="Socket"/>, which knows every system's way to create, bind and unlink; accepting
/// goes past it.
/// </summary>
internal sealed class Listener : Pollable
{
    private const int AcceptsPerTurnMax = 1000;

    private readonly EventLoop _loop;
    private readonly Socket _socket;

    private Listener(EventLoop loop, ListenEndpoint endpoint, Socket socket)
    {
        _loop = loop;
        _socket = socket;
        Endpoint = endpoint;
        Handle = socket.SafeHandle.DangerousGetHandle();
        Port = endpoint.IsUnixSocket ? 0 : ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public ListenEndpoint Endpoint { get; }

    /// <summary>The bound port, also when any port was asked for; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>Set while accepting fails, so that one stretch of failures is reported once.</summary>
    internal bool IsFailing { get; private set; }

    /// <summary>When the listener is polled again after a failure; 0 while it is polled.</summary>
    internal long ResumeAtTimestamp { get; set; }

    public static Listener Open(EventLoop loop, ListenEndpoint endpoint)
    {
        var address = endpoint.IsUnixSocket ? ListenAddresses.ForPath(endpoint) : ListenAddresses.Resolve(endpoint);
        Socket? socket = null;
        var call = "socket";
        try
        {
            socket = new Socket(
                address.AddressFamily, SocketType.Stream, endpoint.IsUnixSocket ? ProtocolType.Unspecified : ProtocolType.Tcp);
            var handle = socket.SafeHandle.DangerousGetHandle();
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            if (!endpoint.IsUnixSocket) SocketApi.SetReuseAddress(handle);
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            SocketApi.SetNonBlocking(handle);
            call = "bind";
            socket.Bind(address);
            // Nobody can connect before listen, so the socket is never open to more users than it should be.
            call = "chmod";
            if (endpoint.Permissions != 0 && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(endpoint.Address, (UnixFileMode)endpoint.Permissions);
            call = "listen";
            socket.Listen(endpoint.Backlog);
            var listener = new Listener(loop, endpoint, socket);
            listener.ApplyTcpOptions();
            return listener;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket?.Dispose();
            throw ListenAddresses.Failure(endpoint, call, exception);
        }
    }

    /// <summary>
    /// Sets on the listener what its connections should have: Linux lets them inherit it, which saves five system calls per connection.
    /// </summary>
    internal void ApplyTcpOptions()
    {
        if (Endpoint.IsUnixSocket || !OperatingSystem.IsLinux()) return;
        SocketApi.SetNoDelay(Handle);
        SocketApi.SetKeepAlive(Handle, _loop.Options.TcpKeepAliveSeconds);
    }

    internal override void OnReadable(PollReadiness readiness)
    {
        for (var i = 0; i < AcceptsPerTurnMax; i++)
        {
            var status = SocketApi.Accept(Handle, out var handle, out var peer, out var error);
            if (status == AcceptStatus.Aborted) continue;
            if (status == AcceptStatus.Accepted)
            {
                // The handler may have closed this very listener.
                if (HandOver(handle, peer) && Handle >= 0) continue;
            }
            else if (status == AcceptStatus.NoneWaiting)
            {
                IsFailing = false;
            }
            else
            {
                Rest($"accept: {SocketApi.Describe(error)}");
            }

            return;
        }
    }

    /// <summary>Stops accepting. A Unix socket's file is unlinked.</summary>
    public void Close()
    {
        if (Handle < 0) return;
        _loop.Remove(this);
        Handle = -1;
        if (Endpoint.IsUnixSocket) ListenAddresses.Unlink(Endpoint.Address);
        _socket.Dispose();
    }

    internal override void Abandon() => Close();

    private bool HandOver(nint handle, SocketAddressData peer)
    {
        if (!Endpoint.IsUnixSocket && !OperatingSystem.IsLinux())
        {
            SocketApi.SetNoDelay(handle);
            SocketApi.SetKeepAlive(handle, _loop.Options.TcpKeepAliveSeconds);
        }

        Connection connection;
        try
        {
            connection = _loop.Attach(handle, peer, Endpoint.IsUnixSocket ? Endpoint.Address : null);
        }
        catch (IOException exception)
        {
            SocketApi.Close(handle);
            Rest(exception.Message);
            return false;
        }

        _loop.Accepted(connection);
        return true;
    }

    /// <summary>
    /// The queue stays readable while nothing can be accepted: polling on would turn the loop into a busy one and starve everybody.
    /// </summary>
    private void Rest(string reason)
    {
        if (!IsFailing) _loop.Options.AcceptFailed?.Invoke(reason);
        IsFailing = true;
        _loop.RestListener(this);
    }
}

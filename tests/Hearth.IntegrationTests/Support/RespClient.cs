using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hearth.IntegrationTests.Support;

/// <summary>
/// A blocking client for tests. It sends any bytes, reads one complete reply at a time, and keeps the raw bytes of each. Every wait
/// has an end: a server that hangs makes a test fail, not wait.
/// </summary>
internal sealed class RespClient : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RespClient(Socket socket)
    {
        _socket = socket;
        Timeout = DefaultTimeout;
    }

    /// <summary>How long <see cref="Receive"/> waits for a whole reply.</summary>
    public TimeSpan Timeout
    {
        get;
        set
        {
            field = value;
            _socket.ReceiveTimeout = (int)value.TotalMilliseconds;
        }
    }

    /// <summary>Bytes that were received and belong to no reply read so far.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>This end's port.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Whether something has arrived that was not read yet.</summary>
    public bool HasInput => Unread.Length > 0 || _socket.Available > 0;

    public static RespClient Connect(int port) => Connect(IPAddress.Loopback, port);

    public static RespClient Connect(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SendTimeout = (int)DefaultTimeout.TotalMilliseconds;
            socket.Connect(address, port);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new RespClient(socket);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
    }

    public void SendCommand(params string[] words) => Send(RespRequest.Encode(RespRequest.Words(words)));

    public RespValue Call(params string[] words)
    {
        SendCommand(words);
        return Receive();
    }

    public RespValue Call(IReadOnlyCollection<byte[]> words)
    {
        Send(RespRequest.Encode(words));
        return Receive();
    }

    /// <summary>Calls and throws when the answer is an error: for the set-up of tests.</summary>
    public RespValue Require(params string[] words)
    {
        var reply = Call(words);
        return reply.IsError ? throw new InvalidOperationException($"{string.Join(' ', words)} answered {reply}") : reply;
    }

    /// <summary>The next complete reply, or null when the server has closed the connection instead.</summary>
    public RespValue? TryReceive()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var parser = new RespParser(Unread);
            if (parser.TryParse(out var value))
            {
                _start += parser.Position;
                return value;
            }

            var left = Timeout - Stopwatch.GetElapsedTime(began);
            if (!ReceiveMore(left)) return null;
        }
    }

    public RespValue Receive() => TryReceive() ?? throw new EndOfStreamException("The server closed the connection.");

    /// <summary>Everything that arrives until the server closes the connection.</summary>
    public byte[] ReceiveUntilClosed()
    {
        var began = Stopwatch.GetTimestamp();
        while (ReceiveMore(Timeout - Stopwatch.GetElapsedTime(began))) { }
        return Unread.ToArray();
    }

    /// <summary>Takes what has arrived already; true when the end of the stream has, too.</summary>
    public bool IsClosedByServer()
    {
        while (_socket.Poll(0, SelectMode.SelectRead))
        {
            if (!ReceiveMore(Timeout)) return true;
        }

        return false;
    }

    public void ShutdownSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset instead of a farewell, as a client that crashed would.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>False at the end of the stream; a reset counts as the end, since closing on unread input resets.</summary>
    private bool ReceiveMore(TimeSpan limit)
    {
        MakeRoom();
        if (limit <= TimeSpan.Zero) throw TooLate();
        try
        {
            var count = _socket.Receive(_buffer.AsSpan(_end));
            _end += count;
            return count > 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.TimedOut)
        {
            throw TooLate();
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return false;
        }
    }

    private TimeoutException TooLate() => new($"No complete reply within {Timeout}; unread so far: {Printable.Quote(Unread)}");

    private void MakeRoom()
    {
        if (_end < _buffer.Length) return;
        var target = _start > _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
        Unread.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, _end - _start);
    }
}

using System.Net.Sockets;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>What became of the connection, and all that was sent to it, with one char per byte.</summary>
internal sealed record FuzzAnswer(string End, string Text)
{
    public override string ToString() => End + " " + Printable.Quote(Encoding.Latin1.GetBytes(Text));
}

/// <summary>One of the two servers, with a connection beside that tells when it has handled what it was sent. A server that fails is replaced.</summary>
internal sealed class FuzzTarget(Func<ITestServer> start, string password) : IDisposable
{
    private ITestServer _server = start();
    private RespClient? _control;
    private long _nonces;

    private RespClient Control => _control ??= Connect();

    /// <summary>Everything that the bytes are answered with, and whether the server has closed the connection on its own.</summary>
    public FuzzAnswer Answer(WireCase wireCase, bool isResp3)
    {
        try
        {
            return TryAnswer(wireCase, isResp3);
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException or TimeoutException or MalformedReplyException)
        {
            return new FuzzAnswer($"(fails) {exception.Message} {Restart()}", "");
        }
    }

    public void Dispose()
    {
        _control?.Dispose();
        _server.Dispose();
    }

    private FuzzAnswer TryAnswer(WireCase wireCase, bool isResp3)
    {
        Control.Require("FLUSHALL");
        using var client = _server.Connect();
        if (isResp3) client.Require("HELLO", "3");
        var isClosed = false;
        foreach (var piece in wireCase.Pieces) isClosed = isClosed || !TrySend(client, piece);
        isClosed = isClosed || client.IsClosedByServer();
        if (!isClosed) client.ShutdownSending();
        var answer = client.ReceiveUntilClosed();
        CheckNewConnection();
        return new FuzzAnswer(isClosed ? "(closes)" : "(keeps open)", Encoding.Latin1.GetString(answer));
    }

    private bool TrySend(RespClient client, byte[] piece)
    {
        try
        {
            client.Send(piece);
        }
        catch (SocketException)
        {
            return false; // The server has closed the connection; what it said before is still there to be read.
        }

        // One turn of the server's loop may accept our connection, the next may answer the PING before it reads the piece, and a read takes 16 KiB.
        for (var turn = 0; turn < 3 + (piece.Length / 8192); turn++) Control.Require("PING");
        return true;
    }

    private void CheckNewConnection()
    {
        var nonce = $"nonce-{++_nonces}";
        using var client = Connect();
        if (client.Require("ECHO", nonce).Text != nonce) throw new MalformedReplyException("Another connection got a wrong reply.");
    }

    private RespClient Connect()
    {
        var client = _server.Connect();
        if (password.Length > 0) client.Require("AUTH", password);
        return client;
    }

    /// <summary>What the server that failed has to say about it.</summary>
    private string Restart()
    {
        var reason = "";
        try
        {
            Dispose();
        }
        catch (Exception exception)
        {
            reason = exception.ToString();
        }

        _control = null;
        _server = start();
        return reason;
    }
}

using System.Net.Sockets;
using System.Text;
using Hearth.Server;

namespace Hearth.Cli;

/// <summary>
/// Tells a supervisor that the server is ready. systemd gives the address of a datagram socket in NOTIFY_SOCKET and reads lines such as
/// READY=1 from it (see sd_notify(3)); a name that starts with @ is an abstract one. Upstart is no longer found anywhere.
/// </summary>
internal sealed class Supervisor
{
    private readonly string _socketName;

    private Supervisor(string socketName) => _socketName = socketName;

    /// <summary>Finds the supervisor that <c>supervised</c> names.</summary>
    /// <returns>Null when there is none, and the server may go to the background.</returns>
    public static Supervisor? Find(SupervisedMode mode, Log log)
    {
        if (mode == SupervisedMode.Upstart) log.Warning("upstart supervision is not supported, the server starts without");
        if (mode is not (SupervisedMode.Systemd or SupervisedMode.Auto)) return null;

        var socketName = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(socketName))
        {
            if (mode == SupervisedMode.Systemd) log.Warning("systemd supervision requested or auto-detected, but NOTIFY_SOCKET not found!");
            return null;
        }

        log.Notice(
            "Supervised by systemd. "
            + "Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your service unit.");
        return new Supervisor(socketName[0] == '@' ? "\0" + socketName[1..] : socketName);
    }

    public void SayReady() => Send("STATUS=Ready to accept connections\nREADY=1\n");

    public void SayStopping() => Send("STOPPING=1\n");

    private void Send(string message)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(_socketName));
        }
        catch (SocketException)
        {
            // The supervisor has gone; that must not end the server.
            return;
        }
    }
}

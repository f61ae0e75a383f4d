using System.Net;
using System.Net.Sockets;
using Hearth.Network;

namespace Hearth.Server;

/// <summary>The sockets that the configuration names: opens them, and says in Redis's words what could not be opened.</summary>
internal sealed class Listening(EventLoop loop, Config config, Log log)
{
    private readonly List<Listener> _tcp = [];

    /// <summary>The addresses that are listened on, with the ports that they got.</summary>
    public List<EndPoint> EndPoints { get; } = [];

    /// <summary>Listens on every address of <c>bind</c> and on the Unix socket.</summary>
    /// <exception cref="ListenException">An address that must be there could not be listened on.</exception>
    public void Open()
    {
        OpenTcp();
        if (config.UnixSocket.Length == 0) return;

        var path = config.ResolvePath(config.UnixSocket);
        try
        {
            loop.Listen(ListenEndpoint.Unix(path, config.UnixSocketPermissions, config.TcpBacklog));
            EndPoints.Add(new UnixDomainSocketEndPoint(path));
        }
        catch (ListenException exception)
        {
            new LifeCycleLog(log).SocketFileFailed(exception.Reason);
            throw;
        }
    }

    /// <summary>Listens where the configuration now says, and no longer where it said before. Clients stay connected.</summary>
    /// <returns>Whether every address could be listened on; if not, none is.</returns>
    public bool TryMoveTcp()
    {
        CloseTcp();
        try
        {
            OpenTcp();
            return true;
        }
        catch (ListenException)
        {
            CloseTcp();
            return false;
        }
    }

    private void OpenTcp()
    {
        if (config.Port == 0 && !config.TakesAnyPort) return;

        foreach (var name in config.Bind)
        {
            try
            {
                var listener = loop.Listen(ListenEndpoint.Tcp(name, config.Port, config.TcpBacklog));
                _tcp.Add(listener);
                EndPoints.Add(IPEndPoint.Parse(SocketApi.LocalAddress(listener.Handle).ToString()));
            }
            catch (ListenException exception)
            {
                new LifeCycleLog(log).ListenFailed(exception.Address, config.Port, exception.Reason);
                if (!exception.IsIgnorable) throw;
            }
        }
    }

    private void CloseTcp()
    {
        foreach (var listener in _tcp) listener.Close();
        _tcp.Clear();
        EndPoints.RemoveAll(endPoint => endPoint is IPEndPoint);
    }
}

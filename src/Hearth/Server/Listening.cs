using System.Net;
using System.Net.Sockets;
using Hearth.Network;

namespace Hearth.Server;

/// <summary>Opens the sockets that the configuration names, and says in Redis's words what could not be opened.</summary>
internal static class Listening
{
    /// <summary>Listens on every address of <c>bind</c> and on the Unix socket.</summary>
    /// <exception cref="IOException">An address that must be there could not be listened on.</exception>
    public static List<EndPoint> Open(EventLoop loop, Config config, Log log)
    {
        var endPoints = new List<EndPoint>();
        if (config.Port >= 0 && !(config.Port == 0 && config.FilePath is not null)) OpenTcp(loop, config, log, endPoints);
        if (config.UnixSocket.Length > 0)
        {
            var path = config.ResolvePath(config.UnixSocket);
            loop.Listen(ListenEndpoint.Unix(path, config.UnixSocketPermissions, config.TcpBacklog));
            endPoints.Add(new UnixDomainSocketEndPoint(path));
        }

        return endPoints;
    }

    private static void OpenTcp(EventLoop loop, Config config, Log log, List<EndPoint> endPoints)
    {
        foreach (var name in config.Bind)
        {
            var endpoint = ListenEndpoint.Tcp(name, config.Port, config.TcpBacklog);
            try
            {
                var listener = loop.Listen(endpoint);
                endPoints.Add(IPEndPoint.Parse(SocketApi.LocalAddress(listener.Handle).ToString()));
            }
            catch (ListenException exception)
            {
                log.Warning($"Warning: Could not create server TCP listening socket {name}:{config.Port}: {exception.Reason}");
                if (!exception.IsIgnorable) throw;
            }
        }
    }
}

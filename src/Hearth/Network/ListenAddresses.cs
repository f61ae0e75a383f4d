using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hearth.Network;

/// <summary>Turns what stands in the configuration into addresses, and failures into the words that Redis logs.</summary>
internal static class ListenAddresses
{
    /// <summary>The room for a path in sockaddr_un, with its terminating zero.</summary>
    private static int UnixPathBytesMax => OperatingSystem.IsMacOS() ? 104 : 108;

    /// <summary>A host name stands for its first IPv4 address, as in Redis.</summary>
    public static EndPoint Resolve(ListenEndpoint endpoint)
    {
        if (endpoint.Address == "*") return new IPEndPoint(IPAddress.Any, endpoint.Port);
        if (endpoint.Address == "::*") return new IPEndPoint(IPAddress.IPv6Any, endpoint.Port);
        if (IPAddress.TryParse(endpoint.Address, out var address)) return new IPEndPoint(address, endpoint.Port);
        try
        {
            var found = Dns.GetHostAddresses(endpoint.Address, AddressFamily.InterNetwork);
            if (found.Length > 0) return new IPEndPoint(found[0], endpoint.Port);
            throw new ListenException(endpoint, "Name or service not known", isIgnorable: false, inner: null);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new ListenException(endpoint, "Name or service not known", isIgnorable: false, exception);
        }
    }

    /// <summary>Makes way for the socket's file: a stale one would fail the bind.</summary>
    public static EndPoint ForPath(ListenEndpoint endpoint)
    {
        var size = Encoding.UTF8.GetByteCount(endpoint.Address);
        if (size >= UnixPathBytesMax)
        {
            throw new ListenException(
                endpoint, $"unix socket path too long ({size}), must be under {UnixPathBytesMax}", isIgnorable: false, inner: null);
        }

        Unlink(endpoint.Address);
        return new UnixDomainSocketEndPoint(endpoint.Address);
    }

    public static void Unlink(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that is in the way will fail the bind, with the system's reason.
        }
    }

    public static ListenException Failure(ListenEndpoint endpoint, string call, Exception exception)
    {
        var error = (exception as SocketException)?.SocketErrorCode;
        var unsupported = error is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported
            or SocketError.ProtocolNotSupported or SocketError.SocketNotSupported or SocketError.ProtocolOption;
        var ignorable = unsupported || (endpoint.IsOptional && error == SocketError.AddressNotAvailable);
        return new ListenException(endpoint, $"{call}: {exception.Message}", ignorable, exception);
    }
}

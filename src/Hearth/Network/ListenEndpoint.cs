namespace Hearth.Network;

/// <summary>Where to listen: a TCP address and port, or the path of a Unix socket.</summary>
internal sealed class ListenEndpoint
{
    private ListenEndpoint(string address, int port, int backlog) => (Address, Port, Backlog) = (address, port, backlog);

    /// <summary>The address as configured, without the leading '-', or the path.</summary>
    public string Address { get; }

    /// <summary>0 asks for any free port.</summary>
    public int Port { get; }

    public int Backlog { get; }

    public bool IsUnixSocket { get; private init; }

    /// <summary>An address that this machine does not have is not an error.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>The access mode of a Unix socket, such as 0700 octal; 0 leaves it to the umask.</summary>
    public int Permissions { get; private init; }

    /// <summary>
    /// One word of the <c>bind</c> setting: an address, a host name, "*" for every IPv4 address or "::*" for every IPv6 address; a
    /// leading '-' makes it optional.
    /// </summary>
    public static ListenEndpoint Tcp(string bindName, int port, int backlog = 511)
    {
        var optional = bindName.StartsWith('-');
        return new ListenEndpoint(optional ? bindName[1..] : bindName, port, backlog) { IsOptional = optional };
    }

    public static ListenEndpoint Unix(string path, int permissions = 0, int backlog = 511) =>
        new(path, 0, backlog) { IsUnixSocket = true, Permissions = permissions };
}

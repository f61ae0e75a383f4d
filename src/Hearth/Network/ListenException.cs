namespace Hearth.Network;

/// <summary>Listening failed.</summary>
internal sealed class ListenException(ListenEndpoint endpoint, string reason, bool isIgnorable, Exception? inner)
    : IOException($"{endpoint.Address}:{endpoint.Port}: {reason}", inner)
{
    public ListenEndpoint Endpoint { get; } = endpoint;

    public string Address => Endpoint.Address;

    public int Port => Endpoint.Port;

    /// <summary>The failed call and the system's words for the error, such as "bind: Address already in use".</summary>
    public string Reason { get; } = reason;

    /// <summary>
    /// The server should note it and go on: the machine lacks the protocol, or an optional address.
    /// </summary>
    public bool IsIgnorable { get; } = isIgnorable;
}

using Hearth.Memory;
using Hearth.Network;

namespace Hearth.Server;

/// <summary>All clients of a server, in the order in which they came.</summary>
internal sealed class ClientRegistry
{
    private readonly SortedDictionary<long, Client> _clients = [];
    private readonly List<Client> _doomed = [];
    private long _nextId = 1;

    public int Count => _clients.Count;

    /// <summary>Those to be closed at the end of the turn.</summary>
    public List<Client> Doomed => _doomed;

    public IEnumerable<Client> All => _clients.Values;

    public Client Add(Connection? connection, NativeBuffer? captured, long nowMs, bool isAuthenticated)
    {
        var client = new Client(_nextId++, connection, captured)
        {
            CreatedAtMs = nowMs,
            LastReadAtMs = nowMs,
            IsAuthenticated = isAuthenticated,
        };
        _clients.Add(client.Id, client);
        return client;
    }

    public void Remove(Client client) => _clients.Remove(client.Id);

    /// <summary>Nothing more is executed for this client or sent to it, and it is closed at the end of the turn.</summary>
    public void CloseLater(Client client)
    {
        if (client.IsDoomed) return;
        client.IsDoomed = client.IsClosing = true;
        _doomed.Add(client);
    }

    public Client? Find(long id) => _clients.GetValueOrDefault(id);
}

using Hearth.Memory;
using Hearth.Network;

namespace Hearth.Server;

/// <summary>All clients of a server, in the order in which they came.</summary>
internal sealed class ClientRegistry
{
    private readonly SortedDictionary<long, Client> _clients = [];
    private readonly List<Client> _closing = [];
    private long _nextId = 1;

    public int Count => _clients.Count;

    public IEnumerable<Client> All => _clients.Values;

    public Client Add(Connection? connection, NativeBuffer? captured, long nowMs, bool isAuthenticated)
    {
        var client = new Client(_nextId++, connection, captured)
        {
            CreatedAtMs = nowMs,
            LastActiveAtMs = nowMs,
            IsAuthenticated = isAuthenticated,
        };
        _clients.Add(client.Id, client);
        return client;
    }

    public void Remove(Client client) => _clients.Remove(client.Id);

    public Client? Find(long id) => _clients.GetValueOrDefault(id);
}

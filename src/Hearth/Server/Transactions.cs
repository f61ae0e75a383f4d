using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>Begins and ends transactions. What a transaction may contain is the dispatcher's to decide; EXEC itself is a command.</summary>
internal sealed class Transactions(Engine engine)
{
    public void Begin(Client client) => client.Transaction = new Transaction(engine.ClientHeap);

    /// <summary>Ends the transaction, if there is one, and lets go of the watched keys.</summary>
    public void End(Client client)
    {
        client.Transaction?.Dispose();
        client.Transaction = null;
        Unwatch(client);
    }

    public void Watch(Client client, Keyspace keyspace, in Key key)
    {
        client.Watch ??= new Watch();
        engine.WatchedKeys.Add(client.Watch, keyspace, key);
    }

    public void Unwatch(Client client)
    {
        if (client.Watch is null) return;
        engine.WatchedKeys.RemoveAll(client.Watch);
        client.Watch = null;
    }
}

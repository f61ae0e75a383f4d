using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>Begins, fills and ends transactions. What a transaction may contain is the dispatcher's to decide; EXEC itself is a command.</summary>
internal sealed class Transactions(Engine engine) : IDisposable
{
    /// <summary>Ended transactions that are kept, so that a MULTI allocates nothing in the long run.</summary>
    private const int SpareMax = 16;

    private readonly Stack<Transaction> _spare = new(SpareMax);

    public void Begin(Client client) => client.Transaction = _spare.TryPop(out var spare) ? spare : new Transaction(engine.ClientHeap);

    /// <summary>Adds a command, unless EXEC will refuse anyway.</summary>
    public static void Queue(Client client, Command command, in Arguments args)
    {
        var transaction = client.Transaction!;
        if (!transaction.HasFailed && client.Watch is not { IsDirty: true }) transaction.Queue(command, args);
    }

    /// <summary>Ends the transaction, if there is one, and lets go of the watched keys.</summary>
    public void End(Client client)
    {
        if (client.Transaction is { } transaction)
        {
            client.Transaction = null;
            if (_spare.Count < SpareMax && transaction.TryReset()) _spare.Push(transaction);
            else transaction.Dispose();
        }

        Unwatch(client);
    }

    /// <summary>Whether a watched key has changed, or its time has come.</summary>
    public bool IsSpoilt(Client client) =>
        client.Watch is { } watch && (watch.IsDirty || engine.WatchedKeys.HasExpired(watch, engine.Keyspaces));

    public void Watch(Client client, Keyspace keyspace, in Key key)
    {
        client.Watch ??= new Watch();
        // Once a watched key has changed, the others don't matter any more.
        if (!client.Watch.IsDirty) engine.WatchedKeys.Add(client.Watch, keyspace, key);
    }

    public void Unwatch(Client client)
    {
        if (client.Watch is null) return;
        engine.WatchedKeys.RemoveAll(client.Watch);
        client.Watch = null;
    }

    public void Dispose()
    {
        while (_spare.TryPop(out var transaction)) transaction.Dispose();
    }
}

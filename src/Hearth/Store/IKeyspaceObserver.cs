using Hearth.Types;

namespace Hearth.Store;

/// <summary>Hears what a keyspace does on its own account, so that it can be propagated and notified.</summary>
internal interface IKeyspaceObserver
{
    /// <summary>A key has been added that was not there before.</summary>
    void OnAdded(Keyspace keyspace, in Key key);

    /// <summary>A key of a collection has gone, for whatever reason, or another value has taken its value's place.</summary>
    void OnRemoved(Keyspace keyspace, in Key key);

    /// <summary>The key has been removed because its time was up.</summary>
    void OnExpired(Keyspace keyspace, in Key key);
}

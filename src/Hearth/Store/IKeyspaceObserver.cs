using Hearth.Types;

namespace Hearth.Store;

/// <summary>Hears what a keyspace does on its own account, so that it can be propagated and notified.</summary>
internal interface IKeyspaceObserver
{
    /// <summary>The key has been removed because its time was up.</summary>
    void OnExpired(Keyspace keyspace, in Key key);
}

namespace Hearth.Server;

/// <summary>Redis's groups of commands, as COMMAND DOCS names them.</summary>
internal enum CommandGroup : byte
{
    Generic,
    String,
    List,
    Set,
    SortedSet,
    Hash,
    PubSub,
    Transactions,
    Connection,
    Server,
    Scripting,
    HyperLogLog,
    Cluster,
    Geo,
    Stream,
    Bitmap,
}

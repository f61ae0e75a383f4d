using System.Text;

namespace Hearth.Server;

/// <summary>
/// The line that CLIENT LIST, CLIENT INFO and the log show of a client: Redis 7.2's fields in Redis's order. Fields of machinery that
/// Hearth does not have (a reply buffer per client, a redirection of tracking) show what Redis shows where it is not in use.
/// </summary>
internal static class ClientDescription
{
    /// <summary>What a client costs besides buffers: its managed objects and its connection's, roughly.</summary>
    private const long ObjectBytes = 512;

    /// <summary>The one user that there is without access lists.</summary>
    public const string User = "default";

    /// <param name="executing">The command's words that are in memory for this client right now, in bytes; 0 for all but the one that asks.</param>
    public static string Line(Client client, long nowMs, long executing = 0)
    {
        var connection = client.Connection;
        var subscriptions = client.Subscriptions;
        var (chunks, outputBytes) = connection?.MeasureQueue() ?? (0, client.Captured?.Capacity ?? 0);
        var kept = connection?.KeptBytes ?? 0;
        var keptFree = (connection?.KeptCapacity ?? 0) - kept;
        var multiBytes = client.Transaction?.WordBytes ?? 0;
        var total = ObjectBytes + kept + keptFree + outputBytes + (client.Transaction?.MemoryBytes ?? 0) + executing;
        return new StringBuilder(320)
            .Append("id=").Append(client.Id)
            .Append(" addr=").Append(client.Address)
            .Append(" laddr=").Append(client.LocalAddress)
            .Append(" fd=").Append(connection?.Handle ?? -1)
            .Append(" name=").Append(client.Name)
            .Append(" age=").Append((nowMs / 1000) - (client.CreatedAtMs / 1000))
            .Append(" idle=").Append((nowMs / 1000) - (client.LastActiveAtMs / 1000))
            .Append(" flags=").Append(Flags(client))
            .Append(" db=").Append(client.Database)
            .Append(" sub=").Append(subscriptions?.ChannelCount ?? 0)
            .Append(" psub=").Append(subscriptions?.PatternCount ?? 0)
            .Append(" ssub=").Append(subscriptions?.ShardChannelCount ?? 0)
            .Append(" multi=").Append(client.Transaction?.Count ?? -1)
            .Append(" qbuf=").Append(kept)
            .Append(" qbuf-free=").Append(keptFree)
            .Append(" argv-mem=").Append(executing)
            .Append(" multi-mem=").Append(multiBytes)
            .Append(" rbs=0 rbp=0 obl=0")
            .Append(" oll=").Append(chunks)
            .Append(" omem=").Append(outputBytes)
            .Append(" tot-mem=").Append(total)
            .Append(" events=").Append(Events(client))
            .Append(" cmd=").Append(client.LastCommand?.FullName ?? Client.NoCommand)
            .Append(" user=").Append(User)
            .Append(" redir=-1")
            .Append(" resp=").Append(client.Protocol)
            .Append(" lib-name=").Append(client.LibraryName)
            .Append(" lib-ver=").Append(client.LibraryVersion)
            .ToString();
    }

    private static string Flags(Client client)
    {
        var flags = new StringBuilder(4);
        if (client.Type == ClientType.PubSub) flags.Append('P');
        if (client.IsInTransaction) flags.Append('x');
        if (client.IsBlocked) flags.Append('b');
        if (client.Watch is { IsDirty: true }) flags.Append('d');
        if (client.IsClosing && !client.IsDoomed) flags.Append('c');
        if (client.IsDoomed) flags.Append('A');
        if (client.Connection is { IsUnixSocket: true }) flags.Append('U');
        if (client.IsProtectedFromEviction) flags.Append('e');
        if (client.IsNoTouch) flags.Append('T');
        return flags.Length == 0 ? "N" : flags.ToString();
    }

    /// <summary>What the loop watches the connection for.</summary>
    private static string Events(Client client) => client.Connection switch
    {
        null => "",
        { IsReadingPaused: true, IsWriteBlocked: true } => "w",
        { IsReadingPaused: true } => "",
        { IsWriteBlocked: true } => "rw",
        _ => "r",
    };
}

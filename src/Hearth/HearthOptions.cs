using System.Net;

namespace Hearth;

/// <summary>How an embedded server is set up. Everything that a configuration file can say goes into <see cref="Directives"/>.</summary>
public sealed class HearthOptions
{
    /// <summary>The TCP port on <see cref="Address"/>; 0 takes any free one, which <see cref="HearthServer.EndPoint"/> tells. -1 opens none.</summary>
    public int Port { get; init; }

    /// <summary>The address to listen on; the loopback unless said otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The path of a Unix socket to listen on besides; none by default.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>Where relative paths start; the process's working directory by default.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// The clock. Keys expire by its <see cref="TimeProvider.GetUtcNow"/>, so a test that passes its own can move time; waiting on
    /// sockets goes by the machine's.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Makes everything random repeatable (hashing, RANDOMKEY, ids); random by default, which is also what keeps chosen keys from flooding a table.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Gets each line of the log, from the server's threads; nothing is logged by default.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Directives as in redis.conf, by name: <c>["maxclients"] = "100"</c>. A wrong one makes the start fail.</summary>
    public IReadOnlyDictionary<string, string> Directives { get; init; } = new Dictionary<string, string>();
}

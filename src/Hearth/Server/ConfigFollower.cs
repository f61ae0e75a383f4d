using Hearth.Network;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>
/// Lets a server follow its configuration: what must happen once at the start, and what after a CONFIG SET. What is not here is read
/// from <see cref="Config"/> each time that it is needed.
/// </summary>
internal static class ConfigFollower
{
    /// <summary>Descriptors that are not clients: the runtime's own, listeners, the poller, logs.</summary>
    private const int ReservedFiles = 64;

    /// <exception cref="ConfigException">A rename-command line can't be followed.</exception>
    public static void Attach(Engine engine, EventLoop loop, Listening listening)
    {
        var (config, log) = (engine.Config, engine.Log);
        config.Warn = log.Warning;
        config.RenameCommands((name, newName) => Rename(engine.Commands, Latin1.Bytes(name), Latin1.Bytes(newName)));
        FitMaxClients(config, log);
        engine.Input.Reader.BulkBytesMax = config.ProtoMaxBulkLength;

        config.OnChange("maxclients", () => FitMaxClients(config, log)
            ? null
            : $"The operating system is not able to handle the specified number of clients, try with {config.MaxClients}");
        config.OnChange("bind", () => listening.TryMoveTcp() ? null : "Failed to bind to specified addresses.");
        config.OnChange("port", () => listening.TryMoveTcp() ? null : "Unable to listen on this port. Check server logs.");
        config.OnChange("tcp-keepalive", () => Follow(() => loop.SetTcpKeepAlive(config.TcpKeepaliveSeconds)));
        config.OnChange("latency-tracking", () => Follow(() => engine.Statistics.IsTrackingLatency = config.LatencyTracking));
        config.OnChange("loglevel", () => Follow(() => log.Level = config.LogLevel));
        config.OnChange("proto-max-bulk-len", () => Follow(() => engine.Input.Reader.BulkBytesMax = config.ProtoMaxBulkLength));
        config.OnChange("lazyfree-lazy-expire", () => Follow(() => engine.LazyFree.DefersExpired = config.LazyfreeLazyExpire));
        config.OnChange("lazyfree-lazy-server-del", () => Follow(() => engine.LazyFree.DefersOverwritten = config.LazyfreeLazyServerDel));
        config.OnChange("active-expire-effort", () => Follow(() => engine.ActiveExpiry.Effort = config.ActiveExpireEffort));
    }

    private static string? Follow(Action change)
    {
        change();
        return null;
    }

    private static string? Rename(CommandTable commands, byte[] name, byte[] newName)
    {
        if (commands.Find(name) is null) return "No such command in rename-command";
        return commands.Rename(name, newName) ? null : "Target command name already exists";
    }

    /// <summary>
    /// Lowers maxclients to what the limit of open files allows, for a client that can't be accepted is worse than one that is refused.
    /// The runtime has raised the limit already as far as it may.
    /// </summary>
    /// <returns>Whether it could stay.</returns>
    private static bool FitMaxClients(Config config, Log log)
    {
        var limit = OpenFiles.Limit();
        if (config.MaxClients <= limit - ReservedFiles) return true;

        var needed = config.MaxClients + ReservedFiles;
        log.Warning($"You requested maxclients of {config.MaxClients} requiring at least {needed} max file descriptors.");
        config.Set(ConfigTable.ByName["maxclients"], Int128.Max(1, limit - ReservedFiles));
        log.Warning(
            $"Current maximum open files is {limit}. maxclients has been reduced to {config.MaxClients} to compensate for low ulimit. "
            + "If you need higher maxclients increase 'ulimit -n'.");
        return false;
    }
}

namespace Hearth.Server;

/// <summary>
/// What the log says when a server starts and ends. Supervisors and test harnesses wait for these lines, so their wording, level and
/// order are those of Redis 7.2, but for the name of the product. The command-line front writes the lines about the process,
/// the server the ones about itself.
/// </summary>
internal sealed class LifeCycleLog(Log log)
{
    /// <summary>The version of Redis whose behaviour this is.</summary>
    public const string RedisVersion = "7.2.6";

    public const string HearthVersion = "0.1.0";

    public void Starting(int processId)
    {
        log.Notice("oO0OoO0OoO0Oo Hearth is starting oO0OoO0OoO0Oo");
        log.Notice($"Hearth version={HearthVersion}, bits=64, commit=00000000, modified=0, pid={processId}, just started");
    }

    public void ConfigurationLoaded() => log.Notice("Configuration loaded");

    public void NoConfigurationFile(string program) => log.Warning(
        "Warning: no config file specified, using the default config. "
        + $"In order to specify a config file use {program} /path/to/redis.conf");

    public void MonotonicClock(string name) => log.Notice($"monotonic clock: {name}");

    public void RunningMode(int port) => log.Notice($"Running mode=standalone, port={port}.");

    public void Initialized() => log.Notice("Server initialized");

    /// <param name="listener">tcp or unix.</param>
    public void Ready(string listener) => log.Notice($"Ready to accept connections {listener}");

    /// <param name="address">As <c>bind</c> has it.</param>
    /// <param name="port">The port that was asked for.</param>
    /// <param name="error">What failed and why, such as <c>bind: Address already in use</c>.</param>
    public void ListenFailed(string address, int port, string error) =>
        log.Warning($"Warning: Could not create server TCP listening socket {address}:{port}: {error}");

    /// <param name="error">What failed and why, such as <c>bind: No such file or directory</c>.</param>
    public void SocketFileFailed(string error) => log.Warning($"Failed opening Unix socket: {error}");

    public void ListenAborted(int port) => log.Warning($"Failed listening on port {port} (tcp), aborting.");

    public void ListensNowhere() => log.Warning("Configured to not listen anywhere, exiting.");

    /// <param name="name">SIGTERM or SIGINT.</param>
    public void SignalReceived(string name) => log.Signal(LogLevel.Notice, $"Received {name} scheduling shutdown...");

    /// <summary>A second interrupt, while the first one is being followed, ends the process at once.</summary>
    public void Insisted() => log.Signal(LogLevel.Warning, "You insist... exiting now.");

    public void ShutdownRequested() => log.Notice("User requested shutdown...");

    public void RemovingPidFile() => log.Notice("Removing the pid file.");

    public void RemovingSocketFile() => log.Notice("Removing the unix socket file.");

    public void ReadyToExit() => log.Notice("Hearth is now ready to exit, bye bye...");
}

using Hearth.Server;

namespace Hearth.Cli;

/// <summary>
/// What the log shows of the server when it starts: a logo when always-show-logo asks for it, one line on a terminal, and otherwise
/// only the mode and the port, as in Redis.
/// </summary>
internal static class Banner
{
    public static void Write(Log log, LifeCycleLog lines, Config config, bool isTerminal)
    {
        if (config.AlwaysShowLogo)
        {
            log.Raw(LogLevel.Notice, Logo(config.Port));
            return;
        }

        if (isTerminal)
        {
            log.Raw(LogLevel.Notice, ShortLogo(config.Port));
        }

        lines.RunningMode(config.Port);
    }

    private static string ShortLogo(int port) =>
        $"""

            (   Hearth {LifeCycleLog.HearthVersion}, behaves as Redis {LifeCycleLog.RedisVersion}
           ) )  Port: {port}  PID: {Environment.ProcessId}

        """;

    private static string Logo(int port) =>
        $"""

                     (
                  .   )  )
                 ( ) ( (  .         Hearth {LifeCycleLog.HearthVersion}, behaves as Redis {LifeCycleLog.RedisVersion}, 64 bit
                  ) \( )\ )
                 ( (   )  (         Running in standalone mode
              ____\__\_/__/____     Port: {port}
             |_|__|__|__|__|__|     PID: {Environment.ProcessId}
             |__|  _______  |_|
             |_|__| )/ (\ |_|_|
             |__|_|(_)_(_)|__|_|

        """;
}

using System.Net;
using Hearth.Server;

namespace Hearth.Cli;

/// <summary>Runs a server until a signal or SHUTDOWN ends it.</summary>
internal static class ServeVerb
{
    public static int Run(IReadOnlyList<string> arguments)
    {
        byte[] standardInput = [];
        Config config;
        try
        {
            config = ConfigLoader.Load(arguments, standardInput: () => standardInput = ReadStandardInput());
        }
        catch (ConfigException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }

        var sink = Sink(config);
        var log = new Log(sink, TimeProvider.System, Environment.ProcessId) { Level = config.LogLevel, Role = 'C' };
        var supervisor = Supervisor.Find(config.Supervised, log);
        var isBackground = config.Daemonize && supervisor is null;
        if (isBackground && !Background.IsBackground) return Background.Start(arguments, standardInput);
        if (isBackground) Background.LeaveSession();

        return Serve(config, log, supervisor, isBackground, isConfigured: arguments.Count > 0);
    }

    private static int Serve(Config config, Log log, Supervisor? supervisor, bool isBackground, bool isConfigured)
    {
        var lines = new LifeCycleLog(log);
        lines.Starting(Environment.ProcessId);
        if (isConfigured) lines.ConfigurationLoaded();
        else lines.NoConfigurationFile(Environment.GetCommandLineArgs()[0]);

        log.Role = 'M';
        lines.MonotonicClock(OperatingSystem.IsWindows() ? "QueryPerformanceCounter" : "POSIX clock_gettime");
        using var signals = new Signals(lines);
        var pidFile = PidFile.Create(config, isBackground, log);
        Banner.Write(log, lines, config, isTerminal: config.LogFile.Length == 0 && !isBackground && !Console.IsOutputRedirected);
        try
        {
            return Serve(config, log, lines, signals, supervisor, isBackground, pidFile);
        }
        finally
        {
            pidFile?.Remove();
        }
    }

    private static int Serve(
        Config config, Log log, LifeCycleLog lines, Signals signals, Supervisor? supervisor, bool isBackground, PidFile? pidFile)
    {
        if ((config.Port == 0 || config.Bind.Count == 0) && config.UnixSocket.Length == 0)
        {
            lines.ListensNowhere();
            return 1;
        }

        HearthServer server;
        try
        {
            server = HearthServer.Start(config, log, TimeProvider.System, seed: null);
        }
        catch (ConfigException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
        catch (IOException)
        {
            // The log says already which address failed, and why.
            lines.ListenAborted(config.Port);
            return 1;
        }

        signals.End(server);
        lines.Initialized();
        foreach (var warning in config.StartWarnings) log.Warning(warning);
        if (server.EndPoints.OfType<IPEndPoint>().Any()) lines.Ready("tcp");
        if (config.UnixSocket.Length > 0) lines.Ready("unix");
        supervisor?.SayReady();
        if (isBackground) Background.SayReady();

        return WaitForEnd(server, config, lines, supervisor, pidFile);
    }

    private static int WaitForEnd(HearthServer server, Config config, LifeCycleLog lines, Supervisor? supervisor, PidFile? pidFile)
    {
        try
        {
            var jitMemory = new JitMemory();
            while (!server.Completion.Wait(JitMemory.IntervalMs)) jitMemory.Reclaim();
        }
        catch (Exception)
        {
            // The log says already how the server failed.
            return 1;
        }

        supervisor?.SayStopping();
        lines.ShutdownRequested();
        if (pidFile is not null)
        {
            lines.RemovingPidFile();
            pidFile.Remove();
        }

        if (config.UnixSocket.Length > 0)
        {
            lines.RemovingSocketFile();
            File.Delete(config.ResolvePath(config.UnixSocket));
        }

        lines.ReadyToExit();
        return 0;
    }

    private static ILogSink Sink(Config config)
    {
        if (config.LogFile.Length > 0) return new LogFileSink(config.ResolvePath(config.LogFile));
        return Background.IsBackground ? new NullLogSink() : new ConsoleLogSink();
    }

    private static byte[] ReadStandardInput()
    {
        using var input = Console.OpenStandardInput();
        using var content = new MemoryStream();
        input.CopyTo(content);
        return content.ToArray();
    }
}

using System.Globalization;
using Hearth.Server;

namespace Hearth.Cli;

/// <summary>The file that tells others the number of the process while it lives.</summary>
internal sealed class PidFile
{
    /// <summary>Where a server in the background keeps it when the configuration names none.</summary>
    private const string UsualPath = "/var/run/hearth.pid";

    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>
    /// Writes the file if the configuration names one or the server runs in the background. A server that can't write it starts
    /// nevertheless.
    /// </summary>
    public static PidFile? Create(Config config, bool isBackground, Log log)
    {
        if (config.PidFile.Length == 0 && !isBackground) return null;

        var path = config.PidFile.Length == 0 ? UsualPath : config.ResolvePath(config.PidFile);
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new PidFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Warning($"Failed to write PID file {path}: {SystemError.Text(exception, path)}");
            return null;
        }
    }

    public void Remove()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}

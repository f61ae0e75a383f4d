using System.Globalization;
using Hearth.Server;

namespace Hearth;

/// <summary>Turns an embedding application's options into the configuration that a file would give.</summary>
internal static class HearthConfiguration
{
    /// <exception cref="ConfigException">A directive is unknown or has a wrong value.</exception>
    public static Config From(HearthOptions options)
    {
        var port = Math.Max(options.Port, 0).ToString(CultureInfo.InvariantCulture);
        List<string> arguments = ["--bind", options.Address.ToString(), "--port", port];
        if (options.UnixSocketPath is { } path) arguments.AddRange(["--unixsocket", path]);
        foreach (var (name, value) in options.Directives)
        {
            // The value of a parameter is taken as it is; what follows another directive is words, as in a file.
            if (ConfigTable.ByName.ContainsKey(name)) arguments.AddRange([$"--{name}", value]);
            else arguments.Add($"--{name} {value}");
        }

        var config = ConfigLoader.Load(arguments, options.DataDirectory);
        config.TakesAnyPort = config.Port == 0 && options.Port == 0;
        return config;
    }
}

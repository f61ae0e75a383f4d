using Hearth.Server;

namespace Hearth;

/// <summary>Turns an embedding application's options into the configuration that a file would give.</summary>
internal static class HearthConfiguration
{
    public static Config From(HearthOptions options)
    {
        var config = new Config(options.DataDirectory)
        {
            Bind = [options.Address.ToString()],
            Port = options.Port,
            UnixSocket = options.UnixSocketPath ?? "",
        };
        return config;
    }
}

using Hearth.Server;

namespace Hearth.Tests.Server;

internal static class ConfigSetting
{
    /// <summary>CONFIG SET by a client from elsewhere; null when it went well.</summary>
    public static string? Set(this Config config, params string[] words)
    {
        var pairs = words.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToArray();
        return config.TrySet(pairs, isLocal: false, out var error) ? null : error;
    }
}

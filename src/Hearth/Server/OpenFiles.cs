using System.Globalization;

namespace Hearth.Server;

/// <summary>How many files, sockets among them, the process may have open.</summary>
internal static class OpenFiles
{
    /// <summary>The limit in force; where the system has no way to tell, as good as none.</summary>
    public static long Limit()
    {
        const string Name = "Max open files";
        try
        {
            var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith(Name, StringComparison.Ordinal));
            var soft = line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return long.MaxValue;
        }
    }
}

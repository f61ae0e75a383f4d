using System.Globalization;
using System.Runtime.InteropServices;

namespace Hearth.Server;

/// <summary>What the operating system says of this process.</summary>
internal static class ProcessFacts
{
    /// <summary>Bytes of the process that are in memory.</summary>
    public static long ResidentBytes => Environment.WorkingSet;

    public static long SystemMemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static string OperatingSystemName
    {
        get
        {
            var name = OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsMacOS() ? "Darwin" : "Windows";
            var machine = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x86_64",
                Architecture.Arm64 => OperatingSystem.IsLinux() ? "aarch64" : "arm64",
                var other => other.ToString().ToLowerInvariant(),
            };
            return $"{name} {Release} {machine}";
        }
    }

    /// <summary>The release as uname gives it, where .NET keeps the numbers of it only.</summary>
    private static string Release
    {
        get
        {
            const string Path = "/proc/sys/kernel/osrelease";
            return OperatingSystem.IsLinux() && File.Exists(Path) ? File.ReadAllText(Path).Trim() : Environment.OSVersion.Version.ToString();
        }
    }

    /// <summary>CPU time of the calling thread in seconds, where the system tells.</summary>
    public static bool TryThreadCpu(out double userSeconds, out double systemSeconds)
    {
        (userSeconds, systemSeconds) = (0, 0);
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var stat = File.ReadAllText("/proc/thread-self/stat");
            // The second field is the thread's name in parentheses and may hold blanks; times are in hundredths of a second.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            userSeconds = double.Parse(fields[11], CultureInfo.InvariantCulture) / 100;
            systemSeconds = double.Parse(fields[12], CultureInfo.InvariantCulture) / 100;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

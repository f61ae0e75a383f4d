using System.Diagnostics;

namespace Hearth.IntegrationTests.Support;

/// <summary>Debian's redis-server 7.0.15, the reference that Hearth's replies are compared with.</summary>
internal sealed class OracleServer : TestServer
{
    private const string Executable = "redis-server";
    private const string Version = "v=7.0.15";

    private OracleServer(string[] options) : base(Executable, options) { }

    /// <summary>Starts the oracle, or skips the calling test with the reason: other versions would differ for reasons of their own.</summary>
    public static OracleServer StartOrSkip(params string[] options)
    {
        Require();
        return new OracleServer(options);
    }

    /// <summary>Skips the calling test with the reason where redis-server 7.0.15 is not installed.</summary>
    public static void Require()
    {
        var found = ReadVersion();
        Requirement.Need(found is not null, "oracle: redis-server is not installed (on Debian: apt-get install redis-server)");
        Requirement.Need(found!.Contains(Version, StringComparison.Ordinal), $"oracle: redis-server 7.0.15 is needed, found: {found}");
    }

    internal static string? ReadVersion()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Executable, "--version") { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>Runs another program against a server, to its end.</summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static string ScriptDirectory => Path.Combine(HearthProcess.RepositoryRoot(), "tests", "clients");

    /// <summary>What the program writes, its errors behind its output. Any exit status but 0 fails the test.</summary>
    public static string Run(string executable, params string[] arguments) => RunReading("", executable, arguments);

    public static string RunReading(string standardInput, string executable, params string[] arguments)
    {
        var (status, output) = Execute(standardInput, executable, arguments);
        Assert.True(status == 0, $"{executable} {string.Join(' ', arguments)} ended with status {status}:\n{output}");
        return output;
    }

    /// <summary>Runs a script of tests/clients, which says "ok" at its end.</summary>
    public static void RunScript(string interpreter, string script, int port, params string[] arguments)
    {
        var output = Run(interpreter, [Path.Combine(ScriptDirectory, script), port.ToString(CultureInfo.InvariantCulture), .. arguments]);
        Assert.EndsWith("ok\n", output, StringComparison.Ordinal);
    }

    /// <summary>Whether the program is there and ends with status 0.</summary>
    public static bool Succeeds(string executable, params string[] arguments)
    {
        try
        {
            return Execute("", executable, arguments).Status == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Status, string Output) Execute(string standardInput, string executable, string[] arguments)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(standardInput);
        process.StandardInput.Close();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException($"{executable} did not end within {Limit}:\n{output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}

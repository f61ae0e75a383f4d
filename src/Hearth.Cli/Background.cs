using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Cli;

/// <summary>
/// <c>daemonize yes</c>. A .NET process can't fork, so the one that was called starts itself a second time and ends when that is ready or
/// has failed: whoever called can connect at once, and learns of a failure by the exit status. The second one leaves the session of the
/// terminal, and once it is ready lets go of the standard streams.
/// </summary>
internal static class Background
{
    /// <summary>Set in the environment of the second process only.</summary>
    private const string Mark = "HEARTH_IN_BACKGROUND";

    private const char ReadyMark = '\u0006';

    /// <summary>Whether this is the second process.</summary>
    public static bool IsBackground { get; } = Environment.GetEnvironmentVariable(Mark) == "1";

    /// <summary>Starts the second process and waits until it is ready.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="standardInput">What this one has read from standard input, so that the second can read it again.</param>
    /// <returns>The exit status for this process.</returns>
    public static int Start(IReadOnlyList<string> arguments, byte[] standardInput)
    {
        // All three streams, for the runtime keeps copies of them, and whoever reads this process's output waits until the last is closed.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment[Mark] = "1";

        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null) Console.Error.WriteLine(line.Data);
        };
        process.BeginErrorReadLine();
        process.StandardInput.BaseStream.Write(standardInput);
        process.StandardInput.Close();
        for (var next = process.StandardOutput.Read(); next >= 0; next = process.StandardOutput.Read())
        {
            if (next == ReadyMark) return 0;
            Console.Write((char)next);
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>In the second process: leaves the terminal's session, so that its hang-up and its signals don't come here.</summary>
    public static void LeaveSession()
    {
        if (!OperatingSystem.IsWindows()) _ = SetSid();
    }

    /// <summary>In the second process: releases the first one, and from now on reads and writes nothing.</summary>
    public static void SayReady()
    {
        using (var output = Console.OpenStandardOutput()) output.WriteByte((byte)ReadyMark);
        if (OperatingSystem.IsWindows()) return;

        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var stream = 0; stream <= 2; stream++) _ = Duplicate((int)nowhere.DangerousGetHandle(), stream);
    }

    [DllImport("libc", EntryPoint = "setsid")]
    private static extern int SetSid();

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int descriptor, int newDescriptor);
}

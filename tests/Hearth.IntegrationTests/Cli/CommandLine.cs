using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Cli;

/// <summary>One run of a server's program, whose output is read line by line as it comes.</summary>
internal sealed class CommandLine : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _seen = [];
    private int _openStreams = 2;

    private CommandLine(string executable, IEnumerable<string> arguments, string standardInput, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Write(standardInput);
        _process.StandardInput.Close();
    }

    public int ProcessId => _process.Id;

    public static CommandLine Hearth(params string[] arguments) => HearthReading("", arguments);

    public static CommandLine HearthReading(string standardInput, params string[] arguments) =>
        new("dotnet", [HearthProcess.FindFront(), .. arguments], standardInput);

    /// <summary>Hearth with the address of a supervisor's socket in its environment; null for none.</summary>
    public static CommandLine HearthSupervised(string? notifySocket, params string[] arguments) =>
        new("dotnet", [HearthProcess.FindFront(), .. arguments], "", ("NOTIFY_SOCKET", notifySocket));

    /// <summary>Hearth on a terminal of its own, which script(1) makes. Its exit status is that of Hearth.</summary>
    public static CommandLine HearthOnTerminal(params string[] arguments)
    {
        string[] words = ["dotnet", HearthProcess.FindFront(), .. arguments];
        return new("script", ["-q", "-e", "-c", string.Join(' ', words.Select(word => $"'{word}'")), "/dev/null"], "");
    }

    public static CommandLine Redis(params string[] arguments) => new("redis-server", arguments, "");

    /// <summary>Sends a signal to a process that a test has started.</summary>
    public static void Signal(int processId, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Signal(string name) => Signal(ProcessId, name);

    /// <summary>Reads on until a line holds the text.</summary>
    public void WaitFor(string text)
    {
        while (_lines.TryTake(out var line, Limit))
        {
            _seen.Add(line);
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }

        throw new TimeoutException($"'{text}' did not come: {string.Join('\n', _seen)}");
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>All lines, and the exit status.</returns>
    public (List<string> Lines, int Status) WaitForEnd()
    {
        while (_lines.TryTake(out var line, Limit)) _seen.Add(line);
        if (!_process.WaitForExit(Limit)) throw new TimeoutException($"The process did not end: {string.Join('\n', _seen)}");
        return (_seen, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _lines.Add(line.Data);
        else if (Interlocked.Decrement(ref _openStreams) == 0) _lines.CompleteAdding();
    }
}

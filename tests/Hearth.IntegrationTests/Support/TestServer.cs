using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hearth.IntegrationTests.Support;

/// <summary>
/// A server process on a random loopback port, with a directory of its own. It is ended by the id of the process that was started
/// here, and its output is kept for messages.
/// </summary>
internal abstract class TestServer : ITestServer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly List<string> _output = [];

    protected TestServer(string executable, IEnumerable<string> arguments)
    {
        Port = FreePort();
        Directory = System.IO.Directory.CreateTempSubdirectory("hearth-test-").FullName;
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        string[] common = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Directory];
        foreach (var argument in common) start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start.");
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
        try
        {
            WaitUntilReady();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Port { get; }

    public string Directory { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output) return [.. _output];
        }
    }

    public RespClient Connect() => RespClient.Connect(Port);

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>A port that was free a moment ago; the kernel gives out another one next time.</summary>
    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_output) _output.Add(line.Data);
    }

    private void WaitUntilReady()
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartLimit)
        {
            if (_process.HasExited)
            {
                _process.WaitForExit();
                throw new InvalidOperationException($"The server ended at its start with status {_process.ExitCode}: {string.Join('\n', Output)}");
            }

            try
            {
                using var client = Connect();
                client.Call("PING"); // Any answer will do: one with a password answers with an error.
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(5); // There is nothing to wait on before the port is open.
            }
        }

        throw new TimeoutException($"The server did not answer within {StartLimit}: {string.Join('\n', Output)}");
    }
}

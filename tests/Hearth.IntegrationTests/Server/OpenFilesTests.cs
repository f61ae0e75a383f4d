using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Server;

/// <summary>A server that runs out of file descriptors while it runs, by way of prlimit(1).</summary>
public sealed class OpenFilesTests
{
    private const int Spare = 6;
    private const int Waiting = 10;

    [Fact]
    public void Who_can_not_be_accepted_waits_until_another_leaves()
    {
        Requirement.Need(HasPrlimit(), "prlimit(1) sets the limit (on Debian: apt-get install util-linux)");
        using var server = new HearthProcess();
        using var first = server.Connect();
        first.Call("PING");
        // The connection that tried whether the server was there may not be gone yet.
        WaitUntil(() => Connected(first) == 1);
        Limit(server, OpenFiles(server) + Spare);

        var clients = Enumerable.Range(0, Spare + Waiting).Select(_ => server.Connect()).ToArray();
        foreach (var client in clients) client.SendCommand("PING");
        WaitUntil(() => server.Output.Any(line => line.EndsWith("# Accepting client connection: accept: Too many open files", StringComparison.Ordinal)));
        var accepted = clients.Where(client => IsAnswered(first, client)).ToArray();
        // About as many as there are descriptors to spare: the runtime opens and closes some of its own.
        Assert.InRange(accepted.Length, 1, Spare + Waiting - 1);

        // Those that are in notice nothing, and the loop does not spin on the queue that it can't empty: it looks again every 100 ms.
        Assert.Equal("PONG", first.Call("PING").Text);
        Assert.Equal(accepted.Length + 1, Connected(first));

        foreach (var client in accepted) client.Dispose();
        var more = clients.Except(accepted).ToArray();
        foreach (var client in more.Take(accepted.Length)) Assert.Equal("PONG", client.Receive().Text);
        Limit(server, 1024);
        foreach (var client in more.Skip(accepted.Length)) Assert.Equal("PONG", client.Receive().Text);
        Assert.Equal(more.Length + 1, Connected(first));
        Assert.Single(server.Output, line => line.Contains("Accepting client connection", StringComparison.Ordinal));
        foreach (var client in more) client.Dispose();
    }

    /// <summary>Whether the answer is there by the time that the loop has gone through a whole turn.</summary>
    private static bool IsAnswered(RespClient other, RespClient client)
    {
        other.Call("PING");
        other.Call("PING");
        return client.HasInput;
    }

    private static long Connected(RespClient client)
    {
        var line = client.Call("INFO", "clients").Text.Split("\r\n").Single(line => line.StartsWith("connected_clients:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private static int OpenFiles(HearthProcess server) => Directory.EnumerateFiles($"/proc/{server.ProcessId}/fd").Count();

    private static void Limit(HearthProcess server, int files)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{server.ProcessId}", $"--nofile={files}:"]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static void WaitUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, RespClient.DefaultTimeout), "It did not happen.");

    private static bool HasPrlimit()
    {
        try
        {
            using var prlimit = Process.Start(new ProcessStartInfo("prlimit", "--version") { RedirectStandardOutput = true })!;
            return prlimit.StandardOutput.ReadToEnd().Length > 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

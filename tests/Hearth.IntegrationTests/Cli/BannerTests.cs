using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Cli;

/// <summary>A person at a terminal sees who is there; a file or a pipe gets only the lines of the log.</summary>
public sealed class BannerTests
{
    private const string Product = "Hearth 0.1.0, behaves as Redis 7.2.6";

    private readonly int _port = TestServer.FreePort();

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void On_a_terminal_it_is_short()
    {
        Requirement.Need(HasScript(), "script(1) makes the terminal (on Debian: apt-get install bsdutils)");
        using var hearth = CommandLine.HearthOnTerminal("--port", Port, "--save", "", "--bind", "127.0.0.1");
        hearth.WaitFor("Ready to accept connections tcp");
        var (lines, status) = ShutDown(hearth);
        var line = Assert.Single(lines, line => line.Contains(Product, StringComparison.Ordinal));
        Assert.Contains($"Port: {Port}  PID: ", lines[lines.IndexOf(line) + 1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("Running in standalone mode", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith($"Running mode=standalone, port={Port}.", StringComparison.Ordinal));
        Assert.Equal(0, status);
    }

    [Fact]
    public void On_a_pipe_there_is_none()
    {
        using var hearth = CommandLine.Hearth("--port", Port, "--save", "", "--bind", "127.0.0.1");
        hearth.WaitFor("Ready to accept connections tcp");
        var (lines, _) = ShutDown(hearth);
        Assert.DoesNotContain(lines, line => line.Contains("behaves as Redis", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches(@"^\d+:[CMS] \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} [.\-*#] ", line));
    }

    [Fact]
    public void A_configuration_that_asks_for_the_logo_gets_it_on_a_pipe_too()
    {
        using var hearth = CommandLine.Hearth("--port", Port, "--save", "", "--bind", "127.0.0.1", "--always-show-logo", "yes");
        hearth.WaitFor("Ready to accept connections tcp");
        var (lines, _) = ShutDown(hearth);
        Assert.Contains(lines, line => line.Contains(Product, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("Port: " + Port, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith($"PID: {hearth.ProcessId}", StringComparison.Ordinal));
    }

    private (List<string> Lines, int Status) ShutDown(CommandLine hearth)
    {
        using var client = RespClient.Connect(_port);
        client.SendCommand("SHUTDOWN", "NOSAVE");
        client.ReceiveUntilClosed();
        return hearth.WaitForEnd();
    }

    private static bool HasScript()
    {
        try
        {
            using var script = Process.Start(new ProcessStartInfo("script", "--version") { RedirectStandardOutput = true })!;
            return script.StandardOutput.ReadToEnd().Contains("util-linux", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

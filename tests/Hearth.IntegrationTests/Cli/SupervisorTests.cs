using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Cli;

/// <summary>
/// What systemd hears of a service of Type=notify. The socket that systemd would give is the test's own, and so are the words: those of
/// sd_notify(3).
/// </summary>
public sealed class SupervisorTests : IDisposable
{
    private const string Ready = "STATUS=Ready to accept connections\nREADY=1\n";
    private const string Warning = "systemd supervision requested or auto-detected, but NOTIFY_SOCKET not found!";

    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-notify-").FullName;
    private readonly int _port = TestServer.FreePort();

    private string[] Options =>
        ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--pidfile", Path.Combine(_directory, "a.pid")];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("systemd")]
    [InlineData("auto")]
    public void Systemd_is_told_when_the_server_answers_and_when_it_stops(string mode)
    {
        var path = Path.Combine(_directory, "notify");
        using var supervisor = Listen(path);
        // A service stays in the foreground, where its supervisor watches it, also when its configuration says otherwise.
        using var hearth = CommandLine.HearthSupervised(path, [.. Options, "--supervised", mode, "--daemonize", "yes"]);
        Assert.Equal(Ready, Heard(supervisor));
        using (var client = RespClient.Connect(_port)) Assert.Contains($"process_id:{hearth.ProcessId}\r\n", client.Call("INFO", "server").Text, StringComparison.Ordinal);
        hearth.WaitFor("Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your service unit.");

        hearth.Signal("TERM");
        Assert.Equal("STOPPING=1\n", Heard(supervisor));
        Assert.Equal(0, hearth.WaitForEnd().Status);
    }

    [Fact]
    public void A_name_that_starts_with_an_at_sign_is_an_abstract_one()
    {
        var name = $"hearth-notify-{Guid.NewGuid():N}";
        using var supervisor = Listen("\0" + name);
        using var hearth = CommandLine.HearthSupervised("@" + name, [.. Options, "--supervised", "systemd"]);
        Assert.Equal(Ready, Heard(supervisor));
    }

    [Theory]
    [InlineData("systemd", true)]
    [InlineData("auto", false)]
    [InlineData("no", false)]
    public void Without_a_supervisor_it_starts_and_warns_who_asked_for_one(string mode, bool warns)
    {
        using var hearth = CommandLine.HearthSupervised(null, [.. Options, "--supervised", mode]);
        hearth.WaitFor("Ready to accept connections tcp");
        hearth.Signal("TERM");
        var (lines, status) = hearth.WaitForEnd();
        Assert.Equal((warns ? 1 : 0, 0), (lines.Count(line => line.EndsWith(Warning, StringComparison.Ordinal)), status));
        Assert.DoesNotContain(lines, line => line.Contains("Supervised by", StringComparison.Ordinal));
    }

    [Fact]
    public void A_supervisor_that_is_not_asked_for_hears_nothing()
    {
        var path = Path.Combine(_directory, "notify");
        using var supervisor = Listen(path);
        using var hearth = CommandLine.HearthSupervised(path, Options);
        hearth.WaitFor("Ready to accept connections tcp");
        hearth.Signal("TERM");
        Assert.Equal(0, hearth.WaitForEnd().Status);
        Assert.Equal(0, supervisor.Available);
    }

    [Fact]
    public void A_supervisor_that_has_gone_does_not_hinder()
    {
        using var hearth = CommandLine.HearthSupervised(Path.Combine(_directory, "nobody"), [.. Options, "--supervised", "systemd"]);
        hearth.WaitFor("Ready to accept connections tcp");
        hearth.Signal("TERM");
        Assert.Equal(0, hearth.WaitForEnd().Status);
    }

    [Fact]
    public void Upstart_is_refused_with_a_line_and_the_server_starts()
    {
        using var hearth = CommandLine.HearthSupervised(null, [.. Options, "--supervised", "upstart"]);
        hearth.WaitFor("# upstart supervision is not supported, the server starts without");
        hearth.WaitFor("Ready to accept connections tcp");
    }

    private static Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Bind(new UnixDomainSocketEndPoint(name));
        return socket;
    }

    private static string Heard(Socket supervisor)
    {
        var message = new byte[1024];
        return Encoding.UTF8.GetString(message, 0, supervisor.Receive(message));
    }
}

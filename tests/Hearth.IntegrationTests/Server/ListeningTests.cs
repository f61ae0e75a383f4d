using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Hearth.IntegrationTests.Cli;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Server;

public sealed class ListeningTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("37")]
    [InlineData("511")]
    public async Task The_queue_of_connections_is_as_long_as_the_configuration_says(string backlog)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells how long the queue of a listener is.");
        await using var server = await HearthServer.StartAsync(With(("tcp-backlog", backlog)), Cancelled);
        using var listener = KernelSocket.OfListener(server.EndPoint.Port);
        Assert.Equal(int.Parse(backlog, CultureInfo.InvariantCulture), listener.Backlog);
    }

    [Fact]
    public void Without_a_password_other_machines_are_told_what_redis_tells_them()
    {
        OracleServer.Require();
        var address = OwnAddress();
        var port = TestServer.FreePort();
        string[] options = ["--bind", address.ToString(), "--port", port.ToString(CultureInfo.InvariantCulture), "--save", ""];
        var expected = Refusal(CommandLine.Redis(options), address, port);
        Assert.StartsWith("-DENIED Redis is running in protected mode because ", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Refusal(CommandLine.Hearth(options), address, port));
    }

    [Fact]
    public async Task Other_machines_come_in_once_there_is_a_password_or_no_protected_mode()
    {
        var address = OwnAddress();
        await using var server = await HearthServer.StartAsync(With(("bind", $"{address} 127.0.0.1")), Cancelled);
        var localPort = server.EndPoints.OfType<IPEndPoint>().Single(endPoint => IPAddress.IsLoopback(endPoint.Address)).Port;
        using var local = RespClient.Connect(localPort);
        RespClient Remote() => RespClient.Connect(address, server.EndPoint.Port);

        using (var refused = Remote()) Assert.StartsWith("-DENIED ", Encoding.ASCII.GetString(refused.ReceiveUntilClosed()), StringComparison.Ordinal);
        Assert.Contains("\r\nrejected_connections:1\r\n", local.Call("INFO", "stats").Text, StringComparison.Ordinal);

        local.Require("CONFIG", "SET", "protected-mode", "no");
        using (var welcome = Remote()) Assert.Equal("PONG", welcome.Call("PING").Text);

        local.Require("CONFIG", "SET", "protected-mode", "yes", "requirepass", "secret");
        using (var stranger = Remote()) Assert.Equal("NOAUTH Authentication required.", stranger.Call("PING").Text);
        using (var known = Remote())
        {
            Assert.Equal("OK", known.Call("AUTH", "secret").Text);
            Assert.Equal("PONG", known.Call("PING").Text);
        }
    }

    private static HearthOptions With(params (string Name, string Value)[] directives) =>
        new() { Directives = directives.ToDictionary(directive => directive.Name, directive => directive.Value) };

    private static string Refusal(CommandLine server, IPAddress address, int port)
    {
        using (server)
        {
            server.WaitFor("Ready to accept connections");
            using var client = RespClient.Connect(address, port);
            return Encoding.ASCII.GetString(client.ReceiveUntilClosed());
        }
    }

    /// <summary>An address of this machine that is not its loopback; a machine without a network has none, and that is no failure.</summary>
    private static IPAddress OwnAddress()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(entry => entry.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(address is null, "This machine has its loopback address only.");
        return address!;
    }
}

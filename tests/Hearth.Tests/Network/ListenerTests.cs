using System.Net;
using System.Net.Sockets;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class ListenerTests
{
    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_unix_socket_is_reachable_restricted_and_unlinked(string poller)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():N}.sock");
        File.WriteAllText(path, "a stale file in the way");
        using (var harness = new LoopHarness(poller))
        {
            harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Unix(path, Convert.ToInt32("700", 8))));
            Assert.Equal((UnixFileMode)Convert.ToInt32("700", 8), File.GetUnixFileMode(path));
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.ReceiveTimeout = (int)LoopHarness.Patience.TotalMilliseconds;
            client.Connect(new UnixDomainSocketEndPoint(path));
            client.SendAll("over a file"u8);
            Assert.Equal("over a file"u8, client.ReceiveExactly(11));
            var connection = harness.NextAccepted();
            Assert.True(connection.IsUnixSocket);
            Assert.True(connection.IsLoopback);
            Assert.Equal(path + ":0", connection.PeerAddress);
            Assert.Equal(path + ":0", connection.LocalAddress);
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void An_address_in_use_is_reported_in_the_systems_words()
    {
        using var harness = new LoopHarness(LoopHarness.AnyPoller);
        harness.OnLoop(() =>
        {
            var failure = Assert.Throws<ListenException>(() => harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", harness.Port)));
            Assert.Equal("127.0.0.1", failure.Address);
            Assert.Equal(harness.Port, failure.Port);
            Assert.False(failure.IsIgnorable);
            if (!OperatingSystem.IsWindows()) Assert.Equal("bind: Address already in use", failure.Reason);
        });
    }

    [Theory]
    [InlineData("192.0.2.1", false)]
    [InlineData("-192.0.2.1", true)]
    public void An_address_that_is_not_there_is_ignorable_when_optional(string bindName, bool isIgnorable)
    {
        using var harness = new LoopHarness(LoopHarness.AnyPoller);
        harness.OnLoop(() =>
        {
            var failure = Assert.Throws<ListenException>(() => harness.Loop.Listen(ListenEndpoint.Tcp(bindName, 0)));
            Assert.Equal(isIgnorable, failure.IsIgnorable);
            Assert.Equal("192.0.2.1", failure.Address);
            if (!OperatingSystem.IsWindows()) Assert.Equal("bind: Cannot assign requested address", failure.Reason);
        });
    }

    [Fact]
    public void Every_IPv4_and_every_IPv6_address_share_a_port()
    {
        if (!Socket.OSSupportsIPv6) return;
        using var harness = new LoopHarness(LoopHarness.AnyPoller);
        var port = harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Tcp("*", 0)).Port);
        harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Tcp("-::*", port)));
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            client.ReceiveTimeout = (int)LoopHarness.Patience.TotalMilliseconds;
            client.Connect(address, port);
            client.SendAll("hi"u8);
            Assert.Equal("hi"u8, client.ReceiveExactly(2));
            var connection = harness.NextAccepted();
            Assert.True(connection.IsLoopback);
            Assert.Equal(client.LocalEndPoint!.ToString(), connection.PeerAddress);
            Assert.Equal(client.RemoteEndPoint!.ToString(), connection.LocalAddress);
        }
    }

    [Fact]
    public void A_closed_listener_refuses_and_frees_its_port()
    {
        using var harness = new LoopHarness(LoopHarness.AnyPoller);
        var listener = harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", 0)));
        harness.OnLoop(listener.Close);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => client.Connect(IPAddress.Loopback, listener.Port));
        harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", listener.Port)));
    }

    [Fact]
    public void A_path_too_long_for_the_system_is_refused_by_name()
    {
        using var harness = new LoopHarness(LoopHarness.AnyPoller);
        var path = "/tmp/" + new string('x', 120);
        harness.OnLoop(() =>
        {
            var failure = Assert.Throws<ListenException>(() => harness.Loop.Listen(ListenEndpoint.Unix(path)));
            if (OperatingSystem.IsLinux()) Assert.Equal("unix socket path too long (125), must be under 108", failure.Reason);
        });
    }

    [Fact]
    public void Accepted_connections_have_the_options_they_should()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int Tcp = 6;
        using var harness = new LoopHarness(LoopHarness.AnyPoller, options: new NetworkOptions { TcpKeepAliveSeconds = 60 });
        var (first, connection) = harness.ConnectPair();
        harness.OnLoop(() => harness.Loop.SetTcpKeepAlive(0));
        var (second, later) = harness.ConnectPair();
        harness.OnLoop(() =>
        {
            Assert.Equal(1, OptionOf(connection, Tcp, 1));
            Assert.Equal(1, OptionOf(connection, 1, 9));
            Assert.Equal(60, OptionOf(connection, Tcp, 4));
            Assert.Equal(20, OptionOf(connection, Tcp, 5));
            Assert.Equal(3, OptionOf(connection, Tcp, 6));
            Assert.Equal(0, OptionOf(later, 1, 9));
            Assert.Equal(1, OptionOf(later, Tcp, 1));
        });
    }

    private static int OptionOf(Connection connection, int level, int option)
    {
        using var handle = new SafeSocketHandle(connection.Handle, ownsHandle: false);
        using var socket = new Socket(handle);
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(level, option, value);
        return BitConverter.ToInt32(value);
    }
}

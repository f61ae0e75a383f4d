using System.Net.Sockets;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class ConnectionTests
{
    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void What_comes_in_can_be_sent_back(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();
        using var _ = client;

        for (var i = 0; i < 100; i++)
        {
            client.SendAll("PING\r\n"u8);
            Assert.Equal("PING\r\n"u8, client.ReceiveExactly(6));
        }

        Assert.Equal(client.LocalEndPoint!.ToString(), connection.PeerAddress);
        Assert.Equal($"127.0.0.1:{harness.Port}", connection.LocalAddress);
        Assert.True(connection.IsLoopback);
        Assert.False(connection.IsUnixSocket);
        harness.OnLoop(() =>
        {
            Assert.Equal(600, harness.Loop.Counters.NetInputBytes);
            Assert.Equal(600, harness.Loop.Counters.NetOutputBytes);
            Assert.Equal(100, harness.Loop.Counters.ReadsProcessed);
            Assert.Equal(100, harness.Loop.Counters.WritesProcessed);
            Assert.Equal(1, harness.Loop.Counters.ConnectionsReceived);
            Assert.True(harness.Loop.Counters.Cycles >= 100);
            Assert.Equal(1, harness.Heap.LiveBlocks);
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void An_incomplete_rest_is_kept_until_it_is_complete(string poller)
    {
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                var lineEnd = input.Span.LastIndexOf((byte)'\n') + 1;
                connection.Send(input.Span[..lineEnd]);
                connection.Keep(lineEnd);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, connection) = harness.ConnectPair();
        using var _ = client;

        client.SendAll("one\ntw"u8);
        Assert.Equal("one\n"u8, client.ReceiveExactly(4));
        Assert.Equal(2, harness.OnLoop(() => connection.KeptBytes));
        client.SendAll("o\n"u8);
        Assert.Equal("two\n"u8, client.ReceiveExactly(4));
        Assert.Equal(0, harness.OnLoop(() => connection.KeptCapacity));
    }
}

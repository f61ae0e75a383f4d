using System.Net.Sockets;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

/// <summary>
/// Where io_uring comes to the end of what it shares among connections. The other pollers share nothing, and must do the same all the same.
/// </summary>
public class UringPollerTests
{
    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Everyone_is_served_when_more_peers_send_at_once_than_there_are_buffers(string poller)
    {
        const int Peers = 500;
        const int Rounds = 3;
        using var harness = new LoopHarness(poller);
        var clients = Enumerable.Range(0, Peers).Select(_ => harness.ConnectPair().Client).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            using (harness.HoldLoop())
                for (var i = 0; i < Peers; i++) clients[i].SendAll(Message(i, round, 1 + (i * 40)));
            for (var i = 0; i < Peers; i++) Assert.Equal(Message(i, round, 1 + (i * 40)), clients[i].ReceiveExactly(1 + (i * 40)));
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Paused_connections_take_nothing_from_others_and_lose_nothing(string poller)
    {
        const int Paused = 20;
        const int Bytes = 150_000;
        var received = new Dictionary<Connection, List<byte>>();
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (!received.TryGetValue(connection, out var bytes))
                {
                    ScriptedHandler.Echo(connection);
                    return;
                }

                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                bytes.AddRange(input.Span);
                connection.Keep(input.Length);
                // Now and then it stops with more to come, which may have been received by then.
                if (bytes.Count % 3 == 0) connection.PauseReading();
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var pairs = Enumerable.Range(0, Paused).Select(_ => harness.ConnectPair()).ToArray();
        harness.OnLoop(() =>
        {
            foreach (var (_, connection) in pairs)
            {
                received[connection] = [];
                if (connection.Token % 2 == 0) connection.PauseReading();
            }
        });
        for (var i = 0; i < Paused; i++) pairs[i].Client.SendAll(Message(i, 0, Bytes));
        var (other, _) = harness.ConnectPair();
        for (var i = 0; i < 50; i++)
        {
            other.SendAll(Message(i, 1, 20_000));
            Assert.Equal(Message(i, 1, 20_000), other.ReceiveExactly(20_000));
        }

        harness.Until(
            () =>
            {
                foreach (var (_, connection) in pairs) connection.ResumeReading();
                return received.Values.All(bytes => bytes.Count == Bytes);
            },
            "all is read");
        harness.OnLoop(() =>
        {
            for (var i = 0; i < Paused; i++) Assert.Equal(Message(i, 0, Bytes), received[pairs[i].Connection]);
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void What_a_full_socket_takes_only_in_part_arrives_in_order(string poller)
    {
        const int Piece = 10_007;
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair(LoopHarness.SmallReceiveBufferBytes);
        var pieces = 0;
        // Each piece goes in a turn of its own. Two more wait behind the one that has found no room.
        while (!harness.OnLoop(() => connection.IsWriteBlocked)) harness.OnLoop(() => connection.Enqueue(Message(pieces++, 0, Piece)));
        for (var i = 0; i < 2; i++) harness.OnLoop(() => connection.Enqueue(Message(pieces++, 0, Piece)));
        Assert.True(harness.OnLoop(() => connection.QueuedBytes) > 2 * Piece);
        for (var i = 0; i < pieces; i++) Assert.Equal(Message(i, 0, Piece), client.ReceiveExactly(Piece));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_port_is_free_as_soon_as_its_listener_is_closed(string poller)
    {
        using var harness = new LoopHarness(poller);
        harness.OnLoop(() =>
        {
            var listener = harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", 0));
            for (var i = 0; i < 10; i++)
            {
                var port = listener.Port;
                listener.Close();
                listener = harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", port));
            }
        });
        harness.OnLoop(() => harness.Loop.Listen(ListenEndpoint.Tcp("127.0.0.1", 0)));
        harness.Stop();
        harness.Loop.Dispose();
        using var successor = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        successor.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, harness.Port));
        successor.Listen();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Peers_that_come_and_go_in_the_middle_of_a_stream_leave_nothing(string poller)
    {
        const int Rounds = 200;
        using var harness = new LoopHarness(poller);
        var random = new Random(11);
        var (steady, _) = harness.ConnectPair();
        for (var round = 0; round < Rounds; round++)
        {
            var (client, connection) = harness.ConnectPair();
            client.SendAll(Message(round, 0, random.Next(1, 50_000)));
            if (random.Next(2) == 0) client.LingerState = new LingerOption(true, 0);
            if (random.Next(2) == 0) client.Dispose();
            else harness.OnLoop(connection.Close);
            harness.AwaitClosed();
            client.Dispose();
            steady.SendAll(Message(round, 2, 100));
            Assert.Equal(Message(round, 2, 100), steady.ReceiveExactly(100));
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void When_nothing_is_left_to_do_a_turn_lasts_as_long_as_its_wait(string poller)
    {
        const int WaitMs = 20;
        const int Turns = 50;
        const int BlockedBytes = 10_000_000;
        var began = 0L;
        var turns = -1;
        using var done = new ManualResetEventSlim();
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var (halfClosed, quiet) = harness.ConnectPair();
        var (slow, blocked) = harness.ConnectPair(LoopHarness.SmallReceiveBufferBytes);
        harness.OnLoop(() =>
        {
            quiet.PauseReading();
            blocked.Send(new byte[BlockedBytes]);
            blocked.CloseAfterFlush();
        });
        halfClosed.Shutdown(SocketShutdown.Send);
        slow.Shutdown(SocketShutdown.Send);
        harness.ConnectPair();
        for (var i = 0; i < 5; i++)
        {
            var (client, _) = harness.ConnectPair();
            client.SendAll("x"u8);
            client.ReceiveExactly(1);
            client.Dispose();
            harness.AwaitClosed();
        }

        harness.OnLoop(() => handler.Before = () =>
        {
            // What came before may still end a wait or two, and so may TCP, which goes on with what the slow peer does not take.
            if (++turns == 5) began = Environment.TickCount64;
            if (turns == 5 + Turns) done.Set();
            return WaitMs;
        });
        Assert.True(done.Wait(LoopHarness.Patience, TestContext.Current.CancellationToken));
        Assert.True(Environment.TickCount64 - began >= WaitMs * Turns / 4, "The loop turns without a reason.");
        slow.ReceiveExactly(BlockedBytes);
        harness.AwaitClosed();
    }

    private static byte[] Message(int sender, int round, int length)
    {
        var message = new byte[length];
        new Random((sender * 1000) + round).NextBytes(message);
        return message;
    }
}

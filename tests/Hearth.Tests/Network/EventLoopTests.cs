using System.Net;
using System.Net.Sockets;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class EventLoopTests
{
    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Work_posted_by_many_threads_runs_once_and_in_each_threads_order(string poller)
    {
        const int ThreadCount = 4;
        const int PostsEach = 5_000;
        using var harness = new LoopHarness(poller);
        var ran = new List<(int Thread, int Number)>();
        var threads = new Thread[ThreadCount];
        for (var i = 0; i < ThreadCount; i++)
        {
            var thread = i;
            threads[i] = new Thread(() =>
            {
                for (var number = 0; number < PostsEach; number++)
                {
                    var mine = number;
                    harness.Loop.Post(() => ran.Add((thread, mine)));
                }
            });
        }

        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        harness.OnLoop(() =>
        {
            for (var thread = 0; thread < ThreadCount; thread++)
                Assert.Equal(Enumerable.Range(0, PostsEach), ran.Where(entry => entry.Thread == thread).Select(entry => entry.Number));
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Work_accepted_before_the_stop_runs_and_later_work_is_refused(string poller)
    {
        using var harness = new LoopHarness(poller);
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var ran = 0;
        harness.Loop.Post(() =>
        {
            entered.Set();
            go.Wait(LoopHarness.Patience, TestContext.Current.CancellationToken);
        });
        Assert.True(entered.Wait(LoopHarness.Patience, TestContext.Current.CancellationToken));
        Assert.True(harness.Loop.Post(() => ran++));
        harness.Loop.Stop();
        Assert.False(harness.Loop.Post(() => ran += 100));
        go.Set();
        harness.Stop();
        Assert.Equal(1, ran);
        Assert.False(harness.Loop.Post(() => ran += 100));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_loop_can_be_stopped_from_inside(string poller)
    {
        using var harness = new LoopHarness(poller);
        harness.OnLoop(harness.Loop.Stop);
        harness.Stop();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void The_handlers_timeout_ends_a_wait(string poller)
    {
        using var reached = new ManualResetEventSlim();
        var turns = 0;
        var handler = new ScriptedHandler
        {
            Before = () =>
            {
                if (++turns == 20) reached.Set();
                return 1;
            },
        };
        using var harness = new LoopHarness(poller, handler);
        Assert.True(reached.Wait(LoopHarness.Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Many_connections_are_served_side_by_side(string poller)
    {
        const int Count = 300;
        using var harness = new LoopHarness(poller);
        var clients = Enumerable.Range(0, Count).Select(_ => harness.Connect()).ToList();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Count; i++) clients[i].SendAll(BitConverter.GetBytes(i * 7 + round));
            for (var i = 0; i < Count; i++) Assert.Equal(i * 7 + round, BitConverter.ToInt32(clients[i].ReceiveExactly(4)));
        }

        Assert.Equal(Count, harness.OnLoop(() => harness.Loop.ConnectionCount));
        Assert.Equal(1, harness.OnLoop(() => harness.Heap.LiveBlocks));
        foreach (var client in clients) client.Dispose();
        harness.AwaitClosed(Count);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Connections_closed_by_anothers_callback_hear_nothing_more(string poller)
    {
        const int Count = 20;
        var readable = 0;
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var pairs = Enumerable.Range(0, Count).Select(_ => harness.ConnectPair()).ToList();
        handler.Readable = connection =>
        {
            readable++;
            Assert.Equal(ReceiveStatus.Data, connection.Receive(out var input));
            foreach (var pair in pairs) pair.Connection.Close();
            Assert.Empty(handler.CloseCounts);
            // The input outlives the close until this callback ends.
            Assert.Equal("x"u8, input.Span);
            connection.Keep(0);
        };

        // While the loop is busy all become readable, so that one wait reports them all.
        harness.OnLoop(() =>
        {
            foreach (var pair in pairs) pair.Client.SendAll("x"u8);
        });
        harness.AwaitClosed(Count);
        Assert.Equal(1, readable);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_connection_that_takes_a_closed_ones_place_gets_none_of_its_events(string poller)
    {
        const int Count = 8;
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var pairs = Enumerable.Range(0, Count).Select(_ => harness.ConnectPair()).ToList();
        var adopted = new List<Connection>();
        var strangers = new List<Connection>();
        using var peers = new TcpListener(IPAddress.Loopback, 0);
        peers.Start();
        handler.Readable = connection =>
        {
            if (adopted.Contains(connection)) strangers.Add(connection);
            if (connection.Receive(out _) == ReceiveStatus.Data) connection.Keep(0);
            // Of the connections that one wait reports, the first closes the third and later ones, and the second fills their places.
            if (connection == pairs[0].Connection)
                foreach (var pair in pairs[2..]) pair.Connection.Close();
            if (connection != pairs[1].Connection) return;
            while (adopted.Count < Count)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(peers.LocalEndpoint);
                adopted.Add(harness.Loop.Adopt(socket));
            }
        };

        harness.OnLoop(() =>
        {
            foreach (var pair in pairs) pair.Client.SendAll("x"u8);
        });
        harness.AwaitClosed(Count - 2);
        harness.OnLoop(() => { });
        Assert.Equal(Count, adopted.Count);
        Assert.Empty(strangers);
        Assert.Equal(peers.LocalEndpoint.ToString(), adopted[0].PeerAddress);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_connection_can_be_refused_with_a_word(string poller)
    {
        var handler = new ScriptedHandler
        {
            Accepted = connection =>
            {
                connection.Send("-ERR full\r\n"u8);
                connection.Close();
            },
        };
        using var harness = new LoopHarness(poller, handler);
        for (var i = 0; i < 5; i++)
        {
            var client = harness.Connect();
            Assert.Equal("-ERR full\r\n"u8, client.ReceiveExactly(11));
            client.AwaitEnd();
        }

        harness.AwaitClosed(5);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_handler_that_hears_of_a_close_may_close_others(string poller)
    {
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var (first, _) = harness.ConnectPair();
        var (second, other) = harness.ConnectPair();
        handler.Closed = _ => other.Close();
        first.Dispose();
        harness.AwaitClosed(2);
        second.AwaitEnd();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Output_queued_while_closing_before_a_wait_does_not_wait_for_an_event(string poller)
    {
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var (_, doomed) = harness.ConnectPair();
        var (client, other) = harness.ConnectPair();
        harness.OnLoop(() =>
        {
            handler.Closed = _ => other.Enqueue("bye"u8);
            handler.Before = () =>
            {
                doomed.Close();
                return -1;
            };
        });
        Assert.Equal("bye"u8, client.ReceiveExactly(3));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Output_queued_during_a_turn_waits_for_the_preparation_of_the_next_wait(string poller)
    {
        const int TotalBytes = 8 * 1024 * 1024;
        var handler = new ScriptedHandler { Readable = connection => { } };
        using var harness = new LoopHarness(poller, handler);
        var (writer, _) = harness.ConnectPair();
        var (reader, blocked) = harness.ConnectPair(receiveBufferBytes: LoopHarness.SmallReceiveBufferBytes);
        var order = new List<string>();
        var taken = 0;
        long outputBefore = 0;
        handler.Readable = connection =>
        {
            if (connection.Receive(out var input) != ReceiveStatus.Data) return;
            connection.Keep(input.Length);
            blocked.Enqueue("reply"u8);
            outputBefore = harness.Loop.Counters.NetOutputBytes;
            order.Add("executed");
        };
        handler.Before = () =>
        {
            if (order.Count == 1)
            {
                // The connection was writable in the very turn in which the reply was queued, and yet nothing has gone out since.
                Assert.Equal(outputBefore, harness.Loop.Counters.NetOutputBytes);
                order.Add("synced");
            }

            return -1;
        };

        harness.OnLoop(() =>
        {
            blocked.Send(new byte[TotalBytes]);
            Assert.True(blocked.QueuedBytes > 0);
            taken = TotalBytes - (int)blocked.QueuedBytes;
            // The writer comes first among the events of the next wait.
            writer.SendAll("write"u8);
            reader.ReceiveExactly(taken);
        });
        reader.ReceiveExactly(TotalBytes - taken);
        Assert.Equal("reply"u8, reader.ReceiveExactly(5));
        Assert.Equal(["executed", "synced"], harness.OnLoop(() => order.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Each_connection_is_read_once_a_turn(string poller)
    {
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        var (greedy, greedyConnection) = harness.ConnectPair();
        var (modest, _) = harness.ConnectPair();
        var turn = 0;
        var turnsOf = new List<int>();
        handler.After = () => turn++;
        handler.Readable = connection =>
        {
            if (connection == greedyConnection) turnsOf.Add(turn);
            if (connection.Receive(out var input) == ReceiveStatus.Data) connection.Keep(input.Length);
        };

        harness.OnLoop(() =>
        {
            greedy.SendAll(new byte[256 * 1024]);
            modest.SendAll("x"u8);
        });
        harness.Until(() => harness.Loop.Counters.NetInputBytes == 256 * 1024 + 1, "everything is read");
        harness.OnLoop(() =>
        {
            Assert.True(turnsOf.Count >= 4, "It was read in fewer turns than the shared buffer allows.");
            Assert.Equal(turnsOf.Distinct(), turnsOf);
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_turn_allocates_nothing_managed(string poller)
    {
        const int Rounds = 2_000;
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                connection.Enqueue(input.Span[..1]);
                connection.Keep(input.Length - 1);
                if (!connection.TryGetKept(out input)) return;
                connection.Keep(1);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, _) = harness.ConnectPair();

        RoundTrips(client, 200);
        var allocated = ManagedMemory.LeastAllocated(() => RoundTrips(client, Rounds), () => harness.OnLoop(GC.GetAllocatedBytesForCurrentThread));
        // The posted probes themselves cost a little.
        Assert.InRange(allocated, 0, Rounds / 2);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Time_spent_working_is_counted(string poller)
    {
        var time = new SteppedTime();
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler, new NetworkOptions { Time = time });
        harness.OnLoop(() => { });
        var before = harness.OnLoop(() => harness.Loop.Counters.DurationSumMicroseconds);
        harness.OnLoop(() => time.Advance(TimeSpan.FromMilliseconds(7)));
        harness.OnLoop(() =>
        {
            Assert.Equal(before + 7_000, harness.Loop.Counters.DurationSumMicroseconds);
            Assert.Equal(7_000, harness.Loop.Counters.LongestTurnMicroseconds);
            harness.Loop.Counters.LongestTurnMicroseconds = 0;
        });
        Assert.Equal(0, harness.OnLoop(() => harness.Loop.Counters.LongestTurnMicroseconds));
    }

    private static void RoundTrips(Socket client, int count)
    {
        var bytes = new byte[3];
        for (var i = 0; i < count; i++)
        {
            client.SendAll("abc"u8);
            Assert.Equal(1, client.Receive(bytes));
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class ConnectionTests
{
    private const int Seed = 20240607;

    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void What_comes_in_can_be_sent_back(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();

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
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void An_end_that_arrives_together_with_the_last_bytes_is_noticed(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, _) = harness.ConnectPair();
        using (harness.HoldLoop())
        {
            client.SendAll("last"u8);
            client.Shutdown(SocketShutdown.Send);
        }

        Assert.Equal("last"u8, client.ReceiveExactly(4));
        harness.AwaitClosed();
        client.AwaitEnd();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void What_stands_behind_an_urgent_byte_is_read_too(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, _) = harness.ConnectPair();
        using (harness.HoldLoop())
        {
            client.SendAll("before"u8);
            Assert.Equal(1, client.Send("!"u8, SocketFlags.OutOfBand));
            client.SendAll("behind"u8);
        }

        Assert.Equal("beforebehind"u8, client.ReceiveExactly(12));
        client.SendAll("more"u8);
        Assert.Equal("more"u8, client.ReceiveExactly(4));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void More_than_one_read_takes_is_read_on(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, _) = harness.ConnectPair();
        // The shared buffer holds 64 KiB: more than that has come before it is read for the first time.
        var sent = new byte[100_000];
        new Random(Seed).NextBytes(sent);
        using (harness.HoldLoop()) client.SendAll(sent);
        Assert.Equal(sent, client.ReceiveExactly(sent.Length));
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

        client.SendAll("one\ntw"u8);
        Assert.Equal("one\n"u8, client.ReceiveExactly(4));
        Assert.Equal(2, harness.OnLoop(() => connection.KeptBytes));
        client.SendAll("o\n"u8);
        Assert.Equal("two\n"u8, client.ReceiveExactly(4));
        Assert.Equal(0, harness.OnLoop(() => connection.KeptCapacity));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Frames_of_any_size_survive_any_chunking(string poller)
    {
        var handler = new ScriptedHandler { Readable = FrameServer.Serve };
        using var harness = new LoopHarness(poller, handler);
        var threads = new Thread[3];
        var failures = new Exception?[threads.Length];
        for (var i = 0; i < threads.Length; i++)
        {
            var index = i;
            threads[i] = new Thread(() => failures[index] = Record.Exception(() => SendRandomFrames(harness, Seed + index)));
            threads[i].Start();
        }

        foreach (var thread in threads) thread.Join();
        Assert.All(failures, failure => Assert.True(failure is null, $"seeds from {Seed}: {failure}"));
        harness.AwaitClosed(threads.Length);

        // An idle loop owns the shared input buffer and nothing else.
        Assert.Equal(1, harness.OnLoop(() => harness.Heap.LiveBlocks));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_claimed_size_reserves_nothing(string poller)
    {
        var handler = new ScriptedHandler { Readable = FrameServer.Serve };
        using var harness = new LoopHarness(poller, handler);
        var (client, connection) = harness.ConnectPair();

        // One whole big frame first: the loop then expects another one, and that must not weigh either.
        client.SendAll(FrameServer.Frame(new byte[200_000]));
        client.ReceiveExactly(FrameServer.AnswerBytes);
        var header = new byte[FrameServer.HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, 512 * 1024 * 1024);
        client.SendAll(header);
        var sent = header.Length;
        foreach (var more in new[] { 1, 100, 1_000, 30_000, 10_000, 100_000, 900_000 })
        {
            var bytes = new byte[more];
            client.SendAll(bytes);
            sent += more;
            harness.Until(() => connection.KeptBytes == sent, "all bytes are kept");
            Assert.InRange(harness.OnLoop(() => connection.KeptCapacity), sent, Math.Max(64, 4 * sent));
            harness.Until(() => harness.Heap.LiveBlocks == 2, "the spare block is given back");
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Big_bulks_in_a_row_share_one_spare_block(string poller)
    {
        var most = 0L;
        var handler = new ScriptedHandler();
        using var harness = new LoopHarness(poller, handler);
        handler.Readable = connection =>
        {
            FrameServer.Serve(connection);
            most = Math.Max(most, harness.Heap.LiveBlocks);
        };
        var (first, _) = harness.ConnectPair();
        var (second, _) = harness.ConnectPair();
        var payload = new byte[100_000];
        for (var i = 0; i < 50; i++)
        {
            new Random(Seed + i).NextBytes(payload);
            foreach (var client in new[] { first, second })
            {
                client.SendAll(FrameServer.Frame(payload));
                Assert.Equal(FrameServer.Sum(payload), BitConverter.ToUInt64(client.ReceiveExactly(FrameServer.AnswerBytes)));
            }
        }

        // The shared buffer, the big block wherever it is, and an answer on its way.
        Assert.InRange(harness.OnLoop(() => most), 2, 3);
        harness.Until(() => harness.Heap.LiveBlocks == 1, "the spare block is given back");
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_big_bulk_is_copied_about_once_and_its_memory_given_back(string poller)
    {
        const int PayloadBytes = 10 * 1024 * 1024;
        var parses = 0;
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                var before = connection.KeptBytes;
                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                parses++;
                if (input.Length < FrameServer.HeaderBytes + PayloadBytes)
                {
                    Assert.Equal(0, before);
                    connection.Keep(0);
                    connection.WantedBytes = FrameServer.HeaderBytes + PayloadBytes;
                    return;
                }

                connection.Send(BitConverter.GetBytes(FrameServer.Sum(input.Span.Slice(FrameServer.HeaderBytes, PayloadBytes))));
                connection.Keep(FrameServer.HeaderBytes + PayloadBytes);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, connection) = harness.ConnectPair();

        var payload = new byte[PayloadBytes];
        new Random(Seed).NextBytes(payload);
        client.SendAll(FrameServer.Frame(payload));
        client.SendAll("rest"u8);
        Assert.Equal(FrameServer.Sum(payload), BitConverter.ToUInt64(client.ReceiveExactly(FrameServer.AnswerBytes)));
        harness.Until(() => harness.Loop.Counters.NetInputBytes == FrameServer.HeaderBytes + PayloadBytes + 4, "the rest has come");
        harness.OnLoop(() =>
        {
            Assert.True(connection.KeptCapacity <= 64 * 1024, $"{connection.KeptCapacity} bytes are held for a short rest.");
            Assert.True(parses <= 3, $"The input was looked at {parses} times.");
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_slow_reader_gets_everything_in_order(string poller)
    {
        const int TotalBytes = 12 * 1024 * 1024;
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair(receiveBufferBytes: LoopHarness.SmallReceiveBufferBytes);

        var bytes = new byte[TotalBytes];
        var random = new Random(Seed);
        random.NextBytes(bytes);
        harness.OnLoop(() =>
        {
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(bytes.Length - at, random.Next(10) == 0 ? random.Next(1_000_000) : random.Next(5_000));
                if (random.Next(2) == 0) Assert.True(connection.Send(bytes.AsSpan(at, count)));
                else connection.Enqueue(bytes.AsSpan(at, count));
                at += count;
                Assert.Equal(at, harness.Loop.Counters.NetOutputBytes + connection.QueuedBytes);
            }

            Assert.True(connection.QueuedBytes > TotalBytes / 4, "The socket took nearly all of it: the test tests nothing.");
            var queued = connection.QueuedBytes;
            Assert.InRange(harness.Heap.UsedBytes, queued, queued + queued / 4 + 256 * 1024);
        });

        var received = new byte[TotalBytes];
        for (var have = 0; have < TotalBytes;)
        {
            var got = client.Receive(received.AsSpan(have, Math.Min(TotalBytes - have, 1 + random.Next(200_000))));
            Assert.True(got > 0);
            have += got;
        }

        Assert.True(bytes.AsSpan().SequenceEqual(received), $"The stream is damaged, seed {Seed}.");
        harness.Until(() => connection.QueuedBytes == 0, "the queue is empty");
        Assert.Equal(1, harness.OnLoop(() => harness.Heap.LiveBlocks));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public async Task A_big_reply_goes_out_by_turns_and_is_not_copied_to_wait(string poller)
    {
        const int Bytes = 40_000_000;
        const int BytesPerTurn = 1 << 20;
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();
        var sent = new byte[Bytes];
        new Random(1).NextBytes(sent);
        var reader = Task.Factory.StartNew(() => client.ReceiveExactly(Bytes + 4), TaskCreationOptions.LongRunning);
        var firstTurn = 0L;
        harness.OnLoop(() =>
        {
            firstTurn = harness.Loop.Counters.Cycles;
            var buffer = new NativeBuffer(harness.Heap);
            buffer.Append(sent);
            var used = harness.Heap.UsedBytes;
            Assert.True(connection.Send(buffer));
            Assert.InRange(connection.QueuedBytes, Bytes - BytesPerTurn, Bytes);
            Assert.Equal((used, 0, 0), (harness.Heap.UsedBytes, buffer.Length, buffer.Capacity));
            Assert.True(connection.Send("next"u8));
        });
        for (var queued = Bytes + 4L; queued > 0;)
        {
            (queued, var turn) = harness.OnLoop(() => (connection.QueuedBytes, harness.Loop.Counters.Cycles));
            Assert.InRange(queued, Bytes + 4 - ((turn - firstTurn + 1) * BytesPerTurn), Bytes + 4);
        }

        var received = await reader;
        Assert.True(sent.AsSpan().SequenceEqual(received.AsSpan(0, Bytes)));
        Assert.Equal("next"u8, received.AsSpan(Bytes));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Closing_after_the_flush_delivers_what_is_queued(string poller)
    {
        const int TotalBytes = 8 * 1024 * 1024;
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair(receiveBufferBytes: LoopHarness.SmallReceiveBufferBytes);

        harness.OnLoop(() =>
        {
            connection.Send(new byte[TotalBytes]);
            connection.CloseAfterFlush();
            Assert.False(connection.IsClosed);
        });
        client.ReceiveExactly(TotalBytes);
        client.AwaitEnd();
        harness.AwaitClosed();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Closing_after_the_flush_of_nothing_closes_at_once(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();

        harness.OnLoop(() =>
        {
            connection.CloseAfterFlush();
            Assert.True(connection.IsClosed);
            Assert.False(connection.Send("late"u8));
            connection.Enqueue("late"u8);
            connection.Close();
            connection.CloseAfterFlush();
            connection.PauseReading();
            connection.ResumeReading();
            Assert.Equal(ReceiveStatus.Closed, connection.Receive(out var input));
            Assert.False(connection.TryGetKept(out input));
            Assert.Empty(harness.Handler.CloseCounts);
        });
        harness.AwaitClosed();
        client.AwaitEnd();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Queued_replies_go_out_together_before_the_next_wait(string poller)
    {
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                foreach (var value in input.Span) connection.Enqueue([value, value]);
                connection.Keep(input.Length);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, connection) = harness.ConnectPair();

        client.SendAll("abc"u8);
        Assert.Equal("aabbcc"u8, client.ReceiveExactly(6));
        harness.OnLoop(() =>
        {
            Assert.Equal(1, harness.Loop.Counters.WritesProcessed);
            Assert.Equal(0, connection.QueuedBytes);
            Assert.Equal(1, harness.Heap.LiveBlocks);
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_reset_closes_the_connection_once(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair(receiveBufferBytes: LoopHarness.SmallReceiveBufferBytes);

        // Both the readable and the writable side of the event have something to report.
        harness.OnLoop(() => connection.Send(new byte[8 * 1024 * 1024]));
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        harness.AwaitClosed();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_half_closed_peer_still_gets_the_answer_to_what_it_sent(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, _) = harness.ConnectPair();

        client.SendAll("last words"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("last words"u8, client.ReceiveExactly(10));
        client.AwaitEnd();
        harness.AwaitClosed();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_paused_connection_reads_on_when_it_is_resumed(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();

        harness.OnLoop(connection.PauseReading);
        client.SendAll("hello"u8);
        // Another connection's round trips give the loop every chance to read too early.
        var (other, _) = harness.ConnectPair();
        for (var i = 0; i < 20; i++)
        {
            other.SendAll("x"u8);
            other.ReceiveExactly(1);
        }

        Assert.Equal(20, harness.OnLoop(() => harness.Loop.Counters.NetInputBytes));
        harness.OnLoop(connection.ResumeReading);
        Assert.Equal("hello"u8, client.ReceiveExactly(5));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_reset_is_noticed_while_reading_is_paused(string poller)
    {
        using var harness = new LoopHarness(poller);
        var (client, connection) = harness.ConnectPair();

        harness.OnLoop(connection.PauseReading);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        harness.AwaitClosed();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Kept_input_can_be_taken_up_again_without_reading(string poller)
    {
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (connection.Receive(out _) == ReceiveStatus.Data) connection.Keep(0);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, connection) = harness.ConnectPair();

        client.SendAll("first second"u8);
        harness.Until(() => connection.KeptBytes == 12, "the input is kept");
        harness.OnLoop(() =>
        {
            Assert.True(connection.TryGetKept(out var input));
            Assert.Equal("first second"u8, input.Span);
            connection.Keep(6);
            Assert.True(connection.TryGetKept(out input));
            Assert.Equal("second"u8, input.Span);
            connection.Keep(6);
            Assert.Equal(0, connection.KeptCapacity);
            Assert.False(connection.TryGetKept(out input));
        });
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Input_outlives_a_close_until_the_callback_ends(string poller)
    {
        const int TotalBytes = 100_000;
        var sent = new byte[TotalBytes];
        new Random(Seed).NextBytes(sent);
        var isIntact = false;
        var handler = new ScriptedHandler
        {
            Readable = connection =>
            {
                if (connection.Receive(out var input) != ReceiveStatus.Data) return;
                if (input.Length == TotalBytes)
                {
                    connection.Close();
                    isIntact = input.Span.SequenceEqual(sent);
                }

                connection.Keep(0);
            },
        };
        using var harness = new LoopHarness(poller, handler);
        var (client, _) = harness.ConnectPair();
        client.SendAll(sent);
        harness.AwaitClosed();
        Assert.True(isIntact);
    }

    private static void SendRandomFrames(LoopHarness harness, int seed)
    {
        var random = new Random(seed);
        var client = harness.Connect();
        var expected = new Queue<ulong>();
        var stream = new MemoryStream();
        for (var i = 0; i < 60; i++)
        {
            var payload = new byte[random.Next(4) switch { 0 => random.Next(300_000), 1 => random.Next(40_000), _ => random.Next(200) }];
            random.NextBytes(payload);
            expected.Enqueue(FrameServer.Sum(payload));
            stream.Write(FrameServer.Frame(payload));
        }

        var answers = expected.Count * FrameServer.AnswerBytes;
        var reader = Task.Factory.StartNew(() => client.ReceiveExactly(answers), TaskCreationOptions.LongRunning);
        for (var left = stream.GetBuffer().AsSpan(0, (int)stream.Length); !left.IsEmpty;)
        {
            var count = Math.Min(left.Length, 1 + random.Next(random.Next(3) == 0 ? 100 : 150_000));
            client.SendAll(left[..count]);
            left = left[count..];
        }

        var received = reader.GetAwaiter().GetResult();
        for (var at = 0; at < answers; at += FrameServer.AnswerBytes)
            Assert.Equal(expected.Dequeue(), BitConverter.ToUInt64(received, at));
        client.Dispose();
    }
}

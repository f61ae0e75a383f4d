using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class InputProcessorTests : IDisposable
{
    private const int Seed = 20260101;
    private const int ReplyBytesMax = 1000;

    private static readonly string Long = new('x', ReplyBytesMax / 2);

    private readonly TestServer _server = new();
    private readonly Client _client;

    public InputProcessorTests() => _client = _server.Connect();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Time_stands_still_among_brief_commands_and_moves_after_others()
    {
        Slow(milliseconds: 100);
        Assert.Equal("+OK\r\n$1\r\nv\r\n+OK\r\n$-1\r\n", Send("SET k v PX 50", "GET k", "DEBUG SLEEP 0", "GET k"));
    }

    [Fact]
    public void Time_stands_still_within_a_transaction()
    {
        Slow(milliseconds: 100);
        Assert.Equal("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*4\r\n+OK\r\n+OK\r\n$1\r\nv\r\n:50\r\n$-1\r\n",
            Send("MULTI", "SET k v PX 50", "DEBUG SLEEP 0", "GET k", "PTTL k", "EXEC", "GET k"));
    }

    [Fact]
    public void The_database_selected_in_a_pipeline_holds_from_the_next_command_on() => Assert.Equal(
        "+OK\r\n+OK\r\n$-1\r\n+OK\r\n$1\r\n0\r\n$-1\r\n",
        Send("SET k 0", "SELECT 1", "GET k", "SELECT 0", "GET k", "GET absent"));

    [Fact]
    public void The_keys_of_a_batch_are_those_of_the_database_that_they_run_in()
    {
        // Hashing goes ahead of the commands; databases share the hash, but not the keys.
        Assert.Equal("+OK\r\n+OK\r\n+OK\r\n*2\r\n$1\r\nc\r\n$-1\r\n+OK\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
            Send("MSET a a b b", "SELECT 1", "SET a c", "MGET a b", "SELECT 0", "MGET a b"));
    }

    [Fact]
    public void A_protocol_switched_in_a_pipeline_holds_from_its_own_reply_on()
    {
        var reply = Send("GET absent", "HELLO 3", "GET absent", "HELLO 2", "GET absent");
        Assert.StartsWith("$-1\r\n%7\r\n", reply);
        Assert.Contains("*0\r\n_\r\n*14\r\n", reply);
        Assert.EndsWith("*0\r\n$-1\r\n", reply);
    }

    [Fact]
    public void A_login_in_a_pipeline_frees_what_follows_from_the_limits_before_it()
    {
        using var server = new TestServer(config => config.RequirePass = "secret"u8.ToArray());
        var long11 = "MSET a 1 b 2 c 3 d 4 e 5";
        Assert.Equal("-ERR Protocol error: unauthenticated multibulk length\r\n", server.SendAs(server.Connect(), Encode(long11)));
        Assert.Equal("+OK\r\n+OK\r\n", server.SendAs(server.Connect(), [.. Encode("AUTH secret"), .. Encode(long11)]));
        var wrong = server.SendAs(server.Connect(), [.. Encode("AUTH wrong"), .. Encode(long11)]);
        Assert.EndsWith("disabled.\r\n-ERR Protocol error: unauthenticated multibulk length\r\n", wrong);

        // A password that is removed while the client is there is no longer asked for.
        var client = server.Connect();
        server.Engine.Config.RequirePass = [];
        Assert.Equal("+OK\r\n", server.SendAs(client, Encode(long11)));
    }

    [Fact]
    public void Nothing_is_executed_after_quit()
    {
        Assert.Equal("+OK\r\n+OK\r\n", Send("SET k 1", "QUIT", "SET k 2", "GET k"));
        Assert.True(_client.IsClosing);
        Assert.Equal("$1\r\n1\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void What_came_before_a_protocol_error_is_executed_and_nothing_after_it()
    {
        Assert.Equal("+OK\r\n-ERR Protocol error: invalid multibulk length\r\n",
            _server.SendAs(_client, [.. Encode("SET k 1"), .. "*x\r\n"u8, .. Encode("SET k 2")]));
        Assert.True(_client.IsClosing);
        Assert.Equal("$1\r\n1\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void An_empty_bulk_type_is_a_protocol_error_and_not_the_end_of_the_server()
    {
        Assert.Equal("-ERR Protocol error: expected '$', got ' '\r\n", _server.SendAs(_client, "*1\r\n\r\n"u8));
        Assert.Equal("+PONG\r\n", _server.Run("PING"));
    }

    [Theory]
    [InlineData("CLIENT REPLY OFF", "+PONG\r\n+OK\r\n+PONG\r\n")] // Off until it is turned on again.
    [InlineData("CLIENT REPLY SKIP", "+PONG\r\n$1\r\nb\r\n+OK\r\n+PONG\r\n")]
    [InlineData("CLIENT REPLY ON", "+PONG\r\n+OK\r\n$1\r\na\r\n$1\r\nb\r\n+OK\r\n+PONG\r\n")]
    public void Replies_can_be_turned_off(string command, string replies) =>
        Assert.Equal(replies, Send("PING", command, "ECHO a", "ECHO b", "CLIENT REPLY ON", "PING"));

    [Fact]
    public void Without_replies_a_protocol_error_is_silent_too() =>
        Assert.Equal("", _server.SendAs(_client, [.. Encode("CLIENT REPLY OFF"), .. "*x\r\n"u8]));

    [Fact]
    public void An_inline_command_with_quotes_may_stand_anywhere() => Assert.Equal(
        "+PONG\r\n$3\r\na b\r\n+PONG\r\n$1\r\nc\r\n",
        _server.SendAs(_client, "PING\r\nECHO \"a b\"\r\nPING\r\necho 'c'\r\n"u8));

    [Fact]
    public void A_pipeline_longer_than_a_batch_is_answered_in_order()
    {
        var replies = Send([.. Enumerable.Range(0, 1000).Select(i => $"ECHO {i}")]);
        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(i => $"${$"{i}".Length}\r\n{i}\r\n")), replies);
    }

    [Fact]
    public void A_command_with_more_keys_than_are_hashed_ahead_finds_them_all()
    {
        var keys = Enumerable.Range(0, 3000).Select(i => $"key:{i}").ToArray();
        Assert.Equal("+OK\r\n", Send("MSET " + string.Join(' ', keys.Select(key => $"{key} {key}"))));
        Assert.Equal($":{keys.Length}\r\n:1\r\n", Send("EXISTS " + string.Join(' ', keys), "EXISTS key:7"));
    }

    [Fact]
    public void Who_asks_for_a_longer_reply_than_a_buffer_can_hold_is_closed()
    {
        var server = _server;
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        var client = server.Connect();
        Assert.Equal("", server.RunAs(client, "MGET", "long", "long"));
        Assert.True(client.IsDoomed);
        Assert.Equal("", server.RunAs(client, "PING"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
    }

    [Fact]
    public void So_is_one_whose_replies_are_turned_off()
    {
        var server = _server;
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        var client = server.Connect();
        server.RunAs(client, "CLIENT", "REPLY", "OFF");
        Assert.Equal("", server.RunAs(client, "MGET", "long", "long"));
        Assert.True(client.IsDoomed);
    }

    [Fact]
    public void A_transaction_with_too_long_a_reply_happens_and_is_propagated_all_the_same()
    {
        var server = _server;
        var log = PropagationLog.Attach(server);
        server.Engine.Context.Reply.BytesMax = ReplyBytesMax;
        server.Run("SET", "long", Long);
        log.Take();
        var client = server.Connect();
        foreach (var command in (string[])["MULTI", "SET a 1", "MGET long long", "SET b 2", "EXEC"]) server.RunAs(client, command.Split(' '));
        Assert.True(client.IsDoomed);
        Assert.Equal(["MULTI", "SET a 1", "SET b 2", "EXEC"], log.Take());
        Assert.Equal("*2\r\n$1\r\n1\r\n$1\r\n2\r\n", server.Run("MGET", "a", "b"));
    }

    [Fact]
    public void Messages_to_oneself_count_against_the_limit_while_they_are_held()
    {
        using var server = new TestServer(config => config.OutputBufferLimits = [default, default, new(ReplyBytesMax, 0, 0)]);
        var client = server.Connect();
        server.RunAs(client, "HELLO", "3");
        server.RunAs(client, "SUBSCRIBE", "channel");
        server.RunAs(client, "MULTI");
        for (var i = 0; i < 4; i++) server.RunAs(client, "PUBLISH", "channel", Long);
        Assert.False(client.IsDoomed);
        server.RunAs(client, "EXEC");
        Assert.True(client.IsDoomed);
    }

    [Theory]
    [InlineData("FLUSHDB")]
    [InlineData("FLUSHDB ASYNC")]
    [InlineData("FLUSHALL")]
    [InlineData("SWAPDB 0 1")]
    public void What_follows_a_transaction_that_empties_the_database_is_looked_up_anew(string command)
    {
        var server = _server;
        var client = server.Connect();
        for (var i = 0; i < 30; i++) server.Run("SET", $"{i}", "value");
        server.RunAs(client, "MULTI");
        server.RunAs(client, command.Split(' '));
        var gets = string.Concat(Enumerable.Range(0, 30).Select(i => $"GET {i}\r\n"));
        var replies = string.Concat(Enumerable.Repeat("$-1\r\n", 30));
        Assert.Equal("*1\r\n+OK\r\n" + replies, server.SendAs(client, Latin1.Bytes("EXEC\r\n" + gets)));
    }

    [Fact]
    public void Any_split_of_a_pipeline_gives_the_same_replies()
    {
        string[] commands =
        [
            "SET k v", "GET k", "INCR n", "MSET a 1 b 2", "MGET a b k absent", "SELECT 1", "SELECT 0", "MULTI", "EXEC", "DISCARD", "WATCH k",
            "HELLO 3", "HELLO 2", "CLIENT REPLY SKIP", "APPEND k x", "DEL a", "NOSUCH", "GET", "CONFIG NOPE", "PING", "SUBSCRIBE c", "UNSUBSCRIBE c",
            "PUBLISH c m", "EXPIRE k 100", "TTL k", "FLUSHDB", "RESET", "CLIENT GETNAME", "DBSIZE", "KEYS *",
        ];
        for (var seed = Seed; seed < Seed + 25; seed++)
        {
            var random = new Random(seed);
            var stream = new List<byte>();
            for (var count = random.Next(5, 150); count > 0; count--)
            {
                var command = commands[random.Next(commands.Length)];
                stream.AddRange(random.Next(5) == 0 ? Latin1.Bytes(command + "\r\n") : Encode(command));
            }

            stream.AddRange(Encode($"ECHO nonce{seed}"));
            var whole = Replies([.. stream], pieces: null);
            foreach (var pieceBytesMax in (int[])[1, 20, 300])
            {
                var inPieces = Replies([.. stream], () => random.Next(1, pieceBytesMax + 1));
                Assert.True(whole == inPieces, $"seed {seed}, pieces of at most {pieceBytesMax} bytes:\n{whole}\nin pieces:\n{inPieces}");
            }
        }
    }

    [Fact]
    public void A_pipeline_does_what_its_commands_do_one_by_one()
    {
        for (var seed = Seed; seed < Seed + 8; seed++)
        {
            var random = new Random(seed);
            using var piped = new TestServer();
            using var single = new TestServer();
            var (pipedClient, singleClient) = (piped.Connect(), single.Connect());
            for (var round = 0; round < 30; round++)
            {
                var commands = Enumerable.Range(0, random.Next(1, 130)).Select(_ => RandomCommand(random)).ToArray();
                var expected = string.Concat(commands.Select(command => single.SendAs(singleClient, Encode(command))));
                var replies = piped.SendAs(pipedClient, [.. commands.SelectMany(Encode)]);
                Assert.True(expected == replies, $"seed {seed}, round {round}:\n{string.Join('\n', commands)}\n{expected}\npiped:\n{replies}");
                var time = TimeSpan.FromMilliseconds(random.Next(30));
                foreach (var server in (TestServer[])[piped, single])
                {
                    server.Advance(time);
                    server.Engine.ActiveExpiry.Run(long.MaxValue / 2);
                    server.Engine.LazyFree.Step();
                }
            }
        }
    }

    /// <summary>Few keys and databases, so that what a batch has looked up ahead keeps changing under it.</summary>
    private static string RandomCommand(Random random)
    {
        string Key() => $"k{random.Next(40)}";
        int Db() => random.Next(3);
        return random.Next(30) switch
        {
            < 5 => $"SET {Key()} {random.Next(100)}",
            5 => $"SET {Key()} {new string('v', random.Next(1, 2000))} PX {random.Next(1, 60)}",
            6 => $"MSET {Key()} a {Key()} b {Key()} c",
            < 10 => $"GET {Key()}",
            10 => $"MGET {Key()} {Key()} {Key()}",
            11 => $"DEL {Key()} {Key()}",
            12 => $"INCR {Key()}",
            13 => $"APPEND {Key()} {new string('+', random.Next(1, 300))}",
            14 => $"SETRANGE {Key()} {random.Next(1500)} xyz",
            15 => $"RENAME {Key()} {Key()}",
            16 => $"COPY {Key()} {Key()} DB {Db()} REPLACE",
            17 => $"MOVE {Key()} {Db()}",
            18 => $"PEXPIRE {Key()} {random.Next(-1, 60)}",
            19 => $"PERSIST {Key()}",
            20 => $"BITOP {(random.Next(2) == 0 ? "OR" : "XOR")} {Key()} {Key()} {Key()}",
            21 => $"SELECT {Db()}",
            22 => "MULTI",
            23 or 24 => "EXEC",
            25 => $"WATCH {Key()}",
            26 => random.Next(4) switch { 0 => "FLUSHALL", 1 => "FLUSHDB ASYNC", 2 => "FLUSHDB", _ => $"SWAPDB {Db()} {Db()}" },
            27 => $"GETDEL {Key()}",
            28 => random.Next(2) == 0 ? "RANDOMKEY" : "SCAN 0 COUNT 5",
            _ => $"GETEX {Key()} PX {random.Next(1, 60)}",
        };
    }

    /// <summary>Replies of a fresh server to a stream in pieces of such lengths, what is left of each coming again with the next.</summary>
    private static string Replies(ReadOnlySpan<byte> stream, Func<int>? pieces)
    {
        using var server = new TestServer();
        var client = server.Connect();
        using var kept = new NativeBuffer(server.Engine.ClientHeap);
        while (!stream.IsEmpty)
        {
            var length = Math.Min(stream.Length, pieces?.Invoke() ?? stream.Length);
            kept.Append(stream[..length]);
            stream = stream[length..];
            kept.Consume(server.Engine.Input.ProcessDirect(client, kept.WrittenSlice));
        }

        return TestServer.Received(client);
    }

    private static byte[] Encode(string command)
    {
        var words = command.Split(' ');
        return Latin1.Bytes($"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n")));
    }

    private string Send(params string[] commands) => _server.SendAs(_client, [.. commands.SelectMany(Encode)]);

    /// <summary>From now on a SET takes so long: the clock moves while it runs.</summary>
    private void Slow(int milliseconds)
    {
        _server.Engine.Config.NotifyKeyspaceEvents = NotifyFlags.String | NotifyFlags.Keyevent;
        _server.Engine.Notifier = new TimeMover(_server.Time, TimeSpan.FromMilliseconds(milliseconds));
    }

    private sealed class TimeMover(ManualTime time, TimeSpan step) : IKeyspaceNotifier
    {
        public void Notify(int database, KeyspaceEvent keyspaceEvent, ReadOnlySpan<byte> key) => time.Advance(step);
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hearth.Primitives;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests;

/// <summary>A server inside an application's process. In Debug each one's end fails if a single block of its heaps is still live.</summary>
public sealed class HearthServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Port_0_takes_a_free_one_and_tells_which()
    {
        await using var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        Assert.Equal(IPAddress.Loopback, server.EndPoint.Address);
        Assert.NotEqual(0, server.EndPoint.Port);
        Assert.Equal([server.EndPoint], server.EndPoints);
        using var client = new Wire(server.EndPoint);
        Assert.Equal("+PONG\r\n", client.Ask("PING"));
        Assert.Contains($"\r\ntcp_port:{server.EndPoint.Port}\r\n", client.Ask("INFO server"));
    }

    [Fact]
    public async Task Several_servers_live_in_one_process_and_share_nothing()
    {
        var servers = new List<HearthServer>();
        for (var i = 0; i < 5; i++) servers.Add(await HearthServer.StartAsync(cancellationToken: Cancelled));
        for (var i = 0; i < servers.Count; i++)
        {
            using var client = new Wire(servers[i].EndPoint);
            Assert.Equal("$-1\r\n+OK\r\n", client.Ask("GET k\r\nSET k " + i));
        }

        await servers[0].DisposeAsync();
        for (var i = 1; i < servers.Count; i++)
        {
            using var client = new Wire(servers[i].EndPoint);
            Assert.Equal($"$1\r\n{i}\r\n:1\r\n", client.Ask("GET k\r\nDBSIZE"));
        }

        foreach (var server in servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Keys_expire_by_the_injected_clock()
    {
        var time = new ManualTime();
        await using var server = await HearthServer.StartAsync(new HearthOptions { TimeProvider = time }, Cancelled);
        using var client = new Wire(server.EndPoint);
        Assert.Equal("+OK\r\n:100000\r\n", client.Ask("SET k v EX 100\r\nPTTL k"));
        time.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal("$1\r\nv\r\n:1000\r\n", client.Ask("GET k\r\nPTTL k"));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("$-1\r\n", client.Ask("GET k"));
    }

    [Fact]
    public async Task Keys_that_nobody_asks_for_expire_by_the_injected_clock_too()
    {
        var time = new ManualTime();
        await using var server = await HearthServer.StartAsync(new HearthOptions { TimeProvider = time }, Cancelled);
        using var client = new Wire(server.EndPoint);
        for (var i = 0; i < 1000; i++) client.Send($"SET key:{i} v EX 100");
        Assert.EndsWith(":1000\r\n", client.Ask("DBSIZE"));
        time.Advance(TimeSpan.FromSeconds(101));
        var watch = Stopwatch.StartNew();
        while (client.Ask("DBSIZE") != ":0\r\n") Assert.True(watch.Elapsed < Patience, "The keys stay.");
    }

    [Fact]
    public async Task A_key_can_expire_in_the_middle_of_a_pipeline()
    {
        await using var server = await Start(("enable-debug-command", "yes"));
        using var client = new Wire(server.EndPoint);
        Assert.Equal("+OK\r\n+OK\r\n$-1\r\n", client.Ask("SET k v PX 50\r\nDEBUG SLEEP 0.1\r\nGET k"));
        Assert.Equal("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n+OK\r\n$1\r\nv\r\n$-1\r\n",
            client.Ask("MULTI\r\nSET k v PX 50\r\nDEBUG SLEEP 0.1\r\nGET k\r\nEXEC\r\nGET k"));
    }

    [Fact]
    public async Task Disposal_ends_connections_and_leaves_no_block()
    {
        var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        using var busy = new Wire(server.EndPoint);
        using var subscriber = new Wire(server.EndPoint);
        using var halfway = new Wire(server.EndPoint);
        for (var i = 0; i < 100; i++) busy.Send($"SET key:{i} {new string('v', (i * 100) + 1)} EX 100");
        Assert.EndsWith("+OK\r\n", busy.Ask("WATCH key:1"));
        busy.Send("MULTI\r\nSET a b");
        Assert.Contains("subscribe", subscriber.Ask("SUBSCRIBE channel\r\nPSUBSCRIBE c*", marker: false));
        halfway.Send($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n{new string('x', 50_000)}");
        // Read by the server before it ends: another client's question is answered after it.
        Assert.Equal(":100\r\n", new Wire(server.EndPoint).Ask("DBSIZE"));
        await server.DisposeAsync();
        Assert.True(server.Completion.IsCompletedSuccessfully);
        Assert.True(busy.IsEnded() && subscriber.IsEnded() && halfway.IsEnded());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Replies_that_nobody_reads_are_freed_with_their_client()
    {
        var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        using var deaf = new Wire(server.EndPoint);
        deaf.Send($"SET big {new string('x', 60_000)}");
        for (var i = 0; i < 500; i++) deaf.Send("GET big");
        using var client = new Wire(server.EndPoint);
        var watch = Stopwatch.StartNew();
        while (!client.Ask("INFO commandstats").Contains("cmdstat_get:calls=500")) Assert.True(watch.Elapsed < Patience, "The commands are not executed.");
        await server.DisposeAsync();
    }

    [Fact]
    public async Task SHUTDOWN_completes_the_server()
    {
        var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        Assert.False(server.Completion.IsCompleted);
        using var client = new Wire(server.EndPoint);
        client.Send("SHUTDOWN NOSAVE");
        Assert.True(client.IsEnded());
        await server.Completion.WaitAsync(Patience, Cancelled);
        Assert.Throws<SocketException>(() => new Wire(server.EndPoint));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_fails_says_why_and_hangs_up()
    {
        var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        using var client = new Wire(server.EndPoint);
        Assert.Equal("+PONG\r\n", client.Ask("PING"));
        server.Post(() => throw new InvalidOperationException("A bug."));
        Assert.True(client.IsEnded());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => server.Completion.WaitAsync(Patience, Cancelled));
        Assert.Equal("A bug.", error.Message);
        Assert.Throws<SocketException>(() => new Wire(server.EndPoint));
    }

    [Theory]
    [InlineData("maxmemoryy", "1gb", "maxmemoryy")]
    [InlineData("maxmemory", "lots", "maxmemory")]
    [InlineData("hz", "ten", "hz")]
    [InlineData("appendonly", "maybe", "appendonly")]
    public async Task A_wrong_directive_is_named(string directive, string value, string named)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Start((directive, value)));
        Assert.Contains(named, error.Message);
        Assert.Equal("options", error.ParamName);
    }

    [Fact]
    public async Task Directives_are_what_a_configuration_file_says()
    {
        await using var server = await Start(("maxmemory", "100mb"), ("databases", "3"), ("rename-command", "FLUSHALL \"\""), ("requirepass", "pass word"));
        using var client = new Wire(server.EndPoint);
        Assert.Equal("-NOAUTH Authentication required.\r\n+OK\r\n", client.Ask("GET k\r\nAUTH \"pass word\""));
        Assert.Equal("*2\r\n$9\r\nmaxmemory\r\n$9\r\n104857600\r\n", client.Ask("CONFIG GET maxmemory"));
        Assert.Equal("+OK\r\n-ERR DB index is out of range\r\n", client.Ask("SELECT 2\r\nSELECT 3"));
        Assert.StartsWith("-ERR unknown command 'FLUSHALL'", client.Ask("FLUSHALL"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_IOException_and_a_cancelled_start_is_cancelled()
    {
        await using var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        var taken = new HearthOptions { Port = server.EndPoint.Port };
        await Assert.ThrowsAnyAsync<IOException>(() => HearthServer.StartAsync(taken, Cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HearthServer.StartAsync(null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_server_without_a_port_has_no_end_point_but_may_have_a_socket_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hearth-test-{Environment.ProcessId}.sock");
        await using var server = await HearthServer.StartAsync(new HearthOptions { Port = -1, UnixSocketPath = path }, Cancelled);
        Assert.Throws<InvalidOperationException>(() => server.EndPoint);
        var endPoint = Assert.IsType<UnixDomainSocketEndPoint>(Assert.Single(server.EndPoints));
        Assert.Equal(path, endPoint.ToString());
        using var client = new Wire(endPoint);
        Assert.Equal("+PONG\r\n", client.Ask("PING"));
    }

    [Fact]
    public async Task The_log_goes_to_the_application()
    {
        var lines = new List<string>();
        var options = new HearthOptions
        {
            Directives = new Dictionary<string, string> { ["enable-debug-command"] = "yes" },
            Log = line =>
            {
                lock (lines) lines.Add(line);
            },
        };
        await using var server = await HearthServer.StartAsync(options, Cancelled);
        using var client = new Wire(server.EndPoint);
        client.Ask("DEBUG LOG something-to-find");
        lock (lines) Assert.Contains(lines, line => line.Contains("something-to-find"));
    }

    [Fact]
    public async Task A_seed_makes_servers_alike_and_none_makes_them_differ()
    {
        var ids = new List<string>();
        foreach (var seed in (ulong?[])[5, 5, null, null])
        {
            await using var server = await HearthServer.StartAsync(new HearthOptions { Seed = seed }, Cancelled);
            using var client = new Wire(server.EndPoint);
            ids.Add(client.Ask("INFO server").Split("\r\n").Single(line => line.StartsWith("run_id:", StringComparison.Ordinal)));
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task Claimed_lengths_reserve_nothing()
    {
        const int Clients = 100;
        await using var server = await HearthServer.StartAsync(cancellationToken: Cancelled);
        using var observer = new Wire(server.EndPoint);
        var before = UsedMemory(observer);
        var clients = Enumerable.Range(0, Clients).Select(_ => new Wire(server.EndPoint)).ToList();
        for (var i = 0; i < Clients; i++) clients[i].Send((i % 3) switch { 0 => "*1\r\n$536870912", 1 => "*1048576\r\n$10", _ => "*2147483647" });
        var watch = Stopwatch.StartNew();
        while (BytesKept(observer) < Clients * "*2147483647\r\n".Length) Assert.True(watch.Elapsed < Patience, "Not all has arrived.");
        Assert.InRange(UsedMemory(observer) - before, 0, Clients * 1024);
        foreach (var client in clients) client.Dispose();
    }

    private static Task<HearthServer> Start(params (string Name, string Value)[] directives) => HearthServer.StartAsync(
        new HearthOptions { Directives = directives.ToDictionary(directive => directive.Name, directive => directive.Value) }, Cancelled);

    private static long UsedMemory(Wire client) => long.Parse(
        client.Ask("INFO memory").Split("\r\n").Single(line => line.StartsWith("used_memory:", StringComparison.Ordinal))["used_memory:".Length..]);

    /// <summary>Input that the server keeps for its clients because their commands are incomplete.</summary>
    private static int BytesKept(Wire client) => client.Ask("CLIENT LIST").Split(' ')
        .Where(field => field.StartsWith("qbuf=", StringComparison.Ordinal)).Sum(field => int.Parse(field["qbuf=".Length..]));

    /// <summary>A client that types inline commands and reads what comes back.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly Socket _socket;
        private readonly byte[] _buffer = new byte[65536];
        private int _marks;

        public Wire(EndPoint endPoint)
        {
            var protocol = endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
            _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
            _socket.Connect(endPoint);
        }

        /// <summary>Sends lines and reads all replies to them; the reply to a last ECHO shows that they are all there.</summary>
        public string Ask(string lines, bool marker = true)
        {
            var mark = $"mark-{_marks++}";
            Send(lines + (marker ? $"\r\nECHO {mark}" : $"\r\nPING {mark}"));
            var end = $"${mark.Length}\r\n{mark}\r\n";
            var text = "";
            while (!text.EndsWith(end, StringComparison.Ordinal))
            {
                var count = _socket.Receive(_buffer);
                if (count == 0) throw new EndOfStreamException($"The server hung up after '{text}'.");
                text += Latin1.Text(_buffer.AsSpan(0, count));
            }

            return text[..^end.Length];
        }

        public void Send(string lines) => _socket.Send(Latin1.Bytes(lines + "\r\n"));

        /// <summary>Whether the server has closed, after all that it still sent.</summary>
        public bool IsEnded()
        {
            try
            {
                while (_socket.Receive(_buffer) > 0)
                {
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
            }

            return true;
        }

        public void Dispose() => _socket.Dispose();
    }
}

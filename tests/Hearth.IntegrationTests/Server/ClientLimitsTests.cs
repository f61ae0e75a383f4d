using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Server;

/// <summary>Clients that send or keep waiting too much, or nothing for too long, are closed, and the log says so as Redis does.</summary>
public sealed class ClientLimitsTests
{
    private const string ClientLine = @"id=\d+ addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:\d+ .* lib-ver=";

    private readonly ConcurrentQueue<string> _log = [];
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_closed_at_the_hard_limit()
    {
        await using var server = await Start(("client-output-buffer-limit", "pubsub 1mb 0 0"));
        using var subscriber = RespClient.Connect(server.EndPoint.Port);
        using var publisher = RespClient.Connect(server.EndPoint.Port);
        subscriber.Call("SUBSCRIBE", "c");
        var message = new string('x', 100_000);
        var sent = 0;
        while (publisher.Call("PUBLISH", "c", message).Integer == 1) Assert.True(++sent < 1000, "100 MB went into the air.");

        AssertLogged($"^Client {ClientLine} scheduled to be closed ASAP for overcoming of output buffer limits\\.$");
        var received = subscriber.ReceiveUntilClosed();
        Assert.True(received.Length < sent * message.Length, "What waited was to be dropped.");
    }

    [Fact]
    public async Task A_subscriber_over_the_soft_limit_is_closed_when_time_is_up()
    {
        await using var server = await Start(("client-output-buffer-limit", "pubsub 0 1mb 10"));
        using var subscriber = RespClient.Connect(server.EndPoint.Port);
        using var publisher = RespClient.Connect(server.EndPoint.Port);
        subscriber.Call("SUBSCRIBE", "c");
        while (WaitingBytes(publisher) < 2_000_000) publisher.Call("PUBLISH", "c", new string('x', 100_000));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, publisher.Call("PUBLISH", "c", "x").Integer);
        _time.Advance(TimeSpan.FromSeconds(2));
        WaitUntil(() => publisher.Call("PUBSUB", "NUMSUB", "c").Items[1].Integer == 0);
        AssertLogged("^Client .* scheduled to be closed ASAP for overcoming of output buffer limits\\.$");
    }

    [Fact]
    public async Task A_transaction_whose_replies_are_too_long_runs_to_its_end_all_the_same()
    {
        await using var server = await Start(("client-output-buffer-limit", "normal 100000 0 0"));
        using var client = RespClient.Connect(server.EndPoint.Port);
        using var other = RespClient.Connect(server.EndPoint.Port);
        client.Call("SET", "big", new string('x', 1000));
        client.Call("MULTI");
        for (var i = 0; i < 200; i++) client.Call("GET", "big");
        client.Call("SET", "done", "yes");
        client.SendCommand("EXEC");
        Assert.Empty(client.ReceiveUntilClosed());
        Assert.Equal("yes", other.Call("GET", "done").Text);
    }

    [Fact]
    public async Task Errors_that_nobody_reads_do_not_pile_up_before_login()
    {
        await using var server = await Start(("requirepass", "secret"));
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("PING\r\n", 5000))));
        Assert.True(client.ReceiveUntilClosed().Length < 100_000);
        AssertLogged("^Client .* scheduled to be closed ASAP for overcoming of output buffer limits\\.$");
    }

    [Fact]
    public async Task A_command_longer_than_the_query_buffer_limit_closes_its_client()
    {
        await using var server = await Start(("client-query-buffer-limit", "1mb"));
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3000000\r\n"u8);
        try
        {
            client.Send(new byte[2_000_000]);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has closed already.
        }

        Assert.Empty(client.ReceiveUntilClosed());
        AssertLogged($"^Closing client that reached max query buffer length: {ClientLine} \\(qbuf initial bytes: \"\\*3\\\\r\\\\n\\$3\\\\r\\\\nSET.*\"\\)$");
    }

    [Fact]
    public async Task Queued_commands_count_for_the_query_buffer_limit()
    {
        await using var server = await Start(("client-query-buffer-limit", "1mb"));
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.Call("MULTI");
        var value = new string('x', 100_000);
        for (var i = 0; i < 10; i++) Assert.Equal("QUEUED", client.Call("SET", "k", value).Text);
        client.SendCommand("SET", "k", value);
        client.ReceiveUntilClosed();
        AssertLogged("^Closing client that reached max query buffer length: .* multi=1[01] .*$");
    }

    [Fact]
    public async Task Queued_commands_without_a_byte_count_too()
    {
        await using var server = await Start(("client-query-buffer-limit", "1mb"));
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.Call("MULTI");
        var empty = string.Concat(Enumerable.Repeat("$0\r\n\r\n", 140_000));
        client.Send(Encoding.ASCII.GetBytes("*140001\r\n$3\r\nDEL\r\n" + empty));
        client.ReceiveUntilClosed();
        AssertLogged("^Closing client that reached max query buffer length: .* multi=1 .*$");
    }

    [Fact]
    public async Task Who_is_silent_for_too_long_is_closed_but_subscribers_are_not()
    {
        await using var server = await Start(("timeout", "10"), ("loglevel", "verbose"));
        using var silent = RespClient.Connect(server.EndPoint.Port);
        using var subscriber = RespClient.Connect(server.EndPoint.Port);
        using var active = RespClient.Connect(server.EndPoint.Port);
        silent.Call("PING");
        subscriber.Call("SUBSCRIBE", "c");
        active.Call("PING");
        _time.Advance(TimeSpan.FromSeconds(9));
        active.Call("PING");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(silent.ReceiveUntilClosed());
        AssertLogged("^Closing idle client$");
        Assert.Equal(1, active.Call("PUBLISH", "c", "x").Integer);
        Assert.Equal("message", subscriber.Receive().Items[0].Text);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nSET k v\r\n")]
    [InlineData("PING\r\nhost: 127.0.0.1\r\nSET k v\r\n")]
    public async Task A_browser_that_was_tricked_into_posting_here_gets_nothing(string request)
    {
        await using var server = await Start();
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.Send(Encoding.ASCII.GetBytes(request));
        Assert.Empty(client.ReceiveUntilClosed());
        AssertLogged(@"^Possible SECURITY ATTACK detected\. .* Connection from 127\.0\.0\.1:\d+ aborted\.$");
        using var other = RespClient.Connect(server.EndPoint.Port);
        Assert.True(other.Call("GET", "k").IsNull);
    }

    [Fact]
    public async Task Nobody_else_comes_in_when_there_are_as_many_clients_as_may_be()
    {
        await using var server = await Start(("maxclients", "2"));
        using var first = RespClient.Connect(server.EndPoint.Port);
        using var second = RespClient.Connect(server.EndPoint.Port);
        first.Call("PING");
        second.Call("PING");
        using var third = RespClient.Connect(server.EndPoint.Port);
        Assert.Equal("-ERR max number of clients reached\r\n", Encoding.ASCII.GetString(third.ReceiveUntilClosed()));
        first.Call("QUIT");
        first.ReceiveUntilClosed();
        using var fourth = RespClient.Connect(server.EndPoint.Port);
        Assert.Equal("PONG", fourth.Call("PING").Text);
    }

    private static long WaitingBytes(RespClient client)
    {
        var line = client.Call("CLIENT", "LIST", "TYPE", "pubsub").Text;
        return long.Parse(Regex.Match(line, @" omem=(\d+) ").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static void WaitUntil(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition()) Assert.True(Stopwatch.GetElapsedTime(start) < RespClient.DefaultTimeout, "It did not happen.");
    }

    private Task<HearthServer> Start(params (string Name, string Value)[] directives) => HearthServer.StartAsync(new HearthOptions
    {
        Log = _log.Enqueue,
        TimeProvider = _time,
        Directives = directives.ToDictionary(directive => directive.Name, directive => directive.Value),
    });

    /// <summary>Whether a line of the log, behind its head, looks like this.</summary>
    private void AssertLogged(string pattern) =>
        Assert.Contains(_log, line => Regex.IsMatch(line.TrimEnd('\n')[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split(' ', 6)[^1], pattern));
}

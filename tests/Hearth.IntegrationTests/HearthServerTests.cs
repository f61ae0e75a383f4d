using System.Net.Sockets;
using Hearth.IntegrationTests.Support;
using StackExchange.Redis;
using Xunit;

namespace Hearth.IntegrationTests;

/// <summary>The server as an application embeds it.</summary>
public class HearthServerTests
{
    [Fact]
    public async Task The_example_of_the_readme_works()
    {
        var time = new ManualTime();

#pragma warning disable xUnit1051 // These lines are the README's, word for word; it has no test to cancel.
        await using var server = await HearthServer.StartAsync(new HearthOptions { TimeProvider = time });
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.EndPoint.ToString());
        var database = redis.GetDatabase();
        await database.StringSetAsync("session:1", "Ada", TimeSpan.FromMinutes(20));
        time.Advance(TimeSpan.FromMinutes(21));
        var session = await database.StringGetAsync("session:1"); // null: it has expired
#pragma warning restore xUnit1051

        Assert.True(session.IsNull);
        await database.StringSetAsync("session:2", "Ada", TimeSpan.FromMinutes(20));
        time.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal("Ada", await database.StringGetAsync("session:2"));
    }

    [Fact]
    public async Task Servers_of_one_process_share_nothing()
    {
        await using var first = await HearthServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await HearthServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual(first.EndPoint.Port, second.EndPoint.Port);
        using var one = RespClient.Connect(first.EndPoint.Port);
        using var other = RespClient.Connect(second.EndPoint.Port);

        Assert.Equal("OK", one.Call("SET", "key", "value").Text);
        Assert.Equal("OK", one.Call("CONFIG", "SET", "hz", "50").Text);
        Assert.Equal(0, other.Call("EXISTS", "key").Integer);
        Assert.Equal("10", other.Call("CONFIG", "GET", "hz").Items[1].Text);
    }

    [Fact]
    public async Task A_server_that_has_failed_leaves_nobody_waiting()
    {
        var server = await HearthServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = RespClient.Connect(server.EndPoint.Port);
        Assert.Equal("PONG", client.Call("PING").Text);
        server.Post(() => throw new InvalidTimeZoneException("on purpose"));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await server.Completion.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(server.Post(() => { }));
        Assert.ThrowsAny<SocketException>(() => RespClient.Connect(server.EndPoint.Port).Dispose());
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await server.DisposeAsync());
    }

    [Fact]
    public async Task What_has_no_effect_yet_is_said_in_the_log()
    {
        var log = new List<string>();
        var options = new HearthOptions { Log = log.Add, Directives = new Dictionary<string, string> { ["save"] = "", ["maxmemory"] = "100mb" } };
        await using var server = await HearthServer.StartAsync(options, TestContext.Current.CancellationToken);
        Assert.EndsWith("WARNING: these directives have no effect yet: maxmemory", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_by_a_client_ends_the_server_and_not_the_process()
    {
        await using var server = await HearthServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = RespClient.Connect(server.EndPoint.Port);
        client.SendCommand("SHUTDOWN", "NOSAVE");
        Assert.Null(client.TryReceive());
        await server.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}

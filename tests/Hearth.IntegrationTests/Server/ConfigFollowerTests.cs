using System.Net.Sockets;
using Hearth.IntegrationTests.Support;
using Hearth.Server;
using Xunit;

namespace Hearth.IntegrationTests.Server;

/// <summary>What CONFIG SET changes in a server that runs.</summary>
public sealed class ConfigFollowerTests : IAsyncDisposable
{
    private readonly List<string> _log = [];
    private readonly HearthServer _server;

    public ConfigFollowerTests() => _server = HearthServer.StartAsync(new HearthOptions
    {
        Log = _log.Add,
        Directives = new Dictionary<string, string> { ["rename-command"] = "get fetch", ["hz"] = "20", ["save"] = "" },
    }).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_port_moves_and_clients_stay()
    {
        using var client = RespClient.Connect(_server.EndPoint.Port);
        var port = TestServer.FreePort();
        Assert.Null(await Set("port", $"{port}"));
        Assert.Equal("PONG", client.Call("PING").Text);
        using var other = RespClient.Connect(port);
        Assert.Equal("PONG", other.Call("PING").Text);
        Assert.ThrowsAny<SocketException>(() => RespClient.Connect(_server.EndPoint.Port));
    }

    [Fact]
    public async Task An_address_that_is_not_of_this_machine_is_refused_and_the_old_one_stays()
    {
        Assert.Equal(
            "ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses.", await Set("bind", "192.0.2.1", "timeout", "9"));
        Assert.Equal(0, _server.Engine.Config.TimeoutSeconds);
        Assert.Contains(_log, line => line.Contains("Warning: Could not create server TCP listening socket 192.0.2.1:0: bind: ", StringComparison.Ordinal));
        Assert.Null(await Set("bind", "127.0.0.1 -192.0.2.1"));
    }

    [Fact]
    public async Task More_clients_than_files_can_be_open_are_refused()
    {
        var limit = OpenFiles.Limit();
        Assert.SkipWhen(limit > uint.MaxValue, "This system has no limit of open files.");
        Assert.Equal(
            $"ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system is not able to handle the specified number of clients, try with {limit - 64}",
            await Set("maxclients", $"{limit}"));
        Assert.Equal(Math.Min(10000, limit - 64), _server.Engine.Config.MaxClients);
    }

    [Fact]
    public async Task Connections_to_come_are_probed_as_the_configuration_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The options of a socket are numbered differently elsewhere.");
        using var first = Connect(out var usual);
        Assert.Null(await Set("tcp-keepalive", "77"));
        using var second = Connect(out var changed);
        Assert.Null(await Set("tcp-keepalive", "0"));
        using var third = Connect(out var off);
        using (usual)
        using (changed)
        using (off)
        {
            Assert.Equal((true, 300), (usual.IsKeepAlive, usual.KeepAliveSeconds));
            Assert.Equal((true, 77), (changed.IsKeepAlive, changed.KeepAliveSeconds));
            Assert.False(off.IsKeepAlive);
        }
    }

    [Fact]
    public async Task The_log_level_follows()
    {
        Assert.Null(await Set("loglevel", "nothing"));
        Assert.Null(await Set("lfu-log-factor", "3"));
        Assert.Null(await Set("loglevel", "notice"));
        Assert.Null(await Set("lfu-decay-time", "3"));
        Assert.EndsWith("CONFIG SET of what has no effect yet: lfu-decay-time", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void Directives_of_the_options_count()
    {
        Assert.Equal(20, _server.Engine.Config.Hz);
        using var client = RespClient.Connect(_server.EndPoint.Port);
        Assert.StartsWith("ERR unknown command 'get'", client.Call("get", "x").Text, StringComparison.Ordinal);
        Assert.True(client.Call("fetch", "x").IsNull);
    }

    [Theory]
    [InlineData("rename-command", "nope x", "No such command in rename-command")]
    [InlineData("rename-command", "get set", "Target command name already exists")]
    [InlineData("hz", "x", "argument couldn't be parsed into an integer")]
    [InlineData("nope", "x", "Bad directive or wrong number of arguments")]
    public async Task A_wrong_directive_makes_the_start_fail(string name, string value, string reason)
    {
        var options = new HearthOptions { Directives = new Dictionary<string, string> { [name] = value } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => HearthServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private RespClient Connect(out KernelSocket serversEnd)
    {
        var client = RespClient.Connect(_server.EndPoint.Port);
        client.Call("PING"); // Now it has been accepted.
        serversEnd = KernelSocket.OfConnection(_server.EndPoint.Port, client.LocalPort);
        return client;
    }

    private Task<string?> Set(params string[] words)
    {
        var result = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Post(() =>
        {
            var pairs = words.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToArray();
            result.SetResult(_server.Engine.Config.TrySet(pairs, isLocal: true, out var error) ? null : error);
        });
        return result.Task;
    }
}

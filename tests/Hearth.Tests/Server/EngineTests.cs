using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class EngineTests : IDisposable
{
    private readonly TestServer _server = new();

    private Engine Engine => _server.Engine;

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Flushing_everything_leaves_as_many_blocks_as_an_empty_server_has()
    {
        var empty = Engine.DataHeap.LiveBlocks;
        for (var db = 0; db < 3; db++)
        {
            _server.Run("SELECT", $"{db}");
            for (var i = 0; i < 1000; i++) _server.Run("SET", $"key:{i}", new string('v', i * 3), "PX", "100000");
        }

        _server.Run("FLUSHDB", "ASYNC"); // Waits to be freed, and must not be freed twice.
        Assert.Equal(1000, Engine.LazyFree.PendingObjects);
        Assert.Equal(2000, Engine.FlushAll());
        Assert.Equal((empty, 0), (Engine.DataHeap.LiveBlocks, Engine.LazyFree.PendingObjects));
        Assert.All(Engine.Keyspaces, keyspace => Assert.Equal(0, keyspace.Count));
        Assert.Equal("+OK\r\n", _server.Run("SET", "k", "v"));
        Assert.Equal("$1\r\nv\r\n", _server.Run("GET", "k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flushing_a_database_leaves_the_others(bool isLazy)
    {
        _server.Run("MSET", "a", "1", "b", "2");
        _server.Run("SELECT", "1");
        _server.Run("SET", "c", "3");
        Assert.Equal(2, Engine.Flush(Engine.Keyspaces[0], isLazy));
        Assert.Equal((0, 1, isLazy ? 2 : 0), (Engine.Keyspaces[0].Count, Engine.Keyspaces[1].Count, Engine.LazyFree.PendingObjects));
        Assert.Equal("$1\r\n3\r\n", _server.Run("GET", "c"));
    }

    [Fact]
    public void An_expired_key_is_propagated_notified_and_spoils_those_that_watch_it()
    {
        var (events, propagated) = (EventLog.Attach(_server), PropagationLog.Attach(_server));
        var watcher = _server.Connect();
        _server.Run("SET", "k", "v", "PX", "10");
        _server.RunAs(watcher, "WATCH", "k");
        events.Take();
        propagated.Take();
        _server.Advance(TimeSpan.FromMilliseconds(11));
        _server.Run("GET", "k");
        Assert.Equal(["DEL k"], propagated.Take());
        Assert.Equal(["0 expired k", "0 keymiss k"], events.Take());
        _server.RunAs(watcher, "MULTI");
        Assert.Equal("*-1\r\n", _server.RunAs(watcher, "EXEC"));
    }

    [Fact]
    public void Keys_that_the_active_cycle_removes_are_propagated_one_by_one()
    {
        var propagated = PropagationLog.Attach(_server);
        for (var i = 0; i < 3; i++) _server.Run("SET", $"{i}", "v", "PX", "10");
        propagated.Take();
        _server.Advance(TimeSpan.FromMilliseconds(11));
        Engine.ActiveExpiry.Run(long.MaxValue / 2);
        Assert.Equal(["DEL 0", "DEL 1", "DEL 2"], propagated.Take().Order());
    }

    [Fact]
    public void Only_the_wanted_classes_of_events_are_notified()
    {
        var events = EventLog.Attach(_server);
        Engine.Config.NotifyKeyspaceEvents = NotifyFlags.Generic | NotifyFlags.Keyevent;
        _server.Run("SET", "k", "v");
        _server.Run("DEL", "k");
        Assert.Equal(["0 del k"], events.Take());
    }

    [Theory]
    [InlineData("no", false)]
    [InlineData("local", true)] // A client without a connection is in this very process.
    [InlineData("yes", true)]
    public void Protected_commands_are_for_those_that_the_configuration_names(string directive, bool isAllowed)
    {
        Engine.Config.EnableDebugCommand = Enum.Parse<LocalAccess>(directive, ignoreCase: true);
        Assert.Equal(isAllowed, Engine.AllowsProtected(_server.Connect()));
    }

    [Fact]
    public void A_password_is_required_of_those_that_came_while_there_was_one()
    {
        var early = _server.Connect();
        Engine.Config.RequirePass = "secret"u8.ToArray();
        var late = _server.Connect();
        Assert.Equal((false, true), (Engine.RequiresPassword(early), Engine.RequiresPassword(late)));
        Engine.Config.RequirePass = [];
        Assert.False(Engine.RequiresPassword(late));
    }

    [Fact]
    public void A_client_that_leaves_takes_its_transaction_its_watches_and_its_subscriptions_along()
    {
        var client = _server.Connect();
        _server.RunAs(client, "WATCH", "k");
        _server.RunAs(client, "MULTI");
        _server.RunAs(client, "SET", "k", new string('v', 50_000));
        var subscriber = _server.Connect();
        _server.RunAs(subscriber, "SUBSCRIBE", "channel");
        Assert.Equal(":1\r\n", _server.Run("PUBLISH", "channel", "message"));

        Engine.RemoveClient(client);
        Engine.RemoveClient(subscriber);
        Assert.True(Engine.WatchedKeys.IsEmpty);
        Assert.Equal(":0\r\n", _server.Run("PUBLISH", "channel", "message"));
        Assert.Equal("$-1\r\n", _server.Run("GET", "k"));
        Assert.Equal(1, Engine.Clients.Count);
    }

    [Fact]
    public void A_seed_repeats_everything_random()
    {
        using var same = new TestServer(seed: 1);
        using var other = new TestServer(seed: 2);
        Assert.Equal(40, Engine.RunId.Length);
        Assert.Equal((Engine.RunId, Engine.ReplicationId), (same.Engine.RunId, same.Engine.ReplicationId));
        Assert.NotEqual(Engine.RunId, other.Engine.RunId);
        Assert.NotEqual(Engine.RunId, Engine.ReplicationId);
        Assert.Equal(Engine.Hash.Hash("key"u8), same.Engine.Hash.Hash("key"u8));
        Assert.NotEqual(Engine.Hash.Hash("key"u8), other.Engine.Hash.Hash("key"u8));
    }

    [Fact]
    public void Servers_in_one_process_share_nothing()
    {
        using var other = new TestServer();
        _server.Run("SET", "k", "v");
        other.Run("CONFIG", "SET", "maxclients", "77");
        Assert.Equal("$-1\r\n", other.Run("GET", "k"));
        Assert.Equal("*2\r\n$10\r\nmaxclients\r\n$5\r\n10000\r\n", _server.Run("CONFIG", "GET", "maxclients"));
        Assert.Equal((1, 0), (CallsOf(Engine, "set"), CallsOf(other.Engine, "set")));
    }

    [Fact]
    public void Statistics_start_anew_and_the_data_stays()
    {
        _server.Run("SET", "k", "v");
        _server.Run("GET", "k");
        _server.Run("GET", "absent");
        Engine.ResetStatistics();
        Assert.Equal((0, 0, 0), (Engine.Statistics.CommandsProcessed, Engine.KeyspaceStatistics.Hits, Engine.KeyspaceStatistics.Misses));
        Assert.Equal(Engine.UsedBytes, Engine.Samples.PeakBytes);
        Assert.Equal("$1\r\nv\r\n", _server.Run("GET", "k"));
    }

    [Fact]
    public void Used_bytes_are_those_of_both_heaps() =>
        Assert.Equal(Engine.DataHeap.UsedBytes + Engine.ClientHeap.UsedBytes, Engine.UsedBytes);

    private static long CallsOf(Engine engine, string command) =>
        engine.Statistics.Commands[engine.Commands.Find(Latin1.Bytes(command))!.Index].Calls;
}

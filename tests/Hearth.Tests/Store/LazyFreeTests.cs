using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Store;

public class LazyFreeTests
{
    [Fact]
    public void Tables_taken_away_are_freed_in_steps_while_their_database_goes_on()
    {
        const int Keys = 50_000;
        using var store = new StoreHarness();
        for (var i = 0; i < Keys; i++) store.Set($"{i}", "v", i % 2 == 0 ? store.NowMs + 10 : Entry.NoExpiry);
        var (keys, expires) = store.Keyspace.TakeTables();
        store.LazyFree.Add(keys, expires);
        Assert.Equal((0, Keys), (store.Keyspace.Count, store.LazyFree.PendingObjects));
        store.Set("new", "v");

        var steps = 0;
        var largest = 0L;
        for (var before = store.LazyFree.PendingObjects; store.LazyFree.Step(); before = store.LazyFree.PendingObjects)
        {
            steps++;
            largest = Math.Max(largest, before - store.LazyFree.PendingObjects);
            Assert.Equal(Keys, store.LazyFree.PendingObjects + store.Statistics.LazyFreedObjects);
        }

        Assert.True(store.LazyFree.IsIdle);
        Assert.Equal((0, Keys), (store.LazyFree.PendingObjects, store.Statistics.LazyFreedObjects));
        Assert.True(steps > 10, $"only {steps} steps");
        Assert.InRange(largest, 1, 4000);
        Assert.Equal("v", store.Get("new"));
        Assert.Equal(store.EmptyBlocks, BlocksWithout(store, "new"));
    }

    [Theory]
    [InlineData("UNLINK", "hash", "set")]
    [InlineData("FLUSHDB", "ASYNC")]
    public void Big_collections_are_freed_bit_by_bit(params string[] command)
    {
        using var server = new TestServer();
        server.Run("SET", "keep", "v");
        server.Run("MOVE", "keep", "1");
        server.Run(["HSET", "hash", .. Enumerable.Range(0, 10_000).Select(i => $"{i}")]);
        server.Run(["SADD", "set", .. Enumerable.Range(0, 10_000).Select(i => $"{i}")]);
        server.Run(command);
        Assert.Equal(":0\r\n", server.Run("DBSIZE"));
        var (steps, blocks) = (0, server.Engine.DataHeap.LiveBlocks);
        while (server.Engine.LazyFree.Step())
        {
            steps++;
            Assert.InRange(blocks - server.Engine.DataHeap.LiveBlocks, 0, 3_000);
            blocks = server.Engine.DataHeap.LiveBlocks;
        }

        Assert.True(steps > 10, $"only {steps} steps");
        Assert.Equal(0, server.Engine.LazyFree.PendingObjects);
        Assert.InRange(server.Engine.DataHeap.LiveBlocks, 1, 200);
    }

    /// <summary>Disposing the server verifies every table and fails when a block leaks; a second free or a touch of what is gone fails at once.</summary>
    [Fact]
    public void Whatever_happens_while_big_values_are_being_freed_each_block_is_freed_once()
    {
        const int Seed = 1_848;
        var random = new Random(Seed);
        for (var round = 0; round < 30; round++)
        {
            using var server = new TestServer(config => config.LazyfreeLazyServerDel = config.LazyfreeLazyExpire = config.LazyfreeLazyUserDel = true);
            for (var left = 40; left > 0; left--)
            {
                RunRandomCommand(server, random);
                var pending = server.Engine.LazyFree.PendingObjects;
                Assert.True(pending >= 0 && (pending == 0 || !server.Engine.LazyFree.IsIdle), $"seed {Seed}, round {round}: {pending} pending");
                for (var steps = random.Next(3); steps > 0; steps--) server.Engine.LazyFree.Step();
            }
        }
    }

    private static void RunRandomCommand(TestServer server, Random random)
    {
        var key = "k" + random.Next(4);
        var elements = Enumerable.Range(0, random.Next(10) == 0 ? 3 : random.Next(3_000)).Select(i => $"element:{i}");
        server.Run(random.Next(18) switch
        {
            0 or 1 => ["RPUSH", key, .. elements, "e"],
            2 or 3 => ["SADD", key, .. elements, "e"],
            4 => ["HSET", key, .. elements.SelectMany(element => (string[])[element, "value"]), "f", "v"],
            5 => ["ZADD", key, .. elements.SelectMany((element, i) => (string[])[$"{i}", element]), "1", "e"],
            6 => ["XADD", key, "*", .. elements.SelectMany(element => (string[])[element, "value"]), "f", "v"],
            7 => ["UNLINK", key],
            8 => ["DEL", key],
            9 => ["SET", key, "value"],
            10 => ["FLUSHDB", "ASYNC"],
            11 when random.Next(3) == 0 => ["FLUSHALL"],
            12 => ["SWAPDB", "0", "1"],
            13 => ["RENAME", key, "k0"],
            14 => ["COPY", key, "k1", "REPLACE"],
            15 => ["PEXPIREAT", key, "1"],
            16 => ["SUNIONSTORE", key, "k2"],
            _ => ["MOVE", key, "1"],
        });
    }

    [Fact]
    public void The_expires_index_is_freed_in_steps_too()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 50_000; i++) store.Set($"{i}", "v", store.NowMs + 10);
        var (keys, expires) = store.Keyspace.TakeTables();
        var blocks = store.Heap.LiveBlocks;
        store.LazyFree.Add(keys, expires);
        Assert.Equal(blocks, store.Heap.LiveBlocks);
        store.LazyFree.Step();
        Assert.InRange(expires.Count, 40_000, 49_999);
        store.LazyFree.Finish();
        Assert.Equal(store.EmptyBlocks, store.Heap.LiveBlocks);
    }

    [Fact]
    public void Several_tables_wait_in_line()
    {
        using var store = new StoreHarness(databases: 3);
        for (var db = 0; db < 3; db++)
        {
            for (var i = 0; i < 100; i++) store.Set($"{i}", "v", database: db);
            var (keys, expires) = store.Keyspaces[db].TakeTables();
            store.LazyFree.Add(keys, expires);
        }

        Assert.Equal(300, store.LazyFree.PendingObjects);
        store.LazyFree.Finish();
        Assert.Equal((0, 300, store.EmptyBlocks), (store.LazyFree.PendingObjects, store.Statistics.LazyFreedObjects, store.Heap.LiveBlocks));
        Assert.False(store.LazyFree.Step());
    }

    [Fact]
    public void What_waits_is_forgotten_when_the_heap_drops_everything()
    {
        using var store = new StoreHarness();
        for (var i = 0; i < 1000; i++) store.Set($"{i}", "v");
        var (keys, expires) = store.Keyspace.TakeTables();
        store.LazyFree.Add(keys, expires);
        store.LazyFree.Forget();
        store.Heap.Reset();
        store.Keyspace.Reinitialize();
        Assert.True(store.LazyFree.IsIdle);
        Assert.Equal((0, 1000), (store.LazyFree.PendingObjects, store.Statistics.LazyFreedObjects));
    }

    private static long BlocksWithout(StoreHarness store, string key)
    {
        store.Keyspace.Delete(store.Key(key));
        store.Keyspace.Clear();
        return store.Heap.LiveBlocks;
    }
}

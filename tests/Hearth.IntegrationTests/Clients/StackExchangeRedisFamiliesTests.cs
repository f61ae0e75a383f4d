using Hearth.IntegrationTests.Support;
using StackExchange.Redis;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>What users of StackExchange.Redis do with each family of commands that version 1.2.6 knows: streams came later.</summary>
public sealed class StackExchangeRedisFamiliesTests : IDisposable
{
    private static readonly Comparer<HashEntry> ByName = Comparer<HashEntry>.Create(static (one, other) => string.CompareOrdinal(one.Name, other.Name));

    private readonly EmbeddedHearth _hearth = new();
    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;

    public StackExchangeRedisFamiliesTests()
    {
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", _hearth.Port } }, ConnectTimeout = 10_000, SyncTimeout = 10_000 };
        _connection = ConnectionMultiplexer.Connect(options);
        _database = _connection.GetDatabase();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _hearth.Dispose();
    }

    [Fact]
    public void Hashes_work()
    {
        _database.HashSet("user", [new("name", "Ada"), new("born", 1815)]);
        Assert.True(_database.HashSet("user", "visits", 1));
        Assert.False(_database.HashSet("user", "name", "other", When.NotExists));
        Assert.Equal(["Ada", null], Texts(_database.HashGet("user", ["name", "nothing"])));
        Assert.Equal(11, _database.HashIncrement("user", "visits", 10));
        Assert.Equal(11.5, _database.HashIncrement("user", "visits", 0.5));
        Assert.Equal(["born", "name", "visits"], Texts(_database.HashKeys("user")).Order());
        Assert.Equal(2, _database.HashDelete("user", ["born", "visits", "nothing"]));
        Assert.Equal([new HashEntry("name", "Ada")], _database.HashGetAll("user"));
        Assert.False(_database.HashExists("user", "born"));

        var entries = Enumerable.Range(0, 1000).Select(static index => new HashEntry($"field:{index}", index)).ToArray();
        _database.HashSet("big", entries);
        Assert.Equal(1000, _database.HashLength("big"));
        Assert.Equal(entries.Order(ByName), _database.HashScan("big", pageSize: 50).Distinct().Order(ByName));
        Assert.Equal(11, _database.HashScan("big", "field:99*", 50).Select(static entry => entry.Name).Distinct().Count());
        Assert.Contains("hash value is not an integer", Assert.Throws<RedisServerException>(() => _database.HashIncrement("user", "name")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_work()
    {
        Assert.Equal(3, _database.ListRightPush("jobs", ["one", "two", "three"]));
        Assert.Equal("three", _database.ListRightPopLeftPush("jobs", "running"));
        Assert.Equal(3, _database.ListInsertBefore("jobs", "two", "between"));
        Assert.Equal("between", _database.ListGetByIndex("jobs", 1));
        _database.ListSetByIndex("jobs", 1, "set");
        Assert.Equal(["one", "set", "two"], Texts(_database.ListRange("jobs")));
        Assert.Equal(1, _database.ListRemove("jobs", "set"));
        Assert.Equal("one", _database.ListLeftPop("jobs"));
        Assert.Equal("two", _database.ListRightPop("jobs"));
        Assert.True(_database.ListRightPop("jobs").IsNull);
        Assert.False(_database.KeyExists("jobs"));
        Assert.Equal(0, _database.ListLeftPush("jobs", "x", When.Exists));

        _database.ListRightPush("log", [.. Enumerable.Range(0, 1000).Select(static index => (RedisValue)index)]);
        _database.ListTrim("log", -3, -1);
        Assert.Equal(["997", "998", "999"], Texts(_database.ListRange("log")));
        Assert.Equal(RedisType.List, _database.KeyType("log"));
    }

    [Fact]
    public void Sets_work()
    {
        Assert.Equal(3, _database.SetAdd("a", ["red", "green", "blue"]));
        _database.SetAdd("b", ["green", "black"]);
        Assert.Equal(["green"], Texts(_database.SetCombine(SetOperation.Intersect, "a", "b")));
        Assert.Equal(["blue", "red"], Texts(_database.SetCombine(SetOperation.Difference, "a", "b")).Order());
        Assert.Equal(4, _database.SetCombineAndStore(SetOperation.Union, "all", "a", "b"));
        Assert.True(_database.SetContains("all", "black"));
        Assert.True(_database.SetMove("a", "b", "red"));
        Assert.False(_database.SetRemove("a", "red"));
        Assert.Contains((string?)_database.SetPop("a"), (string[])["green", "blue"]);
        Assert.Equal(["black", "green", "red"], Texts(_database.SetMembers("b")).Order());

        var members = Enumerable.Range(0, 1000).Select(static index => $"member:{index}").ToArray();
        _database.SetAdd("big", [.. members.Select(static member => (RedisValue)member)]);
        Assert.Equal(members.Order(), Texts(_database.SetScan("big", pageSize: 50)).Distinct().Order());
        Assert.Equal(10, _database.SetRandomMembers("big", 10).Distinct().Count());
    }

    [Fact]
    public void Sorted_sets_work()
    {
        Assert.Equal(3, _database.SortedSetAdd("board", [new("ann", 10), new("bob", 20.5), new("top", double.PositiveInfinity)]));
        Assert.Equal(10.25, _database.SortedSetIncrement("board", "ann", 0.25));
        Assert.Equal(1, _database.SortedSetRank("board", "bob"));
        Assert.Equal(0, _database.SortedSetRank("board", "top", Order.Descending));
        Assert.Null(_database.SortedSetRank("board", "nobody"));
        Assert.Equal(20.5, _database.SortedSetScore("board", "bob"));
        Assert.Equal(
            [new("top", double.PositiveInfinity), new("bob", 20.5), new("ann", 10.25)],
            _database.SortedSetRangeByRankWithScores("board", order: Order.Descending));
        Assert.Equal(2, _database.SortedSetLength("board", 10.25, double.PositiveInfinity, Exclude.Start));

        var entries = Enumerable.Range(0, 500).Select(static index => new SortedSetEntry($"m:{index:000}", index)).ToArray();
        _database.SortedSetAdd("long", entries);
        var pages = Enumerable.Range(0, 8).SelectMany(page => _database.SortedSetRangeByScoreWithScores("long", skip: page * 64, take: 64));
        Assert.Equal(entries, pages);
        Assert.Equal(entries, _database.SortedSetScan("long", pageSize: 50).Distinct().Order());
        Assert.Equal(490, _database.SortedSetRemoveRangeByRank("long", 0, 489));
        Assert.Equal(["m:490", "m:491"], Texts(_database.SortedSetRangeByValue("long", "m:49", "m:492", Exclude.Stop)));
        Assert.Equal(13, _database.SortedSetCombineAndStore(SetOperation.Union, "both", ["board", "long"], [2, 1], Aggregate.Max));
        Assert.Equal(20.5, _database.SortedSetScore("both", "ann"));
    }

    [Fact]
    public void Positions_work()
    {
        Assert.Equal(2, _database.GeoAdd("cities", [new(13.361389, 38.115556, "Palermo"), new(15.087269, 37.502669, "Catania")]));
        Assert.Equal(166.2742, _database.GeoDistance("cities", "Palermo", "Catania", GeoUnit.Kilometers));
        Assert.Equal(["sqc8b49rny0", null], _database.GeoHash("cities", ["Palermo", "nowhere"]).AsEnumerable());
        Assert.Equal(13.36139, _database.GeoPosition("cities", "Palermo")!.Value.Longitude, 5);
        Assert.Null(_database.GeoPosition("cities", "nowhere"));
        var near = _database.GeoRadius("cities", 15, 37, 200, GeoUnit.Kilometers, order: Order.Ascending);
        Assert.Equal([("Catania", 56.4413), ("Palermo", 190.4424)], near.Select(static result => ((string)result.Member!, result.Distance!.Value)));
        Assert.True(_database.GeoRemove("cities", "Palermo"));
        Assert.Equal(1, _database.SortedSetLength("cities"));
    }

    [Fact]
    public void HyperLogLogs_work()
    {
        Assert.True(_database.HyperLogLogAdd("monday", ["ann", "bob", "ann"]));
        Assert.False(_database.HyperLogLogAdd("monday", "bob"));
        Assert.Equal(2, _database.HyperLogLogLength("monday"));
        _database.HyperLogLogAdd("tuesday", [.. Enumerable.Range(0, 5000).Select(static index => (RedisValue)$"visitor:{index}")]);
        _database.HyperLogLogMerge("week", "monday", "tuesday");
        Assert.InRange(_database.HyperLogLogLength("week"), 4800, 5200);
        Assert.Equal(_database.HyperLogLogLength("week"), _database.HyperLogLogLength(["monday", "tuesday"]));
    }

    [Fact]
    public async Task Sorting_and_transactions_work()
    {
        _database.ListRightPush("ids", [3, 1, 2]);
        foreach (var (id, weight) in (ReadOnlySpan<(int, int)>)[(1, 30), (2, 20), (3, 10)]) _database.HashSet($"data:{id}", "weight", weight);
        Assert.Equal(["3", "2", "1"], Texts(_database.Sort("ids", by: "data:*->weight")));
        Assert.Equal(["3", "10", "2", "20"], Texts(_database.Sort("ids", 0, 2, Order.Descending, get: ["#", "data:*->weight"])));
        Assert.Equal(3, _database.SortAndStore("sorted", "ids"));
        Assert.Equal(["1", "2", "3"], Texts(_database.ListRange("sorted")));

        var transaction = _database.CreateTransaction();
        transaction.AddCondition(Condition.HashNotExists("data:1", "done"));
        transaction.AddCondition(Condition.ListIndexEqual("ids", 0, 3));
        var popped = transaction.ListLeftPopAsync("ids");
        var marked = transaction.HashSetAsync("data:1", "done", true);
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal("3", await popped);
        Assert.True(await marked);

        var refused = _database.CreateTransaction();
        refused.AddCondition(Condition.HashNotExists("data:1", "done"));
        _ = refused.ListLeftPopAsync("ids");
        Assert.False(await refused.ExecuteAsync());
        Assert.Equal(2, _database.ListLength("ids"));
    }

    private static IEnumerable<string?> Texts(IEnumerable<RedisValue> values) => values.Select(static value => (string?)value);
}

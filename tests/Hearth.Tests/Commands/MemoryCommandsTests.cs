using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed partial class MemoryCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    private Engine Engine => _server.Engine;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(44)]
    [InlineData(300)]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public void Usage_is_what_deleting_the_key_gives_back_and_its_share_of_the_table(int length)
    {
        for (var i = 0; i < 50; i++) _server.Run("SET", $"other:{i}", "value");
        _server.Run("SET", "key", new string('x', length));
        var share = Engine.Keyspaces[0].Keys.MemoryBytes / 51;
        var usage = Integer(_server.Run("MEMORY", "USAGE", "key"));
        var before = Engine.DataHeap.UsedBytes;
        var tables = Engine.Keyspaces[0].Keys.MemoryBytes;
        _server.Run("DEL", "key");
        Assert.Equal(tables, Engine.Keyspaces[0].Keys.MemoryBytes);
        Assert.Equal(before - Engine.DataHeap.UsedBytes + share, usage);
        Assert.InRange(usage, length, length + length / 4 + 1000);
    }

    [Fact]
    public void Usage_of_a_key_that_expires_has_a_share_of_the_table_of_those_too()
    {
        _server.Run("SET", "a", "value");
        var without = Integer(_server.Run("MEMORY", "USAGE", "a"));
        _server.Run("PEXPIRE", "a", "100000");
        // The time takes 8 bytes: 8 of header, 1 of key and 5 of value fit 16 bytes without it and 24 with it.
        Assert.Equal(without + 8 + Engine.Keyspaces[0].Expires.MemoryBytes, Integer(_server.Run("MEMORY", "USAGE", "a")));
        _server.Advance(TimeSpan.FromSeconds(101));
        Assert.Equal("$-1\r\n", _server.Run("MEMORY", "USAGE", "a"));
    }

    [Theory]
    [InlineData(":", "a", "SAMPLES", "0")]
    [InlineData(":", "a", "samples", "5", "SAMPLES", "10000")]
    [InlineData("-ERR syntax error\r\n", "a", "SAMPLES")]
    [InlineData("-ERR syntax error\r\n", "a", "SAMPLES", "-1")]
    [InlineData("-ERR syntax error\r\n", "a", "FOO", "1")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "a", "SAMPLES", "x")]
    public void Samples_are_checked(string reply, params string[] arguments)
    {
        _server.Run("SET", "a", "value");
        Assert.StartsWith(reply, _server.Run(["MEMORY", "USAGE", .. arguments]), StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_is_no_access()
    {
        _server.Run("SET", "a", "value");
        _server.Advance(TimeSpan.FromSeconds(30));
        _server.Run("MEMORY", "USAGE", "a");
        Assert.Equal(":30\r\n", _server.Run("OBJECT", "IDLETIME", "a"));
    }

    [Fact]
    public void Stats_have_the_fields_of_redis_in_its_order()
    {
        _server.Run("SET", "a", "value", "EX", "100");
        string[] expected =
        [
            "peak.allocated", "total.allocated", "startup.allocated", "replication.backlog", "clients.slaves", "clients.normal", "cluster.links",
            "aof.buffer", "lua.caches", "functions.caches", "db.0", "overhead.hashtable.main", "overhead.hashtable.expires",
            "overhead.hashtable.slot-to-keys", "overhead.total", "keys.count", "keys.bytes-per-key", "dataset.bytes", "dataset.percentage",
            "peak.percentage", "allocator.allocated", "allocator.active", "allocator.resident", "allocator-fragmentation.ratio",
            "allocator-fragmentation.bytes", "allocator-rss.ratio", "allocator-rss.bytes", "rss-overhead.ratio", "rss-overhead.bytes",
            "fragmentation", "fragmentation.bytes",
        ];
        var reply = _server.Run("MEMORY", "STATS");
        Assert.Equal(expected, FieldName().Matches(reply).Select(match => match.Groups[1].Value));
        // One database, whose value is an array of its own: 28 pairs.
        Assert.StartsWith("*56\r\n", reply, StringComparison.Ordinal);
        _server.Run("HELLO", "3");
        Assert.StartsWith("%28\r\n", _server.Run("MEMORY", "STATS"), StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_add_up()
    {
        for (var i = 0; i < 1000; i++) _server.Run("SET", $"key:{i}", new string('x', 100), "EX", "100");
        var used = Engine.UsedBytes;
        var full = Stats();
        Assert.Equal(1000, full["keys.count"]);
        Assert.Equal(Engine.StartupBytes, full["startup.allocated"]);
        Assert.Equal(Engine.Keyspaces[0].Keys.MemoryBytes, full["overhead.hashtable.main"]);
        Assert.Equal(Engine.Keyspaces[0].Expires.MemoryBytes, full["overhead.hashtable.expires"]);
        Assert.Equal(full["total.allocated"], full["overhead.total"] + full["dataset.bytes"]);
        Assert.Equal(full["total.allocated"] - full["startup.allocated"], (full["keys.bytes-per-key"] * 1000) + ((full["total.allocated"] - full["startup.allocated"]) % 1000));
        Assert.InRange(full["total.allocated"], used, used + 10_000); // The command's own words and reply are among it.
        Assert.InRange(full["dataset.bytes"], 100_000, 200_000);
        Assert.InRange(full["dataset.percentage"], 50, 100);
        Assert.True(full["allocator.active"] >= full["allocator.allocated"]);

        Engine.Samples.Take(Engine, nowMicroseconds: 1);
        _server.Run("FLUSHALL");
        var empty = Stats();
        Assert.Equal(0, empty["keys.count"]);
        Assert.DoesNotContain("overhead.hashtable.main", empty.Keys);
        Assert.True(empty["peak.allocated"] >= used);
        Assert.InRange(empty["peak.percentage"], 0, 100.0 * used / empty["peak.allocated"]);
    }

    [Fact]
    public void The_doctor_says_nothing_of_little_data_and_finds_what_is_wrong_with_much()
    {
        Assert.Contains("There is too little data", _server.Run("MEMORY", "DOCTOR"), StringComparison.Ordinal);
        _server.Run("DEBUG", "POPULATE", "20000", "key", "1500");
        Assert.Contains("No problem with memory was found.", _server.Run("MEMORY", "DOCTOR"), StringComparison.Ordinal);

        Engine.Samples.Take(Engine, nowMicroseconds: 1);
        for (var i = 0; i < 20000; i++)
        {
            if (i % 5 < 2) _server.Run("DEL", $"key:{i}");
        }

        var text = _server.Run("MEMORY", "DOCTOR");
        Assert.Contains("* The peak was more than half as much again", text, StringComparison.Ordinal);
        Assert.Contains("* The heaps hold much more than is used", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_allocators_statistics_are_those_of_the_two_heaps()
    {
        _server.Run("DEBUG", "POPULATE", "100");
        var text = _server.Run("MEMORY", "MALLOC-STATS");
        var data = HeapLine().Match(text);
        Assert.Equal($"{Engine.DataHeap.UsedBytes} {Engine.DataHeap.LiveBlocks} {Engine.DataHeap.ReservedBytes}", $"{data.Groups[1]} {data.Groups[2]} {data.Groups[3]}");
        Assert.Contains("\nclients: used ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Purging_gives_empty_pages_back()
    {
        _server.Run("DEBUG", "POPULATE", "2000", "key", "600");
        for (var i = 0; i < 2000; i++) _server.Run("DEL", $"key:{i}");
        var before = Engine.DataHeap.ReservedBytes;
        Assert.Equal("+OK\r\n", _server.Run("MEMORY", "PURGE"));
        Assert.InRange(Engine.DataHeap.ReservedBytes, Engine.DataHeap.UsedBytes, before - 1);
    }

    private static long Integer(string reply) => long.Parse(reply.AsSpan(1, reply.Length - 3), CultureInfo.InvariantCulture);

    private Dictionary<string, double> Stats() => Field().Matches(_server.Run("MEMORY", "STATS"))
        .ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\$\d+\r\n([a-z][a-z0-9.-]+)\r\n")]
    private static partial Regex FieldName();

    /// <summary>A name with an integer, or with a double as RESP2 has it.</summary>
    [GeneratedRegex(@"\$\d+\r\n([a-z][a-z0-9.-]+)\r\n(?::|\$\d+\r\n)([-0-9.e]+)\r\n")]
    private static partial Regex Field();

    [GeneratedRegex(@"\ndata: used (\d+) bytes in (\d+) blocks, reserved (\d+) bytes\n")]
    private static partial Regex HeapLine();
}

using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ScanCommandsTests : IDisposable
{
    private const int Seed = 20260101;

    private readonly TestServer _server = new();

    [Fact]
    public void Keys_finds_what_matches_and_passes_over_expired_keys_without_removing_them()
    {
        _server.Run("MSET", "one", "1", "two", "2", "three", "3");
        _server.Run("PEXPIRE", "two", "10");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal(["three"], Items(_server.Run("KEYS", "t*")));
        Assert.Equal(["one", "three"], Items(_server.Run("KEYS", "*")).Order(StringComparer.Ordinal));
        Assert.Equal("*0\r\n", _server.Run("KEYS", ""));
        Assert.Equal(3, _server.Engine.Keyspaces[0].Count);
    }

    /// <summary>What is there from the first call to the last is returned, whatever comes and goes meanwhile.</summary>
    [Fact]
    public void Scan_returns_every_key_that_stays_while_the_table_grows_and_shrinks()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 20; round++)
        {
            var staying = Enumerable.Range(0, random.Next(1, 300)).Select(i => $"stay{i}").ToHashSet();
            foreach (var key in staying) _server.Run("SET", key, "v");
            var missing = staying.ToHashSet();
            var cursor = "0";
            var calls = 0;
            do
            {
                var reply = Items(_server.Run("SCAN", cursor, "COUNT", random.Next(1, 30).ToString(CultureInfo.InvariantCulture)));
                cursor = reply[0];
                missing.ExceptWith(reply.Skip(1));
                for (var i = random.Next(20); i > 0; i--)
                {
                    _server.Run(random.Next(2) == 0 ? "SETNX" : "GETDEL", $"come-and-go{random.Next(500)}", "v");
                }

                Assert.True(++calls < 10_000, $"seed {Seed}, round {round}: no end");
            }
            while (cursor != "0");

            Assert.True(missing.Count == 0, $"seed {Seed}, round {round}: {missing.Count} of {staying.Count} keys were not returned");
            _server.Run("FLUSHALL");
        }
    }

    [Fact]
    public void Scan_removes_the_expired_keys_that_it_meets_and_matches()
    {
        _server.Run("MSET", "a1", "1", "a2", "2", "b1", "3");
        foreach (var key in new[] { "a1", "a2", "b1" }) _server.Run("PEXPIRE", key, "10");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("SCAN", "0", "COUNT", "100", "MATCH", "a*"));
        Assert.Equal(1, _server.Engine.Keyspaces[0].Count);
    }

    [Fact]
    public void Scan_filters_by_type_and_counts_that_as_reading()
    {
        _server.Run("SET", "a", "1");
        var hits = _server.Engine.KeyspaceStatistics.Hits;
        Assert.Equal("*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n", _server.Run("SCAN", "0", "TYPE", "STRING"));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("SCAN", "0", "TYPE", "hash"));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("SCAN", "0", "TYPE", "no such type"));
        Assert.Equal(hits + 3, _server.Engine.KeyspaceStatistics.Hits);
        _server.Run("SCAN", "0");
        Assert.Equal(hits + 3, _server.Engine.KeyspaceStatistics.Hits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+0")]
    [InlineData("-0")]
    [InlineData("000")]
    [InlineData("0\0anything")]
    public void A_cursor_is_read_as_c_reads_a_number(string cursor)
    {
        _server.Run("SET", "a", "1");
        Assert.Equal("*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n", _server.Run("SCAN", cursor));
    }

    [Theory]
    [InlineData("18446744073709551615")]
    [InlineData("-1")]
    [InlineData("281474976710656")]
    public void A_cursor_beyond_the_table_ends_the_scan(string cursor)
    {
        _server.Run("SET", "a", "1");
        Assert.StartsWith("*2\r\n$1\r\n0\r\n", _server.Run("SCAN", cursor), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ERR invalid cursor\r\n", " 0")]
    [InlineData("-ERR invalid cursor\r\n", "0 ")]
    [InlineData("-ERR invalid cursor\r\n", "x", "COUNT", "0")]
    [InlineData("-ERR invalid cursor\r\n", "+")]
    [InlineData("-ERR invalid cursor\r\n", "18446744073709551616")]
    [InlineData("-ERR invalid cursor\r\n", "0x1")]
    [InlineData("-ERR syntax error\r\n", "0", "COUNT", "0")]
    [InlineData("-ERR syntax error\r\n", "0", "COUNT")]
    [InlineData("-ERR syntax error\r\n", "0", "MATCH")]
    [InlineData("-ERR syntax error\r\n", "0", "LIMIT", "5")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "0", "COUNT", "many")]
    public void A_scan_that_makes_no_sense_is_refused(string error, params string[] arguments) =>
        Assert.Equal(error, _server.Run(["SCAN", .. arguments]));

    [Fact]
    public void RandomKey_finds_every_key_and_removes_the_expired_ones_in_its_way()
    {
        Assert.Equal("$-1\r\n", _server.Run("RANDOMKEY"));
        _server.Run("MSET", "a", "1", "b", "2", "dead", "3");
        _server.Run("PEXPIRE", "dead", "1");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        var found = new HashSet<string>();
        for (var i = 0; i < 200; i++) found.Add(_server.Run("RANDOMKEY"));
        Assert.Equal(["$1\r\na\r\n", "$1\r\nb\r\n"], found.Order(StringComparer.Ordinal));
        Assert.Equal(2, _server.Engine.Keyspaces[0].Count);
    }

    /// <summary>CVE-2022-36021: trying every way to spread the text over the stars would not end in years.</summary>
    [Fact]
    public void A_pattern_with_many_stars_is_matched_in_reasonable_time()
    {
        _server.Run("SET", new string('a', 2000), "v");
        var pattern = string.Concat(Enumerable.Repeat("*a", 100)) + "*b";
        Assert.Equal("*0\r\n", _server.Run("KEYS", pattern));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("SCAN", "0", "MATCH", pattern));
    }

    /// <summary>CVE-2024-31228: a call for each star would end the process.</summary>
    [Fact]
    public void A_very_long_pattern_overflows_no_stack()
    {
        _server.Run("SET", new string('a', 1000), "v");
        Assert.Equal("*0\r\n", _server.Run("KEYS", string.Concat(Enumerable.Repeat("*a", 50_000))));
        Assert.Equal("*0\r\n", _server.Run("KEYS", new string('*', 100_000) + "b"));
    }

    public void Dispose() => _server.Dispose();

    /// <summary>The bulk strings of a reply, in their order.</summary>
    private static string[] Items(string reply)
    {
        var lines = reply.Split("\r\n");
        return [.. Enumerable.Range(1, lines.Length - 1).Where(i => lines[i - 1].StartsWith('$')).Select(i => lines[i])];
    }
}

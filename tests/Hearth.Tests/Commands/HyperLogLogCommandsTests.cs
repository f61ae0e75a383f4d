using System.Text;
using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class HyperLogLogCommandsTests : IDisposable
{
    private const int Seed = 20_240_613;
    private const string NoHyperLogLog = "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n";
    private const string Damaged = "-INVALIDOBJ Corrupted HLL object detected\r\n";

    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    /// <summary>The bytes are those that redis-server keeps.</summary>
    [Fact]
    public void A_hyperloglog_is_a_string_with_the_bytes_of_redis()
    {
        Assert.Equal(":1\r\n", _server.Run("PFADD", "h", "a", "b", "c", "d", "e", "f", "g"));
        const string Runs = "Fm\u0080V\u000c\u0080D<\u00848\u0080P\u00b1\u0084I\u008c\u0080Bm\u0080BZ";
        Assert.Equal($"$38\r\nHYLL\u0001\0\0\0\0\0\0\0\0\0\0\u0080{Runs}\r\n", _server.Run("GET", "h"));
        Assert.Equal(":7\r\n", _server.Run("PFCOUNT", "h"));
        Assert.Equal($"$38\r\nHYLL\u0001\0\0\0\u0007\0\0\0\0\0\0\0{Runs}\r\n", _server.Run("GET", "h"));
        Assert.Equal(
            "$93\r\nZ:1646 v:1,1 Z:5645 v:1,1 Z:1085 v:2,1 z:57 v:1,1 Z:4274 v:2,1 Z:2445 v:1,1 Z:622 v:1,1 Z:603\r\n", _server.Run("PFDEBUG", "DECODE", "h"));
        Assert.Equal("$3\r\nraw\r\n", _server.Run("OBJECT", "ENCODING", "h"));
        Assert.Equal("+string\r\n", _server.Run("TYPE", "h"));
    }

    [Fact]
    public void Without_elements_a_new_key_is_made_and_an_old_one_stays_as_it_is()
    {
        Assert.Equal(":1\r\n", _server.Run("PFADD", "h"));
        Assert.Equal("$18\r\nHYLL\u0001\0\0\0\0\0\0\0\0\0\0\u0080\u007f\u00ff\r\n", _server.Run("GET", "h"));
        Assert.Equal(":0\r\n", _server.Run("PFADD", "h"));
        Assert.Equal(":0\r\n", _server.Run("PFCOUNT", "h"));
        Assert.Equal(":0\r\n", _server.Run("PFCOUNT", "absent"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "absent"));
    }

    [Fact]
    public void Elements_that_are_known_change_nothing()
    {
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal(":1\r\n", _server.Run("PFADD", "h", "a", "b"));
        Assert.Equal(":0\r\n", _server.Run("PFADD", "h", "a", "b"));
        Assert.Equal(":1\r\n", _server.Run("PFADD", "h", "a", "c"));
        Assert.Equal(["PFADD h a b", "PFADD h a c"], propagated.Take());
        Assert.Equal(["0 new h", "0 pfadd h", "0 pfadd h"], events.Take());
    }

    [Fact]
    public void Counting_anew_is_a_change_that_is_propagated_and_spoils_transactions_but_tells_of_no_event()
    {
        _server.Run("PFADD", "h", "a");
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        var watcher = _server.Connect();
        _server.RunAs(watcher, "WATCH", "h");
        Assert.Equal(":1\r\n", _server.Run("PFCOUNT", "h"));
        Assert.Equal(["PFCOUNT h"], propagated.Take());
        _server.RunAs(watcher, "MULTI");
        Assert.Equal("*-1\r\n", _server.RunAs(watcher, "EXEC"));
        Assert.Equal(":1\r\n", _server.Run("PFCOUNT", "h"));
        Assert.Equal(":1\r\n", _server.Run("PFCOUNT", "h", "h"));
        Assert.Empty(propagated.Take());
        Assert.Empty(events.Take());
    }

    [Fact]
    public void It_grows_from_sparse_to_dense_and_keeps_its_expiry()
    {
        _server.Run("CONFIG", "SET", "hll-sparse-max-bytes", "100");
        _server.Run("PFADD", "h", "first");
        _server.Run("PEXPIRE", "h", "100000");
        var i = 0;
        while (_server.Run("PFDEBUG", "ENCODING", "h") == "+sparse\r\n")
        {
            Assert.InRange(int.Parse(_server.Run("STRLEN", "h").AsSpan(1)), 18, 100);
            Assert.True(i < 100);
            _server.Run("PFADD", "h", $"{i++}");
        }

        Assert.Equal(":12304\r\n", _server.Run("STRLEN", "h"));
        Assert.Equal(":100000\r\n", _server.Run("PTTL", "h"));
        Assert.Equal($":{i + 1}\r\n", _server.Run("PFCOUNT", "h"));
        for (var j = 0; j < i; j++) Assert.Equal(":0\r\n", _server.Run("PFADD", "h", $"{j}"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300, 0)]
    [InlineData(0, 5_000)]
    [InlineData(300, 500)]
    [InlineData(3_000, 500)]
    [InlineData(5_000, 5_000)]
    public void A_merged_one_counts_what_all_have_seen(int first, int second)
    {
        for (var i = 0; i < first; i++) _server.Run("PFADD", "a", $"{i}");
        for (var i = 0; i < second; i++) _server.Run("PFADD", "b", $"{i + (first / 2)}");
        for (var i = 0; i < Math.Max(first, second + (second == 0 ? 0 : first / 2)); i++) _server.Run("PFADD", "both", $"{i}");
        var union = _server.Run("PFCOUNT", "a", "b", "absent");
        Assert.Equal(_server.Run("PFCOUNT", "both"), union);

        _server.Run("PFADD", "target", "0");
        Assert.Equal("+OK\r\n", _server.Run("PFMERGE", "target", "a", "b", "absent"));
        _server.Run("PFADD", "both", "0");
        Assert.Equal(_server.Run("PFCOUNT", "both"), _server.Run("PFCOUNT", "target"));
        Assert.Equal(_server.Run("PFDEBUG", "GETREG", "both"), _server.Run("PFDEBUG", "GETREG", "target"));
    }

    [Fact]
    public void Merging_is_told_as_adding_and_makes_the_target_dense_when_a_source_is()
    {
        _server.Run("PFADD", "dense", "a");
        Assert.Equal(":1\r\n", _server.Run("PFDEBUG", "TODENSE", "dense"));
        Assert.Equal(":0\r\n", _server.Run("PFDEBUG", "TODENSE", "dense"));
        var events = EventLog.Attach(_server);
        var propagated = PropagationLog.Attach(_server);
        Assert.Equal("+OK\r\n", _server.Run("PFMERGE", "target"));
        Assert.Equal("+sparse\r\n", _server.Run("PFDEBUG", "ENCODING", "target"));
        Assert.Equal("+OK\r\n", _server.Run("PFMERGE", "target", "dense"));
        Assert.Equal("+dense\r\n", _server.Run("PFDEBUG", "ENCODING", "target"));
        Assert.Equal(["0 new target", "0 pfadd target", "0 pfadd target"], events.Take().Where(told => !told.Contains("keymiss", StringComparison.Ordinal)));
        Assert.Equal(["PFMERGE target", "PFMERGE target dense"], propagated.Take());
    }

    [Fact]
    public void What_is_no_hyperloglog_is_refused_everywhere()
    {
        _server.Run("MSET", "text", "text", "number", "5", "empty", "");
        _server.Run("LPUSH", "list", "a");
        string[][] commands =
        [
            ["PFADD", "?", "a"], ["PFCOUNT", "?"], ["PFCOUNT", "absent", "?"], ["PFMERGE", "?"], ["PFMERGE", "target", "?"],
            ["PFDEBUG", "GETREG", "?"], ["PFDEBUG", "NOPE", "?"],
        ];
        foreach (var command in commands)
        {
            foreach (var key in new[] { "text", "number", "empty" }) Assert.Equal(NoHyperLogLog, _server.Run(Named(command, key)));
            Assert.Equal("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", _server.Run(Named(command, "list")));
        }

        Assert.Equal(":0\r\n", _server.Run("EXISTS", "target"));
    }

    [Fact]
    public void Damaged_registers_are_told()
    {
        _server.Run("SET", "short", "HYLL\u0001\0\0\0\0\0\0\0\0\0\0\u0080\u0001");
        _server.Run("SET", "long", "HYLL\u0001\0\0\0\0\0\0\0\0\0\0\u0080\u007f\u00ff\u0001");
        foreach (var key in new[] { "short", "long" })
        {
            string[][] commands =
            [
                ["PFCOUNT", "?"], ["PFCOUNT", "?", "?"], ["PFMERGE", "?"], ["PFMERGE", "target", "?"], ["PFDEBUG", "TODENSE", "?"], ["PFDEBUG", "GETREG", "?"],
            ];
            foreach (var command in commands) Assert.Equal(Damaged, _server.Run(Named(command, key)));
        }

        Assert.Equal(Damaged, _server.Run("PFADD", "short", "a"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "target"));
        // The cardinality in the header is believed, as in Redis.
        _server.Run("SETRANGE", "short", "8", "\u0005\0\0\0\0\0\0\0");
        Assert.Equal(":5\r\n", _server.Run("PFCOUNT", "short"));
    }

    [Fact]
    public void Debugging_has_its_own_errors()
    {
        _server.Run("PFADD", "h", "a");
        Assert.Equal("-ERR The specified key does not exist\r\n", _server.Run("PFDEBUG", "NOPE", "absent"));
        Assert.Equal("-ERR Unknown PFDEBUG subcommand 'NoPe'\r\n", _server.Run("PFDEBUG", "NoPe", "h"));
        _server.Run("PFDEBUG", "todense", "h");
        Assert.Equal("-ERR HLL encoding is not sparse\r\n", _server.Run("PFDEBUG", "decode", "h"));
        Assert.Equal("+OK\r\n", _server.Run("PFSELFTEST"));
    }

    /// <summary>Whatever a client SETs, every command answers something, and nothing leaks or is written elsewhere: the heap's guards watch.</summary>
    [Fact]
    public void Any_bytes_are_survived()
    {
        var random = new Random(Seed);
        var other = _server.Connect();
        _server.Run("PFADD", "good", "a", "b", "c");
        for (var round = 0; round < 1_000; round++)
        {
            var registers = new byte[random.Next(10) == 0 ? HyperLogLogDense.Bytes - HyperLogLog.HeaderBytes : random.Next(60)];
            random.NextBytes(registers);
            if (random.Next(2) == 0) registers.AsSpan(0, registers.Length / 2).Clear();
            var text = new StringBuilder("HYLL").Append((char)random.Next(2)).Append("\0\0\0").Append((char)random.Next(256)).Append("\0\0\0\0\0\0\u0080");
            foreach (var value in registers) text.Append((char)value);
            _server.Run("SET", "bad", text.ToString());
            string[][] commands =
            [
                ["PFADD", "bad", $"{random.Next()}", $"{random.Next()}"], ["PFCOUNT", "bad"], ["PFCOUNT", "bad", "good"], ["PFMERGE", "good", "bad"], ["PFMERGE", "bad", "good"],
                ["PFDEBUG", "DECODE", "bad"], ["PFDEBUG", "TODENSE", "bad"], ["PFDEBUG", "GETREG", "bad"], ["GETRANGE", "bad", "0", "20"],
            ];
            foreach (var command in commands.OrderBy(_ => random.Next()).Take(4))
            {
                var reply = _server.RunAs(other, command);
                Assert.True(reply.EndsWith("\r\n", StringComparison.Ordinal), $"seed {Seed}, round {round}: {string.Join(' ', command)}");
            }

            if (round % 200 == 0) _server.Run("DEL", "good");
        }
    }

    private static string[] Named(string[] command, string key) => [.. command.Select(word => word == "?" ? key : word)];
}

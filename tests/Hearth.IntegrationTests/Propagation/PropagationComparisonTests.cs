using System.Globalization;
using Hearth.IntegrationTests.Differential;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>What Hearth would write to an append-only file is what Redis writes there for the same commands.</summary>
public class PropagationComparisonTests
{
    private const int Seed = 11;
    private const int Episodes = 150;
    private const int EpisodeLength = 80;

    [Fact]
    public async Task Random_commands_are_repeated_as_redis_repeats_them()
    {
        await using var pair = await PropagationPair.StartOrSkipAsync();
        using var run = new ObservedRun(pair.OraclePort, pair.HearthPort, pair.Difference);
        if (run.Run(Seed, Episodes, EpisodeLength, "string", "bitmap", "hyperloglog", "list", "sort", "hash", "set", "sorted-set", "stream", "geo", "generic", "transactions", "server") is { } difference) Assert.Fail(difference);
        Assert.True(pair.Compared > Episodes * EpisodeLength / 10, $"Only {pair.Compared} propagated commands were compared.");
    }

    [Fact]
    public async Task Keys_that_expire_unasked_are_repeated_as_deleted()
    {
        await using var pair = await PropagationPair.StartOrSkipAsync();
        using var oracle = RespClient.Connect(pair.OraclePort);
        using var hearth = RespClient.Connect(pair.HearthPort);
        string[][] commands =
        [
            ["GET", "x1"], ["EXISTS", "x1", "x2", "keep"], ["DEL", "x1", "keep", "x2"], ["UNLINK", "x1"], ["TTL", "x1"], ["TYPE", "x1"],
            ["OBJECT", "ENCODING", "x1"], ["SET", "x1", "new"], ["SET", "x1", "new", "NX"], ["SET", "x1", "new", "XX"], ["SETNX", "x1", "v"],
            ["MSETNX", "x1", "1", "x2", "2"], ["INCR", "x1"], ["APPEND", "x1", "z"], ["SETBIT", "x1", "3", "1"], ["BITFIELD", "x1", "SET", "u8", "0", "7"],
            ["BITOP", "OR", "x1", "x2", "keep"], ["BITOP", "OR", "x1", "absent", "x2"], ["BITOP", "OR", "x1", "absent"], ["RENAME", "keep", "x1"],
            ["RENAME", "x1", "keep"], ["RENAMENX", "keep", "x1"], ["COPY", "x1", "y"], ["COPY", "keep", "x1"], ["COPY", "keep", "x1", "REPLACE"],
            ["MOVE", "x1", "1"], ["EXPIRE", "x1", "100000"], ["PERSIST", "x1"], ["GETEX", "x1", "PERSIST"], ["GETDEL", "x1"], ["TOUCH", "x1", "x2", "keep"],
            ["KEYS", "*"], ["SCAN", "0", "COUNT", "100"], ["SCAN", "0", "MATCH", "x1", "COUNT", "100"], ["SCAN", "0", "TYPE", "string", "COUNT", "100"],
            ["SCAN", "0", "TYPE", "hash", "COUNT", "100"], ["MGET", "x1", "x2", "keep"], ["DBSIZE"],
        ];
        foreach (var command in commands)
        {
            Both("FLUSHALL");
            Both("SET", "keep", "v");
            Both("SET", "x1", "v", "PX", "1");
            // SCAN meets keys in an order of the server's own, and deletes them in it.
            if (command[0] != "SCAN") Both("SET", "x2", "v", "PX", "1");
            AwaitNextMilliseconds(oracle);
            AwaitNextMilliseconds(hearth);
            pair.Difference();

            var (expected, actual) = (oracle.Call(command), hearth.Call(command));
            var name = string.Join(' ', command);
            Assert.Equal($"{name}: {expected}", $"{name}: {actual}");
            if (pair.Difference() is { } difference) Assert.Fail($"{name}: {difference}");
        }

        void Both(params string[] words)
        {
            oracle.Require(words);
            hearth.Require(words);
        }
    }

    private static void AwaitNextMilliseconds(RespClient client)
    {
        static long NowMs(RespClient client)
        {
            var time = client.Require("TIME");
            return (long.Parse(time.Items[0].Text, CultureInfo.InvariantCulture) * 1000) + (long.Parse(time.Items[1].Text, CultureInfo.InvariantCulture) / 1000);
        }

        for (var until = NowMs(client) + 3; NowMs(client) < until;)
        {
        }
    }
}

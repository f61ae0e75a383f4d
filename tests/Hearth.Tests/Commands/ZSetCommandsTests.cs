using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ZSetCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("ZADD k 1 a 2 b 1.5 c", ":3\r\n", "a:1 c:1.5 b:2")]
    [InlineData("ZADD k 1 a | ZADD k 2 a 3 b", ":1\r\n", "a:2 b:3")]
    [InlineData("ZADD k 1 a | ZADD k CH 2 a 3 b 4 a", ":3\r\n", "b:3 a:4")]
    [InlineData("ZADD k 1 a | ZADD k NX 2 a 3 b", ":1\r\n", "a:1 b:3")]
    [InlineData("ZADD k 1 a | ZADD k XX CH 2 a 3 b", ":1\r\n", "a:2")]
    [InlineData("ZADD k 5 a 5 b 5 c | ZADD k GT CH 4 a 5 b 6 c 7 d", ":2\r\n", "a:5 b:5 c:6 d:7")]
    [InlineData("ZADD k 5 a 5 b 5 c | ZADD k LT CH 4 a 5 b 6 c 7 d", ":2\r\n", "a:4 b:5 c:5 d:7")]
    [InlineData("ZADD k 5 a | ZADD k XX GT CH 6 a 6 b", ":1\r\n", "a:6")]
    [InlineData("ZADD k INCR 2 a | ZADD k INCR 0.5 a", "$3\r\n2.5\r\n", "a:2.5")]
    [InlineData("ZADD k 5 a | ZADD k GT INCR -1 a", "$-1\r\n", "a:5")]
    [InlineData("ZADD k 5 a | ZADD k NX INCR 1 a", "$-1\r\n", "a:5")]
    [InlineData("ZADD k XX 1 a", ":0\r\n", "")]
    [InlineData("ZADD k XX INCR 1 a", "$-1\r\n", "")]
    [InlineData("ZADD k inf a | ZADD k INCR -inf a", "-ERR resulting score is not a number (NaN)\r\n", "a:inf")]
    [InlineData("ZADD k inf a -inf b +inf c infinity d", ":4\r\n", "b:-inf a:inf c:inf d:inf")]
    [InlineData("ZADD k 1 a | ZINCRBY k 2 a", "$1\r\n3\r\n", "a:3")]
    [InlineData("ZINCRBY k 0.1 a", "$3\r\n0.1\r\n", "a:0.1")]
    [InlineData("ZADD k 1e20 a 123456789012345678 b 1e22 c", ":3\r\n", "b:123456789012345680 a:1e+20 c:1e+22")]
    [InlineData("ZADD k 1 a 2 b 3 c | ZREM k a c d a", ":2\r\n", "b:2")]
    [InlineData("ZADD k 1 a | ZREM k a | EXISTS k", ":0\r\n", "")]
    public void Members_are_added_changed_and_removed(string script, string reply, string members)
    {
        Assert.Equal(reply, Run(script));
        Assert.Equal(members, Members("k"));
        EncodingTransitions.Check(_server, "CONFIG SET zset-max-listpack-entries 0 | DEL k");
        Assert.Equal(reply, Run(script));
        Assert.Equal(members, Members("k"));
    }

    [Theory]
    [InlineData("ZADD k 1", "wrong number of arguments for 'zadd' command")]
    [InlineData("ZADD k 1 a 2", "syntax error")]
    [InlineData("ZADD k NX CH", "syntax error")]
    [InlineData("ZADD k NX XX 1 a", "XX and NX options at the same time are not compatible")]
    [InlineData("ZADD k GT LT 1 a", "GT, LT, and/or NX options at the same time are not compatible")]
    [InlineData("ZADD k NX GT 1 a", "GT, LT, and/or NX options at the same time are not compatible")]
    [InlineData("ZADD k INCR 1 a 2 b", "INCR option supports a single increment-element pair")]
    [InlineData("ZADD k 1 a x b", "value is not a valid float")]
    [InlineData("ZADD k nan a", "value is not a valid float")]
    [InlineData("ZINCRBY k x a", "value is not a valid float")]
    [InlineData("ZINCRBY k XX a", "syntax error")]
    [InlineData("ZRANDMEMBER k x", "value is not an integer or out of range")]
    [InlineData("ZRANDMEMBER k -9223372036854775808", "value is out of range, value must between -9223372036854775807 and 9223372036854775807")]
    [InlineData("ZRANDMEMBER k 4611686018427387904 WITHSCORES", "value is out of range")]
    [InlineData("ZRANDMEMBER k 1 X", "syntax error")]
    [InlineData("ZRANK k a X", "syntax error")]
    [InlineData("ZRANK k a WITHSCORE X", "wrong number of arguments for 'zrank' command")]
    [InlineData("ZSCAN k x", "invalid cursor")]
    public void Errors_change_nothing(string command, string error)
    {
        Assert.Equal($"-ERR {error}\r\n", Run(command));
        Assert.Equal(":0\r\n", Run("EXISTS k"));
    }

    [Theory]
    [InlineData("ZADD s 1 a")]
    [InlineData("ZADD s XX 1 a")]
    [InlineData("ZCARD s")]
    [InlineData("ZINCRBY s 1 a")]
    [InlineData("ZMSCORE s a")]
    [InlineData("ZRANDMEMBER s")]
    [InlineData("ZRANDMEMBER s 2")]
    [InlineData("ZRANK s a")]
    [InlineData("ZREM s a")]
    [InlineData("ZREVRANK s a WITHSCORE")]
    [InlineData("ZSCAN s 0 WRONG")]
    [InlineData("ZSCORE s a")]
    public void Another_type_is_refused(string command)
    {
        Run("SET s v");
        Assert.Equal("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", Run(command));
    }

    [Theory]
    [InlineData("ZCARD none", ":0\r\n")]
    [InlineData("ZSCORE none a", "$-1\r\n")]
    [InlineData("ZSCORE k none", "$-1\r\n")]
    [InlineData("ZMSCORE k c none a", "*3\r\n$3\r\n2.5\r\n$-1\r\n$1\r\n1\r\n")]
    [InlineData("ZMSCORE none a b", "*2\r\n$-1\r\n$-1\r\n")]
    [InlineData("ZRANK k c", ":2\r\n")]
    [InlineData("ZREVRANK k c", ":1\r\n")]
    [InlineData("ZRANK k none", "$-1\r\n")]
    [InlineData("ZRANK k none WITHSCORE", "*-1\r\n")]
    [InlineData("ZRANK none a WITHSCORE", "*-1\r\n")]
    [InlineData("ZRANK k c withscore", "*2\r\n:2\r\n$3\r\n2.5\r\n")]
    [InlineData("ZREVRANK k d WITHSCORE", "*2\r\n:0\r\n$3\r\ninf\r\n")]
    [InlineData("ZRANDMEMBER none", "$-1\r\n")]
    [InlineData("ZRANDMEMBER none 5", "*0\r\n")]
    [InlineData("ZRANDMEMBER k 0", "*0\r\n")]
    [InlineData("ZRANDMEMBER k 10 WITHSCORES", "*8\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n$1\r\nc\r\n$3\r\n2.5\r\n$1\r\nd\r\n$3\r\ninf\r\n")]
    [InlineData("ZSCAN none 0", "*2\r\n$1\r\n0\r\n*0\r\n")]
    [InlineData("ZSCAN none 0 WRONG", "*2\r\n$1\r\n0\r\n*0\r\n")]
    [InlineData("ZSCAN k 0 MATCH [ac] COUNT 1", "*2\r\n$1\r\n0\r\n*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nc\r\n$3\r\n2.5\r\n")]
    public void Questions_are_answered(string command, string reply)
    {
        Run("ZADD k 1 a 2 b 2.5 c inf d");
        Assert.Equal(reply, Run(command));
    }

    [Fact]
    public void Resp3_has_doubles_nulls_and_nested_pairs()
    {
        Run("HELLO 3");
        Assert.Equal(":2\r\n", Run("ZADD k 1 a 2.5 b"));
        Assert.Equal(",2.5\r\n", Run("ZSCORE k b"));
        Assert.Equal("_\r\n", Run("ZSCORE k none"));
        Assert.Equal(",3.5\r\n", Run("ZINCRBY k 1 b"));
        Assert.Equal("*2\r\n:1\r\n,3.5\r\n", Run("ZRANK k b WITHSCORE"));
        Assert.Equal("*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,3.5\r\n", Run("ZRANDMEMBER k 5 WITHSCORES"));
        Assert.Equal("*2\r\n$1\r\n0\r\n*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$3\r\n3.5\r\n", Run("ZSCAN k 0"));
    }

    [Theory]
    [InlineData("ZADD k 1 a | = listpack | ZADD k 1 m*65 | = skiplist | ZREM k m*65 | = skiplist")]
    [InlineData("ZADD k 1 m*64 | = listpack | ZADD k 1 m*65 | = skiplist")]
    [InlineData("ZADD k 1 m*65 | = skiplist")]
    [InlineData("ZADD k 1..256 | = listpack | ZADD k 1 more | = skiplist")]
    [InlineData("ZADD k 1..258 | = skiplist")]
    [InlineData("ZADD k 1..256 | ZADD k XX 1 more | ZADD k 9 2 | ZINCRBY k 1 4 | = listpack | ZINCRBY k 1 more | = skiplist")]
    // So many arguments are taken for so many members.
    [InlineData("ZADD k 1 a | ZADD k 1..256 1 2 | = skiplist")]
    [InlineData("ZADD k 1..256 | ZRANK k 2 | ZRANGE k 0 -1 | ZSCAN k 0 | ZRANDMEMBER k 3 | ZPOPMIN k | ZREMRANGEBYRANK k 0 3 | = listpack")]
    [InlineData("ZADD k 1..258 | ZREMRANGEBYRANK k 1 -1 | = skiplist | ZPOPMAX k | = none | ZADD k 1 a | = listpack")]
    [InlineData("ZADD k 1..258 | COPY k copy | = copy skiplist | RENAME k other | = other skiplist | ZADD k 1 a | COPY k copy REPLACE | = copy listpack")]
    [InlineData("ZADD s 1..258 | ZRANGESTORE k s 0 127 | = listpack | ZRANGESTORE k s 0 128 | = skiplist | ZRANGESTORE k s 0 0 | = listpack | ZRANGESTORE k s 5 1 | = none")]
    [InlineData("ZADD s 1 m*65 2 a | ZRANGESTORE k s 0 -1 | = skiplist | ZRANGESTORE k s -1 -1 | = listpack")]
    [InlineData("ZADD s 1..200 | ZADD t 1..300 | ZUNIONSTORE k 2 s t | = skiplist | ZINTERSTORE k 2 s t | = listpack | ZDIFFSTORE k 2 t s | = listpack")]
    [InlineData("ZADD s 1 m*65 | ZADD t 1 a | ZUNIONSTORE k 2 s t | = skiplist | ZINTERSTORE k 2 s t | = none | ZUNIONSTORE k 1 t | = listpack")]
    [InlineData("SADD s a b c | ZUNIONSTORE k 1 s | = listpack | SADD s m*65 | ZUNIONSTORE k 1 s | = skiplist")]
    [InlineData("GEOADD k 1 1 a | = listpack | GEOADD k 1 1 m*65 | = skiplist | GEOSEARCHSTORE d k FROMLONLAT 1 1 BYRADIUS 1 km | = d skiplist")]
    [InlineData("GEOADD s 1 1 a 2 2 m*65 | GEOSEARCHSTORE k s FROMLONLAT 1 1 BYRADIUS 1 km | = listpack | GEOSEARCHSTORE k s FROMLONLAT 1 1 BYRADIUS 9999 km | = skiplist")]
    [InlineData("CONFIG SET zset-max-listpack-entries 2 | ZADD k 1 a 2 b | = listpack | ZADD k 3 c | = skiplist")]
    [InlineData("CONFIG SET zset-max-ziplist-value 3 | ZADD k 1 abc | = listpack | ZADD k 1 abcd | = skiplist")]
    [InlineData("ZADD k 1 a 2 b 3 c | CONFIG SET zset-max-listpack-entries 1 | ZADD k 2 a | = listpack | ZADD k 1 a 2 b | = skiplist")]
    public void Encodings_follow_the_limits_and_never_go_back(string script) => EncodingTransitions.Check(_server, script);

    [Fact]
    public void Only_a_big_set_keeps_the_sign_of_zero()
    {
        Run("ZADD k -0 a");
        Assert.Equal("$1\r\n0\r\n", Run("ZSCORE k a"));
        Run("CONFIG SET zset-max-listpack-entries 0");
        Run("ZADD big -0 a");
        Assert.Equal("$2\r\n-0\r\n", Run("ZSCORE big a"));
    }

    [Fact]
    public void A_scan_of_a_big_set_shows_seventeen_digits()
    {
        Run("CONFIG SET zset-max-listpack-entries 0");
        Run("ZADD k 0.1 a");
        Assert.Equal("*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$19\r\n0.10000000000000001\r\n", Run("ZSCAN k 0"));
        Run("ZADD k 1e20 a");
        Assert.Equal("*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$5\r\n1e+20\r\n", Run("ZSCAN k 0"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void Samples_hold_each_member_once_and_are_fair(int members)
    {
        for (var i = 0; i < members; i++) Run($"ZADD k {i} m{i}");
        foreach (var count in (int[])[1, members / 10, members / 3, members - 1])
        {
            for (var round = 0; round < 20; round++)
            {
                var sample = Run($"ZRANDMEMBER k {count}").Split("\r\n").Where(static line => line.StartsWith('m')).ToArray();
                Assert.Equal(count, sample.Distinct().Count());
                Assert.Equal(count, sample.Length);
            }
        }

        var hits = Enumerable.Range(0, 2000).SelectMany(_ => Run("ZRANDMEMBER k 2").Split("\r\n").Where(static line => line.StartsWith('m'))).CountBy(static member => member);
        Assert.All(hits, pair => Assert.InRange(pair.Value, 0, 10 * 4000 / members));
        var repeated = Run($"ZRANDMEMBER k -{members * 3}").Split("\r\n").Where(static line => line.StartsWith('m')).ToArray();
        Assert.Equal(members * 3, repeated.Length);
    }

    [Fact]
    public void Changes_propagate_as_they_came_and_notify()
    {
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Run("ZADD k NX 1 a 2 b");
        Run("ZADD k CH 3 a");
        Run("ZADD k XX 3 a");
        Run("ZADD k INCR 1 a");
        Run("ZINCRBY k 0 a");
        Run("ZREM k none");
        Run("ZREM k a b");
        Assert.Equal(["ZADD k NX 1 a 2 b", "ZADD k CH 3 a", "ZADD k INCR 1 a", "ZREM k a b"], propagated.Take());
        Assert.Equal(["0 new k", "0 zadd k", "0 zadd k", "0 zincr k", "0 zrem k", "0 del k"], events.Take());
    }

    [Fact]
    public void A_watched_set_that_changed_spoils_the_transaction()
    {
        var other = _server.Connect();
        Run("ZADD k 1 a");
        Run("WATCH k");
        _server.RunAs(other, "ZADD", "k", "1", "a");
        Run("MULTI");
        Assert.Equal("*0\r\n", Run("EXEC"));
        Run("WATCH k");
        _server.RunAs(other, "ZADD", "k", "2", "a");
        Run("MULTI");
        Assert.Equal("*-1\r\n", Run("EXEC"));
    }

    private string Run(string script)
    {
        var reply = "";
        foreach (var command in script.Split(" | ")) reply = _server.Run(command.Split(' '));
        return reply;
    }

    private string Members(string key)
    {
        var lines = Run($"ZRANGE {key} 0 -1 WITHSCORES").Split("\r\n");
        var words = Enumerable.Range(0, int.Parse(lines[0].AsSpan(1), CultureInfo.InvariantCulture)).Select(i => lines[(2 * i) + 2]).ToArray();
        return string.Join(' ', words.Chunk(2).Select(pair => $"{pair[0]}:{pair[1]}"));
    }
}

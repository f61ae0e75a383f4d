using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ZSetRangeCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("ZRANGE k 0 -1", "a b c d e")]
    [InlineData("ZRANGE k 1 2", "b c")]
    [InlineData("ZRANGE k -2 100", "d e")]
    [InlineData("ZRANGE k -100 0", "a")]
    [InlineData("ZRANGE k 3 1", "")]
    [InlineData("ZRANGE k 5 9", "")]
    [InlineData("ZRANGE k 0 1 REV", "e d")]
    [InlineData("ZREVRANGE k 1 3", "d c b")]
    [InlineData("ZREVRANGE k -1 -1 WITHSCORES", "a 1")]
    [InlineData("ZRANGE k 0 1 WITHSCORES", "a 1 b 2")]
    [InlineData("ZRANGE k 2 4 BYSCORE", "b c d")]
    [InlineData("ZRANGE k (2 (4 BYSCORE", "c")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT 1 2", "b c")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT 3 -1", "d e")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT -1 2", "")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT 9 2", "")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT 1 0", "")]
    [InlineData("ZRANGE k -inf +inf BYSCORE LIMIT 9223372036854775807 9223372036854775807", "")]
    [InlineData("ZRANGE k 9 1 BYSCORE LIMIT 9223372036854775807 -1", "")]
    [InlineData("ZRANGE k 4 2 BYSCORE LIMIT 1 9223372036854775807", "")]
    [InlineData("ZREVRANGEBYSCORE k 1 9 LIMIT 9223372036854775807 10", "")]
    [InlineData("ZREVRANGEBYSCORE k 2 4 LIMIT -9223372036854775808 -9223372036854775808", "")]
    [InlineData("ZRANGE k 4 2 BYSCORE REV", "d c b")]
    [InlineData("ZRANGE k 4 2 BYSCORE REV LIMIT 1 9 WITHSCORES", "c 3 b 2")]
    [InlineData("ZRANGE k 2 4 BYSCORE REV", "")]
    [InlineData("ZRANGEBYSCORE k 2 3 WITHSCORES", "b 2 c 3")]
    [InlineData("ZRANGEBYSCORE k 2 inf LIMIT 1 1", "c")]
    [InlineData("ZREVRANGEBYSCORE k 4 (2", "d c")]
    [InlineData("ZREVRANGEBYSCORE k +inf -inf WITHSCORES LIMIT 0 1", "e 5")]
    [InlineData("ZRANGE lex [b [d BYLEX", "b c d")]
    [InlineData("ZRANGE lex (b (d BYLEX", "c")]
    [InlineData("ZRANGE lex - + BYLEX LIMIT 1 2", "b c")]
    [InlineData("ZRANGE lex [d [b BYLEX LIMIT 9223372036854775807 -1", "")]
    [InlineData("ZREVRANGEBYLEX lex [b [d LIMIT 9223372036854775807 10", "")]
    [InlineData("ZRANGE lex [d [b BYLEX REV", "d c b")]
    [InlineData("ZRANGEBYLEX lex - (c", "a b")]
    [InlineData("ZREVRANGEBYLEX lex + [c LIMIT 1 1", "d")]
    [InlineData("ZRANGE none 0 -1", "")]
    [InlineData("ZRANGE none 0 -1 REV WITHSCORES", "")]
    public void Ranges_are_read_from_either_end_by_every_measure(string command, string expected)
    {
        Fill();
        Assert.Equal(expected, string.Join(' ', Words(command)));
        _server.Run("CONFIG", "SET", "zset-max-listpack-entries", "0");
        Run("DEL k lex");
        Fill();
        Assert.Equal(expected, string.Join(' ', Words(command)));
    }

    [Theory]
    [InlineData("ZCOUNT k 2 4", 3)]
    [InlineData("ZCOUNT k (2 +inf", 3)]
    [InlineData("ZCOUNT k 9 1", 0)]
    [InlineData("ZCOUNT none 1 9", 0)]
    [InlineData("ZLEXCOUNT lex - +", 5)]
    [InlineData("ZLEXCOUNT lex [b (d", 2)]
    [InlineData("ZLEXCOUNT none - +", 0)]
    [InlineData("ZREMRANGEBYRANK k 1 -2", 3)]
    [InlineData("ZREMRANGEBYRANK k 5 9", 0)]
    [InlineData("ZREMRANGEBYSCORE k (1 3", 2)]
    [InlineData("ZREMRANGEBYSCORE none 1 3", 0)]
    [InlineData("ZREMRANGEBYLEX lex [a (c", 2)]
    [InlineData("ZRANGESTORE d k 1 2", 2)]
    [InlineData("ZRANGESTORE d k 3 +inf BYSCORE LIMIT 1 9", 2)]
    [InlineData("ZRANGESTORE d lex [d [c BYLEX REV", 2)]
    [InlineData("ZRANGESTORE d none 0 -1", 0)]
    public void Ranges_are_counted_removed_and_stored(string command, int expected)
    {
        Fill();
        Assert.Equal($":{expected}\r\n", Run(command));
        _server.Run("CONFIG", "SET", "zset-max-listpack-entries", "0");
        Run("DEL k lex d");
        Fill();
        Assert.Equal($":{expected}\r\n", Run(command));
    }

    [Theory]
    [InlineData("ZRANGE k 0 x", "value is not an integer or out of range")]
    [InlineData("ZRANGE k 0 1 LIMIT 0 5", "syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")]
    [InlineData("ZRANGE k - + BYLEX WITHSCORES", "syntax error, WITHSCORES not supported in combination with BYLEX")]
    [InlineData("ZRANGEBYLEX k - + WITHSCORES", "syntax error, WITHSCORES not supported in combination with BYLEX")]
    [InlineData("ZRANGE k 0 1 BYSCORE BYLEX", "syntax error")]
    [InlineData("ZRANGE k 0 1 LIMIT 0", "syntax error")]
    [InlineData("ZREVRANGE k 0 1 REV", "syntax error")]
    [InlineData("ZRANGEBYSCORE k 0 1 BYSCORE", "syntax error")]
    [InlineData("ZRANGESTORE d k 0 1 WITHSCORES", "syntax error")]
    [InlineData("ZRANGE k a 1 BYSCORE", "min or max is not a float")]
    [InlineData("ZCOUNT k nan 1", "min or max is not a float")]
    [InlineData("ZREMRANGEBYSCORE k 1 x", "min or max is not a float")]
    [InlineData("ZRANGE k a + BYLEX", "min or max not valid string range item")]
    [InlineData("ZLEXCOUNT k - a", "min or max not valid string range item")]
    [InlineData("ZREMRANGEBYLEX k -x +", "min or max not valid string range item")]
    [InlineData("ZREMRANGEBYRANK k 0 1.5", "value is not an integer or out of range")]
    public void Wrong_arguments_are_refused(string command, string error) => Assert.Equal($"-ERR {error}\r\n", Run(command));

    [Fact]
    public void Resp3_pairs_members_with_doubles()
    {
        Fill();
        Run("HELLO 3");
        Assert.Equal("*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2\r\n", Run("ZRANGE k 0 1 WITHSCORES"));
        Assert.Equal("*1\r\n*2\r\n$1\r\ne\r\n,5\r\n", Run("ZREVRANGEBYSCORE k 9 5 WITHSCORES"));
        Assert.Equal("*1\r\n$1\r\na\r\n", Run("ZRANGE k 0 0"));
    }

    [Fact]
    public void A_stored_range_replaces_what_was_there()
    {
        Fill();
        Run("SET d v EX 100");
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal(":2\r\n", Run("ZRANGESTORE d k 0 1"));
        Assert.Equal(":-1\r\n", Run("TTL d"));
        Assert.Equal(":3\r\n", Run("ZRANGESTORE k k 2 4"));
        Assert.Equal(["c", "d", "e"], Words("ZRANGE k 0 -1"));
        Assert.Equal(":0\r\n", Run("ZRANGESTORE d none 0 -1"));
        Assert.Equal(":0\r\n", Run("ZRANGESTORE d none 0 -1"));
        Assert.Equal(["ZRANGESTORE d k 0 1", "ZRANGESTORE k k 2 4", "ZRANGESTORE d none 0 -1"], propagated.Take());
        Assert.Equal(["0 zrangestore d", "0 zrangestore k", "0 del d"], events.Take().Where(text => !text.Contains("keymiss", StringComparison.Ordinal)));
    }

    [Fact]
    public void Removing_all_deletes_the_key()
    {
        Fill();
        var events = EventLog.Attach(_server);
        Assert.Equal(":5\r\n", Run("ZREMRANGEBYSCORE k 1 5"));
        Assert.Equal(":5\r\n", Run("ZREMRANGEBYLEX lex - +"));
        Assert.Equal(["0 zremrangebyscore k", "0 del k", "0 zremrangebylex lex", "0 del lex"], events.Take());
        Run("ZADD k 1 a");
        Assert.Equal(":1\r\n", Run("ZREMRANGEBYRANK k 0 -1"));
        Assert.Equal(":0\r\n", Run("DBSIZE"));
    }

    [Fact]
    public void Big_ranges_are_read_and_removed_whole()
    {
        for (var i = 0; i < 3000; i++) Run($"ZADD k {i} m{i}");
        Assert.Equal(Enumerable.Range(100, 2500).Select(i => $"m{i}"), Words("ZRANGE k 100 2599"));
        Assert.Equal(Enumerable.Range(100, 2500).Reverse().Select(i => $"m{i}"), Words("ZRANGE k 2599 100 BYSCORE REV"));
        Assert.Equal(":2500\r\n", Run("ZREMRANGEBYSCORE k 100 2599"));
        Assert.Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(2600, 400)).Select(i => $"m{i}"), Words("ZRANGE k 0 -1"));
    }

    private void Fill()
    {
        Run("ZADD k 1 a 2 b 3 c 4 d 5 e");
        Run("ZADD lex 0 a 0 b 0 c 0 d 0 e");
    }

    private string Run(string command) => _server.Run(command.Split(' '));

    private string[] Words(string command)
    {
        var lines = Run(command).Split("\r\n");
        Assert.Equal('*', lines[0][0]);
        return [.. lines.Skip(2).Where((_, i) => i % 2 == 0).Where(static line => line.Length > 0)];
    }
}

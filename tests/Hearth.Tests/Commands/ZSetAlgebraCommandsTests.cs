using System.Diagnostics;
using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ZSetAlgebraCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public ZSetAlgebraCommandsTests()
    {
        Run("ZADD x 1 a 2 b 3 c");
        Run("ZADD y 10 b 20 c 30 d 40 e");
        Run("SADD s a c z");
        Run("ZADD infinite inf a -inf b");
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("ZUNION 2 x y WITHSCORES", "a 1 b 12 c 23 d 30 e 40")]
    [InlineData("ZUNION 2 x y", "a b c d e")]
    [InlineData("ZUNION 2 x y WEIGHTS 10 1 WITHSCORES", "a 10 b 30 d 30 e 40 c 50")]
    [InlineData("ZUNION 2 x y AGGREGATE MIN WITHSCORES", "a 1 b 2 c 3 d 30 e 40")]
    [InlineData("ZUNION 2 x y WITHSCORES AGGREGATE max", "a 1 b 10 c 20 d 30 e 40")]
    [InlineData("ZUNION 2 x s WITHSCORES", "z 1 a 2 b 2 c 4")]
    [InlineData("ZUNION 2 x none WITHSCORES", "a 1 b 2 c 3")]
    [InlineData("ZUNION 2 x x WITHSCORES", "a 2 b 4 c 6")]
    [InlineData("ZUNION 1 infinite WEIGHTS 0 WITHSCORES", "a 0 b 0")]
    [InlineData("ZUNION 2 infinite infinite WEIGHTS 1 -1 WITHSCORES", "a 0 b 0")]
    [InlineData("ZUNION 1 s WEIGHTS 2.5 WITHSCORES", "a 2.5 c 2.5 z 2.5")]
    [InlineData("ZINTER 2 x y WITHSCORES", "b 12 c 23")]
    [InlineData("ZINTER 2 x y WEIGHTS 2 0.5 WITHSCORES AGGREGATE MIN", "b 4 c 6")]
    [InlineData("ZINTER 3 x y s WITHSCORES", "c 24")]
    [InlineData("ZINTER 2 x none", "")]
    [InlineData("ZINTER 1 s", "a c z")]
    [InlineData("ZDIFF 2 x y WITHSCORES", "a 1")]
    [InlineData("ZDIFF 2 y s WITHSCORES", "b 10 d 30 e 40")]
    [InlineData("ZDIFF 2 s x WITHSCORES", "z 1")]
    [InlineData("ZDIFF 2 x x", "")]
    [InlineData("ZDIFF 3 x none s", "b")]
    [InlineData("ZDIFF 2 none x", "")]
    public void Sets_are_united_intersected_and_subtracted(string command, string expected)
    {
        Assert.Equal(expected, Words(command));

        // The same with big sets, and stored.
        Run("CONFIG SET zset-max-listpack-entries 0");
        Run("CONFIG SET set-max-listpack-entries 0");
        foreach (var key in (string[])["x", "y", "infinite"]) Run($"ZUNIONSTORE {key} 1 {key}");
        Run("SUNIONSTORE s s");
        Assert.Equal(expected, Words(command));
        var store = command.Replace(" WITHSCORES", "", StringComparison.Ordinal).Split(' ', 2);
        var count = Run($"{store[0]}STORE d {store[1]}");
        var withScores = command.Contains("WITHSCORES", StringComparison.Ordinal) ? " WITHSCORES" : "";
        Assert.Equal(expected, Words($"ZRANGE d 0 -1{withScores}"));
        Assert.Equal(count, Run("ZCARD d"));
    }

    [Theory]
    [InlineData("ZINTERCARD 2 x y", 2)]
    [InlineData("ZINTERCARD 2 x y LIMIT 1", 1)]
    [InlineData("ZINTERCARD 2 x y LIMIT 0", 2)]
    [InlineData("ZINTERCARD 2 x s", 2)]
    [InlineData("ZINTERCARD 3 x y none", 0)]
    [InlineData("ZINTERCARD 1 s LIMIT 2", 2)]
    public void Common_members_are_counted(string command, int expected) => Assert.Equal($":{expected}\r\n", Run(command));

    [Theory]
    [InlineData("ZUNION 0 x", "at least 1 input key is needed for 'zunion' command")]
    [InlineData("ZINTERSTORE d -1 x", "at least 1 input key is needed for 'zinterstore' command")]
    [InlineData("ZUNION x x", "value is not an integer or out of range")]
    [InlineData("ZUNION 3 x y", "syntax error")]
    [InlineData("ZUNION 2 x y WEIGHTS 1", "syntax error")]
    [InlineData("ZUNION 2 x y WEIGHTS 1 x", "weight value is not a float")]
    [InlineData("ZUNION 2 x y AGGREGATE avg", "syntax error")]
    [InlineData("ZUNIONSTORE d 1 x WITHSCORES", "syntax error")]
    [InlineData("ZDIFF 1 x WEIGHTS 1", "syntax error")]
    [InlineData("ZDIFF 1 x AGGREGATE SUM", "syntax error")]
    [InlineData("ZINTERCARD 1 x LIMIT", "syntax error")]
    [InlineData("ZINTERCARD 1 x LIMIT -1", "LIMIT can't be negative")]
    [InlineData("ZINTERCARD 1 x LIMIT x", "LIMIT can't be negative")]
    [InlineData("ZINTERCARD 1 x WITHSCORES", "syntax error")]
    public void Wrong_arguments_are_refused(string command, string error) => Assert.Equal($"-ERR {error}\r\n", Run(command));

    [Fact]
    public void A_key_of_another_type_is_refused_before_the_options_are_read()
    {
        Run("SET string v");
        Assert.Equal("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", Run("ZUNION 2 x string NONSENSE"));
        Assert.Equal("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", Run("ZDIFFSTORE d 2 x string"));
    }

    [Fact]
    public void A_destination_is_replaced_or_deleted()
    {
        Run("SET d v");
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal(":5\r\n", Run("ZUNIONSTORE d 2 x y"));
        Assert.Equal(":2\r\n", Run("ZINTERSTORE x 2 x y"));
        Assert.Equal(":0\r\n", Run("ZDIFFSTORE d 2 x x"));
        Assert.Equal(":0\r\n", Run("ZDIFFSTORE d 2 x x"));
        Assert.Equal(["ZUNIONSTORE d 2 x y", "ZINTERSTORE x 2 x y", "ZDIFFSTORE d 2 x x"], propagated.Take());
        Assert.Equal(["0 zunionstore d", "0 zinterstore x", "0 del d"], events.Take());
    }

    [Fact]
    public void Resp3_nests_pairs()
    {
        Run("HELLO 3");
        Assert.Equal("*2\r\n*2\r\n$1\r\nb\r\n,12\r\n*2\r\n$1\r\nc\r\n,23\r\n", Run("ZINTER 2 x y WITHSCORES"));
        Assert.Equal("*1\r\n$1\r\na\r\n", Run("ZDIFF 2 x y"));
    }

    /// <summary>0.1 + 0.2 + 0.3 depends on the order; Redis begins with the smallest set.</summary>
    [Fact]
    public void Scores_are_added_in_the_order_of_sizes()
    {
        Run("ZADD p 0.1 m 1 p1 1 p2");
        Run("ZADD q 0.2 m 1 q1");
        Run("ZADD r 0.3 m");
        Assert.Equal($"m {(0.3 + 0.2) + 0.1:R}", Words("ZINTER 3 p q r WITHSCORES"));
        Run("ZADD r 1 r1 1 r2 1 r3");
        Assert.Equal($"m {(0.2 + 0.1) + 0.3:R}", Words("ZINTER 3 p q r WITHSCORES"));
    }

    /// <summary>Putting each operand in its place among those before it would take minutes.</summary>
    [Fact]
    public void Very_many_operands_are_sorted_in_no_time()
    {
        const int operands = 160_000;
        var limit = TimeSpan.FromSeconds(20);
        string[] keys = [.. Enumerable.Repeat("x", operands / 2), .. Enumerable.Repeat("none", operands / 2)];
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(":0\r\n", _server.Run(["ZINTERCARD", operands.ToString(CultureInfo.InvariantCulture), .. keys]));
        Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"It took {Stopwatch.GetElapsedTime(began)}.");
    }

    private string Run(string command) => _server.Run(command.Split(' '));

    private string Words(string command) => string.Join(' ', Run(command).Split("\r\n").Skip(2).Where((line, i) => i % 2 == 0 && line.Length > 0));
}

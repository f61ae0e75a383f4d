using System.Globalization;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ListBlockingCommandsTests : IDisposable
{
#if DEBUG
    private const int DefaultCycles = 20_000;
#else
    private const int DefaultCycles = 1_000_000;
#endif

    private const string NoList = "*-1\r\n";

    private readonly TestServer _server = new();
    private readonly Client _a;
    private readonly Client _b;
    private readonly Client _c;

    public ListBlockingCommandsTests() => (_a, _b, _c) = (_server.Connect(), _server.Connect(), _server.Connect());

    public void Dispose()
    {
        Assert.Equal(0, _server.Engine.Blocking.KeyCount);
        _server.Dispose();
    }

    [Theory]
    [InlineData("BLPOP l 0", "*2\r\n$1\r\nl\r\n$1\r\n1\r\n", "2 3")]
    [InlineData("BRPOP none l 0", "*2\r\n$1\r\nl\r\n$1\r\n3\r\n", "1 2")]
    [InlineData("BLMOVE l l LEFT RIGHT 0", "$1\r\n1\r\n", "2 3 1")]
    [InlineData("BRPOPLPUSH l l 0", "$1\r\n3\r\n", "3 1 2")]
    [InlineData("BLMPOP 0 2 none l RIGHT COUNT 2", "*2\r\n$1\r\nl\r\n*2\r\n$1\r\n3\r\n$1\r\n2\r\n", "1")]
    public void They_do_not_wait_where_there_is_something(string command, string reply, string left)
    {
        _server.Run("RPUSH", "l", "1", "2", "3");
        Assert.Equal(reply, _server.Run(command.Split(' ')));
        Assert.Equal(left, Elements("l"));
    }

    [Theory]
    [InlineData("BLPOP none l 0", "*2\r\n$1\r\nl\r\n$1\r\n1\r\n", "2 3", "LPOP l")]
    [InlineData("BRPOP l none 0", "*2\r\n$1\r\nl\r\n$1\r\n3\r\n", "1 2", "RPOP l")]
    [InlineData("BLMOVE l t left RIGHT 0", "$1\r\n1\r\n", "2 3", "LMOVE l t left RIGHT")]
    [InlineData("BRPOPLPUSH l t 0", "$1\r\n3\r\n", "1 2", "RPOPLPUSH l t")]
    [InlineData("BLMPOP 0 2 none l RIGHT COUNT 2", "*2\r\n$1\r\nl\r\n*2\r\n$1\r\n3\r\n$1\r\n2\r\n", "1", "RPOP l 2")]
    [InlineData("BLMPOP 0 1 l LEFT COUNT 9", "*2\r\n$1\r\nl\r\n*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n", "", "LPOP l 3")]
    public void They_wait_and_are_repeated_as_what_they_do(string command, string reply, string left, string repeated)
    {
        var propagated = PropagationLog.Attach(_server);
        Assert.Equal("", _server.RunAs(_a, command.Split(' ')));
        Assert.Equal(":3\r\n", _server.Run("RPUSH", "l", "1", "2", "3"));
        Assert.Equal(reply, TestServer.Received(_a));
        Assert.Equal(left, Elements("l"));
        Assert.Equal(["RPUSH l 1 2 3", repeated], propagated.Take());
        Assert.Equal("+PONG\r\n", _server.RunAs(_a, "PING"));
    }

    [Fact]
    public void Who_came_first_is_served_first()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.RunAs(_b, "BLMOVE", "l", "t", "LEFT", "LEFT", "0");
        _server.RunAs(_c, "BRPOP", "l", "0");
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_a));
        Assert.Equal("", TestServer.Received(_b));
        _server.Run("RPUSH", "l", "2", "3", "4");
        Assert.Equal("$1\r\n2\r\n", TestServer.Received(_b));
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n4\r\n", TestServer.Received(_c));
        Assert.Equal("3", Elements("l"));
    }

    [Fact]
    public void Of_several_keys_the_first_that_is_given_counts()
    {
        _server.RunAs(_a, "BLPOP", "x", "y", "z", "0");
        _server.Run("MULTI");
        _server.Run("RPUSH", "z", "3");
        _server.Run("RPUSH", "y", "2");
        _server.Run("EXEC");
        Assert.Equal("*2\r\n$1\r\ny\r\n$1\r\n2\r\n", TestServer.Received(_a));
        Assert.Equal("3", Elements("z"));
        _server.Run("DEL", "z");
        Assert.Equal("", _server.RunAs(_a, "BLPOP", "x", "x", "x", "0"));
        _server.Run("RPUSH", "x", "1", "2");
        Assert.Equal("*2\r\n$1\r\nx\r\n$1\r\n1\r\n", TestServer.Received(_a));
    }

    [Fact]
    public void A_transaction_is_over_before_anyone_is_served()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.Run("MULTI");
        _server.Run("RPUSH", "l", "1");
        _server.Run("DEL", "l");
        _server.Run("EXEC");
        Assert.Equal("", TestServer.Received(_a));
        _server.Run("MULTI");
        _server.Run("RPUSH", "l", "1");
        _server.Run("LPUSH", "l", "0");
        _server.Run("DEL", "l");
        _server.Run("RPUSH", "l", "2");
        _server.Run("EXEC");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n2\r\n", TestServer.Received(_a));
    }

    [Fact]
    public void Inside_a_transaction_nothing_waits()
    {
        _server.Run("MULTI");
        _server.Run("BLPOP", "l", "0");
        _server.Run("BLMOVE", "l", "t", "LEFT", "LEFT", "0");
        _server.Run("BLMPOP", "0", "1", "l", "LEFT");
        Assert.Equal($"*3\r\n{NoList}$-1\r\n{NoList}", _server.Run("EXEC"));
    }

    [Fact]
    public void Another_type_is_no_list_before_the_wait_and_no_reason_to_end_it()
    {
        const string WrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
        _server.Run("SET", "s", "v");
        Assert.Equal(WrongType, _server.Run("BLPOP", "s", "0"));
        Assert.Equal(WrongType, _server.Run("BLPOP", "none", "s", "0"));
        Assert.Equal(WrongType, _server.Run("BLMOVE", "s", "t", "LEFT", "LEFT", "0"));
        Assert.Equal("", _server.RunAs(_a, "BLPOP", "l", "0"));
        _server.Run("SET", "l", "v");
        _server.Run("DEL", "l");
        Assert.Equal("", TestServer.Received(_a));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_a));
    }

    [Fact]
    public void A_target_of_another_type_is_an_error_that_takes_nothing()
    {
        _server.Run("SET", "s", "v");
        Assert.Equal("", _server.RunAs(_a, "BLMOVE", "l", "s", "LEFT", "LEFT", "0"));
        _server.RunAs(_b, "BLPOP", "l", "0");
        _server.Run("RPUSH", "l", "1");
        Assert.StartsWith("-WRONGTYPE", TestServer.Received(_a));
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_b));
    }

    [Fact]
    public void What_is_moved_serves_those_who_wait_for_it()
    {
        _server.RunAs(_a, "BRPOPLPUSH", "x", "y", "0");
        _server.RunAs(_b, "BLMOVE", "y", "z", "LEFT", "LEFT", "0");
        _server.RunAs(_c, "BLPOP", "z", "0");
        var propagated = PropagationLog.Attach(_server);
        _server.Run("RPUSH", "x", "1");
        Assert.Equal("$1\r\n1\r\n", TestServer.Received(_a));
        Assert.Equal("$1\r\n1\r\n", TestServer.Received(_b));
        Assert.Equal("*2\r\n$1\r\nz\r\n$1\r\n1\r\n", TestServer.Received(_c));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
        Assert.Equal(["RPUSH x 1", "RPOPLPUSH x y", "LMOVE y z LEFT LEFT", "LPOP z"], propagated.Take());
    }

    [Fact]
    public void Whatever_brings_the_key_serves()
    {
        string[][] ways =
        [
            ["RENAME", "other", "l"], ["COPY", "other", "l"], ["RPOPLPUSH", "other", "l"], ["MOVE", "l", "0"], ["SWAPDB", "0", "1"],
        ];
        foreach (var way in ways)
        {
            _server.Run("FLUSHALL");
            _server.Run("RPUSH", "other", "1");
            Assert.Equal("", _server.RunAs(_a, "BLPOP", "l", "0"));
            _server.RunAs(_b, "SELECT", "1");
            _server.RunAs(_b, "RPUSH", "l", "1");
            _ = way[0] == "MOVE" ? _server.RunAs(_b, way) : _server.Run(way);
            Assert.Equal($"{way[0]} *2\r\n$1\r\nl\r\n$1\r\n1\r\n", $"{way[0]} {TestServer.Received(_a)}");
        }
    }

    [Fact]
    public void A_wait_belongs_to_its_database()
    {
        _server.RunAs(_a, "SELECT", "1");
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.Run("RPUSH", "l", "0");
        Assert.Equal("", TestServer.Received(_a));
        _server.Run("SELECT", "1");
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_a));
    }

    [Fact]
    public void Flushing_ends_no_wait()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.Run("MULTI");
        _server.Run("RPUSH", "l", "1");
        _server.Run("FLUSHALL");
        _server.Run("EXEC");
        _server.Run("FLUSHDB", "ASYNC");
        Assert.Equal("", TestServer.Received(_a));
        _server.Run("RPUSH", "l", "2");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n2\r\n", TestServer.Received(_a));
    }

    [Fact]
    public void A_wait_ends_when_its_time_is_up()
    {
        Assert.Equal("", _server.RunAs(_a, "BLPOP", "l", "1.5"));
        Assert.Equal("", _server.RunAs(_b, "BLMOVE", "l", "t", "LEFT", "LEFT", "0.0001"));
        Assert.Equal("", _server.RunAs(_c, "BLMPOP", "0", "1", "l", "LEFT"));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(NoList, TestServer.Received(_b));
        _server.Advance(TimeSpan.FromMilliseconds(1498));
        Assert.Equal("", TestServer.Received(_a));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(NoList, TestServer.Received(_a));
        _server.Advance(TimeSpan.FromDays(1000));
        Assert.Equal("", TestServer.Received(_c));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n*1\r\n$1\r\n1\r\n", TestServer.Received(_c));
    }

    [Fact]
    public void Who_gets_nothing_waits_on_to_the_old_deadline()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.RunAs(_b, "BLPOP", "l", "1");
        _server.Advance(TimeSpan.FromMilliseconds(900));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("", TestServer.Received(_b));
        _server.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(NoList, TestServer.Received(_b));
        TestServer.Received(_a);
    }

    [Fact]
    public void An_administrator_can_end_a_wait()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.RunAs(_b, "BRPOPLPUSH", "l", "t", "0");
        Assert.Equal(":1\r\n", _server.Run("CLIENT", "UNBLOCK", _a.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(NoList, TestServer.Received(_a));
        Assert.Equal(":1\r\n", _server.Run("CLIENT", "UNBLOCK", _b.Id.ToString(CultureInfo.InvariantCulture), "ERROR"));
        Assert.Equal("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n", TestServer.Received(_b));
        Assert.Equal(":0\r\n", _server.Run("CLIENT", "UNBLOCK", _b.Id.ToString(CultureInfo.InvariantCulture)));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("1", Elements("l"));
    }

    [Fact]
    public void Who_is_gone_takes_nothing()
    {
        _server.RunAs(_a, "BLPOP", "l", "0");
        _server.RunAs(_b, "BLPOP", "l", "0");
        Assert.Equal(":1\r\n", _server.Run("CLIENT", "KILL", "ID", _a.Id.ToString(CultureInfo.InvariantCulture)));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_b));
        Assert.Equal("", TestServer.Received(_a));
    }

    [Fact]
    public void A_time_too_short_for_a_double_is_a_millisecond_or_none()
    {
        _server.RunAs(_a, "BLPOP", "l", "1e-400");
        _server.RunAs(_b, "BLPOP", "l", "-1e-400");
        Assert.Equal(("", ""), (TestServer.Received(_a), TestServer.Received(_b)));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((NoList, ""), (TestServer.Received(_a), TestServer.Received(_b)));
        _server.Advance(TimeSpan.FromDays(1000));
        Assert.Equal("", TestServer.Received(_b));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal("*2\r\n$1\r\nl\r\n$1\r\n1\r\n", TestServer.Received(_b));
    }

    [Theory]
    [InlineData("BLPOP l x", "-ERR timeout is not a float or out of range\r\n")]
    [InlineData("BLPOP l -0.1", "-ERR timeout is negative\r\n")]
    [InlineData("BLPOP l 1e300", "-ERR timeout is out of range\r\n")]
    [InlineData("BLPOP l 1e4000", "-ERR timeout is out of range\r\n")]
    [InlineData("BLPOP l -1e4000", "-ERR timeout is negative\r\n")]
    [InlineData("BLPOP l 1e5000", "-ERR timeout is not a float or out of range\r\n")]
    [InlineData("BLMOVE l t LEFT UP x", "-ERR syntax error\r\n")]
    [InlineData("BLMOVE l t LEFT LEFT x", "-ERR timeout is not a float or out of range\r\n")]
    [InlineData("BLMPOP x 0 l UP", "-ERR numkeys should be greater than 0\r\n")]
    [InlineData("BLMPOP x 1 l LEFT", "-ERR timeout is not a float or out of range\r\n")]
    [InlineData("BLMPOP 0 1 l LEFT COUNT 0", "-ERR count should be greater than 0\r\n")]
    public void Wrong_arguments_are_refused(string command, string error)
    {
        Assert.Equal(error, _server.Run(command.Split(' ')));
        _server.Run("RPUSH", "l", "1");
        Assert.Equal(error, _server.Run(command.Split(' ')));
    }

    [Fact]
    public void Blocked_and_served_again_and_again_leaves_nothing_behind()
    {
        var cycles = int.TryParse(Environment.GetEnvironmentVariable("HEARTH_TEST_COMMANDS"), CultureInfo.InvariantCulture, out var count) ? count : DefaultCycles;
        RunCycles(1000);
        var (data, clients) = (_server.Engine.DataHeap.LiveBlocks, _server.Engine.ClientHeap.LiveBlocks);
        RunCycles(cycles);
        Assert.Equal((data, clients), (_server.Engine.DataHeap.LiveBlocks, _server.Engine.ClientHeap.LiveBlocks));
        var blocking = _server.Engine.Blocking;
        Assert.Equal((0, 0, 0, 0), (blocking.Count, blocking.KeyCount, blocking.DeadlineCount, blocking.EndWithKeyCount));
    }

    private void RunCycles(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _server.RunAs(_a, "BLPOP", "x", "y", "1");
            _server.RunAs(_b, "BLMOVE", "y", "z", "LEFT", "RIGHT", "0");
            _server.Run("RPUSH", "y", "1", "2");
            _server.Run("LPOP", "z");
            Assert.Equal(("*2\r\n$1\r\ny\r\n$1\r\n1\r\n", "$1\r\n2\r\n"), (TestServer.Received(_a), TestServer.Received(_b)));
            if (i % 100 != 0) continue;
            _server.RunAs(_a, "BLPOP", "x", "y", "1");
            _server.Advance(TimeSpan.FromSeconds(1));
            TestServer.Received(_a);
        }
    }

    private string Elements(string key) =>
        string.Join(' ', _server.Run("LRANGE", key, "0", "-1").Split("\r\n").Skip(1).Where((_, i) => i % 2 == 1));
}

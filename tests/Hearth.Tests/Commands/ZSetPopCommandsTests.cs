using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ZSetPopCommandsTests : IDisposable
{
    private const string Nothing = "*-1\r\n";

    private readonly TestServer _server = new();
    private readonly Client _a;
    private readonly Client _b;

    public ZSetPopCommandsTests() => (_a, _b) = (_server.Connect(), _server.Connect());

    public void Dispose()
    {
        Assert.Equal(0, _server.Engine.Blocking.KeyCount);
        _server.Dispose();
    }

    [Theory]
    [InlineData("ZPOPMIN k", "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "ZPOPMIN k", "b c")]
    [InlineData("ZPOPMAX k", "*2\r\n$1\r\nc\r\n$3\r\n2.5\r\n", "ZPOPMAX k", "a b")]
    [InlineData("ZPOPMIN k 2", "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n", "ZPOPMIN k 2", "c")]
    [InlineData("ZPOPMAX k 9", "*6\r\n$1\r\nc\r\n$3\r\n2.5\r\n$1\r\nb\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\n1\r\n", "ZPOPMAX k 9", "")]
    [InlineData("ZPOPMIN k 0", "*0\r\n", null, "a b c")]
    [InlineData("ZPOPMIN none", "*0\r\n", null, "a b c")]
    [InlineData("ZMPOP 2 none k MIN", "*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n", "ZPOPMIN k 1", "b c")]
    [InlineData("ZMPOP 1 k MAX COUNT 2", "*2\r\n$1\r\nk\r\n*2\r\n*2\r\n$1\r\nc\r\n$3\r\n2.5\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n", "ZPOPMAX k 2", "a")]
    [InlineData("ZMPOP 1 k MAX COUNT 9", "*2\r\n$1\r\nk\r\n*3\r\n*2\r\n$1\r\nc\r\n$3\r\n2.5\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n", "ZPOPMAX k 3", "")]
    [InlineData("ZMPOP 1 none MIN", Nothing, null, "a b c")]
    [InlineData("BZPOPMIN none k 0", "*3\r\n$1\r\nk\r\n$1\r\na\r\n$1\r\n1\r\n", "ZPOPMIN k", "b c")]
    [InlineData("BZPOPMAX k 0", "*3\r\n$1\r\nk\r\n$1\r\nc\r\n$3\r\n2.5\r\n", "ZPOPMAX k", "a b")]
    [InlineData("BZMPOP 0 2 none k MIN COUNT 2", "*2\r\n$1\r\nk\r\n*2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n", "ZPOPMIN k 2", "c")]
    public void Members_are_popped_from_either_end(string command, string reply, string? repeated, string left)
    {
        foreach (var listpackEntries in (string[])["128", "0"])
        {
            Run($"CONFIG SET zset-max-listpack-entries {listpackEntries}");
            Run("DEL k");
            Run("ZADD k 1 a 2 b 2.5 c");
            var propagated = PropagationLog.Attach(_server);
            Assert.Equal(reply, Run(command));
            Assert.Equal(repeated is null ? [] : [repeated], propagated.Take());
            Assert.Equal(left, Members());
            Assert.Equal(left.Length == 0 ? ":0\r\n" : ":1\r\n", Run("EXISTS k"));
            _server.Engine.Propagation.Detach(propagated);
        }
    }

    [Theory]
    [InlineData("ZPOPMIN k 1 2", "syntax error")]
    [InlineData("ZPOPMIN k -1", "value is out of range, must be positive")]
    [InlineData("ZPOPMAX k x", "value is out of range, must be positive")]
    [InlineData("ZMPOP 0 k MIN", "numkeys should be greater than 0")]
    [InlineData("ZMPOP x k MIN", "numkeys should be greater than 0")]
    [InlineData("ZMPOP 9223372036854775807 k MIN", "syntax error")]
    [InlineData("ZMPOP 2 k MIN", "syntax error")]
    [InlineData("ZMPOP 1 k LEFT", "syntax error")]
    [InlineData("ZMPOP 1 k MIN COUNT", "syntax error")]
    [InlineData("ZMPOP 1 k MIN COUNT 0", "count should be greater than 0")]
    [InlineData("ZMPOP 1 k MIN COUNT 1 COUNT 1", "syntax error")]
    [InlineData("BZPOPMIN k x", "timeout is not a float or out of range")]
    [InlineData("BZPOPMIN k -1", "timeout is negative")]
    [InlineData("BZMPOP 0 0 k MIN", "numkeys should be greater than 0")]
    [InlineData("BZMPOP x 0 k MIN", "numkeys should be greater than 0")]
    [InlineData("BZMPOP x 1 k UP", "syntax error")]
    [InlineData("BZMPOP x 1 k MIN COUNT 0", "count should be greater than 0")]
    [InlineData("BZMPOP x 1 k MIN COUNT 1", "timeout is not a float or out of range")]
    public void Wrong_arguments_are_refused(string command, string error) => Assert.Equal($"-ERR {error}\r\n", Run(command));

    [Fact]
    public void A_key_of_another_type_on_the_way_is_an_error()
    {
        Run("SET s v");
        Run("ZADD k 1 a");
        foreach (var command in (string[])["ZPOPMIN s", "ZMPOP 2 s k MIN", "ZMPOP 2 none s MIN", "BZPOPMIN s k 0", "BZMPOP 0 2 s k MAX"])
        {
            Assert.Equal("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", Run(command));
        }

        Assert.StartsWith("*3", Run("BZPOPMIN k s 0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Resp3_nests_only_what_was_asked_for_by_number()
    {
        Run("HELLO 3");
        Run("ZADD k 1 a 2 b 3 c 4 d");
        Assert.Equal("*2\r\n$1\r\na\r\n,1\r\n", Run("ZPOPMIN k"));
        Assert.Equal("*1\r\n*2\r\n$1\r\nb\r\n,2\r\n", Run("ZPOPMIN k 1"));
        Assert.Equal("*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\nc\r\n,3\r\n", Run("ZMPOP 1 k MIN"));
        Assert.Equal("*3\r\n$1\r\nk\r\n$1\r\nd\r\n,4\r\n", Run("BZPOPMIN k 0"));
        Assert.Equal("_\r\n", Run("ZMPOP 1 k MIN"));
        Assert.Equal("*0\r\n", Run("ZPOPMIN k"));
    }

    [Fact]
    public void Those_who_wait_are_served_in_their_order_and_repeated_as_what_they_do()
    {
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal("", _server.RunAs(_a, "BZPOPMAX", "none", "k", "0"));
        Assert.Equal("", _server.RunAs(_b, "BZMPOP", "0", "2", "k", "none", "MIN", "COUNT", "5"));
        events.Take();
        Assert.Equal(":3\r\n", Run("ZADD k 1 a 2 b 3 c"));
        Assert.Equal("*3\r\n$1\r\nk\r\n$1\r\nc\r\n$1\r\n3\r\n", TestServer.Received(_a));
        Assert.Equal("*2\r\n$1\r\nk\r\n*2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n", TestServer.Received(_b));
        Assert.Equal(["ZADD k 1 a 2 b 3 c", "ZPOPMAX k", "ZPOPMIN k 2"], propagated.Take());
        Assert.Equal(["0 new k", "0 zadd k", "0 zpopmax k", "0 zpopmin k", "0 del k"], events.Take().Where(text => !text.Contains("keymiss", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ZUNIONSTORE k 1 s")]
    [InlineData("ZRANGESTORE k s 0 -1")]
    [InlineData("GEOADD k 1 1 a")]
    [InlineData("GEOSEARCHSTORE k s FROMLONLAT 0 0 BYRADIUS 20000 km")]
    [InlineData("ZINCRBY k 1 a")]
    [InlineData("RENAME s k")]
    [InlineData("COPY s k")]
    public void Whatever_brings_the_key_serves_the_waiting(string command)
    {
        Run("ZADD s 1 a");
        _server.RunAs(_a, "BZPOPMIN", "k", "0");
        Run(command);
        Assert.StartsWith("*3\r\n$1\r\nk\r\n$1\r\na\r\n", TestServer.Received(_a), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_ends_with_its_time_and_does_not_begin_inside_a_transaction()
    {
        _server.RunAs(_a, "BZPOPMIN", "k", "0.5");
        Run("SET k v");
        _server.Advance(TimeSpan.FromMilliseconds(501));
        _server.Engine.Blocking.EndTurn();
        Assert.Equal(Nothing, TestServer.Received(_a));
        Run("MULTI");
        Run("BZPOPMIN none 0");
        Run("BZMPOP 0 1 none MIN");
        Assert.Equal($"*2\r\n{Nothing}{Nothing}", Run("EXEC"));
    }

    private string Run(string command) => _server.Run(command.Split(' '));

    private string Members() => string.Join(' ', Run("ZRANGE k 0 -1").Split("\r\n").Skip(2).Where((_, i) => i % 2 == 0 && _.Length > 0));
}

using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ListMoveCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("RPOPLPUSH a b", "3", "1 2", "3 x y")]
    [InlineData("LMOVE a b LEFT RIGHT", "1", "2 3", "x y 1")]
    [InlineData("LMOVE a b right right", "3", "1 2", "x y 3")]
    [InlineData("LMOVE a b LEFT LEFT", "1", "2 3", "1 x y")]
    [InlineData("RPOPLPUSH a a", "3", "3 1 2", "x y")]
    [InlineData("LMOVE a a LEFT RIGHT", "1", "2 3 1", "x y")]
    [InlineData("LMOVE a a LEFT LEFT", "1", "1 2 3", "x y")]
    [InlineData("LMOVE a absent LEFT LEFT", "1", "2 3", "x y")]
    public void An_element_moves(string command, string element, string source, string target)
    {
        foreach (var limit in (string[])["-2", "1"])
        {
            _server.Run("CONFIG", "SET", "list-max-listpack-size", limit);
            _server.Run("DEL", "a", "b");
            _server.Run("RPUSH", "a", "1", "2", "3");
            _server.Run("RPUSH", "b", "x", "y");
            Assert.Equal($"$1\r\n{element}\r\n", _server.Run(command.Split(' ')));
            Assert.Equal((source, target), (Elements("a"), Elements("b")));
        }
    }

    [Theory]
    [InlineData("LMOVE absent b LEFT RIGHT", "$-1\r\n")]
    [InlineData("LMOVE absent string LEFT RIGHT", "$-1\r\n")]
    [InlineData("LMOVE a b LEFT UP", "-ERR syntax error\r\n")]
    [InlineData("LMOVE string b LEFT RIGHT", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("RPOPLPUSH a string", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("LMPOP 2 absent a LEFT", "*2\r\n$1\r\na\r\n*1\r\n$1\r\n1\r\n")]
    [InlineData("LMPOP 2 a absent right count 2", "*2\r\n$1\r\na\r\n*2\r\n$1\r\n3\r\n$1\r\n2\r\n")]
    [InlineData("LMPOP 1 a LEFT COUNT 100", "*2\r\n$1\r\na\r\n*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n")]
    [InlineData("LMPOP 2 absent absent2 LEFT", "*-1\r\n")]
    [InlineData("LMPOP 2 string a LEFT", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("LMPOP 2 a string LEFT", "*2\r\n$1\r\na\r\n*1\r\n$1\r\n1\r\n")]
    [InlineData("LMPOP 0 a LEFT", "-ERR numkeys should be greater than 0\r\n")]
    [InlineData("LMPOP x a LEFT", "-ERR numkeys should be greater than 0\r\n")]
    [InlineData("LMPOP 9223372036854775807 a LEFT", "-ERR syntax error\r\n")]
    [InlineData("LMPOP 2 a LEFT", "-ERR syntax error\r\n")]
    [InlineData("LMPOP 1 a UP", "-ERR syntax error\r\n")]
    [InlineData("LMPOP 1 a LEFT COUNT", "-ERR syntax error\r\n")]
    [InlineData("LMPOP 1 a LEFT COUNT 0", "-ERR count should be greater than 0\r\n")]
    [InlineData("LMPOP 1 a LEFT COUNT 1 COUNT 2", "-ERR syntax error\r\n")]
    [InlineData("LMPOP 1 a LEFT FOO 1", "-ERR syntax error\r\n")]
    public void What_is_replied(string command, string reply)
    {
        _server.Run("RPUSH", "a", "1", "2", "3");
        _server.Run("SET", "string", "v");
        Assert.Equal(reply, _server.Run(command.Split(' ')));
    }

    [Fact]
    public void A_list_of_one_element_turns_around_itself()
    {
        var events = EventLog.Attach(_server);
        _server.Run("RPUSH", "a", "1");
        Assert.Equal("$1\r\n1\r\n", _server.Run("RPOPLPUSH", "a", "a"));
        Assert.Equal("1", Elements("a"));
        Assert.Equal(["0 new a", "0 rpush a", "0 lpush a", "0 rpop a"], events.Take());
    }

    [Fact]
    public void Events_and_propagation_are_those_of_what_happened()
    {
        _server.Run("RPUSH", "a", "1", "2", "3");
        var events = EventLog.Attach(_server);
        var propagated = PropagationLog.Attach(_server);
        _server.Run("RPOPLPUSH", "a", "b");
        _server.Run("LMPOP", "3", "absent", "a", "b", "LEFT", "COUNT", "10");
        _server.Run("LMOVE", "b", "c", "LEFT", "RIGHT");
        _server.Run("LMPOP", "1", "absent", "RIGHT");
        _server.Run("LMPOP", "1", "c", "RIGHT");
        Assert.Equal(
            [
                "0 new b", "0 lpush b", "0 rpop a", "0 lpop a", "0 del a", "0 new c", "0 rpush c", "0 lpop b", "0 del b", "0 rpop c", "0 del c",
            ],
            events.Take().Where(line => !line.Contains("keymiss")));
        Assert.Equal(["RPOPLPUSH a b", "LPOP a 2", "LMOVE b c LEFT RIGHT", "RPOP c 1"], propagated.Take());
    }

    private string Elements(string key) =>
        string.Join(' ', _server.Run("LRANGE", key, "0", "-1").Split("\r\n").Skip(1).Where((_, i) => i % 2 == 1));
}

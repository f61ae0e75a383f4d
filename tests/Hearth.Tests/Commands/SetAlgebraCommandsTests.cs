using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class SetAlgebraCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("SADD a 1 2 3 | SADD b 2 3 4 | SUNIONSTORE k a b | = intset | SINTERSTORE k a b | = intset | SDIFFSTORE k a b | = intset")]
    [InlineData("SADD a 1 2 x | SADD b 2 x | SUNIONSTORE k a b | = listpack | SINTERSTORE k a b | = listpack | SDIFFSTORE k a b | = intset")]
    [InlineData("SADD a 1..600 | SADD b 1..3 y | SINTERSTORE k a b | = intset | SADD b 1..600 | SINTERSTORE k a b | = hashtable")]
    [InlineData("SADD a x*65 1 2 | SADD b x*65 1 | SINTERSTORE k a b | = hashtable | SADD c 1 z | SINTERSTORE k a b c | = intset")]
    [InlineData("SADD a 1..300 | SADD b 200..520 | SUNIONSTORE k a b | = hashtable | SADD c x | SUNIONSTORE k c a | = hashtable")]
    [InlineData("SADD a 1..100 | SADD b x | SUNIONSTORE k a b | = listpack | SUNIONSTORE k b a | = listpack")]
    [InlineData("SADD a 1..600 | SADD b 1..598 | SDIFFSTORE k a b | = intset")]
    // Two small sets to subtract make it cheaper to copy the first one, and its form stays.
    [InlineData("SADD a 1..600 | SADD b 1 | SADD c 2 | SDIFFSTORE k a b b b b c | = hashtable")]
    [InlineData("SADD a 1 | SADD b 2 | SINTERSTORE k a b | = none | SET k v | SUNIONSTORE k a | = intset | SDIFFSTORE k a a | = none")]
    [InlineData("SADD k 1 2 3 | SADD a x | SUNIONSTORE k k a | = listpack | SDIFFSTORE k k a | = intset")]
    public void Results_have_the_smallest_form_that_redis_gives_them(string script) => EncodingTransitions.Check(_server, script);

    [Fact]
    public void Sets_are_united_intersected_and_subtracted()
    {
        _server.Run("SADD", "a", "1", "2", "3");
        _server.Run("SADD", "b", "2", "3", "4");
        _server.Run("SADD", "c", "3", "x");
        Assert.Equal("*1\r\n$1\r\n3\r\n", _server.Run("SINTER", "a", "b", "c"));
        Assert.Equal("*1\r\n$1\r\n1\r\n", _server.Run("SDIFF", "a", "b", "c", "absent"));
        Assert.Equal(["1", "2", "3", "4", "x"], _server.Run("SUNION", "a", "b", "absent", "c").Split("\r\n")[1..^1].Where((_, index) => index % 2 == 1).Order());
        Assert.Equal("*0\r\n", _server.Run("SINTER", "a", "absent"));
        Assert.Equal("*0\r\n", _server.Run("SDIFF", "absent", "a"));
        Assert.Equal("*0\r\n", _server.Run("SDIFF", "a", "b", "a"));
        _server.Run("HELLO", "3");
        Assert.Equal("~0\r\n", _server.Run("SINTER", "absent"));
        Assert.Equal("~1\r\n$1\r\n3\r\n", _server.Run("SINTER", "a", "b", "c"));
    }

    [Fact]
    public void A_result_takes_the_place_of_whatever_is_there()
    {
        _server.Run("SADD", "a", "1", "2", "3");
        _server.Run("SET", "k", "v", "EX", "100");
        Assert.Equal(":3\r\n", _server.Run("SUNIONSTORE", "k", "a", "absent"));
        Assert.Equal(":-1\r\n", _server.Run("TTL", "k"));
        Assert.Equal(":0\r\n", _server.Run("SINTERSTORE", "k", "a", "absent"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
        Assert.Equal(":3\r\n", _server.Run("SINTERSTORE", "a", "a", "a"));
    }

    [Theory]
    [InlineData("SINTERCARD 0 a", "ERR numkeys should be greater than 0")]
    [InlineData("SINTERCARD x a", "ERR numkeys should be greater than 0")]
    [InlineData("SINTERCARD 2 a", "ERR Number of keys can't be greater than number of args")]
    [InlineData("SINTERCARD 1 a LIMIT -1", "ERR LIMIT can't be negative")]
    [InlineData("SINTERCARD 1 a LIMIT x", "ERR LIMIT can't be negative")]
    [InlineData("SINTERCARD 1 a LIMIT", "ERR syntax error")]
    [InlineData("SINTERCARD 1 a b", "ERR syntax error")]
    [InlineData("SINTER absent string", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("SUNION string", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("SDIFFSTORE k a string", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    public void Wrong_arguments_are_told(string command, string error)
    {
        _server.Run("SADD", "a", "1");
        _server.Run("SET", "string", "v");
        Assert.Equal($"-{error}\r\n", _server.Run(command.Split(' ')));
        Assert.Equal(":2\r\n", _server.Run("DBSIZE"));
    }

    [Fact]
    public void Members_in_common_are_counted_up_to_a_limit()
    {
        _server.Run(["SADD", "a", .. Enumerable.Range(0, 2_000).Select(i => $"m{i}")]);
        _server.Run(["SADD", "b", .. Enumerable.Range(1_000, 2_000).Select(i => $"m{i}")]);
        Assert.Equal(":1000\r\n", _server.Run("SINTERCARD", "2", "a", "b"));
        Assert.Equal(":1000\r\n", _server.Run("SINTERCARD", "2", "a", "b", "LIMIT", "0"));
        Assert.Equal(":7\r\n", _server.Run("SINTERCARD", "2", "a", "b", "LIMIT", "100", "LIMIT", "7"));
        Assert.Equal(":0\r\n", _server.Run("SINTERCARD", "2", "a", "absent"));
    }

    public void Dispose() => _server.Dispose();
}

using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class SetCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    // 512 integers are an intset, 128 members of at most 64 bytes a listpack.
    [Theory]
    [InlineData("SADD k 1 2 3 | = intset | SREM k 2 | = intset | SADD k a | = listpack | SREM k a | = listpack | SREM k 1 3 | = none | SADD k 1 | = intset")]
    [InlineData("SADD k 1..512 | = intset | SADD k 5 | = intset | SADD k 513 | = hashtable | SREM k 513 | = hashtable")]
    [InlineData("SADD k a | = listpack | SADD k 1..127 | = listpack | SADD k a 7 | = listpack | SADD k 128 | = hashtable | SPOP k | = hashtable")]
    [InlineData("SADD k 1..127 | SADD k a | = listpack | SADD k b | = hashtable")]
    [InlineData("SADD k 1..128 | SADD k a | = hashtable")]
    [InlineData("SADD k x*64 | = listpack | SADD k x*65 | = hashtable")]
    [InlineData("SADD k 1 | SADD k x*65 | = hashtable")]
    [InlineData("SADD k x*65 | = hashtable | SADD j x*65 1 | = j hashtable")]
    // As many arguments are taken for as many members.
    [InlineData("SADD k a 1..127 | = listpack | SADD j a 1..128 | = j hashtable | SADD i 1..512 | = i intset | SADD h 1..513 | = h hashtable")]
    [InlineData("SADD k a 1..126 a | = listpack | SADD j 1..500 1..20 | = j hashtable")]
    [InlineData("SADD k a | SADD k 1..127 1 | = listpack | SADD k 1..127 1 2 | = hashtable")]
    [InlineData("SADD k 1 | SADD k 1..500 1..20 | = hashtable")]
    [InlineData("SADD k 1..511 a | = hashtable")]
    [InlineData("SADD k 1 2 | SADD j 3 | SMOVE j k 3 | = intset | = j none | SADD j a | SMOVE j k a | = listpack")]
    [InlineData("SADD j a 1 | SMOVE j k 1 | = intset | SMOVE j i a | = i listpack")]
    [InlineData("SADD k 1..600 | = hashtable | SPOP k 400 | = hashtable | SPOP k 190 | = listpack")]
    [InlineData("SADD k 1..500 | SPOP k 490 | = intset | SADD j a 1..99 | SPOP j 95 | = j listpack")]
    [InlineData("SADD k 1..600 | COPY k copy | = copy hashtable | SADD j a | COPY j copy REPLACE | = copy listpack | RENAME j i | = i listpack")]
    [InlineData("CONFIG SET set-max-intset-entries 2 | SADD k 1 2 | = intset | SADD k 3 | = hashtable | SADD j 1 2 3 | = j listpack")]
    [InlineData("CONFIG SET set-max-listpack-entries 2 | SADD k a b | = listpack | SADD k c | = hashtable | SADD j 1 2 | SADD j a | = j hashtable")]
    [InlineData("CONFIG SET set-max-listpack-value 3 | SADD k abc | = listpack | SADD k abcd | = hashtable | SADD j 1000 | SADD j a | = j hashtable")]
    [InlineData("CONFIG SET set-max-listpack-entries 0 | SADD k a | = hashtable | SADD j 1 | = j intset")]
    public void Encodings_follow_the_limits_and_never_go_back(string script) => EncodingTransitions.Check(_server, script);

    [Fact]
    public void Members_are_added_found_and_removed()
    {
        Assert.Equal(":3\r\n", _server.Run("SADD", "k", "1", "3", "2"));
        Assert.Equal(":1\r\n", _server.Run("SADD", "k", "2", "01"));
        Assert.Equal("*4\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$2\r\n01\r\n", _server.Run("SMEMBERS", "k"));
        Assert.Equal(":1\r\n", _server.Run("SISMEMBER", "k", "1"));
        Assert.Equal("*3\r\n:1\r\n:0\r\n:1\r\n", _server.Run("SMISMEMBER", "k", "01", "001", "3"));
        Assert.Equal(":4\r\n", _server.Run("SCARD", "k"));
        Assert.Equal(":2\r\n", _server.Run("SREM", "k", "1", "1", "01", "x"));
        Assert.Equal(":2\r\n", _server.Run("SREM", "k", "2", "3", "4"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
    }

    [Fact]
    public void An_absent_set_is_empty()
    {
        Assert.Equal("*0\r\n", _server.Run("SMEMBERS", "no"));
        Assert.Equal(":0\r\n", _server.Run("SCARD", "no"));
        Assert.Equal(":0\r\n", _server.Run("SISMEMBER", "no", "a"));
        Assert.Equal("*2\r\n:0\r\n:0\r\n", _server.Run("SMISMEMBER", "no", "a", "b"));
        Assert.Equal("$-1\r\n", _server.Run("SPOP", "no"));
        Assert.Equal("*0\r\n", _server.Run("SPOP", "no", "3"));
        Assert.Equal("$-1\r\n", _server.Run("SRANDMEMBER", "no"));
        Assert.Equal("*0\r\n", _server.Run("SRANDMEMBER", "no", "-3"));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("SSCAN", "no", "0"));
        _server.Run("HELLO", "3");
        Assert.Equal("~0\r\n", _server.Run("SMEMBERS", "no"));
        Assert.Equal("~0\r\n", _server.Run("SPOP", "no", "3"));
        Assert.Equal("*0\r\n", _server.Run("SRANDMEMBER", "no", "3"));
    }

    [Fact]
    public void Another_type_is_told()
    {
        _server.Run("SET", "k", "v");
        _server.Run("SADD", "s", "a");
        string[] commands =
        [
            "SADD k a", "SCARD k", "SISMEMBER k a", "SMEMBERS k", "SMISMEMBER k a", "SMOVE k s a", "SMOVE s k a", "SMOVE s k absent", "SPOP k", "SPOP k 1",
            "SRANDMEMBER k", "SRANDMEMBER k 1", "SREM k a", "SSCAN k 0",
        ];
        foreach (var command in commands) Assert.StartsWith("-WRONGTYPE ", _server.Run(command.Split(' ')));
        Assert.Equal(":0\r\n", _server.Run("SMOVE", "absent", "k", "a"));
    }

    [Theory]
    [InlineData("SPOP k -1", "ERR value is out of range, must be positive")]
    [InlineData("SPOP k x", "ERR value is out of range, must be positive")]
    [InlineData("SPOP k 1 2", "ERR syntax error")]
    [InlineData("SRANDMEMBER k 1 2", "ERR syntax error")]
    [InlineData("SRANDMEMBER k x", "ERR value is not an integer or out of range")]
    [InlineData("SRANDMEMBER k -9223372036854775808", "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")]
    public void Wrong_arguments_change_nothing(string command, string error)
    {
        _server.Run("SADD", "k", "a");
        Assert.Equal($"-{error}\r\n", _server.Run(command.Split(' ')));
        Assert.Equal(":1\r\n", _server.Run("SCARD", "k"));
    }

    [Fact]
    public void A_member_moves_to_another_set()
    {
        _server.Run("SADD", "a", "1", "2");
        Assert.Equal(":0\r\n", _server.Run("SMOVE", "a", "b", "3"));
        Assert.Equal(":1\r\n", _server.Run("SMOVE", "a", "b", "1"));
        Assert.Equal(":1\r\n", _server.Run("SMOVE", "a", "a", "2"));
        Assert.Equal(":0\r\n", _server.Run("SMOVE", "a", "a", "1"));
        Assert.Equal(":1\r\n", _server.Run("SMOVE", "a", "b", "2"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "a"));
        Assert.Equal("*2\r\n$1\r\n1\r\n$1\r\n2\r\n", _server.Run("SMEMBERS", "b"));
    }

    [Fact]
    public void Popping_takes_members_out_until_the_key_is_gone()
    {
        foreach (var add in (string[])["SADD k 1 2 3 4 5", "SADD k a b c d e"])
        {
            _server.Run(add.Split(' '));
            var left = add.Split(' ')[2..].ToHashSet();
            Assert.True(left.Remove(_server.Run("SPOP", "k").Split("\r\n")[1]));
            foreach (var popped in Members(_server.Run("SPOP", "k", "2"))) Assert.True(left.Remove(popped));
            Assert.Equal(2, left.Count);
            Assert.True(left.SetEquals(Members(_server.Run("SPOP", "k", "9"))));
            Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
            _server.Run("SADD", "k", "alone");
            Assert.Equal("$5\r\nalone\r\n", _server.Run("SPOP", "k"));
            Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
        }
    }

    [Fact]
    public void Random_members_stay_in_the_set()
    {
        _server.Run("SADD", "k", "a", "b", "c");
        Assert.Equal(7, Members(_server.Run("SRANDMEMBER", "k", "-7")).Length);
        Assert.Equal(2, Members(_server.Run("SRANDMEMBER", "k", "2")).Distinct().Count());
        Assert.Equal(3, Members(_server.Run("SRANDMEMBER", "k", "7")).Distinct().Count());
        Assert.Equal("*0\r\n", _server.Run("SRANDMEMBER", "k", "0"));
        Assert.Equal(":3\r\n", _server.Run("SCARD", "k"));
    }

    [Fact]
    public void What_chance_has_chosen_is_what_is_repeated()
    {
        _server.Run(["SADD", "k", .. Enumerable.Range(0, 3_000).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        _server.Run("SADD", "few", "a");
        var log = PropagationLog.Attach(_server);
        var popped = _server.Run("SPOP", "k").Split("\r\n")[1];
        Assert.Equal([$"SREM k {popped}"], log.Take());

        var members = Members(_server.Run("SPOP", "k", "2500"));
        var repeated = log.Take().Select(command => command.Split(' ')).ToArray();
        Assert.Equal(["MULTI", "SREM", "SREM", "SREM", "EXEC"], repeated.Select(words => words[0]));
        Assert.Equal([2 + 1024, 2 + 1024, 2 + 2500 - 2 * 1024], repeated[1..4].Select(words => words.Length));
        Assert.Equal(members, repeated[1..4].SelectMany(words => words[2..]));

        _server.Run("SPOP", "few", "5");
        _server.Run("SPOP", "k", "0");
        Assert.Equal(["DEL few"], log.Take());
        _server.Run("CONFIG", "SET", "lazyfree-lazy-server-del", "yes");
        _server.Run("SPOP", "k", "1000");
        Assert.Equal(["UNLINK k"], log.Take());
    }

    [Fact]
    public void Members_are_scanned_by_pattern()
    {
        _server.Run("SADD", "k", "a1", "b1", "a2");
        Assert.Equal("*2\r\n$1\r\n0\r\n*2\r\n$2\r\na1\r\n$2\r\na2\r\n", _server.Run("SSCAN", "k", "0", "MATCH", "a*"));
    }

    public void Dispose() => _server.Dispose();

    private static string[] Members(string reply) => [.. reply.Split("\r\n")[1..^1].Where((_, index) => index % 2 == 1)];
}

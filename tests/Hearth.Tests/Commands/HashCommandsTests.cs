using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class HashCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    // 512 fields of at most 64 bytes are a listpack.
    [Theory]
    [InlineData("HSET k a 1 | = listpack | HSET k a x*64 x*64 b | = listpack | HSET k c x*65 | = hashtable")]
    [InlineData("HSET k a 1 | HSET k x*65 1 | = hashtable | HDEL k x*65 | = hashtable | HDEL k a | = none | HSET k a 1 | = listpack")]
    [InlineData("HSET k 1..1024 | = listpack | HSET k 1 new | = listpack | HSET k more 1 | = hashtable | HDEL k more 3 5 7 | = hashtable")]
    [InlineData("HMSET k 1..1024 | HSETNX k 1 x | = listpack | HSETNX k more x | = hashtable")]
    [InlineData("HSET k 1..1024 | HINCRBY k 3 5 | = listpack | HINCRBY k more 5 | = hashtable")]
    [InlineData("HSET k 1..1024 | HINCRBYFLOAT k 3 0.5 | = listpack | HINCRBYFLOAT k more 0.5 | = hashtable")]
    [InlineData("HINCRBYFLOAT k a 1e60 | = listpack | HINCRBYFLOAT k a 1e70 | = hashtable")]
    [InlineData("HSETNX k x*65 1 | = hashtable")]
    [InlineData("HSETNX k a 1 | HSETNX k a x*65 | = listpack")]
    // So many arguments are taken for so many fields.
    [InlineData("HSET k 1..1024 1..2 | = hashtable")]
    [InlineData("HSET k 1..1024 | HDEL k 1 | HGETALL k | HSCAN k 0 | HRANDFIELD k 3 | = listpack")]
    [InlineData("HSET k a x*65 | COPY k copy | = copy hashtable | RENAME k other | = other hashtable | HSET k a 1 | COPY k copy REPLACE | = copy listpack")]
    [InlineData("CONFIG SET hash-max-listpack-entries 2 | HSET k a 1 b 2 | = listpack | HSET k c 3 | = hashtable")]
    [InlineData("CONFIG SET hash-max-ziplist-value 3 | HSET k a 123 | = listpack | HSET k a 1234 | = hashtable")]
    [InlineData("HSET k a 1234 b 2 c 3 | CONFIG SET hash-max-listpack-entries 2 | HSET k a 2 | = listpack | HSET k d 1 | = hashtable")]
    public void Encodings_follow_the_limits_and_never_go_back(string script) => EncodingTransitions.Check(_server, script);

    [Fact]
    public void A_shrunk_limit_is_met_by_the_next_field_only()
    {
        _server.Run("HSET", "k", "a", "1", "b", "2", "c", "3");
        _server.Run("CONFIG", "SET", "hash-max-listpack-entries", "0");
        EncodingTransitions.Check(_server, "HGET k a | = listpack | HSET k d 4 | = hashtable");
    }

    [Fact]
    public void Fields_are_set_read_and_deleted()
    {
        Assert.Equal(":2\r\n", _server.Run("HSET", "k", "a", "1", "b", "x"));
        Assert.Equal(":1\r\n", _server.Run("HSET", "k", "a", "2", "c", ""));
        Assert.Equal("$1\r\n2\r\n", _server.Run("HGET", "k", "a"));
        Assert.Equal("*3\r\n$1\r\nx\r\n$-1\r\n$0\r\n\r\n", _server.Run("HMGET", "k", "b", "d", "c"));
        Assert.Equal("*6\r\n$1\r\na\r\n$1\r\n2\r\n$1\r\nb\r\n$1\r\nx\r\n$1\r\nc\r\n$0\r\n\r\n", _server.Run("HGETALL", "k"));
        Assert.Equal("*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", _server.Run("HKEYS", "k"));
        Assert.Equal("*3\r\n$1\r\n2\r\n$1\r\nx\r\n$0\r\n\r\n", _server.Run("HVALS", "k"));
        Assert.Equal(":1\r\n", _server.Run("HSTRLEN", "k", "a"));
        Assert.Equal(":1\r\n", _server.Run("HEXISTS", "k", "c"));
        Assert.Equal(":2\r\n", _server.Run("HDEL", "k", "a", "a", "c", "d"));
        Assert.Equal(":1\r\n", _server.Run("HLEN", "k"));
        Assert.Equal(":1\r\n", _server.Run("HDEL", "k", "b"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "k"));
    }

    [Fact]
    public void An_absent_hash_is_empty()
    {
        Assert.Equal("$-1\r\n", _server.Run("HGET", "no", "a"));
        Assert.Equal("*2\r\n$-1\r\n$-1\r\n", _server.Run("HMGET", "no", "a", "b"));
        foreach (var command in new[] { "HGETALL", "HKEYS", "HVALS" }) Assert.Equal("*0\r\n", _server.Run(command, "no"));
        Assert.Equal("$-1\r\n", _server.Run("HRANDFIELD", "no"));
        Assert.Equal("*0\r\n", _server.Run("HRANDFIELD", "no", "5", "WITHVALUES"));
        Assert.Equal("*2\r\n$1\r\n0\r\n*0\r\n", _server.Run("HSCAN", "no", "0", "whatever"));
        Assert.Equal(":0\r\n", _server.Run("HDEL", "no", "a"));
        Assert.Equal(":0\r\n", _server.Run("HLEN", "no"));
        _server.Run("HELLO", "3");
        Assert.Equal("%0\r\n", _server.Run("HGETALL", "no"));
        Assert.Equal("_\r\n", _server.Run("HGET", "no", "a"));
    }

    [Theory]
    [InlineData("HINCRBY k text 1", "ERR hash value is not an integer")]
    [InlineData("HINCRBY k number x", "ERR value is not an integer or out of range")]
    [InlineData("HINCRBY k number 9223372036854775800", "ERR increment or decrement would overflow")]
    [InlineData("HINCRBYFLOAT k text 1", "ERR hash value is not a float")]
    [InlineData("HINCRBYFLOAT no a inf", "ERR value is NaN or Infinity")]
    [InlineData("HINCRBYFLOAT no a nan", "ERR value is not a valid float")]
    [InlineData("HSET k a", "ERR wrong number of arguments for 'hset' command")]
    [InlineData("HSET k a 1 b", "ERR wrong number of arguments for 'hset' command")]
    [InlineData("HMSET k a 1 b", "ERR wrong number of arguments for 'hmset' command")]
    [InlineData("HRANDFIELD k 1 VALUES", "ERR syntax error")]
    [InlineData("HRANDFIELD k 1 WITHVALUES more", "ERR syntax error")]
    [InlineData("HRANDFIELD k -9223372036854775808", "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")]
    [InlineData("HRANDFIELD k -9223372036854775807 WITHVALUES", "ERR value is out of range")]
    [InlineData("HSCAN k 0 TYPE hash", "ERR syntax error")]
    [InlineData("HSCAN k x", "ERR invalid cursor")]
    public void Wrong_arguments_change_nothing(string command, string error)
    {
        _server.Run("HSET", "k", "text", "abc", "number", "10");
        Assert.Equal($"-{error}\r\n", _server.Run(command.Split(' ')));
        Assert.Equal("*4\r\n$4\r\ntext\r\n$3\r\nabc\r\n$6\r\nnumber\r\n$2\r\n10\r\n", _server.Run("HGETALL", "k"));
        Assert.Equal(":1\r\n", _server.Run("DBSIZE"));
    }

    [Fact]
    public void Another_type_is_told()
    {
        _server.Run("SET", "k", "v");
        string[] commands =
        [
            "HDEL k a", "HEXISTS k a", "HGET k a", "HGETALL k", "HINCRBY k a 1", "HINCRBYFLOAT k a 1", "HKEYS k", "HLEN k", "HMGET k a", "HMSET k a 1",
            "HRANDFIELD k", "HRANDFIELD k 1", "HSCAN k 0", "HSET k a 1", "HSETNX k a 1", "HSTRLEN k a", "HVALS k",
        ];
        foreach (var command in commands) Assert.StartsWith("-WRONGTYPE ", _server.Run(command.Split(' ')));
    }

    [Fact]
    public void Numbers_in_fields_count()
    {
        Assert.Equal(":5\r\n", _server.Run("HINCRBY", "k", "n", "5"));
        Assert.Equal(":-5\r\n", _server.Run("HINCRBY", "k", "n", "-10"));
        Assert.Equal("$4\r\n-4.9\r\n", _server.Run("HINCRBYFLOAT", "k", "n", "0.1"));
        Assert.Equal("$3\r\n0.3\r\n", Sum("0.1", "0.2"));
        string Sum(string first, string second)
        {
            _server.Run("HSET", "k", "s", first);
            return _server.Run("HINCRBYFLOAT", "k", "s", second);
        }
    }

    [Fact]
    public void Random_fields_come_as_pairs_where_the_protocol_has_them()
    {
        _server.Run("HSET", "k", "a", "1");
        Assert.Equal("$1\r\na\r\n", _server.Run("HRANDFIELD", "k"));
        Assert.Equal("*2\r\n$1\r\na\r\n$1\r\na\r\n", _server.Run("HRANDFIELD", "k", "-2"));
        Assert.Equal("*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\na\r\n$1\r\n1\r\n", _server.Run("HRANDFIELD", "k", "-2", "WITHVALUES"));
        _server.Run("HELLO", "3");
        Assert.Equal("*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n", _server.Run("HRANDFIELD", "k", "5", "WITHVALUES"));
    }

    [Fact]
    public void Fields_are_scanned_by_pattern()
    {
        _server.Run("HSET", "k", "a1", "1", "b1", "2", "a2", "3");
        Assert.Equal("*2\r\n$1\r\n0\r\n*4\r\n$2\r\na1\r\n$1\r\n1\r\n$2\r\na2\r\n$1\r\n3\r\n", _server.Run("HSCAN", "k", "0", "MATCH", "a*"));
        for (var i = 0; i < 2_000; i++) _server.Run("HSET", "k", $"f{i}", "v");
        var (cursor, fields) = ("0", 0);
        do
        {
            var reply = _server.Run("HSCAN", "k", cursor, "COUNT", "50", "MATCH", "f*").Split("\r\n");
            cursor = reply[2];
            fields += int.Parse(reply[3][1..], System.Globalization.CultureInfo.InvariantCulture) / 2;
        }
        while (cursor != "0");

        Assert.Equal(2_000, fields);
    }

    [Fact]
    public void What_is_repeated_does_not_hang_on_floating_point()
    {
        var log = PropagationLog.Attach(_server);
        _server.Run("HINCRBYFLOAT", "k", "f", "0.5");
        _server.Run("HINCRBY", "k", "n", "1");
        _server.Run("HSETNX", "k", "n", "7");
        _server.Run("HDEL", "k", "absent");
        Assert.Equal(["HSET k f 0.5", "HINCRBY k n 1"], log.Take());
    }

    public void Dispose() => _server.Dispose();
}

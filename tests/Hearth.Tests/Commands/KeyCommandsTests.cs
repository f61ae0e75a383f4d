using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class KeyCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    [Fact]
    public void Del_and_unlink_count_the_keys_that_were_there()
    {
        _server.Run("MSET", "a", "1", "b", "2", "c", "3");
        Assert.Equal(":2\r\n", _server.Run("DEL", "a", "b", "a", "absent"));
        Assert.Equal(":1\r\n", _server.Run("UNLINK", "c", "c"));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
    }

    [Fact]
    public void Exists_counts_a_key_as_often_as_it_is_named()
    {
        _server.Run("SET", "a", "1");
        Assert.Equal(":2\r\n", _server.Run("EXISTS", "a", "absent", "a"));
    }

    [Fact]
    public void Type_names_what_a_key_holds()
    {
        _server.Run("SET", "a", "1");
        Assert.Equal("+string\r\n", _server.Run("TYPE", "a"));
        Assert.Equal("+none\r\n", _server.Run("TYPE", "absent"));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("short")]
    [InlineData("longer than forty-four bytes, so that it is not embedded any more")]
    public void A_renamed_key_keeps_value_and_expiry_and_overwrites(string value)
    {
        _server.Run("SET", "from", value, "PX", "100000");
        _server.Run("SET", "to", new string('o', 2000));
        Assert.Equal("+OK\r\n", _server.Run("RENAME", "from", "to"));
        Assert.Equal($"${value.Length}\r\n{value}\r\n", _server.Run("GET", "to"));
        Assert.Equal(":100000\r\n", _server.Run("PTTL", "to"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "from"));
    }

    [Fact]
    public void A_key_can_be_renamed_to_itself_but_an_absent_one_can_not()
    {
        _server.Run("SET", "a", "1");
        Assert.Equal("+OK\r\n", _server.Run("RENAME", "a", "a"));
        Assert.Equal(":0\r\n", _server.Run("RENAMENX", "a", "a"));
        Assert.Equal("-ERR no such key\r\n", _server.Run("RENAME", "absent", "absent"));
        Assert.Equal("-ERR no such key\r\n", _server.Run("RENAMENX", "absent", "a"));
    }

    [Fact]
    public void RenameNx_leaves_a_taken_name_alone()
    {
        _server.Run("MSET", "a", "1", "b", "2");
        Assert.Equal(":0\r\n", _server.Run("RENAMENX", "a", "b"));
        Assert.Equal(":1\r\n", _server.Run("RENAMENX", "a", "c"));
        Assert.Equal("*3\r\n$-1\r\n$1\r\n2\r\n$1\r\n1\r\n", _server.Run("MGET", "a", "b", "c"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(44)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void A_copy_has_expiry_and_encoding_and_a_life_of_its_own(int length)
    {
        var value = new string('x', length);
        _server.Run("SET", "a", value, "PX", "5000");
        Assert.Equal(":1\r\n", _server.Run("COPY", "a", "b"));
        Assert.Equal(_server.Run("OBJECT", "ENCODING", "a"), _server.Run("OBJECT", "ENCODING", "b"));
        Assert.Equal(":5000\r\n", _server.Run("PTTL", "b"));

        _server.Run("SETRANGE", "a", "0", "y");
        _server.Run("DEL", "a");
        Assert.Equal($"${length}\r\n{value}\r\n", _server.Run("GET", "b"));
    }

    [Fact]
    public void A_copy_overwrites_only_if_told_and_reaches_other_databases()
    {
        _server.Run("MSET", "a", "1", "b", "2");
        Assert.Equal(":0\r\n", _server.Run("COPY", "a", "b"));
        Assert.Equal(":1\r\n", _server.Run("COPY", "a", "b", "REPLACE"));
        Assert.Equal(":1\r\n", _server.Run("COPY", "a", "a", "DB", "3"));
        Assert.Equal(":0\r\n", _server.Run("COPY", "absent", "b", "REPLACE"));
        Assert.Equal("$1\r\n1\r\n", _server.Run("GET", "b"));
        Assert.Equal(1, _server.Engine.Keyspaces[3].Count);
    }

    [Theory]
    [InlineData("-ERR source and destination objects are the same\r\n", "a", "a")]
    [InlineData("-ERR source and destination objects are the same\r\n", "a", "a", "DB", "0", "REPLACE")]
    [InlineData("-ERR DB index is out of range\r\n", "a", "a", "DB", "16")]
    [InlineData("-ERR DB index is out of range\r\n", "a", "a", "DB", "-1")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "a", "b", "DB", "x")]
    [InlineData("-ERR value is out of range, value must between -2147483648 and 2147483647\r\n", "a", "b", "DB", "2147483648")]
    [InlineData("-ERR syntax error\r\n", "a", "b", "DB")]
    [InlineData("-ERR syntax error\r\n", "a", "b", "REPLACE", "KEEP")]
    public void A_copy_that_makes_no_sense_is_refused(string error, params string[] arguments) =>
        Assert.Equal(error, _server.Run(["COPY", .. arguments]));

    [Fact]
    public void A_moved_key_is_in_the_other_database_with_its_expiry()
    {
        _server.Run("SET", "a", "1", "PX", "5000");
        Assert.Equal(":1\r\n", _server.Run("MOVE", "a", "2"));
        Assert.Equal(":0\r\n", _server.Run("MOVE", "a", "2"));
        Assert.Equal(0, _server.Engine.Keyspaces[0].Expires.Count);
        Assert.Equal(1, _server.Engine.Keyspaces[2].Expires.Count);

        _server.Run("SET", "a", "2");
        Assert.Equal(":0\r\n", _server.Run("MOVE", "a", "2"));
        Assert.Equal("$1\r\n2\r\n", _server.Run("GET", "a"));
    }

    [Theory]
    [InlineData("-ERR source and destination objects are the same\r\n", "0")]
    [InlineData("-ERR DB index is out of range\r\n", "16")]
    [InlineData("-ERR value is not an integer or out of range\r\n", "one")]
    [InlineData("-ERR value is out of range, value must between -2147483648 and 2147483647\r\n", "-2147483649")]
    public void A_key_can_not_move_where_no_other_database_is(string error, string database) =>
        Assert.Equal(error, _server.Run("MOVE", "a", database));

    [Fact]
    public void Touching_counts_keys_and_makes_them_fresh_even_for_a_client_that_does_not_touch()
    {
        _server.Run("MSET", "a", "1", "b", "2");
        _server.Advance(TimeSpan.FromSeconds(100));
        _server.Run("CLIENT", "NO-TOUCH", "ON");
        _server.Run("GET", "a");
        Assert.Equal(":100\r\n", _server.Run("OBJECT", "IDLETIME", "a"));
        Assert.Equal(":2\r\n", _server.Run("TOUCH", "a", "absent", "a"));
        Assert.Equal(":0\r\n", _server.Run("OBJECT", "IDLETIME", "a"));
        Assert.Equal(":100\r\n", _server.Run("OBJECT", "IDLETIME", "b"));
    }

    [Fact]
    public void Looking_at_a_key_is_no_use_of_it_and_renaming_keeps_its_age()
    {
        _server.Run("SET", "a", "1");
        _server.Advance(TimeSpan.FromSeconds(100));
        foreach (var command in new[] { "EXISTS", "TYPE", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME" }) _server.Run(command, "a");
        Assert.Equal(":100\r\n", _server.Run("OBJECT", "IDLETIME", "a"));
        _server.Run("COPY", "a", "copy");
        Assert.Equal(":0\r\n", _server.Run("OBJECT", "IDLETIME", "copy"));
    }

    [Fact]
    public void Events_come_in_redis_order()
    {
        _server.Run("MSET", "a", "1", "b", "2");
        var events = EventLog.Attach(_server);
        _server.Run("RENAME", "a", "b");
        Assert.Equal(["0 new b", "0 rename_from a", "0 rename_to b"], events.Take());
        _server.Run("COPY", "b", "b", "DB", "1");
        Assert.Equal(["1 new b", "1 copy_to b"], events.Take());
        _server.Run("MOVE", "b", "1");
        _server.Run("MOVE", "b", "2");
        Assert.Equal(["2 new b", "0 move_from b", "2 move_to b"], events.Take());
        _server.Run("COPY", "absent", "c");
        Assert.Equal(["0 keymiss absent"], events.Take());
        _server.Run("SET", "d", "1");
        events.Take();
        _server.Run("DEL", "absent", "d");
        Assert.Equal(["0 del d"], events.Take());
    }

    [Fact]
    public void Every_key_that_changes_is_noticed_by_its_watchers()
    {
        (string Key, string[] Command)[] changes =
        [
            ("a", ["DEL", "a"]), ("a", ["UNLINK", "a"]), ("a", ["RENAME", "a", "b"]), ("b", ["RENAME", "a", "b"]), ("c", ["RENAMENX", "a", "c"]),
            ("c", ["COPY", "a", "c"]), ("b", ["COPY", "a", "b", "REPLACE"]), ("a", ["MOVE", "a", "1"]), ("a", ["EXPIRE", "a", "100"]),
            ("a", ["EXPIRE", "a", "-1"]), ("b", ["PERSIST", "b"]), ("a", ["SETBIT", "a", "1", "0"]), ("c", ["BITOP", "OR", "c", "a", "b"]),
            ("a", ["BITOP", "OR", "a", "absent"]), ("a", ["BITFIELD", "a", "SET", "u8", "0", "1"]),
        ];
        string[][] noChanges =
        [
            ["RENAME", "a", "a"], ["RENAMENX", "a", "b"], ["COPY", "a", "b"], ["COPY", "b", "c"], ["EXPIRE", "a", "100", "XX"], ["PERSIST", "a"], ["TOUCH", "a"],
            ["SETBIT", "a", "0", "0"], ["BITFIELD", "a", "GET", "u8", "0"], ["BITOP", "AND", "c", "b"], ["DEL", "c"],
        ];
        foreach (var (key, command) in changes) Assert.True(IsNoticed(key, command), $"{string.Join(' ', command)} on {key}");
        foreach (var command in noChanges) Assert.False(IsNoticed("a", command), string.Join(' ', command));
    }

    public void Dispose() => _server.Dispose();

    /// <summary>Whether EXEC refuses when this command came after WATCH. The key "a" is there, "b" has an expiry, "c" is absent.</summary>
    private bool IsNoticed(string key, string[] command)
    {
        var watcher = _server.Connect();
        _server.Run("DEL", "a", "b", "c");
        _server.Run("SET", "a", "a");
        _server.Run("SET", "b", "b", "PX", "100000");
        _server.RunAs(watcher, "WATCH", key);
        _server.Run(command);
        _server.RunAs(watcher, "MULTI");
        var reply = _server.RunAs(watcher, "EXEC");
        Assert.Contains(reply, new[] { "*-1\r\n", "*0\r\n" });
        return reply == "*-1\r\n";
    }
}

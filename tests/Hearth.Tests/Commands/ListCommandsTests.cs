using System.Globalization;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class ListCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Elements_come_out_where_they_were_pushed()
    {
        Assert.Equal(":1\r\n", _server.Run("RPUSH", "l", "b"));
        Assert.Equal(":3\r\n", _server.Run("LPUSH", "l", "a", "7"));
        Assert.Equal("*3\r\n$1\r\n7\r\n$1\r\na\r\n$1\r\nb\r\n", _server.Run("LRANGE", "l", "0", "-1"));
        Assert.Equal("$1\r\n7\r\n", _server.Run("LPOP", "l"));
        Assert.Equal("$1\r\nb\r\n", _server.Run("RPOP", "l"));
        Assert.Equal(":1\r\n", _server.Run("LLEN", "l"));
        Assert.Equal("$1\r\na\r\n", _server.Run("RPOP", "l"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "l"));
        Assert.Equal("$-1\r\n", _server.Run("LPOP", "l"));
    }

    [Fact]
    public void Only_existing_lists_are_pushed_to_with_x()
    {
        Assert.Equal(":0\r\n", _server.Run("LPUSHX", "l", "a"));
        Assert.Equal(":0\r\n", _server.Run("EXISTS", "l"));
        _server.Run("RPUSH", "l", "a");
        Assert.Equal(":2\r\n", _server.Run("RPUSHX", "l", "b"));
        Assert.Equal(":4\r\n", _server.Run("LPUSHX", "l", "y", "x"));
        Assert.Equal("x y a b", Elements());
    }

    [Theory]
    [InlineData(1, "RPUSH l tail", "LTRIM l -2 -1")] // A new tail gets its whole room while the list is long.
    [InlineData(1, "LPUSH l head", "LTRIM l 0 1")]
    [InlineData(70, "LPOP l", "LTRIM l 0 20")] // A head that has been popped from keeps its block for so long.
    [InlineData(70, "RPOP l", "LTRIM l -21 -1")]
    public void What_the_ends_of_a_long_list_have_to_spare_is_taken_back_when_it_becomes_short(int times, string change, string trim)
    {
        // Nodes of 8 KiB hold 79 of these.
        string[] elements = [.. Enumerable.Repeat(new string('e', 100), 79)];
        for (var node = 0; node < 50; node++) _server.Run(["RPUSH", "l", .. elements]);
        for (; times > 0; times--) _server.Run(change.Split(' '));
        Assert.InRange(MemoryUsage(), 50 * 8192, 52 * 8400);
        _server.Run(trim.Split(' '));
        Assert.InRange(MemoryUsage(), 100, 3500);
    }

    [Theory]
    [InlineData("LPOP l 2", "*2\r\n$1\r\na\r\n$1\r\nb\r\n")]
    [InlineData("RPOP l 2", "*2\r\n$1\r\ne\r\n$1\r\nd\r\n")]
    [InlineData("RPOP l 9223372036854775807", "*5\r\n$1\r\ne\r\n$1\r\nd\r\n$1\r\nc\r\n$1\r\nb\r\n$1\r\na\r\n")]
    [InlineData("LPOP l 0", "*0\r\n")]
    [InlineData("LPOP absent 0", "*-1\r\n")]
    [InlineData("LPOP absent 3", "*-1\r\n")]
    [InlineData("LPOP l -1", "-ERR value is out of range, must be positive\r\n")]
    [InlineData("LPOP l x", "-ERR value is out of range, must be positive\r\n")]
    [InlineData("LPOP l 1 2", "-ERR wrong number of arguments for 'lpop' command\r\n")]
    [InlineData("LPOP string", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")]
    [InlineData("LINDEX l 0", "$1\r\na\r\n")]
    [InlineData("LINDEX l -1", "$1\r\ne\r\n")]
    [InlineData("LINDEX l 5", "$-1\r\n")]
    [InlineData("LINDEX l -9223372036854775808", "$-1\r\n")]
    [InlineData("LINDEX absent x", "$-1\r\n")]
    [InlineData("LINDEX l x", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("LRANGE l 3 100", "*2\r\n$1\r\nd\r\n$1\r\ne\r\n")]
    [InlineData("LRANGE l -100 1", "*2\r\n$1\r\na\r\n$1\r\nb\r\n")]
    [InlineData("LRANGE l -2 -2", "*1\r\n$1\r\nd\r\n")]
    [InlineData("LRANGE l 2 1", "*0\r\n")]
    [InlineData("LRANGE l 5 9", "*0\r\n")]
    [InlineData("LRANGE l -9223372036854775808 9223372036854775807", "*5\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nd\r\n$1\r\ne\r\n")]
    [InlineData("LRANGE absent 0 -1", "*0\r\n")]
    [InlineData("LLEN absent", ":0\r\n")]
    [InlineData("LSET absent 0 x", "-ERR no such key\r\n")]
    [InlineData("LSET l 5 x", "-ERR index out of range\r\n")]
    [InlineData("LSET l -6 x", "-ERR index out of range\r\n")]
    [InlineData("LINSERT l BETWEEN a x", "-ERR syntax error\r\n")]
    [InlineData("LINSERT l BEFORE nothing x", ":-1\r\n")]
    [InlineData("LINSERT absent BEFORE a x", ":0\r\n")]
    [InlineData("LREM absent 0 a", ":0\r\n")]
    [InlineData("LREM l 0 nothing", ":0\r\n")]
    [InlineData("LTRIM absent 0 1", "+OK\r\n")]
    public void What_is_replied(string command, string reply)
    {
        _server.Run("RPUSH", "l", "a", "b", "c", "d", "e");
        _server.Run("SET", "string", "v");
        Assert.Equal(reply, _server.Run(command.Split(' ')));
    }

    [Theory]
    [InlineData("LINSERT l BEFORE b X", "a X b a c a")]
    [InlineData("LINSERT l after a X", "a X b a c a")]
    [InlineData("LINSERT l AFTER c 17", "a b a c 17 a")]
    [InlineData("LSET l 0 X", "X b a c a")]
    [InlineData("LSET l -1 -5", "a b a c -5")]
    [InlineData("LREM l 0 a", "b c")]
    [InlineData("LREM l 2 a", "b c a")]
    [InlineData("LREM l -2 a", "a b c")]
    [InlineData("LREM l -9223372036854775808 a", "b c")]
    [InlineData("LTRIM l 1 3", "b a c")]
    [InlineData("LTRIM l -2 -1", "c a")]
    [InlineData("LTRIM l 0 -1", "a b a c a")]
    [InlineData("LTRIM l 5 1", "")]
    [InlineData("LTRIM l -100 -6", "")]
    public void What_is_left(string command, string elements)
    {
        foreach (var limit in (string[])["-2", "2"])
        {
            _server.Run("CONFIG", "SET", "list-max-listpack-size", limit);
            _server.Run("DEL", "l");
            _server.Run("RPUSH", "l", "a", "b", "a", "c", "a");
            _server.Run(command.Split(' '));
            Assert.Equal(elements, Elements());
            Assert.Equal(elements.Length == 0 ? ":0\r\n" : ":1\r\n", _server.Run("EXISTS", "l"));
        }
    }

    [Theory]
    [InlineData("", ":0\r\n")]
    [InlineData("RANK 2", ":2\r\n")]
    [InlineData("RANK -1", ":6\r\n")]
    [InlineData("RANK 4", "$-1\r\n")]
    [InlineData("COUNT 0", "*3\r\n:0\r\n:2\r\n:6\r\n")]
    [InlineData("COUNT 2", "*2\r\n:0\r\n:2\r\n")]
    [InlineData("COUNT 2 RANK -1", "*2\r\n:6\r\n:2\r\n")]
    [InlineData("count 0 rank 2", "*2\r\n:2\r\n:6\r\n")]
    [InlineData("COUNT 0 MAXLEN 3", "*2\r\n:0\r\n:2\r\n")]
    [InlineData("RANK -1 MAXLEN 1", ":6\r\n")]
    [InlineData("RANK -2 MAXLEN 4", "$-1\r\n")]
    [InlineData("RANK -2 MAXLEN 4 COUNT 1", "*0\r\n")]
    [InlineData("RANK 0", "-ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list\r\n")]
    [InlineData("RANK -9223372036854775808", "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807\r\n")]
    [InlineData("COUNT -1", "-ERR COUNT can't be negative\r\n")]
    [InlineData("MAXLEN x", "-ERR MAXLEN can't be negative\r\n")]
    [InlineData("RANK", "-ERR syntax error\r\n")]
    public void Where_an_element_is(string options, string reply)
    {
        foreach (var limit in (string[])["-2", "2"])
        {
            _server.Run("CONFIG", "SET", "list-max-listpack-size", limit);
            _server.Run("DEL", "l");
            _server.Run("RPUSH", "l", "a", "b", "a", "c", "7", "b", "a");
            Assert.Equal(reply, _server.Run(["LPOS", "l", "a", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
            Assert.Equal(":4\r\n", _server.Run("LPOS", "l", "7"));
        }

        Assert.Equal("$-1\r\n", _server.Run("LPOS", "absent", "a"));
        Assert.Equal("*0\r\n", _server.Run("LPOS", "absent", "a", "COUNT", "1"));
    }

    /// <summary>
    /// Each step is a command and, behind '→', the encoding that it leaves. A list of at most four elements is a listpack; a quicklist
    /// becomes one again when a single node of at most two is left, but only by what takes elements away or replaces them.
    /// </summary>
    [Theory]
    [InlineData("RPUSH l 1 2 3 4 → listpack", "RPUSH l 5 → quicklist", "RPOP l → quicklist", "LPOP l 2 → listpack", "LPUSH l 1 2 → listpack", "LPUSH l 3 → quicklist")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "LTRIM l 0 1 → listpack")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "LTRIM l 0 2 → quicklist", "LREM l 1 3 → listpack")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "LREM l 0 5 → quicklist", "LREM l 0 nothing → quicklist", "LREM l 0 4 → quicklist", "LREM l 0 1 → listpack")]
    [InlineData("RPUSH l 1 2 3 4 → listpack", "LINSERT l BEFORE nothing 0 → quicklist")]
    [InlineData("RPUSH l 1 2 3 → listpack", "LINSERT l AFTER 3 4 → listpack", "LINSERT l AFTER 4 5 → quicklist")]
    [InlineData("RPUSH l 1 2 3 4 → listpack", "LSET l 0 x → quicklist", "LPOP l → quicklist", "LSET l 0 y → quicklist", "LPOP l → listpack")]
    [InlineData("RPUSH l 1 2 3 4 → listpack", "RPOPLPUSH l l → listpack")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "LMOVE l other LEFT RIGHT → quicklist", "LMOVE l other RIGHT LEFT → quicklist", "LMOVE l other LEFT RIGHT → listpack")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "LMPOP 1 l LEFT COUNT 3 → quicklist", "LMPOP 1 l RIGHT COUNT 1 → listpack")]
    [InlineData("RPUSH l 1 2 3 4 5 → quicklist", "COPY l m → quicklist", "RENAME m l → quicklist")]
    public void What_encoding_a_list_has_after_each_change(params string[] steps)
    {
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "4");
        for (var i = 0; i < steps.Length; i++)
        {
            var parts = steps[i].Split(" → ");
            Assert.DoesNotContain("-ERR", _server.Run(parts[0].Split(' ')));
            Assert.True(parts[1] == Encoding("l"), $"{steps[i]}: it is a {Encoding("l")}");
        }
    }

    [Fact]
    public void By_bytes_the_texts_count_as_they_came()
    {
        _server.Run("RPUSH", "l", new string('a', 8185));
        Assert.Equal("listpack", Encoding("l"));
        _server.Run("RPUSH", "m", new string('a', 8186));
        Assert.Equal("quicklist", Encoding("m"));
        _server.Run("LSET", "m", "0", "a");
        Assert.Equal("listpack", Encoding("m"));
        _server.Run("LSET", "m", "0", new string('a', 9000));
        Assert.Equal("quicklist", Encoding("m"));
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "-5");
        _server.Run("RPUSH", "n", new string('a', 60_000));
        Assert.Equal("listpack", Encoding("n"));
    }

    [Fact]
    public void Events_and_propagation_are_those_of_what_happened()
    {
        var events = EventLog.Attach(_server);
        var propagated = PropagationLog.Attach(_server);
        _server.Run("RPUSH", "l", "a", "b", "c", "d", "e", "f");
        _server.Run("LPUSHX", "absent", "a");
        _server.Run("LPOP", "l", "1");
        _server.Run("LINSERT", "l", "BEFORE", "b", "x");
        _server.Run("LINSERT", "l", "BEFORE", "nothing", "x");
        _server.Run("LSET", "l", "0", "y");
        _server.Run("LREM", "l", "0", "nothing");
        _server.Run("LREM", "l", "0", "y");
        _server.Run("LTRIM", "l", "0", "-1");
        _server.Run("LTRIM", "l", "0", "2");
        _server.Run("RPOP", "l", "0");
        _server.Run("RPOP", "l", "10");
        Assert.Equal(
            [
                "0 new l", "0 rpush l", "0 lpop l", "0 linsert l", "0 lset l", "0 lrem l", "0 ltrim l", "0 ltrim l", "0 rpop l", "0 del l",
            ],
            events.Take());
        Assert.Equal(
            [
                "RPUSH l a b c d e f", "LPOP l 1", "LINSERT l BEFORE b x", "LSET l 0 y", "LREM l 0 y", "LTRIM l 0 2", "RPOP l 10",
            ],
            propagated.Take());
        Assert.Equal(6 + 1 + 1 + 1 + 1 + 2 + 3, _server.Engine.Dirty);
    }

    [Fact]
    public void A_watched_list_that_changes_spoils_the_transaction()
    {
        _server.Run("RPUSH", "l", "a");
        var other = _server.Connect();
        foreach (var command in (string[])["RPUSH l b", "LSET l 0 c", "LPOP l", "LTRIM l 0 -1", "RPOPLPUSH l l", "DEL l"])
        {
            _server.Run("WATCH", "l");
            _server.RunAs(other, command.Split(' '));
            _server.Run("MULTI");
            Assert.Equal("*-1\r\n", _server.Run("EXEC"));
        }
    }

    [Fact]
    public void A_list_of_huge_elements_takes_them_all()
    {
        var texts = Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), 200_000 * (i + 1))).ToArray();
        foreach (var text in texts) _server.Run("RPUSH", "l", text);
        _server.Run("LSET", "l", "2", texts[5]);
        _server.Run("LINSERT", "l", "AFTER", texts[0], "small");
        Assert.Equal($"$7\r\n{"small"}".Replace("7", "5") + "\r\n", _server.Run("LINDEX", "l", "1"));
        Assert.Equal($"${texts[5].Length}\r\n{texts[5]}\r\n", _server.Run("LINDEX", "l", "3"));
        Assert.Equal(":3\r\n", _server.Run("LPOS", "l", texts[5]));
    }

    [Fact]
    public void Big_lists_are_freed_later_if_they_are_unlinked()
    {
        for (var i = 0; i < 100; i++) _server.Run(["RPUSH", "l", .. Enumerable.Range(0, 100).Select(j => $"element {i} {j}")]);
        Assert.Equal(":1\r\n", _server.Run("UNLINK", "l"));
        Assert.Equal(1, _server.Engine.LazyFree.PendingObjects);
        _server.Engine.LazyFree.Finish();
        Assert.Equal(0, _server.Engine.LazyFree.PendingObjects);
    }

    private string Elements() =>
        string.Join(' ', _server.Run("LRANGE", "l", "0", "-1").Split("\r\n").Skip(1).Where((_, i) => i % 2 == 1));

    private string Encoding(string key) => _server.Run("OBJECT", "ENCODING", key).Split("\r\n")[1];

    private long MemoryUsage() => long.Parse(_server.Run("MEMORY", "USAGE", "l")[1..^2], CultureInfo.InvariantCulture);
}

using System.Text;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class DebugStructuresTests : IDisposable
{
    private readonly Lines _log = new();
    private readonly TestServer _server;

    public DebugStructuresTests() => _server = new TestServer(log: _log);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Object_shows_the_nodes_of_a_quicklist()
    {
        _server.Run("RPUSH", "l", "1", "2", "3");
        Assert.Contains(" encoding:listpack serializedlength:16 lru:", _server.Run("DEBUG", "OBJECT", "l"));
        Assert.DoesNotContain("ql_nodes", _server.Run("DEBUG", "OBJECT", "l"));
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "3");
        _server.Run("RPUSH", "l", "4");
        var line = _server.Run("DEBUG", "OBJECT", "l");
        Assert.Contains(" encoding:quicklist serializedlength:27 lru:", line);
        Assert.EndsWith(" ql_nodes:2 ql_avg_node:2.00 ql_listpack_max:3 ql_compressed:0 ql_uncompressed_size:22\r\n", line);
    }

    [Theory]
    [InlineData("RPUSH k a 1 100000", 20)]
    [InlineData("HSET k f v", 14)]
    [InlineData("SADD k 1 2 3", 15)]
    [InlineData("SADD k a b", 14)]
    [InlineData("ZADD k 1 a", 13)]
    public void Object_knows_how_long_a_small_collection_is_when_saved(string command, int bytes)
    {
        _server.Run(command.Split(' '));
        Assert.Contains($" serializedlength:{bytes} ", _server.Run("DEBUG", "OBJECT", "k"));
    }

    [Theory]
    [InlineData("RPUSH k a b", 11)]
    [InlineData("HSET k f 1000 g text", 13)]
    [InlineData("SADD k a 100 70000", 10)]
    [InlineData("ZADD k 1 a 2 7", 21)]
    public void Object_knows_how_long_a_big_collection_is_when_saved(string command, int bytes)
    {
        foreach (var limit in (string[])["hash-max-listpack-entries", "set-max-intset-entries", "set-max-listpack-entries", "zset-max-listpack-entries"])
        {
            _server.Run("CONFIG", "SET", limit, "0");
        }

        _server.Run("CONFIG", "SET", "list-max-listpack-size", "1");
        _server.Run(command.Split(' '));
        var expected = command.StartsWith("RPUSH", StringComparison.Ordinal) ? 1 + (2 * (1 + 1 + 10)) : bytes;
        Assert.Contains($" serializedlength:{expected} ", _server.Run("DEBUG", "OBJECT", "k"));
    }

    [Fact]
    public void Listpack_writes_the_elements_into_the_log()
    {
        _server.Run("RPUSH", "l", "12", "text", new string('x', 100));
        Assert.Equal("+Listpack structure printed on stdout\r\n", _server.Run("DEBUG", "LISTPACK", "l"));
        Assert.Equal(["118 bytes, 3 elements", "0: at 6, 2 bytes: 12", "1: at 8, 6 bytes: \"text\"", $"2: at 14, 103 bytes: \"{new string('x', 40)}\"..."], _log.Take(4));
        _server.Run("HSET", "h", "f", "v");
        Assert.Equal("+Listpack structure printed on stdout\r\n", _server.Run("DEBUG", "LISTPACK", "h"));
        _server.Run("SET", "s", "v");
        Assert.Equal("-ERR Not a listpack encoded object.\r\n", _server.Run("DEBUG", "LISTPACK", "s"));
        Assert.Equal("-ERR no such key\r\n", _server.Run("DEBUG", "LISTPACK", "none"));
    }

    [Fact]
    public void Quicklist_writes_the_nodes_into_the_log()
    {
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "2");
        Assert.Equal("+OK\r\n", _server.Run("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "50b"));
        _server.Run("RPUSH", "l", "1", "2", "3", new string('x', 50));
        Assert.Equal("+Quicklist structure printed on stdout\r\n", _server.Run("DEBUG", "QUICKLIST", "l"));
        var lines = _log.Take(4);
        Assert.StartsWith("4 elements, 3 nodes, fill 2, ", lines[0]);
        Assert.StartsWith("node 0: 11 bytes, 2 elements, ", lines[1]);
        Assert.StartsWith("node 1: 9 bytes, 1 elements, ", lines[2]);
        Assert.StartsWith("node 2: one plain element of 50 bytes, ", lines[3]);
        Assert.Equal("+Quicklist structure printed on stdout\r\n", _server.Run("DEBUG", "QUICKLIST", "l", "1"));
        Assert.Contains("0: at 6, 2 bytes: 3", _log.Take(7));
        _server.Run("RPUSH", "small", "1");
        Assert.Equal("-ERR Not a quicklist encoded object.\r\n", _server.Run("DEBUG", "QUICKLIST", "small"));
        Assert.Equal("-ERR no such key\r\n", _server.Run("DEBUG", "QUICKLIST", "none"));
    }

    [Theory]
    [InlineData("x", false)]
    [InlineData("-1", false)]
    [InlineData("4gb", false)]
    [InlineData("4293918721", false)]
    [InlineData("4293918720", true)]
    [InlineData("1k", true)]
    [InlineData("0", true)]
    public void The_threshold_is_an_amount_of_memory(string value, bool isValid)
    {
        const string Error = "-ERR argument must be a memory value bigger than 1 and smaller than 4gb\r\n";
        Assert.Equal(isValid ? "+OK\r\n" : Error, _server.Run("DEBUG", "QUICKLIST-PACKED-THRESHOLD", value));
    }

    [Fact]
    public void Lists_work_at_any_threshold()
    {
        _server.Run("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "1");
        _server.Run("CONFIG", "SET", "list-max-listpack-size", "2");
        _server.Run("RPUSH", "l", "1", "2", "3", "4");
        _server.Run("LSET", "l", "1", "x");
        _server.Run("LINSERT", "l", "AFTER", "3", "y");
        Assert.Equal(":1\r\n", _server.Run("LREM", "l", "0", "4"));
        Assert.Equal("*4\r\n$1\r\n1\r\n$1\r\nx\r\n$1\r\n3\r\n$1\r\ny\r\n", _server.Run("LRANGE", "l", "0", "-1"));
        Assert.Equal(":2\r\n", _server.Run("LPOS", "l", "3"));
        Assert.Equal("$1\r\ny\r\n", _server.Run("RPOPLPUSH", "l", "l"));
        Assert.Equal("$1\r\ny\r\n", _server.Run("LPOP", "l"));
    }

    private sealed class Lines : ILogSink
    {
        private readonly List<string> _lines = [];

        public void Write(ReadOnlySpan<byte> line)
        {
            var text = Encoding.UTF8.GetString(line).TrimEnd('\n');
            _lines.Add(text[(text.IndexOf(" * ", StringComparison.Ordinal) + 3)..]);
        }

        public string[] Take(int count)
        {
            var lines = _lines[..count].ToArray();
            _lines.Clear();
            return lines;
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Server;

/// <summary>
/// Whole sessions, each sent in one write, so that what changes the meaning of the rest (SELECT, MULTI, HELLO, AUTH, SUBSCRIBE, RESET,
/// CLIENT REPLY, QUIT) stands in the middle of a batch; and commands with odd arguments. Every byte of the replies is compared with
/// redis-server's, in RESP2, in RESP3, and within MULTI.
/// </summary>
public partial class SessionComparisonTests
{
    /// <summary>Commands with a bar between them; '' stands for an empty word.</summary>
    private static readonly string[] _sessions =
    [
        "SET a 1|SELECT 1|GET a|SET a 2|SELECT 0|GET a",
        "MULTI|SET a 1|SELECT 1|GET a|EXEC|GET a",
        "MULTI|SET a|GET a|EXEC|PING",
        "MULTI|FOO|GET a|EXEC|PING",
        "MULTI|MULTI|EXEC|EXEC|DISCARD",
        "WATCH a|SET a 1|MULTI|GET a|EXEC|MULTI|GET a|EXEC",
        "WATCH a|UNWATCH|SET a 1|MULTI|GET a|EXEC|MULTI|WATCH a|UNWATCH|EXEC",
        "MULTI|DISCARD|EXEC|MULTI|EXEC x|EXEC|MULTI|DISCARD x|PING|EXEC",
        "MULTI|PING|QUIT|PING",
        "MULTI|SUBSCRIBE x|PING|EXEC|PING",
        "MULTI|SSUBSCRIBE x|EXEC",
        "MULTI|PSUBSCRIBE x y|UNSUBSCRIBE|EXEC|PING",
        "MULTI|SHUTDOWN|EXEC",
        "MULTI|HELLO 3|GET a|HELLO 2|GET a|EXEC|GET a",
        "SUBSCRIBE a|PING|PING x|GET a|UNSUBSCRIBE|GET a",
        "SUBSCRIBE a|RESET|ECHO x",
        "SUBSCRIBE a|HELLO 3|PING|HELLO 2|PING",
        "SUBSCRIBE a a a|UNSUBSCRIBE b a a|PING",
        "UNSUBSCRIBE|PUNSUBSCRIBE|SUNSUBSCRIBE|UNSUBSCRIBE x y|PUNSUBSCRIBE x|SUNSUBSCRIBE x",
        "SSUBSCRIBE a|PING|SUBSCRIBE b|SUNSUBSCRIBE|UNSUBSCRIBE|PING|PUBSUB NUMPAT",
        "PUBSUB NUMSUB|PUBSUB NUMSUB a|PUBSUB CHANNELS a b|PUBSUB NUMPAT x|PUBSUB|PUBSUB FOO|PUBSUB SHARDCHANNELS a b",
        "HELLO 3 SETNAME x|CLIENT GETNAME|HELLO 2|GET a|RESET|CLIENT GETNAME|RESET x",
        "CLIENT REPLY SKIP|PING|PING|CLIENT REPLY OFF|PING|GET|CLIENT REPLY ON|PING",
        "CLIENT REPLY SKIP|CLIENT REPLY SKIP|PING|PING|CLIENT REPLY SKIP|CLIENT REPLY X|PING",
        "CLIENT REPLY OFF|CLIENT REPLY SKIP|PING|CLIENT REPLY ON|PING",
        "CLIENT REPLY SKIP|CLIENT REPLY ON|PING|CLIENT REPLY SKIP|FOO|PING",
        "CLIENT REPLY SKIP|MULTI|PING|EXEC|PING|MULTI|CLIENT REPLY SKIP|PING|EXEC|PING",
        "CLIENT REPLY OFF|SUBSCRIBE a|CLIENT REPLY ON|PING",
        "CLIENT REPLY SKIP|SUBSCRIBE a b|PING",
        "CLIENT REPLY OFF|SELECT 3|RESET|PING",
        "CLIENT REPLY OFF|HELLO 3|CLIENT REPLY ON|GET a",
        "CLIENT REPLY OFF|MULTI|SET|EXEC|CLIENT REPLY ON|PING",
        "MULTI|CLIENT REPLY OFF|PING|EXEC|PING|CLIENT REPLY ON|PING",
        "CLIENT REPLY OFF|MULTI|PING|CLIENT REPLY ON|PING|EXEC|PING",
        "MULTI|PING|CLIENT REPLY OFF|PING|GET|CLIENT REPLY ON|ECHO x|EXEC|PING",
        "MULTI|PING|CLIENT REPLY OFF|GET x|CLIENT REPLY ON|ECHO x|EXEC|PING",
        "MULTI|PING|CLIENT KILL SKIPME no TYPE normal|SET a 1|ECHO x|EXEC|PING",
        "DEBUG ERROR FOO|INFO errorstats",
        "CLIENT KILL TYPE normal SKIPME yes|CLIENT KILL SKIPME no TYPE normal|PING",
        "DEBUG SLEEP 0|SET a 1 PX 30|DEBUG SLEEP 0.05|GET a",
        "SET a 1|SWAPDB 0 1|GET a|SELECT 1|GET a|DBSIZE|FLUSHDB SYNC|DBSIZE|SELECT 0|FLUSHDB ASYNC|DBSIZE",
    ];

    private static readonly string[] _oddCommands =
    [
        "QUIT x", "PING a b", "ECHO", "AUTH x", "AUTH default x", "AUTH a b", "AUTH a b c", "HELLO 4", "HELLO 1", "HELLO x", "HELLO 3 AUTH a",
        "HELLO 3 AUTH a b", "HELLO 3 SETNAME", "HELLO 3 FOO", "HELLO 99999999999999999999", "SELECT a", "SELECT -1", "SELECT 16",
        "SELECT 99999999999", "SELECT 2147483648", "SELECT 0 1", "CLIENT", "CLIENT FOO", "CLIENT ID x", "CLIENT SETNAME", "CLIENT SETNAME ''",
        "CLIENT SETNAME a\u0080", "CLIENT KILL", "CLIENT KILL x", "CLIENT KILL ID", "CLIENT KILL ID x", "CLIENT KILL ID 0", "CLIENT KILL ID 99999",
        "CLIENT KILL TYPE foo", "CLIENT KILL TYPE master", "CLIENT KILL USER foo", "CLIENT KILL SKIPME foo", "CLIENT KILL FOO bar",
        "CLIENT KILL ID 1 ID", "CLIENT LIST TYPE", "CLIENT LIST TYPE x", "CLIENT LIST ID", "CLIENT LIST ID x", "CLIENT LIST ID 0",
        "CLIENT LIST FOO", "CLIENT LIST TYPE pubsub", "CLIENT LIST TYPE replica", "CLIENT REPLY", "CLIENT REPLY X", "CLIENT NO-EVICT x",
        "SHUTDOWN foo", "SHUTDOWN SAVE NOSAVE", "SHUTDOWN ABORT", "SHUTDOWN ABORT NOW", "SWAPDB a b", "SWAPDB 0 b", "SWAPDB 0 16", "SWAPDB -1 0",
        "SWAPDB 0 0", "SWAPDB 99999999999 0", "FLUSHALL x", "FLUSHALL SYNC ASYNC", "FLUSHDB x", "DBSIZE x", "TIME x", "ROLE", "ROLE x",
        "OBJECT", "OBJECT FOO", "OBJECT ENCODING a", "OBJECT FREQ a", "MEMORY", "MEMORY FOO", "MEMORY USAGE a", "MEMORY USAGE a SAMPLES",
        "MEMORY USAGE a SAMPLES x", "MEMORY USAGE a SAMPLES -1", "MEMORY USAGE a FOO 1", "MEMORY PURGE x", "COMMAND COUNT x", "COMMAND FOO",
        "COMMAND GETKEYS", "COMMAND GETKEYS get a", "COMMAND GETKEYS mset a b c d", "COMMAND GETKEYSANDFLAGS set a b",
        "COMMAND GETKEYS object encoding a", "COMMAND LIST FILTERBY", "COMMAND LIST FILTERBY MODULE x", "COMMAND LIST FILTERBY PATTERN xyz*",
        "COMMAND LIST FOO", "COMMAND DOCS foo", "COMMAND INFO foo", "CONFIG", "CONFIG GET", "CONFIG SET", "CONFIG SET a", "CONFIG SET a b",
        "CONFIG SET timeout", "CONFIG SET timeout x", "CONFIG SET timeout -1", "CONFIG SET timeout 1 timeout 2", "CONFIG SET timeout 0 foo",
        "CONFIG SET databases 3", "CONFIG SET appendonly x", "CONFIG SET maxmemory 1x", "CONFIG SET dir /", "CONFIG SET save a",
        "CONFIG SET notify-keyspace-events Z", "CONFIG SET client-output-buffer-limit a", "CONFIG RESETSTAT x", "CONFIG REWRITE",
        "CONFIG GET foo", "CONFIG GET TIMEOUT", "CONFIG GET t[i]meout timeout time*ut", "LOLWUT VERSION a", "DEBUG", "DEBUG FOO", "DEBUG SLEEP",
        "DEBUG OBJECT a", "DEBUG ERROR", "DEBUG POPULATE", "DEBUG POPULATE x", "DEBUG DIGEST", "DEBUG DIGEST-VALUE", "DEBUG SET-ACTIVE-EXPIRE 1", "DEBUG PAUSE-CRON 0", "DEBUG CHANGE-REPL-ID", "DEBUG SDSLEN", "DEBUG LOG", "DEBUG PROTOCOL",
        "DEBUG PROTOCOL foo", "DEBUG PROTOCOL string", "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL bignum",
        "DEBUG PROTOCOL null", "DEBUG PROTOCOL array", "DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL attrib",
        "DEBUG PROTOCOL push", "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true", "DEBUG PROTOCOL false", "CLUSTER", "CLUSTER FOO", "CLUSTER INFO",
        "CLUSTER NODES", "CLUSTER SLOTS", "CLUSTER KEYSLOT a", "MODULE", "MODULE LIST", "MODULE FOO", "READONLY", "READWRITE", "ASKING", "FOO", "FOO a ''",
        "LPUSH", "LPUSH l", "LPUSHX l", "LPOP l 1 2", "LPOP l -1", "LPOP l x", "RPOP l 9223372036854775808", "LINDEX l x", "LINDEX a 0", "LSET l 0 a",
        "LSET a 0 a", "LINSERT l FOO a b", "LINSERT a BEFORE a b", "LRANGE l x 0", "LRANGE l 0 1.5", "LTRIM l x 0", "LREM l x a", "LPOS l", "LPOS l a RANK 0",
        "LPOS l a RANK x", "LPOS l a COUNT -1", "LPOS l a COUNT x", "LPOS l a MAXLEN -1", "LPOS l a FOO 1", "LPOS l a RANK", "LMOVE l l LEFT FOO", "LMOVE l l FOO LEFT",
        "LMPOP 0 l LEFT", "LMPOP x l LEFT", "LMPOP 2 l LEFT", "LMPOP 1 l FOO", "LMPOP 1 l LEFT COUNT 0", "LMPOP 1 l LEFT COUNT x", "LMPOP 1 l LEFT COUNT",
        "LMPOP 1 l LEFT COUNT 1 COUNT 2", "LMPOP 9223372036854775807 l LEFT", "BLPOP l", "BLPOP l x", "BLPOP l -1", "BLPOP l ''", "BLMOVE l l FOO LEFT x",
        "BLMOVE l l LEFT LEFT x", "BRPOPLPUSH l l x", "BRPOPLPUSH l l -1", "BLMPOP x 0 l FOO", "BLMPOP x 1 l LEFT", "BLMPOP -1 1 l LEFT", "SORT", "SORT l LIMIT 0",
        "SORT l LIMIT a b", "SORT l BY", "SORT l GET", "SORT l STORE", "SORT_RO l STORE m", "SORT l FOO", "SORT l STORE m", "DEBUG LISTPACK l",
        "DEBUG LISTPACK", "DEBUG QUICKLIST", "DEBUG QUICKLIST l", "DEBUG QUICKLIST-PACKED-THRESHOLD", "DEBUG QUICKLIST-PACKED-THRESHOLD x",
        "DEBUG QUICKLIST-PACKED-THRESHOLD 5gb", "DEBUG QUICKLIST-PACKED-THRESHOLD 0",
    ];

    [Fact]
    public void Sessions_in_one_write_are_answered_as_by_redis()
    {
        using var oracle = OracleServer.StartOrSkip("--enable-debug-command", "yes");
        using var hearth = new EmbeddedHearth();
        foreach (var session in _sessions)
        {
            Compare(oracle, hearth, session);
            Compare(oracle, hearth, "HELLO 3|" + session);
        }
    }

    [Fact]
    public void Odd_arguments_are_answered_as_by_redis()
    {
        using var oracle = OracleServer.StartOrSkip("--enable-debug-command", "yes");
        using var hearth = new EmbeddedHearth();
        foreach (var command in _oddCommands)
        {
            Compare(oracle, hearth, command);
            Compare(oracle, hearth, "HELLO 3|" + command);
            Compare(oracle, hearth, $"MULTI|{command}|EXEC");
        }
    }

    private static void Compare(ITestServer oracle, ITestServer hearth, string session) =>
        Assert.Equal($"{session}\n{Answer(oracle, session)}", $"{session}\n{Answer(hearth, session)}");

    private static string Answer(ITestServer server, string session)
    {
        using var client = server.Connect();
        var input = new MemoryStream();
        RespRequest.Append(input, RespRequest.Words("FLUSHALL"));
        foreach (var command in session.Split('|')) RespRequest.Append(input, RespRequest.Words([.. command.Split(' ').Select(word => word == "''" ? "" : word)]));
        RespRequest.Append(input, RespRequest.Words("QUIT"));
        client.Send(input.ToArray());
        var answer = Encoding.Latin1.GetString(client.ReceiveUntilClosed()).Replace("$6\r\n7.0.15", "$5\r\n7.2.6", StringComparison.Ordinal);
        return ClientId().Replace(answer, "$2\r\nid\r\n:*");
    }

    [GeneratedRegex(@"\$2\r\nid\r\n:\d+")]
    private static partial Regex ClientId();
}

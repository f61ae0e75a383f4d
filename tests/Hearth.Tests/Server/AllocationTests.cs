using System.Globalization;
using System.Text;
using Hearth.Memory;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>
/// The command path allocates nothing on the managed heap, so that the garbage collector has nothing to do while the server answers.
/// Each test sends pipelines through the engine and asserts 0 bytes over a million commands, as the server is shipped; a Debug build,
/// whose heap checks itself at every step, does fewer. HEARTH_TEST_COMMANDS sets another number.
/// </summary>
public sealed class AllocationTests : IDisposable
{
#if DEBUG
    private const int DefaultCommands = 20_000;
#else
    private const int DefaultCommands = 1_000_000;
#endif

    private const int Pipeline = 50;

    private static readonly int Commands =
        int.TryParse(Environment.GetEnvironmentVariable("HEARTH_TEST_COMMANDS"), CultureInfo.InvariantCulture, out var count) ? count : DefaultCommands;

    private readonly TestServer _server = new();
    private readonly Client _client;
    private readonly NativeBuffer _input;

    public AllocationTests()
    {
        _client = _server.Connect();
        _input = new NativeBuffer(_server.Engine.ClientHeap);
    }

    public void Dispose()
    {
        _input.Dispose();
        _server.Dispose();
    }

    // '#' stands for a number that counts up with the commands, '%' for one of ten that come again and again.
    [Theory]
    [InlineData("PING")]
    [InlineData("GET string")]
    [InlineData("GET absent")]
    [InlineData("SET key:# value")]
    [InlineData("SET key:# value PX 100000")]
    [InlineData("SET key:% value")]
    [InlineData("SET key:% value PX 100000")]
    [InlineData("SET key:% a-value-that-is-longer-than-forty-four-bytes-and-so-is-raw")]
    [InlineData("SET key:% value | SET key:% 17 | SET key:% value EX 100 | SET key:% big KEEPTTL")]
    [InlineData("INCR number")]
    [InlineData("INCR key:#")]
    [InlineData("SET key:# value | DEL key:#")]
    [InlineData("DEL absent")]
    [InlineData("EXISTS string absent")]
    [InlineData("EXPIRE string 100")]
    [InlineData("SET key:% value | EXPIRE key:% 100 | PERSIST key:%")]
    [InlineData("MSET k0 v k1 v k2 v k3 v k4 v k5 v k6 v k7 v k8 v k9 v")]
    [InlineData("MGET string absent number k3 k4 k5 k6 k7 k8 k9")]
    [InlineData("APPEND growing x")]
    [InlineData("SETBIT bits # 1")]
    [InlineData("GETBIT bits 1000")]
    [InlineData("HSET hash:% field value")]
    [InlineData("HSET hash field:# value | HGET hash field:# | HDEL hash field:#")]
    [InlineData("HSET bighash field:# value | HGET bighash field:# | HDEL bighash field:#")]
    [InlineData("HSET hash a 1 b 2 c 3 | HGETALL hash | HMGET hash a b c d | HINCRBY hash a 1 | HKEYS hash | HLEN hash")]
    [InlineData("HRANDFIELD bighash | HRANDFIELD bighash 10 WITHVALUES | HRANDFIELD bighash 300 | HSCAN bighash 0")]
    [InlineData("SADD set:# 1 2 3 | SADD set:# text | DEL set:#")]
    [InlineData("SADD bigset member:# | SISMEMBER bigset member:# | SREM bigset member:#")]
    [InlineData("SADD few a b c | SMEMBERS few | SRANDMEMBER few 2 | SPOP few | SSCAN bigset 0 | SPOP bigset 2 | SADD bigset # a:#")]
    [InlineData("SINTER bigset bigset2 | SINTERCARD 2 bigset bigset2 LIMIT 10 | SDIFF bigset few")]
    [InlineData("XADD log MAXLEN ~ 1000 * a 1 b text c 3 | XLEN log | XREVRANGE log + - COUNT 3 | XREAD COUNT 10 STREAMS log 0 | XREAD STREAMS log $")]
    [InlineData("XADD jobs 1-# a 1 b # | XREADGROUP GROUP workers w COUNT 10 STREAMS jobs > | XPENDING jobs workers | XACK jobs workers 1-# | XDEL jobs 1-#")]
    [InlineData("XADD jobs 1-# a 1 | XREADGROUP GROUP workers w STREAMS jobs > | XCLAIM jobs workers v 0 1-# | XAUTOCLAIM jobs workers w 0 - | XTRIM jobs MAXLEN 5")]
    [InlineData("ZADD zset:# 1 a 2.5 b | ZINCRBY zset:# 1 a | ZRANGE zset:# 0 -1 WITHSCORES | DEL zset:#")]
    [InlineData("ZADD bigzset # member:# | ZSCORE bigzset member:# | ZRANK bigzset member:# | ZADD bigzset 7.5 member:# | ZREM bigzset member:#")]
    [InlineData("ZRANGEBYSCORE bigzset 100 inf LIMIT 5 10 | ZREVRANGE bigzset 0 9 WITHSCORES | ZCOUNT bigzset (5 500 | ZLEXCOUNT bigzset [1 (3")]
    [InlineData("ZADD bigzset # x:# | ZPOPMIN bigzset | ZADD bigzset # y:# | ZPOPMAX bigzset 1 | ZRANDMEMBER bigzset | ZMSCORE bigzset 3 none")]
    [InlineData("GEOADD geo:% 13.5 38.# a | GEODIST geo:% a a | GEOPOS geo:% a | GEOHASH geo:% a")]
    [InlineData("GEOSEARCH places FROMLONLAT 15 37 BYRADIUS 200 km | GEOSEARCH places FROMLONLAT 15 37 BYBOX 100 100 km ASC COUNT 3 WITHDIST")]
    [InlineData("TTL expiring")]
    [InlineData("PFADD hyperloglog #")]
    [InlineData("PFADD sparse %")]
    [InlineData("PFADD hyperloglog # | PFCOUNT hyperloglog")]
    [InlineData("PUBLISH nobody message")]
    [InlineData("PUBLISH channel message")]
    [InlineData("MULTI | SET key:% value | INCR number | EXEC")]
    public void Hot_commands_allocate_nothing(string commands) => AssertNothingAllocated(commands);

    [Theory]
    [InlineData("LPUSH list:# value | RPOP list:#")]
    [InlineData("LPUSH list:% value | RPUSH list:% value # | LPOP list:% 2 | RPOP list:% | LLEN list:%")]
    [InlineData("LPUSH biglist element:# | RPOP biglist | LINDEX biglist 500 | LSET biglist 500 # | LRANGE biglist 0 9")]
    [InlineData("RPOPLPUSH biglist biglist | LMOVE biglist list:% LEFT RIGHT | LMPOP 2 absent list:% LEFT COUNT 5 | RPUSH biglist 1")]
    [InlineData("LINSERT biglist BEFORE 7 # | LREM biglist 1 # | LPOS biglist 20 COUNT 2 | RPUSH biglist tail | LTRIM biglist 0 -2")]
    [InlineData("BLPOP absent biglist 0 | RPUSH biglist 1")]
    public void Commands_of_lists_allocate_nothing(string commands) => AssertNothingAllocated(commands);

    [Theory]
    [InlineData("GET number")]
    [InlineData("TYPE string")]
    [InlineData("SORT list LIMIT 0 10")]
    [InlineData("SORT list BY key* GET # GET string* ALPHA DESC")]
    [InlineData("SORT list STORE sorted")]
    [InlineData("PEXPIRE string 100 NX")]
    [InlineData("COPY big copy REPLACE")]
    [InlineData("TOUCH string")]
    [InlineData("OBJECT ENCODING string")]
    [InlineData("SCAN 0 MATCH s* COUNT 100")]
    [InlineData("SCAN 0 TYPE string COUNT 100")]
    [InlineData("KEYS s*")]
    [InlineData("RANDOMKEY")]
    [InlineData("BITCOUNT big 3 -5 BIT")]
    [InlineData("BITPOS big 0")]
    [InlineData("BITOP XOR to big string number")]
    [InlineData("PFCOUNT absent sparse sparse")]
    [InlineData("PFMERGE target sparse")]
    [InlineData("BITFIELD bits INCRBY u8 100 1 OVERFLOW SAT SET i8 0 300 GET u4 0")]
    public void The_other_commands_allocate_nothing_either(string command)
    {
        _server.Run("MSET", "string", "value", "number", "10", "big", new string('b', 5000), "growing", "");
        _server.Run("SET", "expiring", "value", "EX", "1000");
        _server.Run("PFADD", "sparse", "a", "b", "c");
        _server.Run(["RPUSH", "list", .. Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal(0, _server.AllocatedBytes(200, command.Split(' ')));
    }

    [Theory]
    [InlineData("BLPOP x y 5", "RPUSH y value")]
    [InlineData("BRPOP x:% 0", "RPUSH x:% value")]
    [InlineData("BLMOVE x y LEFT RIGHT 0", "RPUSH x value | LPOP y")]
    [InlineData("BZPOPMIN x y 5", "ZADD x 1 value")]
    [InlineData("XREAD BLOCK 5000 STREAMS x $", "XADD x MAXLEN 1 * field value")]
    [InlineData("XREADGROUP GROUP workers w NOACK BLOCK 5000 STREAMS jobs >", "XADD jobs MAXLEN 1 * field value")]
    [InlineData("BLPOP x y 0.001", "")]
    [InlineData("BLPOP x 0", "CLIENT UNBLOCK &")]
    public void Waits_allocate_nothing(string wait, string end)
    {
        var waits = wait.Split(' ');
        var filled = end.Replace("&", _client.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string[][] ends = end.Length == 0 ? [] : [.. filled.Split(" | ").Select(row => row.Split(' '))];
        var other = _server.Connect();
        var number = 0L;
        _server.Run("XGROUP", "CREATE", "jobs", "workers", "$", "MKSTREAM");
        Run(Commands / 50);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() => Run(Commands / 10)));

        void Run(int waitsToRun)
        {
            for (var i = 0; i < waitsToRun; i++, number++)
            {
                Send(_client, waits);
                if (!_client.IsBlocked) Assert.Fail("The client does not wait.");
                foreach (var row in ends) Send(other, row);
                if (ends.Length == 0)
                {
                    _server.Time.Advance(TimeSpan.FromMilliseconds(2));
                    _server.Engine.RefreshClock();
                }

                _server.Engine.Blocking.EndTurn();
                if (_client.IsBlocked || _client.Captured!.Length == 0) Assert.Fail("The wait has not ended.");
                _client.Captured.Clear();
                other.Captured!.Clear();
            }
        }

        void Send(Client client, string[] words)
        {
            _input.Clear();
            Write(words, number);
            _server.Engine.Input.ProcessDirect(client, _input.WrittenSlice);
        }
    }

    [Fact]
    public void A_long_command_that_comes_in_pieces_allocates_nothing()
    {
        var number = 0L;
        string[] words = ["DEL", .. Enumerable.Range(0, 200).Select(i => $"absent:{i}")];
        Send(20);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() => Send(100)));

        void Send(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                _input.Clear();
                Write(words, number);
                var length = _input.Length;
                Write(words, number);
                // The second of them stops in the middle, and its rest comes later.
                var consumed = _server.Engine.Input.ProcessDirect(_client, _input.WrittenSlice.Slice(0, length + (length / 2)));
                consumed += _server.Engine.Input.ProcessDirect(_client, _input.WrittenSlice.Slice(consumed));
                if (consumed != _input.Length) Assert.Fail("The pipeline was not consumed.");
                _client.Captured!.Clear();
            }
        }
    }

    [Fact]
    public void The_measure_sees_what_is_allocated()
    {
        var number = 0L;
        string[][] rows = [["NOSUCHCOMMAND"]];
        Send(rows, 100, _client, ref number);
        Assert.InRange(ManagedMemory.LeastAllocated(() => Send(rows, 100, _client, ref number)), 1000, 1_000_000);
    }

    private void AssertNothingAllocated(string commands)
    {
        _server.Run("MSET", "string", "value", "number", "10", "growing", "");
        _server.Run("SET", "expiring", "value", "EX", "1000");
        _server.Run(["HSET", "bighash", .. Enumerable.Range(0, 1200).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        _server.Run(["SADD", "bigset", .. Enumerable.Range(0, 600).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        _server.Run("SUNIONSTORE", "bigset2", "bigset");
        _server.Run(["RPUSH", "biglist", .. Enumerable.Range(0, 3000).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        _server.Run("XGROUP", "CREATE", "jobs", "workers", "0", "MKSTREAM");
        _server.Run("XGROUP", "CREATECONSUMER", "jobs", "workers", "v");
        _server.Run(["ZADD", "bigzset", .. Enumerable.Range(0, 1200).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        _server.Run(["GEOADD", "places", .. Enumerable.Range(0, 600).Select(i => i % 3 == 2 ? $"p{i}" : string.Create(CultureInfo.InvariantCulture, $"{(i % 3 * 22) + 15}.{i:000}"))]);
        var subscriber = _server.Connect();
        _server.RunAs(subscriber, "SUBSCRIBE", "channel");
        _server.RunAs(subscriber, "PSUBSCRIBE", "chan*");

        var rows = commands.Split(" | ").Select(row => row.Split(' ')).ToArray();
        var number = 0L;
        Send(rows, Commands / 5, subscriber, ref number); // Buffers grow, code is compiled.
        Assert.Equal(0, ManagedMemory.LeastAllocated(() => Send(rows, Commands, subscriber, ref number)));
    }

    private void Send(string[][] rows, int commands, Client subscriber, ref long number)
    {
        for (var sent = 0; sent < commands;)
        {
            _input.Clear();
            for (var i = 0; i < Pipeline; i += rows.Length, sent += rows.Length, number++)
            {
                foreach (var row in rows) Write(row, number);
            }

            var consumed = _server.Engine.Input.ProcessDirect(_client, _input.WrittenSlice);
            if (consumed != _input.Length) Assert.Fail("The pipeline was not consumed.");
            _client.Captured!.Clear();
            subscriber.Captured!.Clear();
        }
    }

    private void Write(string[] words, long number)
    {
        Span<byte> word = stackalloc byte[128];
        Span<byte> header = stackalloc byte[16];
        header[0] = (byte)'*';
        words.Length.TryFormat(header[1..], out var written, provider: CultureInfo.InvariantCulture);
        _input.Append(header[..(written + 1)]);
        _input.Append("\r\n"u8);
        foreach (var text in words)
        {
            var length = Encoding.Latin1.GetBytes(text, word);
            if (word[length - 1] is (byte)'#' or (byte)'%')
            {
                (word[length - 1] == (byte)'#' ? number : number % 10).TryFormat(word[(length - 1)..], out written, provider: CultureInfo.InvariantCulture);
                length += written - 1;
            }

            header[0] = (byte)'$';
            length.TryFormat(header[1..], out written, provider: CultureInfo.InvariantCulture);
            _input.Append(header[..(written + 1)]);
            _input.Append("\r\n"u8);
            _input.Append(word[..length]);
            _input.Append("\r\n"u8);
        }
    }
}

using System.Globalization;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>
/// What is repeated to the append-only file and to replicas. The expectations are what redis-server writes; the integration tests
/// compare the two on random commands.
/// </summary>
public sealed class PropagationTests : IDisposable
{
    private readonly TestServer _server = new();
    private readonly PropagationLog _log;

    public PropagationTests() => _log = PropagationLog.Attach(_server);

    [Theory]
    [InlineData("SET k v", "SET k v")]
    [InlineData("set k v nx", "set k v nx")]
    [InlineData("SET k v KEEPTTL", "SET k v KEEPTTL")]
    [InlineData("SET k v EX 10", "SET k v PXAT {now+10000}")]
    [InlineData("SET k v PX 10 NX", "SET k v PXAT {now+10}")]
    [InlineData("SET k v EXAT 5000000000 GET", "SET k v PXAT 5000000000000")]
    [InlineData("SET k v GET", "SET k v")]
    [InlineData("SETEX k 10 v", "SET k v PXAT {now+10000}")]
    [InlineData("PSETEX k 10 v", "SET k v PXAT {now+10}")]
    [InlineData("SETNX k v", "SETNX k v")]
    [InlineData("MSET k v l w", "MSET k v l w")]
    [InlineData("MSETNX k v l w", "MSETNX k v l w")]
    [InlineData("GETSET there w", "SET there w")]
    [InlineData("GETDEL there", "DEL there")]
    [InlineData("GETEX there EX 10", "PEXPIREAT there {now+10000}")]
    [InlineData("GETEX there PXAT 1", "DEL there")]
    [InlineData("GETEX expiring PERSIST", "PERSIST expiring")]
    [InlineData("APPEND there x", "APPEND there x")]
    [InlineData("INCR number", "INCR number")]
    [InlineData("INCRBYFLOAT number 0.5", "SET number 10.5 KEEPTTL")]
    [InlineData("SETRANGE there 3 x", "SETRANGE there 3 x")]
    [InlineData("SETBIT k 3 0", "SETBIT k 3 0")]
    [InlineData("BITFIELD k SET u8 0 1 GET u8 0", "BITFIELD k SET u8 0 1 GET u8 0")]
    [InlineData("BITOP OR k there number", "BITOP OR k there number")]
    [InlineData("BITOP OR there absent", "BITOP OR there absent")]
    [InlineData("DEL there absent", "DEL there absent")]
    [InlineData("UNLINK there", "UNLINK there")]
    [InlineData("RENAME there k", "RENAME there k")]
    [InlineData("RENAMENX there k", "RENAMENX there k")]
    [InlineData("COPY there k DB 3", "COPY there k DB 3")]
    [InlineData("MOVE there 3", "MOVE there 3")]
    [InlineData("EXPIRE there 10", "PEXPIREAT there {now+10000}")]
    [InlineData("pexpire there 10 nx", "PEXPIREAT there {now+10} nx")]
    [InlineData("expireat there 5000000000 NX LT", null)]
    [InlineData("expireat there 5000000000 LT", "PEXPIREAT there 5000000000000 LT")]
    [InlineData("pexpireat there 5000000000000 LT", "pexpireat there 5000000000000 LT")]
    [InlineData("EXPIRE there 0", "DEL there")]
    [InlineData("PERSIST expiring", "PERSIST expiring")]
    public void A_change_is_repeated_so_that_it_means_the_same_later(string command, string? expected)
    {
        Prepare();
        _server.Run(command.Split(' '));
        Assert.Equal(expected is null ? [] : [WithTimes(expected)], _log.Take());
    }

    [Theory]
    [InlineData("GET there")]
    [InlineData("SET there v NX")]
    [InlineData("SET absent v XX GET")]
    [InlineData("SETNX there v")]
    [InlineData("MSETNX k v there w")]
    [InlineData("GETDEL absent")]
    [InlineData("GETEX there")]
    [InlineData("GETEX there PERSIST")]
    [InlineData("GETEX absent EX 10")]
    [InlineData("INCR there")]
    [InlineData("SETRANGE there 3 ")]
    [InlineData("SETBIT there 0 0")]
    [InlineData("BITFIELD there GET u8 0")]
    [InlineData("BITFIELD there SET u1 0 0")]
    [InlineData("BITFIELD absent OVERFLOW FAIL SET u1 0 2")]
    [InlineData("BITOP AND absent absent")]
    [InlineData("DEL absent")]
    [InlineData("RENAME there there")]
    [InlineData("RENAMENX there number")]
    [InlineData("COPY there number")]
    [InlineData("MOVE absent 3")]
    [InlineData("EXPIRE absent 10")]
    [InlineData("EXPIRE there 10 XX")]
    [InlineData("EXPIRE expiring 10 GT")]
    [InlineData("PERSIST there")]
    [InlineData("TOUCH there")]
    [InlineData("KEYS *")]
    [InlineData("SCAN 0")]
    [InlineData("RANDOMKEY")]
    [InlineData("OBJECT ENCODING there")]
    public void What_changes_nothing_is_not_repeated(string command)
    {
        Prepare();
        _server.Run(command.Split(' '));
        Assert.Empty(_log.Take());
    }

    [Fact]
    public void The_database_is_told_with_each_command()
    {
        _server.Run("SELECT", "3");
        _server.Run("SET", "k", "v");
        _server.Run("EXPIRE", "k", "10");
        Assert.Equal(["3: SET k v", WithTimes("3: PEXPIREAT k {now+10000}")], _log.Take());
    }

    [Theory]
    [InlineData("GET dead", "DEL dead")]
    [InlineData("EXISTS dead there", "DEL dead")]
    [InlineData("DEL dead", "DEL dead")]
    [InlineData("DEL dead there", "MULTI", "DEL dead", "DEL dead there", "EXEC")]
    [InlineData("SET dead v", "MULTI", "DEL dead", "SET dead v", "EXEC")]
    [InlineData("SET dead v XX", "DEL dead")]
    [InlineData("EXPIRE dead 10", "DEL dead")]
    [InlineData("RENAME there dead", "MULTI", "DEL dead", "RENAME there dead", "EXEC")]
    [InlineData("INCRBYFLOAT dead 1", "MULTI", "DEL dead", "SET dead 1 KEEPTTL", "EXEC")]
    [InlineData("SETBIT dead 1 1", "MULTI", "DEL dead", "SETBIT dead 1 1", "EXEC")]
    [InlineData("BITOP OR there dead", "MULTI", "DEL dead", "BITOP OR there dead", "EXEC")]
    [InlineData("BITOP OR dead absent", "BITOP OR dead absent")]
    [InlineData("MGET dead gone", "MULTI", "DEL dead", "DEL gone", "EXEC")]
    [InlineData("SCAN 0 MATCH dead COUNT 100", "DEL dead")]
    [InlineData("KEYS *")]
    public void A_key_that_has_expired_is_repeated_as_deleted_when_it_is_met(string command, params string[] expected)
    {
        Prepare();
        _server.Run("SET", "dead", "v", "PX", "1");
        _server.Run("SET", "gone", "v", "PX", "1");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        _log.Take();
        _server.Run(command.Split(' '));
        Assert.Equal(expected, _log.Take());
    }

    [Fact]
    public void A_scan_repeats_the_keys_that_it_removes_one_by_one()
    {
        foreach (var key in new[] { "a", "b", "c" }) _server.Run("SET", key, "v", "PX", "1");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        _log.Take();
        _server.Run("SCAN", "0", "COUNT", "100");
        Assert.Equal(["DEL a", "DEL b", "DEL c"], _log.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_active_cycle_repeats_each_key_by_itself()
    {
        foreach (var key in new[] { "a", "b" }) _server.Run("SET", key, "v", "PX", "1");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        _log.Take();
        _server.Engine.ActiveExpiry.Run(1_000_000);
        Assert.Equal(["DEL a", "DEL b"], _log.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lazy_expiry_is_repeated_as_unlink_where_that_is_how_keys_expire()
    {
        _server.Engine.Config.LazyfreeLazyExpire = true;
        _server.Run("SET", "a", "v", "PX", "1");
        _server.Run("SET", "b", "v");
        _server.Advance(TimeSpan.FromMilliseconds(2));
        _log.Take();
        _server.Run("GET", "a");
        _server.Run("EXPIRE", "b", "0");
        Assert.Equal(["UNLINK a", "UNLINK b"], _log.Take());
    }

    [Fact]
    public void A_transaction_is_wrapped_when_it_repeats_more_than_one_command()
    {
        RunTransaction("SET k 1", "EXPIRE k 10", "GET k", "SELECT 2", "INCR k");
        Assert.Equal(["MULTI", "SET k 1", WithTimes("PEXPIREAT k {now+10000}"), "2: INCR k", "EXEC"], _log.Take());
        RunTransaction("GET k", "INCR k");
        Assert.Equal(["2: INCR k"], _log.Take());
        RunTransaction("GET k", "PERSIST k");
        Assert.Empty(_log.Take());
    }

    [Fact]
    public void A_long_unit_is_handed_on_in_parts_within_one_frame()
    {
        var propagation = _server.Engine.Propagation;
        propagation.PendingBytesMax = 70;
        propagation.EnterUnit();
        for (var i = 0; i < 4; i++)
        {
            propagation.BeginCommand();
            propagation.Also(database: 0, words: 2).Word("DEL"u8).Word(i);
        }

        Assert.Empty(_log.Take());
        propagation.BeginCommand();
        Assert.Equal(["MULTI", "DEL 0", "DEL 1", "DEL 2", "DEL 3"], _log.Take());
        propagation.Also(database: 0, words: 2).Word("DEL"u8).Word(4);
        propagation.LeaveUnit();
        Assert.Equal(["DEL 4", "EXEC"], _log.Take());

        foreach (var command in (string[])["MULTI", "SET a 1", "SET b 1", "SET c 1", "SET d 1", "GET a", "EXEC"]) _server.Run(command.Split(' '));
        Assert.Equal(["MULTI", "SET a 1", "SET b 1", "SET c 1", "SET d 1", "EXEC"], _log.Take());
        _server.Run("SET", "k", new string('x', 200));
        Assert.Single(_log.Take());
    }

    [Fact]
    public void A_long_command_is_handed_on_in_parts_too()
    {
        for (var i = 1; i <= 50; i++) _server.Run("XADD", "s", $"{i}-0", "f", "v");
        _server.Run("XGROUP", "CREATE", "s", "g", "0");
        _log.Take();
        var propagation = _server.Engine.Propagation;
        propagation.PendingBytesMax = 1000;
        propagation.EnterUnit();
        _server.Run("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
        var early = _log.Take();
        propagation.LeaveUnit();
        Assert.Equal("MULTI", early[0]);
        Assert.True(early.Length > 40, $"Only {early.Length} of 50 were handed on before the end.");
        Assert.Equal(52, early.Length + _log.Take().Length);
    }

    public void Dispose() => _server.Dispose();

    private void RunTransaction(params string[] commands)
    {
        _server.Run("MULTI");
        foreach (var command in commands) _server.Run(command.Split(' '));
        _server.Run("EXEC");
    }

    private void Prepare()
    {
        _server.Run("MSET", "there", "value", "number", "10");
        _server.Run("SET", "expiring", "value", "PX", "100000");
        _log.Take();
    }

    private string WithTimes(string expected)
    {
        var start = expected.IndexOf("{now+", StringComparison.Ordinal);
        if (start < 0) return expected;
        var end = expected.IndexOf('}', start);
        var timeMs = _server.Engine.Clock.NowMs + long.Parse(expected[(start + 5)..end], CultureInfo.InvariantCulture);
        return expected[..start] + timeMs.ToString(CultureInfo.InvariantCulture) + expected[(end + 1)..];
    }
}

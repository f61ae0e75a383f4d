using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class KeyExpiryCommandsTests : IDisposable
{
    private const int Seed = 20260101;

    private readonly TestServer _server = new();

    private long NowMs => _server.Engine.Clock.NowMs;

    [Theory]
    [InlineData(null, "NX", 1)]
    [InlineData(null, "XX", 0)]
    [InlineData(null, "GT", 0)]
    [InlineData(null, "LT", 1)]
    [InlineData("1000", "NX", 0)]
    [InlineData("1000", "XX", 1)]
    [InlineData("1000", "GT", 0)]
    [InlineData("1000", "LT", 1)]
    [InlineData("10", "GT", 1)]
    [InlineData("10", "LT", 0)]
    [InlineData("100", "GT", 0)]
    [InlineData("100", "LT", 0)]
    [InlineData("10", "XX GT", 1)]
    [InlineData(null, "XX LT", 0)]
    public void A_condition_decides_by_the_expiry_that_is_there(string? currentSeconds, string conditions, int expected)
    {
        _server.Run("SET", "k", "v");
        if (currentSeconds is not null) _server.Run("EXPIRE", "k", currentSeconds);
        Assert.Equal($":{expected}\r\n", _server.Run(["EXPIRE", "k", "100", .. conditions.Split(' ')]));
        var ttl = expected == 1 ? "100" : currentSeconds ?? "-1";
        Assert.Equal($":{ttl}\r\n", _server.Run("TTL", "k"));
    }

    [Theory]
    [InlineData("-ERR NX and XX, GT or LT options at the same time are not compatible\r\n", "NX", "XX")]
    [InlineData("-ERR NX and XX, GT or LT options at the same time are not compatible\r\n", "GT", "nx", "LT")]
    [InlineData("-ERR GT and LT options at the same time are not compatible\r\n", "GT", "LT", "XX")]
    [InlineData("-ERR Unsupported option soon\r\n", "GT", "soon", "LT")]
    [InlineData("-ERR Unsupported option   so on\r\n", "\r\nso\non\r\n")]
    public void Conditions_that_contradict_each_other_are_refused_before_anything_else(string error, params string[] conditions) =>
        Assert.Equal(error, _server.Run(["PEXPIRE", "absent", "no number", .. conditions]));

    [Theory]
    [InlineData("EXPIRE", "9223372036854776")]
    [InlineData("EXPIRE", "-9223372036854776")]
    [InlineData("EXPIRE", "9223372036854775")]
    [InlineData("EXPIREAT", "9223372036854776")]
    [InlineData("PEXPIRE", "9223372036854775807")]
    public void A_time_that_overflows_is_refused_even_without_a_key(string command, string time)
    {
        Assert.Equal($"-ERR invalid expire time in '{command.ToLowerInvariant()}' command\r\n", _server.Run(command, "absent", time));
        Assert.Equal("-ERR value is not an integer or out of range\r\n", _server.Run(command, "absent", time + "0000"));
    }

    [Theory]
    [InlineData("EXPIRE", "0")]
    [InlineData("EXPIRE", "-9223372036854775")]
    [InlineData("PEXPIRE", "-1")]
    [InlineData("EXPIREAT", "1")]
    [InlineData("PEXPIREAT", "-9223372036854775808")]
    public void A_time_that_is_over_deletes_at_once(string command, string time)
    {
        _server.Run("SET", "k", "v");
        var events = EventLog.Attach(_server);
        Assert.Equal(":1\r\n", _server.Run(command, "k", time));
        Assert.Equal(["0 del k"], events.Take());
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
        Assert.Equal(0, _server.Engine.KeyspaceStatistics.ExpiredKeys);
    }

    [Fact]
    public void The_latest_of_all_times_is_a_time()
    {
        _server.Run("SET", "k", "v");
        Assert.Equal(":1\r\n", _server.Run("PEXPIREAT", "k", "9223372036854775807"));
        Assert.Equal(":9223372036854775807\r\n", _server.Run("PEXPIRETIME", "k"));
        Assert.Equal(":9223372036854776\r\n", _server.Run("EXPIRETIME", "k"));
        Assert.Equal(":1\r\n", _server.Run("PERSIST", "k"));
        Assert.Equal(":-1\r\n", _server.Run("PEXPIRETIME", "k"));
    }

    [Fact]
    public void Seconds_are_rounded_to_the_nearest()
    {
        _server.Run("SET", "k", "v", "PX", "1500");
        Assert.Equal(":2\r\n", _server.Run("TTL", "k"));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(":1\r\n", _server.Run("TTL", "k"));
        Assert.Equal(":1499\r\n", _server.Run("PTTL", "k"));
        _server.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.Equal(":0\r\n", _server.Run("PTTL", "k"));
        _server.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(":-2\r\n", _server.Run("PTTL", "k"));
    }

    [Fact]
    public void A_key_that_is_not_there_or_stays_has_no_time()
    {
        _server.Run("SET", "k", "v");
        foreach (var command in new[] { "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME" })
        {
            Assert.Equal(":-1\r\n", _server.Run(command, "k"));
            Assert.Equal(":-2\r\n", _server.Run(command, "absent"));
        }

        Assert.Equal(":0\r\n", _server.Run("PERSIST", "k"));
        Assert.Equal(":0\r\n", _server.Run("PERSIST", "absent"));
        Assert.Equal(":0\r\n", _server.Run("EXPIRE", "absent", "10"));
    }

    [Fact]
    public void Events_say_what_has_changed_and_nothing_else()
    {
        _server.Run("SET", "k", "v");
        var events = EventLog.Attach(_server);
        _server.Run("EXPIRE", "k", "10");
        _server.Run("EXPIRE", "k", "10", "NX");
        _server.Run("PERSIST", "k");
        _server.Run("PERSIST", "k");
        Assert.Equal(["0 expire k", "0 persist k"], events.Take());
        _server.Run("PEXPIRE", "k", "10");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        _server.Run("TTL", "k");
        Assert.Equal(["0 expire k", "0 expired k", "0 keymiss k"], events.Take());
    }

    /// <summary>Random expiries and moves of the clock, against a dictionary of times.</summary>
    [Fact]
    public void Keys_live_exactly_as_long_as_a_model_says()
    {
        var random = new Random(Seed);
        var model = new Dictionary<string, long?>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = "k" + random.Next(20).ToString(CultureInfo.InvariantCulture);
            var span = random.NextInt64(-50, 300);
            foreach (var dead in model.Where(pair => pair.Value < NowMs).Select(pair => pair.Key).ToArray()) model.Remove(dead);
            var (reply, expected) = random.Next(7) switch
            {
                0 => (_server.Run("SET", key, "v"), Set(model, key, null, "+OK\r\n")),
                1 => (_server.Run("PEXPIRE", key, Text(span)), Expire(model, key, NowMs + span)),
                2 => (_server.Run("PEXPIREAT", key, Text(NowMs + span)), Expire(model, key, NowMs + span)),
                3 => (_server.Run("EXPIRE", key, Text(span / 100)), Expire(model, key, NowMs + (span / 100 * 1000))),
                4 => (_server.Run("PERSIST", key), model.GetValueOrDefault(key) is null ? ":0\r\n" : Set(model, key, null, ":1\r\n")),
                5 => (_server.Run("PTTL", key), $":{(model.TryGetValue(key, out var at) ? at is null ? -1 : at - NowMs : -2)}\r\n"),
                _ => (_server.Run("PEXPIRETIME", key), $":{(model.TryGetValue(key, out var at) ? at ?? -1 : -2)}\r\n"),
            };
            Assert.True(expected == reply, $"seed {Seed}, step {step}: expected {expected}, got {reply}");
            if (random.Next(3) == 0) _server.Advance(TimeSpan.FromMilliseconds(random.Next(40)));
        }

        Assert.Equal(0, _server.Engine.Keyspaces[1].Count);
    }

    public void Dispose() => _server.Dispose();

    private static string Set(Dictionary<string, long?> model, string key, long? time, string reply)
    {
        model[key] = time;
        return reply;
    }

    private string Expire(Dictionary<string, long?> model, string key, long time)
    {
        if (!model.ContainsKey(key)) return ":0\r\n";
        if (time <= NowMs) model.Remove(key);
        else model[key] = time;
        return ":1\r\n";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

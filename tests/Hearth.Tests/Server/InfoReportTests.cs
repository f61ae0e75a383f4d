using System.Text.RegularExpressions;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed partial class InfoReportTests : IDisposable
{
    /// <summary>What Hearth tells beyond Redis, each behind the field that Redis has last before it.</summary>
    private static readonly string[] OwnFields =
        ["hearth_version", "dotnet_version", "managed_heap_bytes", "managed_gc_pause_total_ms", "keys_by_type", "eventloop_longest_turn_usec"];

    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Everything_has_the_fields_of_Redis_7_2_in_their_order()
    {
        _server.Engine.TcpPort = 6379; // There is a listener only where there is a port.
        var expected = File.ReadAllLines(Path.Combine(SourceFile.Root, "tests", "oracle", "info-fields-7.2.txt")).Where(line => line.Length > 0);
        // These tell of single commands and databases; the oracle's file has none.
        var fields = Info("everything").Where(line => !CountsOne().IsMatch(line)).Select(Name).ToList();
        Assert.Equal(OwnFields, fields.Where(OwnFields.Contains));
        Assert.Equal(expected, fields.Except(OwnFields));
    }

    [Fact]
    public void Every_field_has_one_value_on_one_line()
    {
        foreach (var line in Info("everything")) Assert.Matches(@"^(# \w+|[\w|:.-]+:[^\r\n]*)$", line);
    }

    [Theory]
    [InlineData("", "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace")]
    [InlineData("default", "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace")]
    [InlineData("all", "Server Clients Memory Persistence Stats Replication CPU Commandstats Errorstats Latencystats Cluster Keyspace")]
    [InlineData("everything", "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats Errorstats Latencystats Cluster Keyspace")]
    [InlineData("keyspace", "Keyspace")]
    [InlineData("CPU Server", "Server CPU")]
    [InlineData("server server", "Server")]
    [InlineData("commandstats default", "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats Errorstats Cluster Keyspace")]
    [InlineData("nosuchsection", "")]
    public void Sections_can_be_asked_for(string wanted, string sections)
    {
        var got = Info(wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.StartsWith('#')).Select(line => line[2..]);
        Assert.Equal(sections, string.Join(' ', got));
    }

    [Fact]
    public void Commands_and_errors_are_counted_as_Redis_counts_them()
    {
        _server.Run("CONFIG", "RESETSTAT");
        _server.Run("SET", "k", "v");
        _server.Run("GET", "k");
        _server.Run("INCR", "k");
        _server.Run("GET");
        _server.Run("CONFIG");
        _server.Run("CONFIG", "NOPE");
        _server.Run("CONFIG", "GET");
        _server.Run("NOPE");
        _server.Run("HELLO", "4");
        _server.Run("MULTI");
        _server.Run("INCR", "k");
        _server.Run("EXEC");
        string[] expected =
        [
            "cmdstat_config:calls=0,rejected_calls=1,failed_calls=0",
            "cmdstat_config|get:calls=0,rejected_calls=1,failed_calls=0",
            "cmdstat_config|resetstat:calls=1,rejected_calls=0,failed_calls=0",
            "cmdstat_exec:calls=1,rejected_calls=0,failed_calls=0",
            "cmdstat_get:calls=1,rejected_calls=1,failed_calls=0",
            "cmdstat_hello:calls=1,rejected_calls=0,failed_calls=1",
            "cmdstat_incr:calls=2,rejected_calls=0,failed_calls=2",
            "cmdstat_multi:calls=1,rejected_calls=0,failed_calls=0",
            "cmdstat_set:calls=1,rejected_calls=0,failed_calls=0",
        ];
        var counted = Info("commandstats").Where(line => !line.StartsWith('#')).Select(line => Times().Replace(line, "")).Order(StringComparer.Ordinal);
        Assert.Equal(expected, counted);
        Assert.Equal(["# Errorstats", "errorstat_ERR:count=7", "errorstat_NOPROTO:count=1"], Info("errorstats"));
        Assert.Equal("8", Value("stats", "total_error_replies"));
        Assert.Matches(@"^cmdstat_set:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,failed_calls=0$", Info("commandstats").Single(line => Name(line) == "cmdstat_set"));
    }

    [Fact]
    public void A_made_up_error_code_cannot_look_like_a_field()
    {
        _server.Engine.Statistics.OnError("a:b#c text"u8);
        Assert.Equal("errorstat_a_b_c:count=1", Info("errorstats")[1]);
    }

    [Fact]
    public void Latencies_are_shown_at_the_configured_percentiles_unless_tracking_is_off()
    {
        _server.Run("PING");
        Assert.Matches(@"^latency_percentiles_usec_ping:p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}$", Info("latencystats")[1]);
        _server.Engine.Config.LatencyTracking = false;
        Assert.Equal(["# Latencystats"], Info("latencystats"));
    }

    [Fact]
    public void Databases_are_listed_with_keys_expiries_and_average_time_to_live()
    {
        Assert.Equal(["# Keyspace"], Info("keyspace"));
        _server.Run("MSET", "a", "1", "b", "2");
        _server.Run("SET", "c", "3", "PX", "50000");
        _server.Run("SELECT", "3");
        _server.Run("SET", "d", "4");
        _server.Engine.ActiveExpiry.Run(long.MaxValue / 2);
        Assert.Equal(["# Keyspace", "db0:keys=3,expires=1,avg_ttl=50000", "db3:keys=1,expires=0,avg_ttl=0"], Info("keyspace"));
    }

    [Fact]
    public void The_figures_are_those_of_what_has_happened()
    {
        _server.Run("SET", "k", "v", "PX", "10");
        _server.Run("GET", "k");
        _server.Run("GET", "absent");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        _server.Run("GET", "k");
        Assert.Equal(("1", "2", "1"), (Value("stats", "keyspace_hits"), Value("stats", "keyspace_misses"), Value("stats", "expired_keys")));
        Assert.Equal("1", Value("persistence", "rdb_changes_since_last_save")); // That a key expires is no change.
        Assert.Equal("4", Value("stats", "total_commands_processed"));
        _server.Connect();
        Assert.Equal("2", Value("clients", "connected_clients"));
        _server.Advance(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(5));
        Assert.Equal(("172805", "2"), (Value("server", "uptime_in_seconds"), Value("server", "uptime_in_days")));
        Assert.Equal(_server.Engine.Clock.NowMicroseconds.ToString(), Value("server", "server_time_usec"));
        Assert.Equal(_server.Engine.UsedBytes.ToString(), Value("memory", "used_memory"));
    }

    [Fact]
    public void Used_memory_grows_and_shrinks_with_the_data_and_remembers_its_peak()
    {
        var before = long.Parse(Value("memory", "used_memory"));
        _server.Run("SET", "k", new string('x', 1_100_000));
        var full = long.Parse(Value("memory", "used_memory"));
        Assert.InRange(full - before, 1_100_000, 1_200_000);
        _server.Engine.Samples.Take(_server.Engine, 1);
        _server.Run("DEL", "k");
        Assert.InRange(long.Parse(Value("memory", "used_memory")), 0, full - 1_100_000);
        Assert.InRange(long.Parse(Value("memory", "used_memory_peak")), full, full + 10_000);
        Assert.Matches(@"^\d\.\d\dM$", Value("memory", "used_memory_peak_human"));
    }

    [Fact]
    public void Rates_start_at_0_again_with_the_counters()
    {
        var samples = _server.Engine.Samples;
        samples.Take(_server.Engine, 0);
        for (var i = 0; i < 1600; i++) _server.Run("PING");
        samples.Take(_server.Engine, 1_000_000);
        Assert.Equal("100", Value("stats", "instantaneous_ops_per_sec"));
        _server.Run("CONFIG", "RESETSTAT");
        Assert.Equal("0", Value("stats", "instantaneous_ops_per_sec"));
        samples.Take(_server.Engine, 2_000_000);
        samples.Take(_server.Engine, 3_000_000);
        Assert.Equal("0", Value("stats", "instantaneous_ops_per_sec"));
    }

    [Fact]
    public void Listeners_are_named_as_clients_find_them()
    {
        Assert.DoesNotContain(Info("server"), line => line.StartsWith("listener", StringComparison.Ordinal));
        _server.Engine.TcpPort = 7000;
        _server.Engine.Config.UnixSocket = "/run/hearth.sock";
        Assert.Equal("name=tcp" + string.Concat(_server.Engine.Config.Bind.Select(address => ",bind=" + address)) + ",port=7000", Value("server", "listener0"));
        Assert.Equal("name=unix,bind=/run/hearth.sock", Value("server", "listener1"));
    }

    [Fact]
    public void Keys_are_counted_by_type_over_all_databases()
    {
        _server.Run("SET", "a", "1");
        _server.Run("MOVE", "a", "3");
        _server.Run("SET", "a", "2");
        _server.Run("SET", "b", "2");
        _server.Run("DEL", "b");
        Assert.StartsWith("string=2,list=0,", Value("stats", "keys_by_type"));
        _server.Run("FLUSHALL");
        Assert.StartsWith("string=0,list=0,", Value("stats", "keys_by_type"));
    }

    private static string Name(string line) => line.StartsWith('#') ? line : line[..line.IndexOf(':')];

    private string[] Info(params string[] sections) => new InfoReport(_server.Engine).Write(sections).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private string Value(string section, string field) => Info(section).Single(line => Name(line) == field)[(field.Length + 1)..];

    [GeneratedRegex("^(cmdstat_|errorstat_|latency_percentiles_usec_|db[0-9])")]
    private static partial Regex CountsOne();

    [GeneratedRegex(@"usec=\d+,usec_per_call=\d+\.\d\d,")]
    private static partial Regex Times();
}

using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class ConfigTests
{
    private const string NotAnInteger = "argument couldn't be parsed into an integer";

    private readonly Config _config = new();

    /// <summary>A value, and what CONFIG GET shows after it. All of them were asked of redis-server, too.</summary>
    [Theory]
    [InlineData("maxmemory", "1k", "1000")]
    [InlineData("maxmemory", "1kb", "1024")]
    [InlineData("maxmemory", "1m", "1000000")]
    [InlineData("maxmemory", "1MB", "1048576")]
    [InlineData("maxmemory", "1g", "1000000000")]
    [InlineData("maxmemory", "1Gb", "1073741824")]
    [InlineData("maxmemory", "1B", "1")]
    [InlineData("maxmemory", "", "0")]
    [InlineData("maxmemory", "kb", "0")]
    [InlineData("maxmemory", "18446744073709551616", "18446744073709551615")]
    [InlineData("MaxMemory", "7", "7")]
    [InlineData("maxmemory-clients", "5%", "5%")]
    [InlineData("maxmemory-clients", "0%", "0")]
    [InlineData("maxmemory-clients", "1gb", "1073741824")]
    [InlineData("hz", "0", "1")]
    [InlineData("hz", "1000", "500")]
    [InlineData("activerehashing", "NO", "no")]
    [InlineData("loglevel", "DEBUG", "debug")]
    [InlineData("slave-priority", "3", "3")]
    [InlineData("save", "60 1 30 2", "60 1 30 2")]
    [InlineData("save", "", "")]
    [InlineData("bind", "127.0.0.1 -::1", "127.0.0.1 -::1")]
    [InlineData("bind", "", "")]
    [InlineData("client-output-buffer-limit", "replica 1mb 2mb 3 PUBSUB 5 6 7", "normal 0 0 0 slave 1048576 2097152 3 pubsub 5 6 7")]
    [InlineData("client-output-buffer-limit", "", "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60")]
    [InlineData("oom-score-adj-values", "3 2 -1", "3 2 -1")]
    [InlineData("latency-tracking-info-percentiles", "100.0 0.1 99.99999 .5", "100 0.1 99.99999 0.5")]
    [InlineData("notify-keyspace-events", "KEA", "AKE")]
    [InlineData("notify-keyspace-events", "mnKExtd", "xtdnKEm")]
    [InlineData("notify-keyspace-events", "g$lshzxetd", "A")]
    [InlineData("notify-keyspace-events", "gg$", "g$")]
    [InlineData("shutdown-on-sigint", "now force save", "save now force")]
    [InlineData("shutdown-on-sigint", "default save", "save")]
    [InlineData("proc-title-template", "{title} {{x}} {port}", "{title} {{x}} {port}")]
    [InlineData("requirepass", "a b\n\u00ff", "a b\n\u00ff")]
    public void A_good_value_is_taken_and_what_is_shown_can_be_set_again(string name, string value, string shown)
    {
        Assert.Null(Set(name, value));
        Assert.Equal(shown, Get(name));
        Assert.Null(Set(name, Get(name)));
        Assert.Equal(shown, Get(name));
    }

    /// <summary>A value, and what redis-server says to it.</summary>
    [Theory]
    [InlineData("maxmemory", "1.5gb", "argument must be a memory value")]
    [InlineData("maxmemory", "+1", "argument must be a memory value")]
    [InlineData("maxmemory", " 1", "argument must be a memory value")]
    [InlineData("maxmemory", "-1", "argument must be a memory value")]
    [InlineData("maxmemory-clients", "101%", "percentage argument must be less or equal to 100")]
    [InlineData("maxmemory-clients", "-5%", "argument must be a memory or percent value")]
    [InlineData("maxmemory-clients", "%", "argument must be a memory or percent value")]
    [InlineData("maxclients", "0", "argument must be between 1 and 4294967295 inclusive")]
    [InlineData("maxclients", "4294967296", "argument must be between 1 and 4294967295 inclusive")]
    [InlineData("timeout", "+1", NotAnInteger)]
    [InlineData("timeout", "01", NotAnInteger)]
    [InlineData("timeout", "-0", NotAnInteger)]
    [InlineData("timeout", "1k", NotAnInteger)]
    [InlineData("timeout", "", NotAnInteger)]
    [InlineData("timeout", "99999999999999999999", NotAnInteger)]
    [InlineData("timeout", "-1", "argument must be between 0 and 2147483647 inclusive")]
    [InlineData("proto-max-bulk-len", "1023kb", "argument must be between 1048576 and 9223372036854775807 inclusive")]
    [InlineData("activerehashing", "maybe", "argument must be 'yes' or 'no'")]
    [InlineData("activerehashing", "", "argument must be 'yes' or 'no'")]
    [InlineData("appendfsync", "x", "argument(s) must be one of the following: everysec, always, no")]
    [InlineData("shutdown-on-sigint", "", "argument(s) must be one of the following: default, save, nosave, now, force")]
    [InlineData("shutdown-on-sigint", "save nosave", "shutdown options SAVE and NOSAVE can't be used simultaneously")]
    [InlineData("save", "60 1 30", "Invalid save parameters")]
    [InlineData("save", "0 1", "Invalid save parameters")]
    [InlineData("save", "60 -1", "Invalid save parameters")]
    [InlineData("save", "60  1", "Invalid save parameters")]
    [InlineData("bind", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "Too many bind addresses specified.")]
    [InlineData("client-output-buffer-limit", "normal 1 1", "Wrong number of arguments in buffer limit configuration.")]
    [InlineData("client-output-buffer-limit", "master 1 1 1", "Invalid client class specified in buffer limit configuration.")]
    [InlineData("client-output-buffer-limit", "normal 1 1 -1", "Error in hard, soft or soft_seconds setting in buffer limit configuration.")]
    [InlineData("oom-score-adj-values", "1 2", "wrong number of arguments")]
    [InlineData("oom-score-adj-values", "1 2 2001", "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")]
    [InlineData("latency-tracking-info-percentiles", "50 x", "Invalid latency-tracking-info-percentiles parameters")]
    [InlineData("latency-tracking-info-percentiles", "101", "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")]
    [InlineData("notify-keyspace-events", "q", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")]
    [InlineData("proc-title-template", "{foo}", "template format is invalid or contains unknown variables")]
    [InlineData("proc-title-template", "{title", "template format is invalid or contains unknown variables")]
    [InlineData("proc-title-template", "", "template format is invalid or contains unknown variables")]
    [InlineData("cluster-announce-hostname", "a b", "Hostnames may only contain alphanumeric characters, hyphens or dots")]
    [InlineData("databases", "3", "can't set immutable config")]
    [InlineData("dbfilename", "x", "can't set protected config")]
    public void A_bad_value_is_refused_in_the_words_of_redis_and_changes_nothing(string name, string value, string reason)
    {
        var before = Get(name);
        Assert.Equal($"ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}", Set(name, value));
        Assert.Equal(before, Get(name));
    }

    [Fact]
    public void Every_value_that_is_shown_can_be_set_back()
    {
        var config = ConfigLoader.Load(["--enable-protected-configs", "yes"]);
        foreach (var (name, value) in config.Get(["*"]))
        {
            var error = config.Set(name, value);
            Assert.True(error is null || error.EndsWith("can't set immutable config", StringComparison.Ordinal), error);
        }

        Assert.Equal(config.Get(["*"]), new Config().Get(["*"]).Select(pair => pair.Key == "enable-protected-configs" ? new(pair.Key, "yes") : pair));
    }

    [Theory]
    [InlineData(new[] { "foo", "1" }, "ERR Unknown option or number of arguments for CONFIG SET - 'foo'")]
    [InlineData(new[] { "port", "x", "foo", "1" }, "ERR Unknown option or number of arguments for CONFIG SET - 'foo'")]
    [InlineData(new[] { "databases", "3", "foo", "1" }, "ERR CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config")]
    [InlineData(new[] { "hz", "20", "DATABASES", "3" }, "ERR CONFIG SET failed (possibly related to argument 'DATABASES') - can't set immutable config")]
    [InlineData(new[] { "hz", "20", "HZ", "30" }, "ERR CONFIG SET failed (possibly related to argument 'HZ') - duplicate parameter")]
    [InlineData(new[] { "hz", "20", "Slave-Priority", "x" }, "ERR CONFIG SET failed (possibly related to argument 'slave-priority') - argument couldn't be parsed into an integer")]
    [InlineData(new[] { "hz", "20", "TIMEOUT", "x" }, "ERR CONFIG SET failed (possibly related to argument 'timeout') - argument couldn't be parsed into an integer")]
    public void One_bad_pair_keeps_all_of_them_out(string[] words, string expected)
    {
        Assert.Equal(expected, _config.Set(words));
        Assert.Equal(10, _config.Hz);
    }

    [Fact]
    public void A_name_and_its_alias_may_be_given_together() =>
        Assert.Null(_config.Set("busy-reply-threshold", "1", "lua-time-limit", "2"));

    [Fact]
    public void When_a_change_can_not_be_followed_all_of_it_goes_back_and_is_followed_back()
    {
        var seen = new List<string>();
        var warnings = new List<string>();
        _config.Warn = warnings.Add;
        _config.OnChange("hz", () => Note("hz " + _config.Hz, null));
        _config.OnChange("port", () => Note("port " + _config.Port, _config.Port == 1 ? "Unable to listen on this port" : null));

        Assert.Equal(
            "ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port",
            _config.Set("hz", "20", "port", "1", "timeout", "5"));

        Assert.Equal(["hz 20", "port 1", "hz 10", "port 6379"], seen);
        Assert.Equal(0, _config.TimeoutSeconds);
        Assert.Equal(["Failed applying new configuration. Possibly related to new port setting. Restoring previous settings."], warnings);

        string? Note(string what, string? error)
        {
            seen.Add(what);
            return error;
        }
    }

    [Fact]
    public void A_function_for_several_parameters_is_called_once_and_only_for_what_changes()
    {
        var calls = 0;
        string? Apply()
        {
            calls++;
            return null;
        }

        Func<string?> apply = Apply;
        _config.OnChange("port", apply);
        _config.OnChange("bind", apply);
        Assert.Null(_config.Set("port", "1", "bind", "::1"));
        Assert.Equal(1, calls);
        Assert.Null(_config.Set("port", "1", "bind", "::1"));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void The_append_only_file_can_not_be_turned_on_yet()
    {
        Assert.Contains("there is no persistence yet", Set("appendonly", "yes"), StringComparison.Ordinal);
        Assert.False(_config.AppendOnly);
    }

    [Fact]
    public void Setting_what_has_no_effect_is_said()
    {
        var warnings = new List<string>();
        _config.Warn = warnings.Add;
        Assert.Null(_config.Set("lfu-log-factor", "3", "timeout", "3"));
        Assert.Equal(["CONFIG SET of what has no effect yet: lfu-log-factor"], warnings);
    }

    [Fact]
    public void Protected_parameters_open_as_the_start_says()
    {
        var local = ConfigLoader.Load(["--enable-protected-configs", "local"]);
        Assert.True(local.TrySet([new("dbfilename", "x")], isLocal: true, out _));
        Assert.False(local.TrySet([new("dbfilename", "y")], isLocal: false, out _));
        Assert.Equal("ERR CONFIG SET failed (possibly related to argument 'dbfilename') - dbfilename can't be a path, just a filename", Local("dbfilename", "a/b"));
        Assert.Equal("ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory", Local("dir", "/no/such/place"));

        string? Local(string name, string value) => local.TrySet([new(name, value)], isLocal: true, out var error) ? null : error;
    }

    [Fact]
    public void Get_answers_exact_names_as_they_were_written_and_each_once()
    {
        Assert.Equal([new("HZ", "10"), new("slave-priority", "100")], _config.Get(["HZ", "hz", "nope", "slave-priority"]));
        Assert.Equal(["repl-ping-slave-period", "slave-priority"], _config.Get(["*slave-p*"]).Select(pair => pair.Key));
        Assert.Equal(["maxmemory", "MAXMEMORY-POLICY", "maxmemory-clients", "maxmemory-eviction-tenacity", "maxmemory-samples"],
            _config.Get(["maxmemory", "MAXMEMORY-POLICY", "MAXmemory*"]).Select(pair => pair.Key));
    }

    [Fact]
    public void Hidden_parameters_show_only_by_name()
    {
        Assert.Empty(_config.Get(["use-exit-on-pani?"]));
        Assert.Equal([new("use-exit-on-panic", "no")], _config.Get(["use-exit-on-panic"]));
    }

    private string? Set(string name, string value) => _config.Set(name, value);

    private string Get(string name) => Assert.Single(_config.Get([name])).Value;
}

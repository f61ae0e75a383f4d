using System.Globalization;

namespace Hearth.Server;

/// <summary>
/// Writes INFO. Names and order of the fields are those of Redis 7.2, so that dashboards and clients find what they look for; a field
/// about something that Hearth does not do yet holds the value that it has on a Redis that does not use it.
/// </summary>
internal sealed class InfoReport(Engine engine)
{
    private static readonly (string Name, bool InDefault, bool InAll)[] Sections =
    [
        ("server", true, true), ("clients", true, true), ("memory", true, true), ("persistence", true, true), ("stats", true, true),
        ("replication", true, true), ("cpu", true, true), ("modules", true, false), ("commandstats", false, true),
        ("errorstats", true, true), ("latencystats", false, true), ("cluster", true, true), ("keyspace", true, true),
    ];

    private readonly InfoText _text = new();

    /// <summary>The sections that are asked for, each once and in INFO's order; "default", "all" and "everything" name several.</summary>
    public string Write(IReadOnlyCollection<string> wanted)
    {
        foreach (var (name, inDefault, inAll) in Sections)
        {
            var isWanted = wanted.Count == 0 ? inDefault : wanted.Any(section => section.ToLowerInvariant() switch
            {
                "default" => inDefault,
                "all" => inAll,
                "everything" => true,
                var one => one == name,
            });
            if (isWanted) WriteSection(name);
        }

        return _text.ToString();
    }

    private void WriteSection(string name)
    {
        switch (name)
        {
            case "server": WriteServer(); break;
            case "clients": WriteClients(); break;
            case "memory": new InfoMemory(engine, _text).Write(); break;
            case "persistence": WritePersistence(); break;
            case "stats": new InfoStats(engine, _text).Write(); break;
            case "replication": WriteReplication(); break;
            case "cpu": WriteCpu(); break;
            case "modules": _text.Section("Modules"); break;
            case "commandstats": WriteCommandStats(); break;
            case "errorstats": WriteErrorStats(); break;
            case "latencystats": WriteLatencyStats(); break;
            case "cluster":
                _text.Section("Cluster");
                _text.Field("cluster_enabled", 0);
                break;
            default: WriteKeyspace(); break;
        }
    }

    private void WriteServer()
    {
        var config = engine.Config;
        var uptimeSeconds = (engine.Clock.NowMs - engine.StartedAtMs) / 1000;
        _text.Section("Server");
        _text.Field("redis_version", LifeCycleLog.RedisVersion);
        _text.Field("redis_git_sha1", "00000000");
        _text.Field("redis_git_dirty", 0);
        _text.Field("redis_build_id", "0");
        _text.Field("redis_mode", "standalone");
        _text.Field("os", ProcessFacts.OperatingSystemName);
        _text.Field("arch_bits", IntPtr.Size * 8);
        _text.Field("monotonic_clock", OperatingSystem.IsWindows() ? "QueryPerformanceCounter" : "POSIX clock_gettime");
        _text.Field("multiplexing_api", engine.Loop?.PollerName ?? "none");
        _text.Field("atomicvar_api", "none");
        _text.Field("gcc_version", "0.0.0");
        _text.Field("process_id", Environment.ProcessId);
        _text.Field("process_supervised", config.Supervised.ToString().ToLowerInvariant());
        _text.Field("run_id", engine.RunId);
        _text.Field("tcp_port", engine.TcpPort);
        _text.Field("server_time_usec", engine.Clock.NowMicroseconds);
        _text.Field("uptime_in_seconds", uptimeSeconds);
        _text.Field("uptime_in_days", uptimeSeconds / 86_400);
        _text.Field("hz", config.Hz);
        _text.Field("configured_hz", config.Hz);
        _text.Field("lru_clock", engine.AccessClock.LruNow);
        _text.Field("executable", Environment.ProcessPath ?? "");
        _text.Field("config_file", config.FilePath ?? "");
        _text.Field("io_threads_active", 0);
        if (engine.TcpPort > 0)
        {
            _text.Field("listener0", "name=tcp" + string.Concat(config.Bind.Select(address => ",bind=" + address)) + $",port={engine.TcpPort}");
        }

        if (config.UnixSocket.Length > 0) _text.Field("listener1", "name=unix,bind=" + config.UnixSocket);
        _text.Field("hearth_version", LifeCycleLog.HearthVersion);
        _text.Field("dotnet_version", Environment.Version.ToString());
    }

    private void WriteClients()
    {
        long inputMax = 0;
        long outputMax = 0;
        foreach (var client in engine.Clients.All)
        {
            inputMax = Math.Max(inputMax, client.Connection?.KeptCapacity ?? 0);
            outputMax = Math.Max(outputMax, client.OutputBytes);
        }

        _text.Section("Clients");
        _text.Field("connected_clients", engine.Clients.Count);
        _text.Field("cluster_connections", 0);
        _text.Field("maxclients", engine.Config.MaxClients);
        _text.Field("client_recent_max_input_buffer", inputMax);
        _text.Field("client_recent_max_output_buffer", outputMax);
        _text.Field("blocked_clients", engine.Blocking.Count);
        _text.Field("tracking_clients", 0);
        _text.Field("clients_in_timeout_table", engine.Blocking.DeadlineCount);
        _text.Field("total_blocking_keys", engine.Blocking.KeyCount);
        _text.Field("total_blocking_keys_on_nokey", engine.Blocking.EndWithKeyCount);
    }

    private void WritePersistence()
    {
        _text.Section("Persistence");
        Zeros("loading", "async_loading", "current_cow_peak", "current_cow_size", "current_cow_size_age");
        _text.Field("current_fork_perc", "0.00");
        Zeros("current_save_keys_processed", "current_save_keys_total");
        _text.Field("rdb_changes_since_last_save", engine.Dirty);
        _text.Field("rdb_bgsave_in_progress", 0);
        _text.Field("rdb_last_save_time", engine.StartedAtMs / 1000);
        _text.Field("rdb_last_bgsave_status", "ok");
        _text.Field("rdb_last_bgsave_time_sec", -1);
        _text.Field("rdb_current_bgsave_time_sec", -1);
        Zeros("rdb_saves", "rdb_last_cow_size", "rdb_last_load_keys_expired", "rdb_last_load_keys_loaded", "aof_enabled",
            "aof_rewrite_in_progress", "aof_rewrite_scheduled");
        _text.Field("aof_last_rewrite_time_sec", -1);
        _text.Field("aof_current_rewrite_time_sec", -1);
        _text.Field("aof_last_bgrewrite_status", "ok");
        Zeros("aof_rewrites", "aof_rewrites_consecutive_failures");
        _text.Field("aof_last_write_status", "ok");
        Zeros("aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size");
    }

    private void WriteReplication()
    {
        _text.Section("Replication");
        _text.Field("role", "master");
        _text.Field("connected_slaves", 0);
        _text.Field("master_failover_state", "no-failover");
        _text.Field("master_replid", engine.ReplicationId);
        _text.Field("master_replid2", new string('0', 40));
        _text.Field("master_repl_offset", 0);
        _text.Field("second_repl_offset", -1);
        _text.Field("repl_backlog_active", 0);
        _text.Field("repl_backlog_size", engine.Config.Show(ConfigTable.ByName["repl-backlog-size"]));
        Zeros("repl_backlog_first_byte_offset", "repl_backlog_histlen");
    }

    private void WriteCpu()
    {
        var usage = Environment.CpuUsage;
        _text.Section("CPU");
        _text.Field("used_cpu_sys", usage.PrivilegedTime.TotalSeconds, "F6");
        _text.Field("used_cpu_user", usage.UserTime.TotalSeconds, "F6");
        _text.Field("used_cpu_sys_children", "0.000000");
        _text.Field("used_cpu_user_children", "0.000000");
        if (!ProcessFacts.TryThreadCpu(out var user, out var system)) return;
        _text.Field("used_cpu_sys_main_thread", system, "F6");
        _text.Field("used_cpu_user_main_thread", user, "F6");
    }

    private void WriteCommandStats()
    {
        _text.Section("Commandstats");
        foreach (var command in AllCommands())
        {
            var counters = engine.Statistics.Commands[command.Index];
            if (counters.Calls == 0 && counters.Failed == 0 && counters.Rejected == 0) continue;
            var microseconds = Statistics.Microseconds(counters.Ticks);
            var perCall = counters.Calls == 0 ? 0 : microseconds / counters.Calls;
            _text.Field("cmdstat_" + command.FullName, string.Create(
                CultureInfo.InvariantCulture,
                $"calls={counters.Calls},usec={(long)microseconds},usec_per_call={perCall:F2},rejected_calls={counters.Rejected},failed_calls={counters.Failed}"));
        }
    }

    private void WriteErrorStats()
    {
        _text.Section("Errorstats");
        foreach (var (kind, count) in engine.Statistics.Errors) _text.Field("errorstat_" + SafeName(kind), $"count={count}");
    }

    private void WriteLatencyStats()
    {
        _text.Section("Latencystats");
        if (!engine.Config.LatencyTracking) return;
        foreach (var command in AllCommands())
        {
            var histogram = engine.Statistics.Commands[command.Index].Histogram;
            if (histogram is null || histogram.Count == 0) continue;
            var percentiles = engine.Config.LatencyTrackingInfoPercentiles.Select(percent => string.Create(
                CultureInfo.InvariantCulture, $"p{percent}={histogram.Percentile(percent) / 1000.0:F3}"));
            _text.Field("latency_percentiles_usec_" + command.FullName, string.Join(',', percentiles));
        }
    }

    private void WriteKeyspace()
    {
        _text.Section("Keyspace");
        foreach (var keyspace in engine.Keyspaces)
        {
            if (keyspace.Count == 0) continue;
            _text.Field($"db{keyspace.Index}", $"keys={keyspace.Count},expires={keyspace.Expires.Count},avg_ttl={keyspace.AverageTtlMs}");
        }
    }

    /// <summary>A script may make up an error's code: nothing in it may look like INFO's own signs.</summary>
    private static string SafeName(string name) => name.Replace('#', '_').Replace(':', '_');

    private IEnumerable<Command> AllCommands() => engine.Commands.Commands.SelectMany(command => command.Subcommands.Prepend(command));

    private void Zeros(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _text.Field(name, 0);
    }
}

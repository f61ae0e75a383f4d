using System.Collections.Frozen;
using Hearth.Network;
using Hearth.Primitives;
using Hearth.Store;
using static Hearth.Server.ConfigFlags;
using static Hearth.Server.ConfigNumber.Notation;
using static Hearth.Server.ConfigSpecialValues;

namespace Hearth.Server;

/// <summary>
/// Every parameter, one row each: name, default, limits, flags, and the property of <see cref="Config"/> that it fills. Names,
/// defaults and limits are those of Redis 7.2. A row that is flagged <see cref="NoEffect"/> loses the flag when something reads it.
/// </summary>
internal static class ConfigTable
{
    private static readonly string[] _noYesLocal = ["no", "yes", "local"];

    private static readonly string[] _logLevels = ["debug", "verbose", "notice", "warning", "nothing"];

    private static readonly string[] _appendFsyncs = ["everysec", "always", "no"];

    private static readonly string[] _policies =
        ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"];

    private static readonly string[] _syslogFacilities =
        ["user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"];

    private const long Mb = 1L << 20;

    public static readonly ConfigParameter[] Rows =
    [
        // Network and clients.
        new ConfigSpecial<string[]>("bind", ["*", "-::*"], MultiArg, (c, v) => c.Bind = v)
            { Read = ReadBind, Show = addresses => string.Join(' ', addresses), Lines = BindLines },
        new ConfigNumber("port", 6379, 0, 65535, None, (c, v) => c.Port = (int)v),
        new ConfigString("unixsocket", "", Immutable | EmptyIsNone, (c, v) => c.UnixSocket = v),
        new ConfigNumber("unixsocketperm", 0, 0, 0x1FF, Immutable, (c, v) => c.UnixSocketPermissions = (int)v) { WrittenAs = Octal },
        new ConfigEnum("multiplexing-api", "auto", ["auto", "io_uring", "epoll", "poll"], Immutable | Hidden, (c, v) => c.Poller = (PollerKind)v),
        new ConfigNumber("tcp-backlog", 511, 0, int.MaxValue, Immutable, (c, v) => c.TcpBacklog = (int)v),
        new ConfigNumber("tcp-keepalive", 300, 0, int.MaxValue, None, (c, v) => c.TcpKeepaliveSeconds = (int)v),
        new ConfigNumber("timeout", 0, 0, int.MaxValue, None, (c, v) => c.TimeoutSeconds = (int)v),
        new ConfigNumber("maxclients", 10000, 1, uint.MaxValue, None, (c, v) => c.MaxClients = (long)v),
        new ConfigBool("protected-mode", true, None, (c, v) => c.ProtectedMode = v),
        new ConfigNumber("proto-max-bulk-len", 512 * Mb, Mb, long.MaxValue, None, (c, v) => c.ProtoMaxBulkLength = (long)v)
            { WrittenAs = Bytes },
        new ConfigNumber("client-query-buffer-limit", 1024 * Mb, Mb, long.MaxValue, None, (c, v) => c.ClientQueryBufferLimit = (long)v)
            { WrittenAs = Bytes },
        new ConfigSpecial<OutputBufferLimit[]>(
            "client-output-buffer-limit", [default, new(256 * Mb, 64 * Mb, 60), new(32 * Mb, 8 * Mb, 60)],
            MultiArg, (c, v) => c.OutputBufferLimits = v)
            { Read = ReadOutputBufferLimits, Show = ShowOutputBufferLimits, Lines = OutputBufferLimitLines },
        new ConfigNumber("maxmemory-clients", 0, -100, long.MaxValue, NoEffect, (c, v) => c.MaxMemoryClients = (long)v)
            { WrittenAs = BytesOrPercent },
        new ConfigNumber("tracking-table-max-keys", 1000000, 0, long.MaxValue, NoEffect),
        new ConfigNumber("socket-mark-id", 0, 0, uint.MaxValue, Immutable | NoEffect),
        new ConfigString("bind-source-addr", "", EmptyIsNone | NoEffect),
        new ConfigNumber("io-threads", 1, 1, 128, Immutable | NoEffect),
        new ConfigBool("io-threads-do-reads", false, Immutable | NoEffect),

        // The process.
        new ConfigBool("daemonize", false, Immutable, (c, v) => c.Daemonize = v),
        new ConfigEnum("supervised", "no", ["upstart", "systemd", "auto", "no"], Immutable, (c, v) => c.Supervised = (SupervisedMode)v),
        new ConfigString("pidfile", "", Immutable | EmptyIsNone, (c, v) => c.PidFile = v),
        new ConfigString("logfile", "", Immutable, (c, v) => c.LogFile = v),
        new ConfigEnum("loglevel", "notice", _logLevels, None, (c, v) => c.LogLevel = (LogLevel)v),
        new ConfigBool("always-show-logo", false, Immutable, (c, v) => c.AlwaysShowLogo = v),
        new ConfigBool("syslog-enabled", false, Immutable | NoEffect),
        new ConfigString("syslog-ident", "redis", Immutable | NoEffect),
        new ConfigEnum("syslog-facility", "local0", _syslogFacilities, Immutable | NoEffect),
        new ConfigBool("set-proc-title", true, Immutable | NoEffect),
        new ConfigString("proc-title-template", "{title} {listen-addr} {server-mode}", NoEffect) { Check = CheckTitleTemplate },
        new ConfigString("locale-collate", "", NoEffect),
        new ConfigBool("crash-log-enabled", true, NoEffect),
        new ConfigBool("crash-memcheck-enabled", true, NoEffect),
        new ConfigBool("use-exit-on-panic", false, Hidden | NoEffect),
        new ConfigNumber("watchdog-period", 0, 0, int.MaxValue, Hidden | NoEffect),
        new ConfigString("ignore-warnings", "", NoEffect),
        new ConfigBool("disable-thp", true, Immutable, (c, v) => c.DisableHugePages = v),
        new ConfigEnum("oom-score-adj", "no", ["no", "yes", "relative", "absolute"], NoEffect),
        new ConfigSpecial<int[]>("oom-score-adj-values", [0, 200, 800], MultiArg | NoEffect)
            { Read = ReadOomScoreAdjust, Show = scores => string.Join(' ', scores) },
        new ConfigString("server_cpulist", "", Immutable | EmptyIsNone | NoEffect),
        new ConfigString("bio_cpulist", "", Immutable | EmptyIsNone | NoEffect),
        new ConfigString("aof_rewrite_cpulist", "", Immutable | EmptyIsNone | NoEffect),
        new ConfigString("bgsave_cpulist", "", Immutable | EmptyIsNone | NoEffect),
        new ConfigNumber("shutdown-timeout", 10, 0, int.MaxValue, NoEffect, (c, v) => c.ShutdownTimeoutSeconds = (int)v),
        ShutdownRow("shutdown-on-sigint", (c, v) => c.ShutdownOnSigint = v),
        ShutdownRow("shutdown-on-sigterm", (c, v) => c.ShutdownOnSigterm = v),

        // Who may do what.
        new ConfigString("requirepass", "", Sensitive | EmptyIsNone, (c, v) => c.RequirePass = Latin1.Bytes(v)),
        new ConfigEnum("enable-protected-configs", "no", _noYesLocal, Immutable, (c, v) => c.EnableProtectedConfigs = (LocalAccess)v),
        new ConfigEnum("enable-debug-command", "no", _noYesLocal, Immutable, (c, v) => c.EnableDebugCommand = (LocalAccess)v),
        new ConfigEnum("enable-module-command", "no", _noYesLocal, Immutable | NoEffect),
        new ConfigString("aclfile", "", Immutable | NoEffect),
        new ConfigEnum("acl-pubsub-default", "resetchannels", ["allchannels", "resetchannels"], NoEffect),
        new ConfigNumber("acllog-max-len", 128, 0, long.MaxValue, NoEffect),

        // The keyspace.
        new ConfigNumber("databases", 16, 1, int.MaxValue, Immutable, (c, v) => c.Databases = (int)v),
        new ConfigNumber("hz", 10, 0, int.MaxValue, None, (c, v) => c.Hz = (int)v) { Correct = hz => Int128.Clamp(hz, 1, 500) },
        new ConfigBool("dynamic-hz", true, NoEffect, (c, v) => c.DynamicHz = v),
        new ConfigNumber("active-expire-effort", 1, 1, 10, None, (c, v) => c.ActiveExpireEffort = (int)v),
        new ConfigBool("activerehashing", true, NoEffect),
        new ConfigBool("lazyfree-lazy-eviction", false, NoEffect, (c, v) => c.LazyfreeLazyEviction = v),
        new ConfigBool("lazyfree-lazy-expire", false, None, (c, v) => c.LazyfreeLazyExpire = v),
        new ConfigBool("lazyfree-lazy-server-del", false, None, (c, v) => c.LazyfreeLazyServerDel = v),
        new ConfigBool("lazyfree-lazy-user-del", false, None, (c, v) => c.LazyfreeLazyUserDel = v),
        new ConfigBool("lazyfree-lazy-user-flush", false, None, (c, v) => c.LazyfreeLazyUserFlush = v),
        new ConfigSpecial<NotifyFlags>("notify-keyspace-events", NotifyFlags.None, None, (c, v) => c.NotifyKeyspaceEvents = v)
            { Read = ReadNotifyFlags, Show = ShowNotifyFlags, Lines = flags => [$"notify-keyspace-events \"{ShowNotifyFlags(flags)}\""] },
        new ConfigNumber("maxmemory", 0, 0, ulong.MaxValue, NoEffect, (c, v) => c.MaxMemory = (long)Int128.Min(v, long.MaxValue))
            { WrittenAs = Bytes },
        new ConfigEnum("maxmemory-policy", "noeviction", _policies, NoEffect, (c, v) => c.MaxMemoryPolicy = (MaxMemoryPolicy)v),
        new ConfigNumber("maxmemory-samples", 5, 1, int.MaxValue, NoEffect, (c, v) => c.MaxMemorySamples = (int)v),
        new ConfigNumber("maxmemory-eviction-tenacity", 10, 0, 100, NoEffect),
        new ConfigNumber("lfu-log-factor", 10, 0, int.MaxValue, NoEffect, (c, v) => c.LfuLogFactor = (int)v),
        new ConfigNumber("lfu-decay-time", 1, 0, int.MaxValue, NoEffect, (c, v) => c.LfuDecayMinutes = (int)v),

        // Encodings of small values.
        new ConfigNumber("hash-max-listpack-entries", 512, 0, long.MaxValue, None, (c, v) => c.Encodings.HashListpackEntries = (long)v)
            { Alias = "hash-max-ziplist-entries" },
        new ConfigNumber("hash-max-listpack-value", 64, 0, long.MaxValue, None, (c, v) => c.Encodings.HashListpackValueBytes = (long)v)
            { Alias = "hash-max-ziplist-value", WrittenAs = Bytes },
        new ConfigNumber("list-max-listpack-size", -2, int.MinValue, int.MaxValue, None, (c, v) => c.Encodings.ListListpackSize = (int)v)
            { Alias = "list-max-ziplist-size" },
        new ConfigNumber("list-compress-depth", 0, 0, int.MaxValue, NoEffect),
        new ConfigNumber("set-max-intset-entries", 512, 0, long.MaxValue, None, (c, v) => c.Encodings.SetIntsetEntries = (long)v),
        new ConfigNumber("set-max-listpack-entries", 128, 0, long.MaxValue, None, (c, v) => c.Encodings.SetListpackEntries = (long)v),
        new ConfigNumber("set-max-listpack-value", 64, 0, long.MaxValue, None, (c, v) => c.Encodings.SetListpackValueBytes = (long)v)
            { WrittenAs = Bytes },
        new ConfigNumber("zset-max-listpack-entries", 128, 0, long.MaxValue, None, (c, v) => c.Encodings.ZSetListpackEntries = (long)v)
            { Alias = "zset-max-ziplist-entries" },
        new ConfigNumber("zset-max-listpack-value", 64, 0, long.MaxValue, None, (c, v) => c.Encodings.ZSetListpackValueBytes = (long)v)
            { Alias = "zset-max-ziplist-value", WrittenAs = Bytes },
        new ConfigNumber("stream-node-max-bytes", 4096, 0, long.MaxValue, None, (c, v) => c.Encodings.StreamNodeBytes = (long)v)
            { WrittenAs = Bytes },
        new ConfigNumber("stream-node-max-entries", 100, 0, long.MaxValue, None, (c, v) => c.Encodings.StreamNodeEntries = (long)v),
        new ConfigNumber("hll-sparse-max-bytes", 3000, 0, long.MaxValue, None, (c, v) => c.Encodings.HyperLogLogSparseBytes = (long)v)
            { WrittenAs = Bytes },

        // What is measured.
        new ConfigNumber(
            "slowlog-log-slower-than", 10000, -1, long.MaxValue, NoEffect, (c, v) => c.SlowlogLogSlowerThanMicroseconds = (long)v),
        new ConfigNumber("slowlog-max-len", 128, 0, long.MaxValue, NoEffect, (c, v) => c.SlowlogMaxLength = (long)v),
        new ConfigNumber("latency-monitor-threshold", 0, 0, long.MaxValue, NoEffect, (c, v) => c.LatencyMonitorThresholdMs = (long)v),
        new ConfigBool("latency-tracking", true, None, (c, v) => c.LatencyTracking = v),
        new ConfigSpecial<double[]>(
            "latency-tracking-info-percentiles", [50, 99, 99.9], MultiArg | AlwaysWritten, (c, v) => c.LatencyTrackingInfoPercentiles = v)
            { Read = ReadPercentiles, Show = ShowPercentiles, Lines = PercentileLines },

        // Scripts.
        new ConfigNumber("busy-reply-threshold", 5000, 0, long.MaxValue, NoEffect, (c, v) => c.BusyReplyThresholdMs = (long)v)
            { Alias = "lua-time-limit" },

        // Snapshots.
        new ConfigSpecial<string>("dir", "", Protected | AlwaysWritten, (c, v) => c.DataDirectory = ConfigText.ToUnicode(v))
            { Read = ReadDirectory, Show = path => path, Lines = path => ["dir " + ConfigText.Quote(path)] },
        new ConfigSpecial<SavePoint[]>(
            "save", [new(3600, 1), new(300, 100), new(60, 10000)], MultiArg | NoEffect | AlwaysWritten, (c, v) => c.SavePoints = v)
            { Read = ReadSave, Show = ShowSave, Lines = SaveLines, Add = AddSavePoints },
        new ConfigString("dbfilename", "dump.rdb", Protected | NoEffect, (c, v) => c.DbFileName = v)
            { Check = value => CheckFileName("dbfilename", value, "filename") },
        new ConfigBool("rdbcompression", true, NoEffect),
        new ConfigBool("rdbchecksum", true, Immutable | NoEffect),
        new ConfigBool("rdb-del-sync-files", false, NoEffect),
        new ConfigBool("rdb-save-incremental-fsync", true, NoEffect),
        new ConfigNumber("rdb-key-save-delay", 0, int.MinValue, int.MaxValue, Hidden | NoEffect),
        new ConfigNumber("key-load-delay", 0, int.MinValue, int.MaxValue, Hidden | NoEffect),
        new ConfigNumber("loading-process-events-interval-bytes", 2 * Mb, 1024, int.MaxValue, Hidden | NoEffect),
        new ConfigBool("stop-writes-on-bgsave-error", true, NoEffect),
        new ConfigEnum("sanitize-dump-payload", "no", ["no", "yes", "clients"], NoEffect),

        // The append-only file.
        new ConfigBool("appendonly", false, NoEffect, (c, v) => c.AppendOnly = v),
        new ConfigString("appendfilename", "appendonly.aof", Immutable | NoEffect)
            { Check = value => CheckFileName("appendfilename", value, "filename") },
        new ConfigString("appenddirname", "appendonlydir", Immutable | NoEffect)
            { Check = value => CheckFileName("appenddirname", value, "dirname") },
        new ConfigEnum("appendfsync", "everysec", _appendFsyncs, NoEffect),
        new ConfigBool("no-appendfsync-on-rewrite", false, NoEffect),
        new ConfigNumber("auto-aof-rewrite-percentage", 100, 0, int.MaxValue, NoEffect),
        new ConfigNumber("auto-aof-rewrite-min-size", 64 * Mb, 0, long.MaxValue, NoEffect) { WrittenAs = Bytes },
        new ConfigBool("aof-rewrite-incremental-fsync", true, NoEffect),
        new ConfigBool("aof-load-truncated", true, NoEffect),
        new ConfigBool("aof-use-rdb-preamble", true, NoEffect),
        new ConfigBool("aof-timestamp-enabled", false, NoEffect),
        new ConfigBool("aof-disable-auto-gc", false, Hidden | NoEffect),

        .. ConfigPlannedRows.Rows,
    ];

    /// <summary>The rows by name and alias, upper or lower case.</summary>
    public static readonly FrozenDictionary<string, ConfigParameter> ByName = Rows
        .SelectMany(row => row.Alias is null ? [row.Name] : new[] { row.Name, row.Alias }, (row, name) => (name, row))
        .ToFrozenDictionary(pair => pair.name, pair => pair.row, StringComparer.OrdinalIgnoreCase);

    private static readonly string[] _visibleNames =
        [.. ByName.Where(entry => !entry.Value.Has(Hidden)).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>The names and aliases that a glob-style pattern matches, in alphabetical order. Hidden ones don't show.</summary>
    public static IEnumerable<string> NamesLike(byte[] pattern) =>
        _visibleNames.Where(name => Glob.IsMatch(pattern, Latin1.Bytes(name), ignoreCase: true));

    private static ConfigSpecial<ShutdownOptions> ShutdownRow(string name, Action<Config, ShutdownOptions> store) =>
        new(name, ShutdownOptions.Default, MultiArg | NoEffect, store) { Read = ReadShutdownOptions, Show = ShowShutdownOptions };
}

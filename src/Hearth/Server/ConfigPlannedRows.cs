using static Hearth.Server.ConfigFlags;
using static Hearth.Server.ConfigNumber.Notation;
using static Hearth.Server.ConfigSpecialValues;

namespace Hearth.Server;

/// <summary>
/// The rows of whole areas that Hearth does not have yet: replication, cluster, TLS, and Redis's own defragmenter. They move to
/// <see cref="ConfigTable"/> with their area.
/// </summary>
internal static class ConfigPlannedRows
{
    private const long Mb = 1L << 20;

    public static readonly ConfigParameter[] Rows =
    [
        // Replication.
        new ConfigSpecial<string>("replicaof", "", Immutable | MultiArg | NoEffect)
            { Alias = "slaveof", Read = ReadReplicaOf, Show = address => address, Lines = ReplicaOfLines },
        new ConfigString("masteruser", "", EmptyIsNone | Sensitive | NoEffect),
        new ConfigString("masterauth", "", EmptyIsNone | Sensitive | NoEffect),
        new ConfigBool("replica-serve-stale-data", true, NoEffect) { Alias = "slave-serve-stale-data" },
        new ConfigBool("replica-read-only", true, NoEffect) { Alias = "slave-read-only" },
        new ConfigBool("replica-ignore-maxmemory", true, NoEffect) { Alias = "slave-ignore-maxmemory" },
        new ConfigBool("replica-lazy-flush", false, NoEffect) { Alias = "slave-lazy-flush" },
        new ConfigBool("replica-announced", true, NoEffect),
        new ConfigString("replica-announce-ip", "", EmptyIsNone | NoEffect) { Alias = "slave-announce-ip" },
        new ConfigNumber("replica-announce-port", 0, 0, 65535, NoEffect) { Alias = "slave-announce-port" },
        new ConfigNumber("replica-priority", 100, 0, int.MaxValue, NoEffect) { Alias = "slave-priority" },
        new ConfigBool("replica-ignore-disk-write-errors", false, NoEffect),
        new ConfigNumber("repl-timeout", 60, 1, int.MaxValue, NoEffect),
        new ConfigNumber("repl-ping-replica-period", 10, 1, int.MaxValue, NoEffect) { Alias = "repl-ping-slave-period" },
        new ConfigNumber("repl-backlog-size", Mb, 1, long.MaxValue, NoEffect) { WrittenAs = Bytes },
        new ConfigNumber("repl-backlog-ttl", 3600, 0, long.MaxValue, NoEffect),
        new ConfigBool("repl-disable-tcp-nodelay", false, NoEffect),
        new ConfigBool("repl-diskless-sync", true, NoEffect),
        new ConfigNumber("repl-diskless-sync-delay", 5, 0, int.MaxValue, NoEffect),
        new ConfigNumber("repl-diskless-sync-max-replicas", 0, 0, int.MaxValue, NoEffect),
        new ConfigEnum("repl-diskless-load", "disabled", ["disabled", "on-empty-db", "swapdb"], NoEffect),
        new ConfigNumber("min-replicas-to-write", 0, 0, int.MaxValue, NoEffect) { Alias = "min-slaves-to-write" },
        new ConfigNumber("min-replicas-max-lag", 10, 0, int.MaxValue, NoEffect) { Alias = "min-slaves-max-lag" },
        new ConfigEnum("propagation-error-behavior", "ignore", ["ignore", "panic", "panic-on-replicas"], NoEffect),

        // Cluster.
        new ConfigBool("cluster-enabled", false, Immutable | NoEffect),
        new ConfigString("cluster-config-file", "nodes.conf", Immutable | NoEffect),
        new ConfigNumber("cluster-port", 0, 0, 65535, Immutable | NoEffect),
        new ConfigNumber("cluster-node-timeout", 15000, 0, long.MaxValue, NoEffect),
        new ConfigNumber("cluster-ping-interval", 1000, 0, int.MaxValue, Hidden | NoEffect),
        new ConfigNumber("cluster-migration-barrier", 1, 0, int.MaxValue, NoEffect),
        new ConfigNumber("cluster-replica-validity-factor", 10, 0, int.MaxValue, NoEffect) { Alias = "cluster-slave-validity-factor" },
        new ConfigBool("cluster-replica-no-failover", false, NoEffect) { Alias = "cluster-slave-no-failover" },
        new ConfigBool("cluster-require-full-coverage", true, NoEffect),
        new ConfigBool("cluster-allow-reads-when-down", false, NoEffect),
        new ConfigBool("cluster-allow-pubsubshard-when-down", true, NoEffect),
        new ConfigBool("cluster-allow-replica-migration", true, NoEffect),
        new ConfigNumber("cluster-link-sendbuf-limit", 0, 0, ulong.MaxValue, NoEffect) { WrittenAs = Bytes },
        new ConfigString("cluster-announce-ip", "", EmptyIsNone | NoEffect),
        new ConfigString("cluster-announce-hostname", "", EmptyIsNone | NoEffect) { Check = CheckHostName },
        new ConfigString("cluster-announce-human-nodename", "", EmptyIsNone | NoEffect) { Check = CheckNodeName },
        new ConfigNumber("cluster-announce-port", 0, 0, 65535, NoEffect),
        new ConfigNumber("cluster-announce-tls-port", 0, 0, 65535, NoEffect),
        new ConfigNumber("cluster-announce-bus-port", 0, 0, 65535, NoEffect),
        new ConfigEnum("cluster-preferred-endpoint-type", "ip", ["ip", "hostname", "unknown-endpoint"], NoEffect),

        // TLS.
        new ConfigNumber("tls-port", 0, 0, 65535, NoEffect),
        new ConfigBool("tls-cluster", false, NoEffect),
        new ConfigBool("tls-replication", false, NoEffect),
        new ConfigEnum("tls-auth-clients", "yes", ["no", "yes", "optional"], NoEffect),
        new ConfigBool("tls-prefer-server-ciphers", false, NoEffect),
        new ConfigBool("tls-session-caching", true, NoEffect),
        new ConfigNumber("tls-session-cache-size", 20480, 0, int.MaxValue, NoEffect),
        new ConfigNumber("tls-session-cache-timeout", 300, 0, int.MaxValue, NoEffect),
        new ConfigString("tls-cert-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-key-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-key-file-pass", "", EmptyIsNone | Sensitive | NoEffect),
        new ConfigString("tls-client-cert-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-client-key-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-client-key-file-pass", "", EmptyIsNone | Sensitive | NoEffect),
        new ConfigString("tls-dh-params-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-ca-cert-file", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-ca-cert-dir", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-protocols", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-ciphers", "", EmptyIsNone | NoEffect),
        new ConfigString("tls-ciphersuites", "", EmptyIsNone | NoEffect),

        // Redis's allocator and its defragmenter.
        new ConfigBool("jemalloc-bg-thread", true, NoEffect),
        new ConfigBool("activedefrag", false, NoEffect) { Check = RefuseActiveDefrag },
        new ConfigNumber("active-defrag-cycle-min", 1, 1, 99, NoEffect),
        new ConfigNumber("active-defrag-cycle-max", 25, 1, 99, NoEffect),
        new ConfigNumber("active-defrag-threshold-lower", 10, 0, 1000, NoEffect),
        new ConfigNumber("active-defrag-threshold-upper", 100, 0, 1000, NoEffect),
        new ConfigNumber("active-defrag-ignore-bytes", 100 * Mb, 1, long.MaxValue, NoEffect) { WrittenAs = Bytes },
        new ConfigNumber("active-defrag-max-scan-fields", 1000, 1, long.MaxValue, NoEffect),
    ];

    private static string? RefuseActiveDefrag(bool value) => value
        ? "Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc "
            + "like the one shipped by default with the Redis source distribution"
        : null;
}

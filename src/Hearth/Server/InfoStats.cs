using System.Text;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>INFO's stats section.</summary>
internal sealed class InfoStats(Engine engine, InfoText text)
{
    public void Write()
    {
        var statistics = engine.Statistics;
        var loop = engine.Loop?.Counters ?? new Network.LoopCounters();
        var samples = engine.Samples;
        text.Section("Stats");
        text.Field("total_connections_received", loop.ConnectionsReceived);
        text.Field("total_commands_processed", statistics.CommandsProcessed);
        text.Field("instantaneous_ops_per_sec", (long)samples.Commands.PerSecond);
        text.Field("total_net_input_bytes", loop.NetInputBytes);
        text.Field("total_net_output_bytes", loop.NetOutputBytes);
        text.Field("total_net_repl_input_bytes", 0);
        text.Field("total_net_repl_output_bytes", 0);
        text.Field("instantaneous_input_kbps", samples.InputBytes.PerSecond / 1024, "F2");
        text.Field("instantaneous_output_kbps", samples.OutputBytes.PerSecond / 1024, "F2");
        text.Field("instantaneous_input_repl_kbps", "0.00");
        text.Field("instantaneous_output_repl_kbps", "0.00");
        text.Field("rejected_connections", statistics.RejectedConnections);
        Zeros("sync_full", "sync_partial_ok", "sync_partial_err");
        WriteKeys();
        WritePubSub();
        Zeros("latest_fork_usec", "total_forks", "migrate_cached_sockets", "slave_expires_tracked_keys", "active_defrag_hits",
            "active_defrag_misses", "active_defrag_key_hits", "active_defrag_key_misses", "total_active_defrag_time",
            "current_active_defrag_time", "tracking_total_keys", "tracking_total_items", "tracking_total_prefixes", "unexpected_error_replies");
        text.Field("total_error_replies", statistics.ErrorReplies);
        Zeros("dump_payload_sanitizations");
        text.Field("total_reads_processed", loop.ReadsProcessed);
        text.Field("total_writes_processed", loop.WritesProcessed);
        Zeros("io_threaded_reads_processed", "io_threaded_writes_processed", "reply_buffer_shrinks", "reply_buffer_expands");
        text.Field("eventloop_cycles", loop.Cycles);
        text.Field("eventloop_duration_sum", loop.DurationSumMicroseconds);
        text.Field("eventloop_duration_cmd_sum", (long)statistics.CommandMicroseconds);
        text.Field("instantaneous_eventloop_cycles_per_sec", (long)samples.Cycles.PerSecond);
        text.Field("instantaneous_eventloop_duration_usec", (long)samples.AverageCycleMicroseconds);
        text.Field("eventloop_longest_turn_usec", loop.LongestTurnMicroseconds);
        text.Field("acl_access_denied_auth", statistics.DeniedAuth);
        Zeros("acl_access_denied_cmd", "acl_access_denied_key", "acl_access_denied_channel");
    }

    private void WriteKeys()
    {
        var keys = engine.KeyspaceStatistics;
        text.Field("expired_keys", keys.ExpiredKeys);
        text.Field("expired_stale_perc", keys.ExpiredStalePercent * 100, "F2");
        text.Field("expired_time_cap_reached_count", keys.ExpireCyclesCutShort);
        text.Field("expire_cycle_cpu_milliseconds", keys.ExpireCycleMicroseconds / 1000);
        text.Field("evicted_keys", keys.EvictedKeys);
        Zeros("evicted_clients", "total_eviction_exceeded_time", "current_eviction_exceeded_time");
        text.Field("keyspace_hits", keys.Hits);
        text.Field("keyspace_misses", keys.Misses);
        text.Field("keys_by_type", string.Join(',', Enum.GetValues<KeyType>().Select(type =>
            $"{Encoding.ASCII.GetString(type.Name())}={engine.Keyspaces.Sum(keyspace => keyspace.CountOf(type))}")));
    }

    private void WritePubSub()
    {
        var (channels, patterns, shardChannels) = engine.SubscriptionCounts?.Invoke() ?? default;
        text.Field("pubsub_channels", channels);
        text.Field("pubsub_patterns", patterns);
        text.Field("pubsubshard_channels", shardChannels);
    }

    private void Zeros(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) text.Field(name, 0);
    }
}

using System.Globalization;

namespace Hearth.Server;

/// <summary>INFO's memory section.</summary>
internal sealed class InfoMemory(Engine engine, InfoText text)
{
    public void Write()
    {
        var memory = new MemoryReport(engine);
        text.Section("Memory");
        text.Bytes("used_memory", memory.UsedBytes);
        text.Bytes("used_memory_rss", memory.ResidentBytes);
        text.Bytes("used_memory_peak", memory.PeakBytes);
        text.Field("used_memory_peak_perc", Percent(memory.PeakPercent));
        text.Field("used_memory_overhead", memory.OverheadBytes);
        text.Field("used_memory_startup", memory.StartupBytes);
        text.Field("used_memory_dataset", memory.DatasetBytes);
        text.Field("used_memory_dataset_perc", Percent(memory.DatasetPercent));
        text.Field("allocator_allocated", memory.UsedBytes);
        text.Field("allocator_active", memory.ReservedBytes);
        text.Field("allocator_resident", memory.ReservedBytes);
        text.Bytes("total_system_memory", ProcessFacts.SystemMemoryBytes);
        text.Field("used_memory_lua", 0);
        text.Field("used_memory_vm_eval", 0);
        text.Field("used_memory_lua_human", "0B");
        foreach (var name in (string[])["used_memory_scripts_eval", "number_of_cached_scripts", "number_of_functions", "number_of_libraries", "used_memory_vm_functions"])
        {
            text.Field(name, 0);
        }

        text.Bytes("used_memory_vm_total", 0);
        text.Field("used_memory_functions", 0);
        text.Bytes("used_memory_scripts", 0);
        text.Bytes("maxmemory", engine.Config.MaxMemory);
        text.Field("maxmemory_policy", engine.Config.Show(ConfigTable.ByName["maxmemory-policy"]));
        WriteFragmentation(memory);
        WriteRest(memory);
    }

    private void WriteFragmentation(MemoryReport memory)
    {
        text.Field("allocator_frag_ratio", Ratio(memory.ReservedBytes, memory.UsedBytes), "F2");
        text.Field("allocator_frag_bytes", memory.ReservedBytes - memory.UsedBytes);
        text.Field("allocator_rss_ratio", "1.00");
        text.Field("allocator_rss_bytes", 0);
        text.Field("rss_overhead_ratio", Ratio(memory.ResidentBytes, memory.ReservedBytes), "F2");
        text.Field("rss_overhead_bytes", memory.ResidentBytes - memory.ReservedBytes);
        text.Field("mem_fragmentation_ratio", Ratio(memory.ResidentBytes, memory.UsedBytes), "F2");
        text.Field("mem_fragmentation_bytes", memory.ResidentBytes - memory.UsedBytes);
    }

    private void WriteRest(MemoryReport memory)
    {
        text.Field("mem_not_counted_for_evict", 0);
        text.Field("mem_replication_backlog", 0);
        text.Field("mem_total_replication_buffers", 0);
        text.Field("mem_clients_slaves", 0);
        text.Field("mem_clients_normal", memory.ClientBytes);
        text.Field("mem_cluster_links", 0);
        text.Field("mem_aof_buffer", 0);
        text.Field("mem_allocator", "hearth");
        text.Field("active_defrag_running", 0);
        text.Field("lazyfree_pending_objects", engine.LazyFree.PendingObjects);
        text.Field("lazyfreed_objects", engine.KeyspaceStatistics.LazyFreedObjects);
        // What the garbage collector holds is not counted above: it does not grow with the data.
        text.Field("managed_heap_bytes", GC.GetTotalMemory(forceFullCollection: false));
        text.Field("managed_gc_pause_total_ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds);
    }

    private static string Percent(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + "%";

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}

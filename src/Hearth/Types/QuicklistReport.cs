using System.Globalization;
using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>A quicklist in words, for those who look into memory.</summary>
internal static unsafe class QuicklistReport
{
    /// <summary>What DEBUG OBJECT appends for a quicklist.</summary>
    public static string Facts(Quicklist list)
    {
        long bytes = 0;
        for (var node = list.Head; node != null; node = node->Next) bytes += node->ContentBytes;
        var average = (double)list.Count / Math.Max(list.NodeCount, 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $" ql_nodes:{list.NodeCount} ql_avg_node:{average:F2} ql_listpack_max:{list.Fill} ql_compressed:0 ql_uncompressed_size:{bytes}");
    }

    /// <summary>A line about the whole and one for each node, with its elements behind it if they are asked for.</summary>
    public static List<string> Lines(Quicklist list, bool withElements)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{list.Count} elements, {list.NodeCount} nodes, fill {list.Fill}, {list.UsedBytes} bytes of memory"),
        };
        var index = 0;
        for (var node = list.Head; node != null; node = node->Next)
        {
            var content = node->IsPlain ? $"one plain element of {node->ContentBytes} bytes" : ListpackReport.Summary(node->Listpack);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"node {index++}: {content}, in a block of {node->Deque.Capacity}"));
            if (withElements && !node->IsPlain) lines.AddRange(ListpackReport.Elements(node->Listpack));
        }

        return lines;
    }
}

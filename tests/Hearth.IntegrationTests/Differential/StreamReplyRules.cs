using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>Compares what streams tell of times, which two servers don't share, and of what only 7.2 has.</summary>
internal static class StreamReplyRules
{
    private const long NearMilliseconds = 2000;

    /// <summary>Numbers from here on are unix times in milliseconds.</summary>
    private const long LeastTimeMs = 1_000_000_000_000;

    /// <summary>When consumers have asked or got something is measured from another moment in 7.0, and nodes of an index are each server's own.</summary>
    private static readonly string[] NotCompared = ["idle", "inactive", "seen-time", "active-time", "radix-tree-nodes"];

    /// <summary>Lists of ID, consumer, idle time and count of deliveries.</summary>
    public static bool AreSamePending(RespValue oracle, RespValue hearth) =>
        oracle.Items.Count == hearth.Items.Count && oracle.Items.Zip(hearth.Items).All(static pair => IsSameEntry(pair.First, pair.Second));

    /// <summary>Maps, whose members may hold more of them.</summary>
    public static bool AreSameInfo(RespValue oracle, RespValue hearth)
    {
        var (left, right) = (Leaves(oracle).ToList(), Leaves(hearth).ToList());
        return left.Count == right.Count && left.Zip(right).All(static pair => IsSameLeaf(pair.First, pair.Second));
    }

    private static bool IsSameEntry(RespValue oracle, RespValue hearth)
    {
        if (oracle.Raw.AsSpan().SequenceEqual(hearth.Raw)) return true;
        return oracle.Items.Count == 4 && hearth.Items.Count == 4
            && oracle.Items.Zip(hearth.Items).Select(static (pair, index) => (pair, index)).All(static item => item.index == 2
                ? Math.Abs(item.pair.First.Integer - item.pair.Second.Integer) <= NearMilliseconds
                : item.pair.First.Raw.AsSpan().SequenceEqual(item.pair.Second.Raw));
    }

    private static bool IsSameLeaf(RespValue oracle, RespValue hearth)
    {
        if (oracle.Raw.AsSpan().SequenceEqual(hearth.Raw)) return true;
        return oracle.Kind == RespKind.Integer && hearth.Kind == RespKind.Integer && oracle.Integer >= LeastTimeMs
            && Math.Abs(oracle.Integer - hearth.Integer) <= NearMilliseconds;
    }

    private static IEnumerable<RespValue> Leaves(RespValue value)
    {
        if (!value.IsAggregate)
        {
            yield return value;
            yield break;
        }

        for (var i = 0; i < value.Items.Count; i++)
        {
            if (i % 2 == 0 && value.Items[i].Kind == RespKind.BulkString && NotCompared.Contains(value.Items[i].Text))
            {
                i++;
                continue;
            }

            foreach (var leaf in Leaves(value.Items[i])) yield return leaf;
        }
    }
}

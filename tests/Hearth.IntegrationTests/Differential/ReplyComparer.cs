using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>Decides whether the oracle's reply and Hearth's mean the same, by the command's rule and then by the waivers.</summary>
internal sealed class ReplyComparer(IReadOnlyDictionary<string, CommandSpec> specs, WaiverList waivers)
{
    private const long NearSeconds = 2;
    private const long NearMilliseconds = 2000;

    public WaiverList Waivers { get; } = waivers;

    public bool AreEqual(Step step, RespValue oracle, RespValue hearth)
    {
        if (oracle.Raw.AsSpan().SequenceEqual(hearth.Raw)) return true;
        var spec = step.FindSpec(specs);
        return Follows(ReplyRules.Of(spec), oracle, hearth) || Waivers.Covers(spec?.Name ?? step.Name.ToLowerInvariant(), oracle, hearth);
    }

    /// <summary>
    /// EXEC answers with the replies of what was queued, and each follows the rule of its own command. A queued subscription answers
    /// once per channel, so the array has more items than it announces, and the rest comes as replies of their own.
    /// </summary>
    public bool AreEqualExec(IReadOnlyList<Step> queued, List<RespValue> oracle, List<RespValue> hearth)
    {
        var (expected, actual) = (ReplyStream.MessagesLast(ReplyStream.Flat(oracle)), ReplyStream.MessagesLast(ReplyStream.Flat(hearth)));
        var position = 0;
        foreach (var step in queued)
        {
            var count = ReplyStream.CountFor(step, expected, position);
            if (position + count > expected.Count || expected.Count != actual.Count) return false;
            var (left, right) = (expected.GetRange(position, count), actual.GetRange(position, count));
            position += count;
            var equal = ReplyStream.NamesAllChannels(step)
                ? ReplyStream.HaveSameLeaves(left, right)
                : left.Zip(right).All(pair => AreEqual(step, pair.First, pair.Second));
            if (!equal) return false;
        }

        return ReplyStream.HaveSameLeaves(expected[position..], actual[position..]);
    }

    private static bool Follows(ReplyRule rule, RespValue oracle, RespValue hearth)
    {
        if (oracle.Kind != hearth.Kind || oracle.IsNull != hearth.IsNull || oracle.IsError) return false;
        return rule switch
        {
            ReplyRule.SameKind => true,
            ReplyRule.NearSeconds => AreNear(oracle, hearth, NearSeconds),
            ReplyRule.NearMilliseconds => AreNear(oracle, hearth, NearMilliseconds),
            ReplyRule.StreamPending => StreamReplyRules.AreSamePending(oracle, hearth),
            ReplyRule.StreamInfo => StreamReplyRules.AreSameInfo(oracle, hearth),
            ReplyRule.Unordered => SortedItems(oracle, pairs: oracle.Kind == RespKind.Map).SequenceEqual(SortedItems(hearth, hearth.Kind == RespKind.Map)),
            ReplyRule.UnorderedPairs => SortedItems(oracle, pairs: true).SequenceEqual(SortedItems(hearth, pairs: true)),
            _ => false,
        };
    }

    private static bool AreNear(RespValue oracle, RespValue hearth, long distance) =>
        oracle.Kind == RespKind.Integer && oracle.Integer > 0 && hearth.Integer > 0 && Math.Abs(oracle.Integer - hearth.Integer) <= distance;

    private static IEnumerable<string> SortedItems(RespValue reply, bool pairs)
    {
        var width = pairs && reply.Items.Count % 2 == 0 ? 2 : 1;
        return reply.Items.Chunk(width)
            .Select(static chunk => string.Concat(chunk.Select(static item => Convert.ToHexString(item.Raw) + " ")))
            .Order(StringComparer.Ordinal);
    }
}

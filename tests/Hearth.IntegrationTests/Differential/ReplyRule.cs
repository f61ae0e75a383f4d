namespace Hearth.IntegrationTests.Differential;

/// <summary>How the replies of a command are compared.</summary>
internal enum ReplyRule
{
    /// <summary>Byte for byte.</summary>
    Exact,

    /// <summary>The items of the outermost aggregate may come in any order.</summary>
    Unordered,

    /// <summary>Like <see cref="Unordered"/>, with a flat array of RESP2 read as pairs.</summary>
    UnorderedPairs,

    /// <summary>The same kind of reply; errors and nulls still have to be equal.</summary>
    SameKind,

    /// <summary>Positive integers may lie two seconds apart.</summary>
    NearSeconds,

    /// <summary>Positive integers may lie two thousand milliseconds apart.</summary>
    NearMilliseconds,

    /// <inheritdoc cref="StreamReplyRules.AreSamePending"/>
    StreamPending,

    /// <inheritdoc cref="StreamReplyRules.AreSameInfo"/>
    StreamInfo,
}

internal static class ReplyRules
{
    // The tips say too little here (the order of channels) or too much (an encoding is fully determined, a TTL nearly).
    private static readonly Dictionary<string, ReplyRule> Special = new()
    {
        ["object|encoding"] = ReplyRule.Exact,
        ["ttl"] = ReplyRule.NearSeconds,
        ["expiretime"] = ReplyRule.NearSeconds,
        ["pttl"] = ReplyRule.NearMilliseconds,
        ["pexpiretime"] = ReplyRule.NearMilliseconds,
        ["hgetall"] = ReplyRule.UnorderedPairs,
        ["pubsub|channels"] = ReplyRule.Unordered,
        ["pubsub|shardchannels"] = ReplyRule.Unordered,
        ["client|id"] = ReplyRule.SameKind,
        ["hello"] = ReplyRule.SameKind,
        // A key that is past its time counts until somebody meets it; the state at the end of an episode is counted exactly.
        ["dbsize"] = ReplyRule.SameKind,
        ["keys"] = ReplyRule.Unordered,
        // Elements that are equal in what they are sorted by come in the order in which a set has them; SortComparisonTests see to the rest.
        ["sort"] = ReplyRule.Unordered,
        ["sort_ro"] = ReplyRule.Unordered,
        // Their tips speak of IDs and times that the server chooses; here it chooses none.
        ["xadd"] = ReplyRule.Exact,
        ["xtrim"] = ReplyRule.Exact,
        ["xclaim"] = ReplyRule.Exact,
        ["xautoclaim"] = ReplyRule.Exact,
        ["xpending"] = ReplyRule.StreamPending,
        ["xinfo|stream"] = ReplyRule.StreamInfo,
        ["xinfo|consumers"] = ReplyRule.StreamInfo,
    };

    public static ReplyRule Of(CommandSpec? spec)
    {
        if (spec is null) return ReplyRule.Exact;
        if (Special.TryGetValue(spec.Name, out var rule)) return rule;
        if (spec.Tips.Contains("nondeterministic_output")) return ReplyRule.SameKind;
        return spec.Tips.Contains("nondeterministic_output_order") ? ReplyRule.Unordered : ReplyRule.Exact;
    }
}

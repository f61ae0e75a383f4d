using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// What publish/subscribe leaves open in a stream of replies. Patterns that match one message are served in the order of a hash
/// table, and so are the channels that an UNSUBSCRIBE without arguments names.
/// </summary>
internal static class ReplyStream
{
    /// <summary>The stream with each run of messages that one PUBLISH sent to several patterns in a fixed order.</summary>
    public static List<RespValue> Ordered(List<RespValue> replies)
    {
        var ordered = new List<RespValue>(replies.Count);
        var run = new List<RespValue>();
        foreach (var reply in replies)
        {
            if (run.Count > 0 && !(IsPatternMessage(reply) && AreOfOnePublish(run[0], reply))) Flush(run, ordered);
            if (IsPatternMessage(reply)) run.Add(reply);
            else ordered.Add(reply);
        }

        Flush(run, ordered);
        return ordered;
    }

    /// <summary>
    /// The replies, then the messages that came with them. A client that sends itself a message gets it behind the reply of its
    /// command since 7.2, and before it, even within the reply of EXEC, from 7.0.
    /// </summary>
    public static List<RespValue> MessagesLast(List<RespValue> replies) => [.. replies.OrderBy(IsMessage)];

    public static bool NamesAllChannels(Step step) => step.Words.Length == 1 && step.Name.EndsWith("UNSUBSCRIBE", StringComparison.Ordinal);

    public static bool AnswersManyTimes(Step step) => step.Name.EndsWith("SUBSCRIBE", StringComparison.Ordinal);

    /// <summary>How many of the replies from a position on belong to this command of a transaction.</summary>
    public static int CountFor(Step step, List<RespValue> replies, int position)
    {
        if (!AnswersManyTimes(step) || (position < replies.Count && replies[position].IsError)) return 1;
        if (!NamesAllChannels(step)) return step.Words.Length - 1;
        var kind = step.Name.ToLowerInvariant();
        // One that names no channel is the whole answer; the next belongs to another command, which found nothing left.
        return Math.Max(1, replies.Skip(position).TakeWhile(reply => reply.Items is [{ } word, { IsNull: false }, _] && word.Text == kind).Count());
    }

    /// <summary>The items of the reply of EXEC, then whatever followed it.</summary>
    public static List<RespValue> Flat(List<RespValue> replies)
    {
        var exec = replies.FindIndex(static reply => reply.Kind == RespKind.Array && !reply.IsNull);
        return exec < 0 ? replies : [.. replies[..exec], .. replies[exec].Items, .. replies[(exec + 1)..]];
    }

    public static bool HaveSameLeaves(List<RespValue> left, List<RespValue> right) => Leaves(left).SequenceEqual(Leaves(right));

    private static IEnumerable<string> Leaves(List<RespValue> replies)
    {
        IEnumerable<RespValue> Walk(RespValue value) => value.IsAggregate ? value.Items.SelectMany(Walk) : [value];
        return replies.SelectMany(Walk).Select(static leaf => leaf.ToString()).Order(StringComparer.Ordinal);
    }

    private static void Flush(List<RespValue> run, List<RespValue> ordered)
    {
        ordered.AddRange(run.OrderBy(static reply => Convert.ToHexString(reply.Raw), StringComparer.Ordinal));
        run.Clear();
    }

    private static bool IsMessage(RespValue reply) =>
        reply.Items is [{ Text: "message" or "smessage" }, _, _] || IsPatternMessage(reply);

    private static bool IsPatternMessage(RespValue reply) => reply.Items is [{ Text: "pmessage" }, _, _, _];

    private static bool AreOfOnePublish(RespValue left, RespValue right) =>
        left.Items[2].Text == right.Items[2].Text && left.Items[3].Text == right.Items[3].Text;
}

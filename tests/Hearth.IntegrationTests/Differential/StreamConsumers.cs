namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// In 7.2 a consumer comes into being whenever it asks for something, in 7.0 only when it gets something. So that the two go on alike,
/// it is created beforehand.
/// </summary>
internal static class StreamConsumers
{
    private static readonly byte[][] Create = ["XGROUP"u8.ToArray(), "CREATECONSUMER"u8.ToArray()];

    /// <summary>The steps that have to come before this one.</summary>
    public static IEnumerable<Step> Before(Step step) => step.Name switch
    {
        "XCLAIM" or "XAUTOCLAIM" when step.Words.Length > 3 => [new Step(step.Connection, [.. Create, .. step.Words[1..4]])],
        "XREADGROUP" => BeforeReading(step),
        _ => [],
    };

    private static IEnumerable<Step> BeforeReading(Step step)
    {
        var group = Array.FindIndex(step.Words, static word => Is(word, "GROUP"));
        var streams = Array.FindIndex(step.Words, static word => Is(word, "STREAMS"));
        if (group < 0 || streams < group + 3) yield break;
        var keys = step.Words[(streams + 1)..];
        foreach (var key in keys[..(keys.Length / 2)])
        {
            yield return new Step(step.Connection, [.. Create, key, step.Words[group + 1], step.Words[group + 2]]);
        }
    }

    private static bool Is(byte[] word, string expected) => System.Text.Ascii.EqualsIgnoreCase(word, expected);
}

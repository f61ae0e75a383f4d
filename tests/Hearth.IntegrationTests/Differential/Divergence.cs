using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// The first difference of an episode: after which step, in answer to what, and what the two servers said.
/// </summary>
/// <param name="StepIndex">The step it showed at; the number of steps when it showed in the state at the end.</param>
/// <param name="Question">The command whose answers differ.</param>
/// <param name="Signature">What must be the same when a shorter episode is to count as showing the same difference.</param>
internal sealed record Divergence(int StepIndex, string Question, string Signature, string Oracle, string Hearth)
{
    public static Divergence OfReplies(int stepIndex, Step step, string where, IReadOnlyList<RespValue> oracle, IReadOnlyList<RespValue> hearth) =>
        new(stepIndex, Printable.Command(step.Words) + where, step.Name, Show(oracle), Show(hearth));

    public override string ToString() => $"{Question}\n    oracle: {Oracle}\n    hearth: {Hearth}";

    private static string Show(IReadOnlyList<RespValue> replies) => replies.Count == 0 ? "(nothing)" : string.Join(" | ", replies);
}

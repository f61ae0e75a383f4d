using System.Diagnostics;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Shortens a failing episode while the same difference still shows: first whole chunks of steps (delta debugging: halves, quarters,
/// … single steps), then words of commands.
/// </summary>
internal sealed class Minimiser(Func<IReadOnlyList<Step>, Divergence?> run, TimeSpan limit)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>The shortest episode found, with its difference; null when the episode doesn't fail a second time.</summary>
    public (IReadOnlyList<Step> Steps, Divergence Divergence)? Minimise(IReadOnlyList<Step> steps, Divergence first)
    {
        // What follows the difference can't have caused it.
        var kept = steps.Take(Math.Min(steps.Count, first.StepIndex + 1)).ToList();
        if (Fails(kept, first.Signature) is not { } divergence) return null;

        for (var chunk = Math.Max(1, kept.Count / 2); ; chunk = Math.Max(1, chunk / 2))
        {
            var removed = RemoveChunks(ref kept, chunk, ref divergence);
            if (chunk == 1 && !removed) break;
            if (IsOutOfTime) break;
        }

        ShortenWords(kept, ref divergence);
        return (kept, divergence);
    }

    private bool IsOutOfTime => Stopwatch.GetElapsedTime(_began) > limit;

    private bool RemoveChunks(ref List<Step> kept, int chunk, ref Divergence divergence)
    {
        var removed = false;
        for (var start = kept.Count - chunk; start > -chunk && !IsOutOfTime; start -= chunk)
        {
            var from = Math.Max(0, start);
            var shorter = kept.Where((_, index) => index < from || index >= start + chunk).ToList();
            if (Fails(shorter, divergence.Signature) is not { } still) continue;
            (kept, divergence, removed) = (shorter, still, true);
        }

        return removed;
    }

    private void ShortenWords(List<Step> kept, ref Divergence divergence)
    {
        for (var index = 0; index < kept.Count; index++)
        {
            for (var word = kept[index].Words.Length - 1; word > 0 && !IsOutOfTime; word--)
            {
                foreach (var candidate in Shorter(kept[index], word))
                {
                    var before = kept[index];
                    kept[index] = candidate;
                    if (Fails(kept, divergence.Signature) is { } still)
                    {
                        divergence = still;
                        break;
                    }

                    kept[index] = before;
                }
            }
        }
    }

    private static IEnumerable<Step> Shorter(Step step, int word)
    {
        yield return step with { Words = [.. step.Words.Where((_, index) => index != word)] };
        if (step.Words[word].Length <= 8) yield break;
        yield return step with { Words = [.. step.Words.Select((bytes, index) => index == word ? "abc"u8.ToArray() : bytes)] };
    }

    private Divergence? Fails(IReadOnlyList<Step> steps, string signature) =>
        run(steps) is { } divergence && divergence.Signature == signature ? divergence : null;
}

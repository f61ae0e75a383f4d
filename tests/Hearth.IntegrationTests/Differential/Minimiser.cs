using System.Diagnostics;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Shortens a failing episode while the same difference still shows: first whole chunks of steps, then words of
/// commands.
/// </summary>
internal sealed class Minimiser(Func<IReadOnlyList<Step>, Divergence?> run, TimeSpan limit)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>The shortest episode found, with its difference; null when the episode doesn't fail a second time.</summary>
    public (IReadOnlyList<Step> Steps, Divergence Divergence)? Minimise(IReadOnlyList<Step> steps, Divergence first)
    {
        // What follows the difference can't have caused it.
        var prefix = steps.Take(Math.Min(steps.Count, first.StepIndex + 1)).ToList();
        if (Fails(prefix, first.Signature) is not { } divergence) return null;

        bool StillFails(IReadOnlyList<Step> shorter)
        {
            if (Fails(shorter, first.Signature) is not { } still) return false;
            divergence = still;
            return true;
        }

        var kept = ListShrinker.Shrink(prefix, StillFails, () => IsOutOfTime);
        ShortenWords(kept, ref divergence);
        return (kept, divergence);
    }

    private bool IsOutOfTime => Stopwatch.GetElapsedTime(_began) > limit;

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

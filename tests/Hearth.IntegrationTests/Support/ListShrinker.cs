namespace Hearth.IntegrationTests.Support;

/// <summary>Delta debugging: leaves out halves, quarters, … single items of a failing list for as long as what is left still fails.</summary>
internal static class ListShrinker
{
    public static List<T> Shrink<T>(IReadOnlyList<T> failing, Func<IReadOnlyList<T>, bool> stillFails, Func<bool> isOutOfTime)
    {
        List<T> kept = [.. failing];
        for (var chunk = Math.Max(1, kept.Count / 2); ; chunk = Math.Max(1, chunk / 2))
        {
            var removed = RemoveChunks(ref kept, chunk, stillFails, isOutOfTime);
            if ((chunk == 1 && !removed) || isOutOfTime()) return kept;
        }
    }

    private static bool RemoveChunks<T>(ref List<T> kept, int chunk, Func<IReadOnlyList<T>, bool> stillFails, Func<bool> isOutOfTime)
    {
        var removed = false;
        for (var start = kept.Count - chunk; start > -chunk && !isOutOfTime(); start -= chunk)
        {
            var (from, to) = (Math.Max(0, start), start + chunk);
            List<T> shorter = [.. kept.Where((_, index) => index < from || index >= to)];
            if (!stillFails(shorter)) continue;
            (kept, removed) = (shorter, true);
        }

        return removed;
    }
}

namespace Hearth.Tests;

/// <summary>What code allocates on the managed heap.</summary>
internal static class ManagedMemory
{
    /// <summary>
    /// Once in many runs the runtime itself allocates something on the measured thread, such as a longer table of casts, which other tests
    /// have filled. Code that allocates does so in every round.
    /// </summary>
    private const int RoundsMax = 3;

    /// <summary>The bytes that an action allocates on this thread, in the best of three rounds.</summary>
    public static long LeastAllocated(Action action) => LeastAllocated(action, GC.GetAllocatedBytesForCurrentThread);

    /// <summary>The bytes that are allocated, as the counter says, while an action runs: the least of three rounds.</summary>
    public static long LeastAllocated(Action action, Func<long> counter)
    {
        var least = long.MaxValue;
        for (var round = 0; round < RoundsMax && least > 0; round++)
        {
            var before = counter();
            action();
            least = Math.Min(least, counter() - before);
        }

        return least;
    }
}

using System.Globalization;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>How much is fuzzed: a slice in the suite; HEARTH_FUZZ_CASES and HEARTH_FUZZ_SEED make it longer, or repeat one.</summary>
internal static class FuzzSettings
{
    public const int DefaultSeed = 20240301;

    public static int Seed => (int)Setting("HEARTH_FUZZ_SEED", DefaultSeed);

    public static long Cases(long otherwise) => Setting("HEARTH_FUZZ_CASES", otherwise);

    /// <summary>A generator of its own for each case, so that one case can be repeated without those before it.</summary>
    public static Random ForCase(long number) => new(unchecked((Seed * 1_000_003) + (int)number));

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>
/// Damaged bytes straight into the engine, many thousands a second. How they are cut into pieces must make no difference, nothing may
/// throw, a session that goes on must be in step, and whatever a client made the server keep must go with it.
/// </summary>
public class SplitFuzzTests
{
    private const long CasesOfSlice = 100_000;
    /// <summary>The engine keeps a few buffers of its own, which serve every client.</summary>
    private const long SharedBlocksMax = 16;

    private const long CasesPerLeakCheck = 1000;

    [Fact]
    public void Pieces_make_no_difference_and_leave_nothing_behind()
    {
        using var whole = new EngineUnderFuzz();
        using var split = new EngineUnderFuzz();
        for (var number = 0L; number < FuzzSettings.Cases(CasesOfSlice); number++)
        {
            var wireCase = WireCase.Draw(FuzzSettings.ForCase(number));
            var nonce = $"nonce-{number}";
            var (expected, actual) = (Answer(whole, [wireCase.Bytes]), Answer(split, wireCase.Pieces));
            var isInStep = !actual.Contains("(out of step", StringComparison.Ordinal);
            if (expected != actual || !isInStep) Assert.Fail($"{Name()}\n  whole: {Printable.Escape(Latin(expected))}\n  split: {Printable.Escape(Latin(actual))}");
            if (number % CasesPerLeakCheck == 0) CheckLeaks(Name());

            string Name() => $"seed {FuzzSettings.Seed}, case {number}: {wireCase}";

            string Answer(EngineUnderFuzz engine, IEnumerable<byte[]> pieces)
            {
                try
                {
                    return engine.Answer(pieces, nonce);
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"{Name()} threw {exception.Message}", exception);
                }
            }
        }

        void CheckLeaks(string name)
        {
            var blocks = (whole.ClientBlocks, split.ClientBlocks);
            Assert.True(whole.ClientBlocks <= SharedBlocksMax && split.ClientBlocks <= SharedBlocksMax, $"{name}: {blocks} blocks stay behind");
        }
    }

    private static byte[] Latin(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}

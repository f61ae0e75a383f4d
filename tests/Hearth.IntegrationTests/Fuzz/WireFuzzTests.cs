using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Differential;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>
/// Damaged bytes over a socket, in pieces that the server really receives one by one. Hearth must say what the oracle says, byte for
/// byte, keep or close the connection as it does, and serve the next connection as if nothing had been.
/// </summary>
public partial class WireFuzzTests
{
    private const long CasesOfSlice = 1500;
    private static readonly HashSet<string> RedisCommands = [.. CommandSpec.LoadAll().Keys.Select(static name => name.Split('|')[0])];
    private static readonly TimeSpan ShrinkLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_same_bytes_get_the_same_answer() => Run("");

    [Fact]
    public void The_same_bytes_get_the_same_answer_from_servers_with_a_password() => Run("secret");

    private static void Run(string password)
    {
        OracleServer.Require();
        using var oracle = new FuzzTarget(() => OracleServer.StartOrSkip("--requirepass", password), password);
        using var hearth = new FuzzTarget(() => new EmbeddedHearth(configure: config => config.RequirePass = Encoding.ASCII.GetBytes(password)), password);
        for (var number = 0L; number < FuzzSettings.Cases(CasesOfSlice); number++)
        {
            var random = FuzzSettings.ForCase(number);
            var isResp3 = password.Length == 0 && random.Next(3) == 0;
            var wireCase = WireCase.Draw(random);
            if (Differ(wireCase) is not { } first) continue;

            var began = Stopwatch.GetTimestamp();
            var shortest = wireCase.With(ListShrinker.Shrink(
                wireCase.Bytes, bytes => Differ(wireCase.With(bytes)) is not null, () => Stopwatch.GetElapsedTime(began) > ShrinkLimit));
            Assert.Fail($"seed {FuzzSettings.Seed}, case {number}, RESP{(isResp3 ? 3 : 2)}: {shortest}\n{Differ(shortest) ?? "not repeatable:\n" + first}");

            string? Differ(WireCase candidate)
            {
                if (candidate.HasTooLongLine) return null;
                var (expected, actual) = (oracle.Answer(candidate, isResp3), hearth.Answer(candidate, isResp3));
                // The end of a connection may still be under way on a busy machine, when all else has arrived: look twice.
                if (expected != actual && expected.Text == actual.Text) (expected, actual) = (oracle.Answer(candidate, isResp3), hearth.Answer(candidate, isResp3));
                return expected == actual || IsExcused(actual.Text) ? null : $"  oracle: {expected}\n  hearth: {actual}";
            }
        }
    }

    /// <summary>
    /// A damaged name can be that of another command, which Hearth may not have yet. And a message that a client publishes to itself
    /// comes before the reply on 7.0, and behind it on 7.2.
    /// </summary>
    private static bool IsExcused(string answer) => answer.Contains(">3\r\n$7\r\nmessage", StringComparison.Ordinal)
        || UnknownCommand().Matches(answer).Any(static match => RedisCommands.Contains(match.Groups[1].Value.ToLowerInvariant()));

    [GeneratedRegex("unknown command '([^']*)'")]
    private static partial Regex UnknownCommand();
}

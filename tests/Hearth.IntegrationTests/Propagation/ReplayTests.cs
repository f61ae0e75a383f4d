using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Differential;
using Hearth.IntegrationTests.Support;
using Hearth.Types;
using Xunit;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>
/// Whoever repeats what a server propagates, a replica or the server itself from its append-only file, comes to the same data: also with
/// another hash seed and with nodes of streams that are cut elsewhere.
/// </summary>
public class ReplayTests
{
    private const int DefaultSeed = 5;
    private const int DefaultEpisodes = 150;
    private const int EpisodeLength = 150;
    private const int Clients = CommandGenerator.Connections;
    private const int Databases = 3;

    [Fact]
    public void What_is_propagated_leads_to_the_same_data()
    {
        var seed = Setting("HEARTH_REPLAY_SEED", DefaultSeed);
        var episodes = Setting("HEARTH_REPLAY_EPISODES", DefaultEpisodes);
        var time = new ManualTime();
        using var pair = new ReplayPair(time);
        var random = new Random(seed);
        for (var episode = 0; episode < episodes; episode++)
        {
            var steps = Episode((seed * 1_000_003) + episode, random);
            if (pair.Run(steps) is not { } found) continue;
            var header = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, episode {episode}: ");
            var shortest = new Minimiser(pair.Run, TimeSpan.FromSeconds(20)).Minimise(steps, found);
            Assert.Fail(header + (shortest is { } shown
                ? shown.Divergence + "\n" + string.Join('\n', shown.Steps.Select(static step => $"    {step.Connection}  {Printable.Command(step.Words)}"))
                : "showed once, not twice: " + found));
        }

        Assert.True(pair.Repeated > episodes * EpisodeLength / 10, $"Only {pair.Repeated} propagated commands were repeated.");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>Commands of all families that change data, those that choose by chance and those that wait among them, in some databases.</summary>
    private static List<Step> Episode(int seed, Random random)
    {
        var specs = CommandSpec.LoadAll();
        string[] without = ["pubsub", "connection"];
        var playing = Family.All.Where(family => !without.Contains(family.Name))
            .Select(family => family.Name is "set" or "list" or "sorted-set" ? family with { Except = [] } : family)
            .Select(family => (family.Commands(specs), family.Weight));
        var steps = new CommandGenerator(seed, playing, WaiverList.Empty).Episode(EpisodeLength);
        return [.. steps.Where(static step => !IsSilentInRedis(step)).SelectMany(
            step => random.Next(12) == 0 ? [Select(step.Connection, random.Next(Databases)), step] : (Step[])[step])];
    }

    /// <summary>A BITFIELD whose writes all fail has lengthened the string all the same, and Redis tells nobody.</summary>
    private static bool IsSilentInRedis(Step step) =>
        step.Name == "BITFIELD" && step.Words.Any(static word => Encoding.Latin1.GetString(word).StartsWith("FAIL", StringComparison.OrdinalIgnoreCase));

    private static Step Select(int connection, int database) =>
        new(connection, RespRequest.Words("SELECT", database.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A server with clients, and another one that repeats what it propagates.</summary>
    private sealed class ReplayPair : IDisposable
    {
        private readonly ReplayingEngine _source;
        private readonly ReplayingEngine _copy;
        private readonly RecordingSink _sink;

        public ReplayPair(TimeProvider time)
        {
            // Short nodes are trimmed as a whole more often.
            _source = new ReplayingEngine(time, seed: 1, static config => Limit(config.Encodings, streamNodeEntries: 3));
            _copy = new ReplayingEngine(time, seed: 2, static config => Limit(config.Encodings, streamNodeEntries: 100));
            _sink = _source.Record();
        }

        public long Repeated { get; private set; }

        public Divergence? Run(IReadOnlyList<Step> steps)
        {
            _source.Begin(Clients + 1, repeats: false);
            _copy.Begin(2, repeats: true);
            _sink.Take();
            _source.Run(steps);
            var propagated = _sink.Take();
            Repeated += propagated.Count;
            return Replay(propagated, steps.Count) ?? Compare(propagated, steps.Count);
        }

        public void Dispose()
        {
            _source.Dispose();
            _copy.Dispose();
        }

        /// <summary>An episode is short, and is to meet big forms all the same: their order hangs on the hash seed.</summary>
        private static void Limit(EncodingLimits limits, int streamNodeEntries)
        {
            limits.StreamNodeEntries = streamNodeEntries;
            limits.SetIntsetEntries = limits.SetListpackEntries = limits.HashListpackEntries = limits.ZSetListpackEntries = limits.ListListpackSize = 2;
        }

        private Divergence? Replay(List<PropagatedCommand> propagated, int stepIndex)
        {
            var database = 0;
            List<Step> steps = [];
            foreach (var command in propagated)
            {
                if (command.Database != database) steps.Add(Select(0, database = command.Database));
                steps.Add(new Step(0, command.Words));
            }

            var replies = _copy.Run(steps);
            for (var i = 0; i < steps.Count; i++)
            {
                if (replies[i] is { } reply && !HasError(reply)) continue;
                return new Divergence(stepIndex, "repeating " + Printable.Command(steps[i].Words), "repeating " + steps[i].Name, "", replies[i]?.ToString() ?? "(no reply)");
            }

            return null;
        }

        private static bool HasError(RespValue reply) => reply.IsError || reply.Items.Any(HasError);

        private Divergence? Compare(List<PropagatedCommand> propagated, int stepIndex)
        {
            for (var database = 0; database < Databases; database++)
            {
                List<Step> questions = [Select(Clients, database), Ask("KEYS", "*")];
                var keys = _source.Run(questions)[1]!.Items.Select(static item => item.Payload).ToArray();
                var answers = keys.Select(key => Ask("TYPE", key)).ToList();
                var types = _source.Run(answers).Select(static answer => answer!.Text).ToArray();
                questions.Add(Ask("DBSIZE"));
                questions.AddRange(keys.SelectMany(static key => (Step[])[Ask("DEBUG", "DIGEST-VALUE", key), Ask("PEXPIRETIME", key)]));
                questions.AddRange(keys.Where((_, index) => types[index] == "stream").Select(static key => Ask("XINFO", "STREAM", key, "FULL", "COUNT", "0")));
                var (expected, actual) = (_source.Run(questions), _copy.Run([.. questions.Select(static question => question with { Connection = 1 })]));
                for (var i = 2; i < questions.Count; i++)
                {
                    var (left, right) = (Lasting(expected[i]!), Lasting(actual[i]!));
                    if (left == right) continue;
                    var history = string.Join(" | ", propagated.TakeLast(30));
                    var text = string.Create(CultureInfo.InvariantCulture, $"database {database}: {Printable.Command(questions[i].Words)} after {history}");
                    return new Divergence(stepIndex, text, "state " + questions[i].Name, left, right);
                }
            }

            return null;
        }

        private static Step Ask(string command, params object[] words) =>
            new(Clients, [Encoding.ASCII.GetBytes(command), .. words.Select(static word => word as byte[] ?? Encoding.ASCII.GetBytes((string)word))]);

        /// <summary>
        /// The reply without what Redis does not propagate of a stream either: how its index is built, consumers that have nothing, when
        /// consumers were seen, how often entries were looked at again, and how far a group has read as a number.
        /// </summary>
        private static string Lasting(RespValue reply)
        {
            if (reply.Items.Count == 0 || reply.Items[0].Text != "length") return reply.ToString();
            var fields = Fields(reply);
            var text = new StringBuilder();
            foreach (var name in (string[])["length", "last-generated-id", "max-deleted-entry-id", "entries-added", "recorded-first-entry-id", "entries"])
            {
                text.Append(CultureInfo.InvariantCulture, $"{name} {fields[name]} ");
            }

            foreach (var group in fields["groups"].Items.Select(Fields))
            {
                text.Append(CultureInfo.InvariantCulture, $"group {group["name"]} {group["last-delivered-id"]}");
                foreach (var pending in group["pending"].Items) text.Append(CultureInfo.InvariantCulture, $" {pending.Items[0]} {pending.Items[1]}");
            }

            return text.ToString();
        }

        private static Dictionary<string, RespValue> Fields(RespValue flat) =>
            flat.Items.Chunk(2).ToDictionary(static pair => pair[0].Text, static pair => pair[1]);
    }
}

using System.Globalization;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Random episodes on two servers, after each of which something besides the replies is compared: what the servers propagate, which
/// events they send. It ends at the first difference.
/// </summary>
internal sealed class ObservedRun : IDisposable
{
    private static readonly TimeSpan MinimisingLimit = TimeSpan.FromSeconds(20);

    private readonly ServerLink _oracle;
    private readonly ServerLink _hearth;
    private readonly EpisodeRunner _runner;
    private readonly WaiverList _waivers = WaiverList.Load();
    private readonly IReadOnlyDictionary<string, CommandSpec> _specs = CommandSpec.LoadAll();
    private readonly Func<string?> _findDifference;

    /// <param name="findDifference">Says how what was observed since its last call differs; null if it does not.</param>
    public ObservedRun(int oraclePort, int hearthPort, Func<string?> findDifference)
    {
        _findDifference = findDifference;
        _oracle = new ServerLink(oraclePort, CommandGenerator.Connections);
        _hearth = new ServerLink(hearthPort, CommandGenerator.Connections);
        var comparer = new ReplyComparer(_specs, _waivers);
        _runner = new EpisodeRunner(_oracle, _hearth, comparer, new StateComparer(comparer));
    }

    /// <summary>Commands whose effect on keys that have expired depends on the order of a server's own tables.</summary>
    private static string[] Unordered => ["randomkey", "scan"];

    /// <summary>The shortest sequence that shows a difference, and the difference; null if there is none.</summary>
    public string? Run(int seed, int episodes, int episodeLength, params string[] families)
    {
        var playing = Family.All.Where(family => families.Contains(family.Name)).Select(family => (InPlay(family), family.Weight)).ToList();
        for (var episode = 0; episode < episodes; episode++)
        {
            var episodeSeed = (seed * 1_000_003) + episode;
            var steps = new CommandGenerator(episodeSeed, playing, _waivers).Episode(episodeLength);
            _oracle.Settings = _hearth.Settings = EncodingSettings.For(episodeSeed);
            if (Run(steps) is not { } found) continue;
            _findDifference();
            var header = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, episode {episode}, {_hearth.Settings}: ");
            if (new Minimiser(Run, MinimisingLimit).Minimise(steps, found) is not { } shortest) return $"{header}showed once, not twice: {found}";
            return $"{header}{shortest.Divergence}\n" + string.Join('\n', shortest.Steps.Select(static step => $"    {step.Connection}  {Printable.Command(step.Words)}"));
        }

        return null;
    }

    public void Dispose()
    {
        _oracle.Dispose();
        _hearth.Dispose();
    }

    private Divergence? Run(IReadOnlyList<Step> steps)
    {
        var divergence = _runner.Run(steps);
        var difference = _findDifference();
        return divergence ?? (difference is null ? null : new Divergence(steps.Count, difference, "observed", "", ""));
    }

    private IEnumerable<CommandSpec> InPlay(Family family) =>
        family.Commands(_specs).Where(spec => !_waivers.Skips(spec.Name) && !Unordered.Contains(spec.Name));
}

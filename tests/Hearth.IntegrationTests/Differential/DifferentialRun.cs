using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// A whole run of random episodes on two servers. Differences are collected, each made as short as possible, until there are several
/// different ones: they are easier to mend together.
/// </summary>
internal sealed class DifferentialRun : IDisposable
{
    private const int EpisodeLength = 200;
    private const int DifferencesMax = 8;
    private static readonly TimeSpan MinimisingLimit = TimeSpan.FromSeconds(10);

    private readonly ServerLink _oracle;
    private readonly ServerLink _hearth;
    private readonly EpisodeRunner _runner;
    private readonly WaiverList _waivers;
    private readonly IReadOnlyDictionary<string, CommandSpec> _specs = CommandSpec.LoadAll();
    private readonly List<string> _findings = [];
    private readonly HashSet<string> _signatures = [];

    public DifferentialRun(int oraclePort, int hearthPort, WaiverList waivers, Func<Step, RespValue, RespValue>? tamper = null)
    {
        _waivers = waivers;
        _oracle = new ServerLink(oraclePort, CommandGenerator.Connections);
        _hearth = new ServerLink(hearthPort, CommandGenerator.Connections) { Tamper = tamper };
        var comparer = new ReplyComparer(_specs, waivers);
        _runner = new EpisodeRunner(_oracle, _hearth, comparer, new StateComparer(comparer));
    }

    public long StepsRun => _runner.StepsRun;

    /// <summary>Every distinct difference: what differs, and the shortest sequence that shows it.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>The steps of the shortest sequence found last.</summary>
    public IReadOnlyList<Step> LastMinimal { get; private set; } = [];

    /// <summary>Differences that did not show again when the same episode was run again.</summary>
    public int Unrepeatable { get; private set; }

    /// <summary>Episodes in which encodings change at other limits than usual.</summary>
    public int EpisodesOfOwnSettings { get; private set; }

    /// <summary>Commands in play that a server does not have.</summary>
    public List<string> Missing { get; } = [];

    public void Run(int seed, long commands, IReadOnlyCollection<string> families)
    {
        var known = KnownCommands(_hearth.Admin);
        var chosen = Family.All.Where(family => families.Count == 0 || families.Contains(family.Name));
        var playing = chosen.Select(family => ((IEnumerable<CommandSpec>)InPlay(family, known), family.Weight)).ToList();
        for (var episode = 0; _runner.StepsRun < commands && _findings.Count < DifferencesMax; episode++)
        {
            var episodeSeed = unchecked((seed * 1_000_003) + episode);
            var steps = new CommandGenerator(episodeSeed, playing, _waivers).Episode(EpisodeLength);
            _oracle.Settings = _hearth.Settings = EncodingSettings.For(episodeSeed);
            if (_hearth.Settings != EncodingSettings.Usual) EpisodesOfOwnSettings++;
            if (_runner.Run(steps) is { } divergence) Examine(steps, divergence, episodeSeed);
        }
    }

    public string Summary(int seed)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}, {StepsRun} commands, {_findings.Count} differences, {Unrepeatable} that did not repeat; {EpisodesOfOwnSettings} episodes with settings of their own");
        foreach (var (name, count) in _waivers.Uses) text.AppendLine(CultureInfo.InvariantCulture, $"waived {count} times: {name}");
        if (Missing.Count > 0) text.AppendLine("not sent, since Hearth lacks them: " + string.Join(' ', Missing));
        foreach (var finding in _findings) text.AppendLine().AppendLine(finding);
        return text.ToString();
    }

    public void Dispose()
    {
        _oracle.Dispose();
        _hearth.Dispose();
    }

    private CommandSpec[] InPlay(Family family, HashSet<string> known)
    {
        CommandSpec[] all = [.. family.Commands(_specs).Where(spec => !_waivers.Skips(spec.Name))];
        CommandSpec[] present = [.. all.Where(spec => known.Contains(spec.Name))];
        if (present.Length == 0) Missing.Add($"(all of {family.Name})");
        else Missing.AddRange(all.Except(present).Select(static spec => spec.Name));
        return present;
    }

    /// <summary>Names of commands and subcommands as the server lists them; a server without COMMAND is taken to know all.</summary>
    private HashSet<string> KnownCommands(RespClient client)
    {
        var listing = client.Call("COMMAND", "LIST");
        if (listing.IsError) return [.. _specs.Keys];
        var names = listing.Items.Select(static item => item.Text).ToHashSet();
        // Some versions list containers only; then their subcommands are taken to be there.
        return names.Any(static name => name.Contains('|', StringComparison.Ordinal))
            ? names
            : [.. _specs.Keys.Where(name => names.Contains(name.Split('|')[0]))];
    }

    private void Examine(IReadOnlyList<Step> steps, Divergence divergence, int episodeSeed)
    {
        var minimal = new Minimiser(_runner.Run, MinimisingLimit).Minimise(steps, divergence);
        if (minimal is not { } shortest)
        {
            Unrepeatable++;
            _findings.Add(string.Create(CultureInfo.InvariantCulture, $"Showed once, not twice (episode seed {episodeSeed}): {divergence}"));
            return;
        }

        // One bug tends to show in many episodes; the same last command with the same answers is taken for the same bug.
        if (!_signatures.Add($"{shortest.Divergence.Signature} {shortest.Divergence.Oracle} {shortest.Divergence.Hearth}")) return;
        LastMinimal = shortest.Steps;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{shortest.Divergence}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  shortest sequence on flushed servers (episode seed {episodeSeed}; connection, command):");
        text.AppendLine(CultureInfo.InvariantCulture, $"       CONFIG SET {_hearth.Settings}");
        foreach (var step in shortest.Steps) text.AppendLine(CultureInfo.InvariantCulture, $"    {step.Connection}  {Printable.Command(step.Words)}");
        _findings.Add(text.ToString());
    }
}

using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// The differences that are meant, from waivers.json. Each entry has a name, the reason, the commands it is for, and one of these:
/// <list type="bullet">
/// <item>"skip": the commands are not sent at all.</item>
/// <item>"never": a regular expression; commands that match it, as redis-cli would be given them, are not sent.</item>
/// <item>"oracle" and "hearth": regular expressions that the whole of the two replies, as <see cref="RespValue.ToString"/> shows
/// them, must match. "{same}" stands for a text that is equal in both.</item>
/// <item>"sameDouble": the replies differ only in how doubles are written.</item>
/// </list>
/// Commands are the names of the command table; "*" stands for all. An entry that is never needed costs nothing but is counted.
/// </summary>
internal sealed class WaiverList
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNameCaseInsensitive = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly List<Waiver> _waivers;

    private WaiverList(List<Waiver> waivers) => _waivers = waivers;

    /// <summary>Forgives no difference. What must never be sent, because it would block, stays forbidden.</summary>
    public static WaiverList None { get; } = new([.. Load()._waivers.Where(waiver => waiver.Never is not null)]);

    /// <summary>Forgives and forbids nothing.</summary>
    public static WaiverList Empty { get; } = new([]);

    /// <summary>How often each waiver was needed, by name.</summary>
    public Dictionary<string, int> Uses { get; } = [];

    public static WaiverList Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("waivers.json")!;
        var waivers = JsonSerializer.Deserialize<List<Waiver>>(stream, Form)!;
        foreach (var waiver in waivers) waiver.Check();
        return new WaiverList(waivers);
    }

    public bool Skips(string command) => _waivers.Exists(waiver => waiver.Skip && waiver.IsFor(command));

    public bool Forbids(string command, byte[][] words) =>
        _waivers.Exists(waiver => waiver.Never is { } never && waiver.IsFor(command)
            && Regex.IsMatch(Printable.Command(words), never, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

    public bool Covers(string command, RespValue oracle, RespValue hearth)
    {
        var found = _waivers.Find(waiver => waiver.IsFor(command) && waiver.Accepts(oracle, hearth));
        if (found is null) return false;
        Uses[found.Name] = Uses.GetValueOrDefault(found.Name) + 1;
        return true;
    }

    private sealed record Waiver(string Name, string Reason, string[] Commands, bool Skip, bool SameDouble, string? Never, string? Oracle, string? Hearth)
    {
        public bool IsFor(string command) => Commands.Contains("*") || Commands.Contains(command);

        public void Check()
        {
            var kinds = (Skip ? 1 : 0) + (SameDouble ? 1 : 0) + (Never is not null ? 1 : 0) + (Oracle is not null && Hearth is not null ? 1 : 0);
            if (kinds != 1 || string.IsNullOrWhiteSpace(Reason) || Commands is not { Length: > 0 })
            {
                throw new InvalidDataException($"The waiver '{Name}' needs a reason, commands, and one of skip, never, sameDouble, oracle with hearth.");
            }
        }

        public bool Accepts(RespValue oracle, RespValue hearth)
        {
            if (SameDouble) return EqualButForDoubles(oracle, hearth);
            if (Oracle is null || Hearth is null) return false;
            var left = Regex.Match(oracle.ToString(), Anchored(Oracle), RegexOptions.CultureInvariant);
            var right = Regex.Match(hearth.ToString(), Anchored(Hearth), RegexOptions.CultureInvariant);
            return left.Success && right.Success && left.Groups["same"].Value == right.Groups["same"].Value;
        }

        private static string Anchored(string pattern) => "^(?:" + pattern.Replace("{same}", "(?<same>.*)", StringComparison.Ordinal) + ")$";

        private static bool EqualButForDoubles(RespValue oracle, RespValue hearth)
        {
            if (oracle.Kind != hearth.Kind || oracle.IsNull != hearth.IsNull || oracle.Items.Count != hearth.Items.Count) return false;
            if (oracle.IsAggregate) return oracle.Items.Zip(hearth.Items).All(static pair => EqualButForDoubles(pair.First, pair.Second));
            if (oracle.Raw.AsSpan().SequenceEqual(hearth.Raw)) return true;
            return oracle.Kind is RespKind.BulkString or RespKind.Double
                && TryRead(oracle, out var left) && TryRead(hearth, out var right) && left.Equals(right);
        }

        private static bool TryRead(RespValue value, out double number) =>
            double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}

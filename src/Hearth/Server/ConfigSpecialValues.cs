using System.Buffers;
using System.Globalization;
using Hearth.Primitives;

using Hearth.Store;

namespace Hearth.Server;

/// <summary>How the parameters that are neither a number nor a word read and show their values.</summary>
internal static class ConfigSpecialValues
{
    private const string WrongNumber = "wrong number of arguments";
    private const int MostAddresses = 16;

    /// <summary>Each letter of notify-keyspace-events in the order in which CONFIG GET shows them.</summary>
    private static readonly (char Letter, NotifyFlags Flag)[] _notifyLetters =
    [
        ('g', NotifyFlags.Generic), ('$', NotifyFlags.String), ('l', NotifyFlags.List), ('s', NotifyFlags.Set),
        ('h', NotifyFlags.Hash), ('z', NotifyFlags.ZSet), ('x', NotifyFlags.Expired), ('e', NotifyFlags.Evicted),
        ('t', NotifyFlags.Stream), ('d', NotifyFlags.Module), ('n', NotifyFlags.New),
        ('K', NotifyFlags.Keyspace), ('E', NotifyFlags.Keyevent), ('m', NotifyFlags.KeyMiss),
    ];

    /// <summary>The classes of client-output-buffer-limit; the index of a name is the index of its limit.</summary>
    private static readonly string[] _clientClasses = ["normal", "slave", "pubsub"];

    private static readonly SearchValues<char> _notInNodeNames = SearchValues.Create("!#$%&()*+:;<>?@[]^{|}~");

    private static readonly string[] _shutdownOptions = ["default", "save", "nosave", "now", "force"];

    public static string? ReadBind(IReadOnlyList<string> words, string[] current, out string[]? value)
    {
        value = [.. words];
        return words.Count > MostAddresses ? "Too many bind addresses specified." : null;
    }

    public static IEnumerable<string> BindLines(string[] addresses) =>
        [addresses.Length == 0 ? "bind \"\"" : "bind " + string.Join(' ', addresses.Select(ConfigText.Word))];

    public static string? ReadSave(IReadOnlyList<string> words, SavePoint[] current, out SavePoint[]? value)
    {
        const string Invalid = "Invalid save parameters";
        value = null;
        if (words.Count % 2 != 0) return Invalid;

        var points = new SavePoint[words.Count / 2];
        for (var i = 0; i < points.Length; i++)
        {
            if (!ConfigNumber.TryParseInteger(words[2 * i], out var seconds) || seconds < 1) return Invalid;
            if (!ConfigNumber.TryParseInteger(words[(2 * i) + 1], out var changes) || changes < 0 || changes > int.MaxValue) return Invalid;
            points[i] = new SavePoint((long)seconds, (int)changes);
        }

        value = points;
        return null;
    }

    public static string ShowSave(SavePoint[] points) => string.Join(' ', points.Select(point => $"{point.Seconds} {point.Changes}"));

    public static SavePoint[] AddSavePoints(SavePoint[] earlier, SavePoint[] added) => added.Length == 0 ? [] : [.. earlier, .. added];

    public static IEnumerable<string> SaveLines(SavePoint[] points) =>
        points.Length == 0 ? ["save \"\""] : points.Select(point => $"save {point.Seconds} {point.Changes}");

    public static string? ReadOutputBufferLimits(IReadOnlyList<string> words, OutputBufferLimit[] current, out OutputBufferLimit[]? value)
    {
        value = null;
        if (words.Count % 4 != 0) return "Wrong number of arguments in buffer limit configuration.";

        var limits = current.ToArray();
        for (var i = 0; i < words.Count; i += 4)
        {
            var name = words[i].Equals("replica", StringComparison.OrdinalIgnoreCase) ? "slave" : words[i];
            var index = ConfigEnum.IndexOf(_clientClasses, name);
            if (index < 0) return "Invalid client class specified in buffer limit configuration.";

            if (!ConfigNumber.TryParseMemory(words[i + 1], out var hard) || !ConfigNumber.TryParseMemory(words[i + 2], out var soft)
                || !ConfigNumber.TryParseInteger(words[i + 3], out var seconds) || seconds < 0)
            {
                return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
            }

            limits[index] = new OutputBufferLimit((long)Math.Min(hard, long.MaxValue), (long)Math.Min(soft, long.MaxValue), (long)seconds);
        }

        value = limits;
        return null;
    }

    public static string ShowOutputBufferLimits(OutputBufferLimit[] limits) => string.Join(' ', _clientClasses.Zip(limits, LimitText));

    public static IEnumerable<string> OutputBufferLimitLines(OutputBufferLimit[] limits) =>
        _clientClasses.Zip(limits, (name, limit) => string.Join(
            ' ',
            "client-output-buffer-limit",
            name == "slave" ? "replica" : name,
            ConfigNumber.WithUnit((ulong)limit.HardBytes),
            ConfigNumber.WithUnit((ulong)limit.SoftBytes),
            limit.SoftSeconds));

    public static string? ReadOomScoreAdjust(IReadOnlyList<string> words, int[] current, out int[]? value)
    {
        value = null;
        if (words.Count != 3) return WrongNumber;

        var scores = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (!ConfigNumber.TryParseInteger(words[i], out var score) || score < -2000 || score > 2000)
            {
                return "Invalid oom-score-adj-values, elements must be between -2000 and 2000.";
            }

            scores[i] = (int)score;
        }

        value = scores;
        return null;
    }

    public static string? ReadPercentiles(IReadOnlyList<string> words, double[] current, out double[]? value)
    {
        value = null;
        var percentiles = new double[words.Count];
        for (var i = 0; i < words.Count; i++)
        {
            if (!NumberText.TryParseDouble(Latin1.Bytes(words[i]), out var percentile))
            {
                return "Invalid latency-tracking-info-percentiles parameters";
            }

            if (percentile is < 0 or > 100) return "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]";
            percentiles[i] = percentile;
        }

        value = percentiles;
        return null;
    }

    public static string ShowPercentiles(double[] percentiles) =>
        string.Join(' ', percentiles.Select(percentile => percentile.ToString(CultureInfo.InvariantCulture)));

    public static IEnumerable<string> PercentileLines(double[] percentiles) =>
        ["latency-tracking-info-percentiles " + (percentiles.Length == 0 ? "\"\"" : ShowPercentiles(percentiles))];

    public static string? ReadNotifyFlags(IReadOnlyList<string> words, NotifyFlags current, out NotifyFlags value)
    {
        value = NotifyFlags.None;
        foreach (var letter in words[0])
        {
            var flag = letter == 'A' ? NotifyFlags.All : Array.Find(_notifyLetters, entry => entry.Letter == letter).Flag;
            if (flag == NotifyFlags.None) return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
            value |= flag;
        }

        return null;
    }

    public static string ShowNotifyFlags(NotifyFlags flags)
    {
        var all = (flags & NotifyFlags.All) == NotifyFlags.All;
        var letters = _notifyLetters.Where(entry => flags.HasFlag(entry.Flag) && !(all && NotifyFlags.All.HasFlag(entry.Flag)));
        return (all ? "A" : "") + string.Concat(letters.Select(entry => entry.Letter));
    }

    public static string? ReadShutdownOptions(IReadOnlyList<string> words, ShutdownOptions current, out ShutdownOptions value)
    {
        value = ShutdownOptions.Default;
        if (words.Count == 0) return ConfigEnum.OneOf(_shutdownOptions);

        foreach (var word in words)
        {
            var index = ConfigEnum.IndexOf(_shutdownOptions, word);
            if (index < 0) return ConfigEnum.OneOf(_shutdownOptions);
            if (index > 0) value |= (ShutdownOptions)(1 << (index - 1));
        }

        return value.HasFlag(ShutdownOptions.Save | ShutdownOptions.NoSave)
            ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
            : null;
    }

    public static string ShowShutdownOptions(ShutdownOptions options) => options == ShutdownOptions.Default
        ? _shutdownOptions[0]
        : string.Join(' ', _shutdownOptions.Where((_, index) => index > 0 && options.HasFlag((ShutdownOptions)(1 << (index - 1)))));

    public static string? ReadReplicaOf(IReadOnlyList<string> words, string current, out string? value)
    {
        value = null;
        if (words.Count != 2) return WrongNumber;

        if (words[0].Equals("no", StringComparison.OrdinalIgnoreCase) && words[1].Equals("one", StringComparison.OrdinalIgnoreCase))
        {
            value = "";
            return null;
        }

        if (!ConfigNumber.TryParseInteger(words[1], out var port) || port < 0 || port > 65535) return "Invalid master port";
        value = $"{words[0]} {port}";
        return null;
    }

    public static IEnumerable<string> ReplicaOfLines(string address) => address.Length == 0 ? [] : ["replicaof " + address];

    /// <summary>
    /// The data directory, made absolute. Redis changes the process's working directory here; several Hearths live in one process,
    /// so each keeps its own, and <see cref="Config.ResolvePath"/> takes relative paths from it.
    /// </summary>
    public static string? ReadDirectory(IReadOnlyList<string> words, string current, out string? value)
    {
        value = null;
        var path = ConfigText.ToUnicode(words[0]);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return "No such file or directory";

        path = Path.GetFullPath(path, ConfigText.ToUnicode(current));
        if (!Directory.Exists(path)) return File.Exists(path) ? "Not a directory" : "No such file or directory";
        value = ConfigText.FromUnicode(Path.TrimEndingDirectorySeparator(path));
        return null;
    }

    public static string? CheckFileName(string name, string value, string kind)
    {
        if (value.Length == 0 && name != "dbfilename") return $"{name} can't be empty";
        return value.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || value.Contains('/', StringComparison.Ordinal)
            ? $"{name} can't be a path, just a {kind}"
            : null;
    }

    public static string? CheckHostName(string name)
    {
        if (name.Length >= 256) return "Hostnames must be less than 256 characters";
        return name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')
            ? null
            : "Hostnames may only contain alphanumeric characters, hyphens or dots";
    }

    public static string? CheckNodeName(string name) =>
        name.AsSpan().ContainsAny(_notInNodeNames) ? "Announced human node name contained invalid character" : null;

    public static string? CheckTitleTemplate(string template)
    {
        const string Invalid = "template format is invalid or contains unknown variables";
        string[] known = ["title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket", "config-file"];
        for (var position = template.IndexOf('{', StringComparison.Ordinal); position >= 0; position = template.IndexOf('{', position))
        {
            if (position + 1 < template.Length && template[position + 1] == '{')
            {
                position += 2;
                continue;
            }

            var end = template.IndexOf('}', position);
            if (end < 0 || !known.Contains(template[(position + 1)..end])) return Invalid;
            position = end;
        }

        return template.Length == 0 ? Invalid : null;
    }

    private static string LimitText(string name, OutputBufferLimit limit) =>
        $"{name} {limit.HardBytes} {limit.SoftBytes} {limit.SoftSeconds}";
}

using System.Text.Json;
using Hearth.Server;

namespace Hearth.Tests.Server;

/// <summary>
/// Compares a row with what a running Redis 7.2 says of the same command (tests/oracle/commands-7.2.json). Summaries,
/// complexities and the notes of key specs are Hearth's own words, so only whether a spec has notes is compared.
/// </summary>
internal static class CommandOracle
{
    private static readonly string[] GroupNames =
    [
        "generic", "string", "list", "set", "sorted-set", "hash", "pubsub", "transactions", "connection", "server", "scripting",
        "hyperloglog", "cluster", "geo", "stream", "bitmap",
    ];

    private static readonly string[] FlagNames =
    [
        "write", "readonly", "denyoom", "admin", "pubsub", "noscript", "blocking", "loading", "stale", "skip_monitor",
        "skip_slowlog", "asking", "fast", "no_auth", "no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys",
        "allow_busy",
    ];

    private static readonly string[] CategoryNames =
    [
        "@keyspace", "@read", "@write", "@set", "@sortedset", "@list", "@hash", "@string", "@bitmap", "@hyperloglog", "@geo",
        "@stream", "@pubsub", "@admin", "@fast", "@slow", "@blocking", "@dangerous", "@connection", "@transaction", "@scripting",
    ];

    private static readonly string[] KeyFlagNames =
    [
        "RO", "RW", "OW", "RM", "access", "update", "insert", "delete", "not_key", "incomplete", "variable_flags",
    ];

    public static JsonElement Load()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Hearth.slnx"))) directory = directory.Parent!;
        var path = Path.Combine(directory.FullName, "tests", "oracle", "commands-7.2.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement;
    }

    /// <summary>A description that equals for both sides, one fact a line.</summary>
    public static string Describe(Command command)
    {
        var lines = new List<string>
        {
            $"arity {command.Arity}",
            $"flags {string.Join(' ', Bits((ulong)(command.Flags & CommandFlags.Public), FlagNames))}",
            $"acl {string.Join(' ', Bits((ulong)command.Categories, CategoryNames).Order())}",
            $"tips {string.Join(' ', command.Tips)}",
            $"since {command.Since}",
            $"group {GroupNames[(int)command.Group]}",
            $"deprecated {command.DeprecatedSince}",
            $"system {command.IsSystem}",
        };
        foreach (var spec in command.KeySpecs) lines.Add(Describe(spec));
        foreach (var argument in CommandSyntax.ArgumentsOf(command)) Describe(argument, "  ", lines);
        return string.Join('\n', lines);
    }

    public static string Describe(JsonElement oracle)
    {
        var isSystem = Strings(oracle, "doc_flags").Contains("syscmd");
        var lines = new List<string>
        {
            $"arity {oracle.GetProperty("arity").GetInt32()}",
            // The oracle's flags come from a set of RESP3, sent in the order of the bits.
            $"flags {string.Join(' ', Strings(oracle, "flags").OrderBy(f => Array.IndexOf(FlagNames, f)))}",
            $"acl {string.Join(' ', Strings(oracle, "acl").Order())}",
            $"tips {string.Join(' ', Strings(oracle, "tips"))}",
            $"since {Text(oracle, "since")}",
            $"group {Text(oracle, "group")}",
            $"deprecated {Text(oracle, "deprecated_since")}",
            $"system {isSystem}",
        };
        foreach (var spec in oracle.GetProperty("key_specs").EnumerateArray()) lines.Add(DescribeSpec(spec));
        if (oracle.TryGetProperty("arguments", out var arguments))
        {
            foreach (var argument in arguments.EnumerateArray()) DescribeArgument(argument, "  ", lines);
        }

        return string.Join('\n', lines);
    }

    public static IEnumerable<string> SubcommandsOf(JsonElement oracle) =>
        oracle.TryGetProperty("subcommands", out var subcommands) ? subcommands.EnumerateObject().Select(subcommand => subcommand.Name) : [];

    private static string Describe(KeySpec spec)
    {
        var begin = spec.Begin switch
        {
            BeginSearch.Index => $"index {spec.Index}",
            BeginSearch.Keyword => $"keyword {spec.Keyword} {spec.StartFrom}",
            _ => "unknown",
        };
        var find = spec.Find switch
        {
            FindKeys.Range => $"range {spec.LastKey} {spec.KeyStep} {spec.Limit}",
            FindKeys.KeyNumber => $"keynum {spec.KeyNumberIndex} {spec.FirstKey} {spec.KeyStep}",
            _ => "unknown",
        };
        return $"key spec {begin}, {find}: {string.Join(' ', Bits((ulong)spec.Flags, KeyFlagNames))}, notes {spec.Notes is not null}";
    }

    private static string DescribeSpec(JsonElement spec)
    {
        var begin = spec.GetProperty("begin_search");
        var find = spec.GetProperty("find_keys");
        var beginText = Text(begin, "type") switch
        {
            "index" => $"index {Number(begin, "index")}",
            "keyword" => $"keyword {Text(begin.GetProperty("spec"), "keyword")} {Number(begin, "startfrom")}",
            var other => other,
        };
        var findText = Text(find, "type") switch
        {
            "range" => $"range {Number(find, "lastkey")} {Number(find, "keystep")} {Number(find, "limit")}",
            "keynum" => $"keynum {Number(find, "keynumidx")} {Number(find, "firstkey")} {Number(find, "keystep")}",
            var other => other,
        };
        var flags = Strings(spec, "flags").OrderBy(f => Array.IndexOf(KeyFlagNames, f));
        return $"key spec {beginText}, {findText}: {string.Join(' ', flags)}, notes {spec.TryGetProperty("notes", out _)}";
    }

    private static void Describe(CommandArgument argument, string indent, List<string> lines)
    {
        var type = argument.Type switch
        {
            CommandArgumentType.UnixTime => "unix-time",
            CommandArgumentType.PureToken => "pure-token",
            _ => argument.Type.ToString().ToLowerInvariant(),
        };
        lines.Add($"{indent}{argument.Name} {type} '{argument.DisplayText}' token '{argument.Token}' {argument.Token is not null} "
            + $"spec {argument.KeySpecIndex} since '{argument.Since}' deprecated '{argument.DeprecatedSince}' "
            + $"{argument.IsOptional} {argument.IsMultiple} {argument.IsTokenRepeated}");
        foreach (var nested in argument.Arguments) Describe(nested, indent + "  ", lines);
    }

    private static void DescribeArgument(JsonElement argument, string indent, List<string> lines)
    {
        var flags = Strings(argument, "flags").ToArray();
        var spec = argument.TryGetProperty("key_spec_index", out var index) ? index.GetInt32() : -1;
        lines.Add($"{indent}{Text(argument, "name")} {Text(argument, "type")} '{Text(argument, "display_text")}' "
            + $"token '{Text(argument, "token")}' {argument.TryGetProperty("token", out _)} "
            + $"spec {spec} since '{Text(argument, "since")}' deprecated '{Text(argument, "deprecated_since")}' "
            + $"{flags.Contains("optional")} {flags.Contains("multiple")} {flags.Contains("multiple_token")}");
        if (!argument.TryGetProperty("arguments", out var nestedArguments)) return;
        foreach (var nested in nestedArguments.EnumerateArray()) DescribeArgument(nested, indent + "  ", lines);
    }

    private static IEnumerable<string> Bits(ulong bits, string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if ((bits >> i & 1) != 0) yield return names[i];
        }
    }

    private static IEnumerable<string> Strings(JsonElement element, string property) =>
        element.TryGetProperty(property, out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static int Number(JsonElement search, string property) => search.GetProperty("spec").GetProperty(property).GetInt32();
}

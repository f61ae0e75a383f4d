using System.Text.Json.Nodes;
using Hearth.Server;
using Hearth.Tests.Server;

namespace Hearth.Tests.Commands;

/// <summary>
/// What a running Redis 7.2 says of its commands (tests/oracle/commands-7.2.json), and what COMMAND INFO and COMMAND DOCS say here,
/// brought into the same shape. Only the structure is compared: summaries, complexities, histories and notes are Hearth's own words.
/// </summary>
internal static class CommandOracle
{
    // What COMMAND INFO replies at these places, by the names that the oracle file has for it.
    private static readonly (int Index, string Name)[] InfoFields = [(1, "arity"), (2, "flags"), (6, "acl"), (7, "tips"), (8, "key_specs")];

    private static readonly string[] DocsFields = ["since", "group", "doc_flags", "deprecated_since", "arguments"];

    public static JsonObject Load()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Hearth.slnx"))) directory = directory.Parent!;
        return JsonNode.Parse(File.ReadAllText(Path.Combine(directory.FullName, "tests", "oracle", "commands-7.2.json")))!.AsObject();
    }

    public static string Expected(JsonObject oracle, string fullName)
    {
        var bar = fullName.IndexOf('|');
        var entry = (bar < 0 ? oracle[fullName] : oracle[fullName[..bar]]!["subcommands"]![fullName])!.DeepClone().AsObject();
        entry.Remove("subcommands");
        return Normalize(entry);
    }

    /// <param name="client">Speaks RESP3.</param>
    public static string Actual(TestServer server, Client client, string fullName)
    {
        var info = ReplyJson.Parse(server.RunAs(client, "COMMAND", "INFO", fullName))!.AsArray()[0]!.AsArray();
        var docs = ReplyJson.Parse(server.RunAs(client, "COMMAND", "DOCS", fullName))!.AsObject()[fullName]!.AsObject();
        var entry = new JsonObject();
        foreach (var (index, name) in InfoFields) entry.Add(name, info[index]!.DeepClone());
        foreach (var name in DocsFields)
        {
            if (docs[name] is { } value) entry.Add(name, value.DeepClone());
        }

        return Normalize(entry);
    }

    private static string Normalize(JsonObject entry)
    {
        // Sets have no order.
        foreach (var name in (string[])["flags", "acl"])
        {
            var words = entry[name]!.AsArray().Select(word => word!.GetValue<string>()).Order(StringComparer.Ordinal);
            entry[name] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        }

        foreach (var spec in entry["key_specs"]!.AsArray())
        {
            if (spec!.AsObject().ContainsKey("notes")) spec["notes"] = "(own words)";
        }

        return entry.ToJsonString();
    }
}

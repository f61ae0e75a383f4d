using System.Reflection;
using System.Text.Json;

namespace Hearth.IntegrationTests.Differential;

/// <summary>One command or subcommand ("client|list") of Redis 7.2's table.</summary>
internal sealed record CommandSpec(string Name, string Group, int Arity, IReadOnlySet<string> Tips, IReadOnlySet<string> Flags, ArgumentNode[] Arguments)
{
    /// <summary>The words that a client sends to call it: a command's name, and a subcommand's.</summary>
    public string[] Words { get; } = Name.ToUpperInvariant().Split('|');

    /// <summary>Every command that can be called, so containers only through their subcommands.</summary>
    public static IReadOnlyDictionary<string, CommandSpec> LoadAll()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("commands-7.2.json")!;
        using var document = JsonDocument.Parse(stream);
        var specs = new Dictionary<string, CommandSpec>();
        foreach (var command in document.RootElement.EnumerateObject()) Add(specs, command);
        return specs;
    }

    private static void Add(Dictionary<string, CommandSpec> specs, JsonProperty command)
    {
        if (command.Value.TryGetProperty("subcommands", out var subcommands) && subcommands.ValueKind == JsonValueKind.Object)
        {
            foreach (var subcommand in subcommands.EnumerateObject()) Add(specs, subcommand);
            return;
        }

        var value = command.Value;
        specs[command.Name] = new CommandSpec(
            command.Name, value.GetProperty("group").GetString()!, value.GetProperty("arity").GetInt32(),
            Strings(value, "tips"), Strings(value, "flags"), ArgumentNode.ParseAll(value));
    }

    private static HashSet<string> Strings(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(static item => item.GetString()!)] : [];
}

using System.Text.Json;

namespace Hearth.IntegrationTests.Differential;

/// <summary>A node of a command's argument tree, as COMMAND DOCS describes it.</summary>
internal sealed record ArgumentNode(
    string Name, string Type, string? Token, bool IsOptional, bool IsMultiple, bool RepeatsToken, ArgumentNode[] Children)
{
    public static ArgumentNode[] ParseAll(JsonElement owner) =>
        owner.TryGetProperty("arguments", out var arguments) ? [.. arguments.EnumerateArray().Select(Parse)] : [];

    private static ArgumentNode Parse(JsonElement element)
    {
        var flags = element.TryGetProperty("flags", out var list) ? list.EnumerateArray().Select(static flag => flag.GetString()).ToHashSet() : [];
        return new ArgumentNode(
            element.GetProperty("name").GetString()!,
            element.GetProperty("type").GetString()!,
            element.TryGetProperty("token", out var token) ? token.GetString() : null,
            flags.Contains("optional"),
            flags.Contains("multiple"),
            flags.Contains("multiple_token"),
            ParseAll(element));
    }
}

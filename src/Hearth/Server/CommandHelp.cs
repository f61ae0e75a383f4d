using System.Text;

namespace Hearth.Server;

/// <summary>
/// What HELP says of a container: a line of syntax and a line of summary for each subcommand, both from its row. The handler
/// of every HELP whose container needs no further words.
/// </summary>
internal static class CommandHelp
{
    public static void Reply(CommandContext context)
    {
        var container = context.Command.Parent!;
        var lines = Lines(container);
        context.Reply.Array(lines.Count);
        foreach (var line in lines) context.Reply.SimpleString(Encoding.ASCII.GetBytes(line));
    }

    public static List<string> Lines(Command container)
    {
        var lines = new List<string> { $"{container.Name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" };
        if (container.Handler is not null) lines.AddRange(["(no subcommand)", "    " + container.Summary]);
        foreach (var subcommand in container.Subcommands)
        {
            if (subcommand.Name == "HELP") continue;
            lines.Add(string.Join(' ', [subcommand.Name, .. CommandSyntax.ArgumentsOf(subcommand).Select(Line)]));
            lines.Add("    " + subcommand.Summary);
        }

        lines.AddRange(["HELP", "    Prints this help."]);
        return lines;
    }

    /// <summary>
    /// An argument as a syntax line shows it: <c>[LIMIT &lt;offset> &lt;count>]</c>, <c>&lt;key> [&lt;key> ...]</c>, <c>(ON|OFF)</c>.
    /// </summary>
    public static string Line(CommandArgument argument)
    {
        var value = argument.Type switch
        {
            CommandArgumentType.PureToken => "",
            CommandArgumentType.OneOf when argument.IsOptional && argument.Token is null => Alternatives(argument),
            CommandArgumentType.OneOf => $"({Alternatives(argument)})",
            CommandArgumentType.Block => string.Join(' ', argument.Arguments.Select(Line)),
            _ => $"<{argument.DisplayText}>",
        };
        var token = argument.Token?.Length == 0 ? "\"\"" : argument.Token;
        var whole = string.Join(' ', new[] { token, value }.Where(part => !string.IsNullOrEmpty(part)));
        return (argument.IsOptional, argument.IsMultiple) switch
        {
            (true, true) when !argument.IsTokenRepeated && token is not null => $"[{whole} [{value} ...]]",
            (true, true) => $"[{whole} ...]",
            (true, false) => $"[{whole}]",
            (false, true) => $"{whole} [{(argument.IsTokenRepeated ? whole : value)} ...]",
            _ => whole,
        };
    }

    private static string Alternatives(CommandArgument argument) => string.Join('|', argument.Arguments.Select(Line));
}

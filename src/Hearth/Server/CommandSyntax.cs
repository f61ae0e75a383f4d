namespace Hearth.Server;

/// <summary>Parses a row's syntax into the tree of arguments that COMMAND DOCS sends.</summary>
internal static class CommandSyntax
{
    public static CommandArgument[] Parse(Command command) => command.Arguments ?? [];
}

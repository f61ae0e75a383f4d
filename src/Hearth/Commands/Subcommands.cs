using Hearth.Server;

namespace Hearth.Commands;

/// <summary>What the subcommands of all containers have in common.</summary>
internal static class Subcommands
{
    /// <summary>Refuses arguments that the arity allows and the subcommand does not.</summary>
    public static void WrongArguments(CommandContext context) => context.Reply.Error(
        $"ERR unknown subcommand or wrong number of arguments for '{Errors.Quote(context.Args[1], 128)}'. Try {context.Command.Parent!.Name} HELP.");
}

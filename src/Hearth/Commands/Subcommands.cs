using Hearth.Server;

namespace Hearth.Commands;

/// <summary>What the subcommands of all containers have in common.</summary>
internal static class Subcommands
{
    /// <summary>Replies the lines of a container's HELP: a subcommand's form, then, indented by four blanks, what it does.</summary>
    public static void Help(CommandContext context, params ReadOnlySpan<string> lines)
    {
        var reply = context.Reply;
        reply.Array(lines.Length + 3);
        reply.SimpleString(Primitives.Latin1.Bytes($"{context.Command.Parent!.Name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
        foreach (var line in lines) reply.SimpleString(Primitives.Latin1.Bytes(line));
        reply.SimpleString("HELP"u8);
        reply.SimpleString("    Prints this help."u8);
    }

    /// <summary>Refuses arguments that the arity allows and the subcommand does not.</summary>
    public static void WrongArguments(CommandContext context) => context.Reply.Error(
        $"ERR unknown subcommand or wrong number of arguments for '{Errors.Quote(context.Args[1], 128)}'. Try {context.Command.Parent!.Name} HELP.");
}

using Hearth.Primitives;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>INFO: what the server says of itself.</summary>
internal static class InfoCommand
{
    public static readonly Command[] Table =
    [
        new("INFO", arity: -1, Loading | Stale, Info)
        {
            Since = "1.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
            Syntax = "[section...]",
            Summary = "Returns facts and statistics about the server.",
            Tips = ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
            OwnCategories = CommandCategories.Dangerous,
        },
    ];

    private static void Info(CommandContext context)
    {
        var wanted = new List<string>();
        for (var i = 1; i < context.Args.Count; i++) wanted.Add(Latin1.Text(context.Args[i]));
        context.Reply.Verbatim(Latin1.Bytes(new InfoReport(context.Engine).Write(wanted)), "txt"u8);
    }
}

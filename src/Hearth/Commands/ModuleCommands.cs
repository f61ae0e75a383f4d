using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>Modules: there are none, and clients ask.</summary>
internal static class ModuleCommands
{
    public static readonly Command[] Table =
    [
        new("MODULE", arity: -2, CommandFlags.None)
        {
            Since = "4.0.0", Group = CommandGroup.Server,
            Summary = "Holds the commands about modules.",
            Subcommands =
            [
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("LIST", arity: 2, Admin | NoScript, ModuleList)
                {
                    Since = "4.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of modules",
                    Summary = "Returns the modules that are loaded.",
                    Tips = ["nondeterministic_output_order"],
                },
            ],
        },
    ];

    private static void ModuleList(CommandContext context) => context.Reply.Array(0);
}

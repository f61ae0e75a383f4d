using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>The role in replication: a master without replicas, until there is replication.</summary>
internal static class ReplicationCommands
{
    public static readonly Command[] Table =
    [
        new("ROLE", arity: 1, NoScript | Loading | Stale | Fast, Role)
        {
            Since = "2.8.12", Group = CommandGroup.Server, Complexity = "O(1)",
            Summary = "Returns the server's role in replication.",
            OwnCategories = CommandCategories.Admin | CommandCategories.Dangerous,
        },
    ];

    private static void Role(CommandContext context)
    {
        context.Reply.Array(3);
        context.Reply.Bulk("master"u8);
        context.Reply.Integer(0);
        context.Reply.Array(0);
    }
}

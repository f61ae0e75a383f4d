namespace Hearth.Server;

/// <summary>Derives a command's ACL categories from its group and its flags.</summary>
internal static class CommandCategory
{
    public static CommandCategories Of(Command command)
    {
        var categories = command.OwnCategories ?? (IsContainer(command) ? CommandCategories.None : OfGroup(command.Group));

        if (command.Has(CommandFlags.Write)) categories |= CommandCategories.Write;
        // A script is as read-only as it likes, yet a user who may only read shall not run one.
        if (command.Has(CommandFlags.ReadOnly) && (categories & CommandCategories.Scripting) == 0) categories |= CommandCategories.Read;
        if (command.Has(CommandFlags.Admin)) categories |= CommandCategories.Admin | CommandCategories.Dangerous;
        if (command.Has(CommandFlags.PubSub)) categories |= CommandCategories.PubSub;
        if (command.Has(CommandFlags.Blocking)) categories |= CommandCategories.Blocking;
        return categories | (command.Has(CommandFlags.Fast) ? CommandCategories.Fast : CommandCategories.Slow);
    }

    // What a container does is its subcommands' affair.
    private static bool IsContainer(Command command) => command.Handler is null && command.Subcommands.Length != 0;

    private static CommandCategories OfGroup(CommandGroup group) => group switch
    {
        CommandGroup.Generic => CommandCategories.Keyspace,
        CommandGroup.String => CommandCategories.String,
        CommandGroup.List => CommandCategories.List,
        CommandGroup.Set => CommandCategories.Set,
        CommandGroup.SortedSet => CommandCategories.SortedSet,
        CommandGroup.Hash => CommandCategories.Hash,
        CommandGroup.PubSub => CommandCategories.PubSub,
        CommandGroup.Transactions => CommandCategories.Transaction,
        CommandGroup.Connection => CommandCategories.Connection,
        CommandGroup.Scripting => CommandCategories.Scripting,
        CommandGroup.HyperLogLog => CommandCategories.HyperLogLog,
        CommandGroup.Geo => CommandCategories.Geo,
        CommandGroup.Stream => CommandCategories.Stream,
        CommandGroup.Bitmap => CommandCategories.Bitmap,
        _ => CommandCategories.None,
    };
}

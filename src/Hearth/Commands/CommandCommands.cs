using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>COMMAND: what the server tells clients about its own commands, all of it read off the rows.</summary>
internal static class CommandCommands
{
    public static readonly Command[] Table =
    [
        new("COMMAND", arity: -1, Loading | Stale, CommandAll)
        {
            Since = "2.8.13", Group = CommandGroup.Server, Complexity = "O(N) with N the number of commands",
            Summary = "Describes all commands.",
            Tips = ["nondeterministic_output_order"],
            OwnCategories = CommandCategories.Connection,
            Subcommands =
            [
                new("COUNT", arity: 2, Loading | Stale, CommandCount)
                {
                    Since = "2.8.13", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Returns how many commands there are.",
                    OwnCategories = CommandCategories.Connection,
                },
                new("DOCS", arity: -2, Loading | Stale, CommandDocs)
                {
                    Since = "7.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of commands described",
                    Syntax = "[command-name...]",
                    Summary = "Returns what there is to read about commands.",
                    Tips = ["nondeterministic_output_order"],
                    OwnCategories = CommandCategories.Connection,
                },
                new("GETKEYS", arity: -3, Loading | Stale, CommandGetKeys)
                {
                    Since = "2.8.13", Group = CommandGroup.Server, Complexity = "O(N) with N the number of arguments",
                    Syntax = "command [arg...]",
                    Summary = "Returns the keys in a full command.",
                    OwnCategories = CommandCategories.Connection,
                },
                new("GETKEYSANDFLAGS", arity: -3, Loading | Stale, CommandGetKeysAndFlags)
                {
                    Since = "7.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of arguments",
                    Syntax = "command [arg...]",
                    Summary = "Returns the keys in a full command and what it does with them.",
                    OwnCategories = CommandCategories.Connection,
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                    OwnCategories = CommandCategories.Connection,
                },
                new("INFO", arity: -2, Loading | Stale, CommandInfo)
                {
                    Since = "2.8.13", Group = CommandGroup.Server, Complexity = "O(N) with N the number of commands described",
                    Syntax = "[command-name...]",
                    Summary = "Describes some commands, or all.",
                    Tips = ["nondeterministic_output_order"],
                    OwnCategories = CommandCategories.Connection,
                },
                new("LIST", arity: -2, Loading | Stale, CommandList)
                {
                    Since = "7.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of commands",
                    Syntax = "[FILTERBY filterby:<MODULE module-name | ACLCAT category | PATTERN pattern>]",
                    Summary = "Returns the names of all commands, or of those that a filter lets through.",
                    Tips = ["nondeterministic_output_order"],
                    OwnCategories = CommandCategories.Connection,
                },
            ],
        },
    ];

    private static void CommandAll(CommandContext context)
    {
        var commands = context.Engine.Commands;
        context.Reply.Array(commands.Count);
        foreach (var command in commands.Commands) CommandInfoReply.Write(context.Reply, command);
    }

    private static void CommandCount(CommandContext context) => context.Reply.Integer(context.Engine.Commands.Count);

    private static void CommandDocs(CommandContext context)
    {
        var table = context.Engine.Commands;
        var commands = context.Args.Count == 2 ? table.Commands : Named(context.Args, table);
        context.Reply.Map(commands.Count);
        foreach (var command in commands) CommandDocsReply.Write(context.Reply, command);
    }

    private static void CommandGetKeys(CommandContext context)
    {
        if (!TryFindKeys(context, out var line, out var keys)) return; // Has replied why.

        context.Reply.Array(keys.Count);
        foreach (var key in keys.Positions) context.Reply.Bulk(line[key.Argument]);
    }

    private static void CommandGetKeysAndFlags(CommandContext context)
    {
        if (!TryFindKeys(context, out var line, out var keys)) return; // Has replied why.

        context.Reply.Array(keys.Count);
        foreach (var key in keys.Positions)
        {
            context.Reply.Array(2);
            context.Reply.Bulk(line[key.Argument]);
            CommandInfoReply.WriteWords(context.Reply, (ulong)key.Flags, CommandWords.KeyFlags);
        }
    }

    private static void CommandInfo(CommandContext context)
    {
        if (context.Args.Count == 2)
        {
            CommandAll(context);
            return;
        }

        context.Reply.Array(context.Args.Count - 2);
        for (var i = 2; i < context.Args.Count; i++)
        {
            if (context.Engine.Commands.FindFullName(context.Args[i]) is { } command) CommandInfoReply.Write(context.Reply, command);
            else context.Reply.Null();
        }
    }

    private static void CommandList(CommandContext context)
    {
        if (!TryFilter(context, out var isIncluded))
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        var start = context.Reply.BeginDeferred();
        long count = 0;
        foreach (var command in context.Engine.Commands.Commands)
        {
            Add(command);
            foreach (var subcommand in command.Subcommands) Add(subcommand);
        }

        context.Reply.EndDeferredArray(start, count);

        void Add(Command command)
        {
            if (!isIncluded(command)) return;
            context.Reply.Bulk(command.WireName);
            count++;
        }
    }

    private static bool TryFilter(CommandContext context, out Predicate<Command> filter)
    {
        filter = static _ => true;
        if (context.Args.Count == 2) return true;
        if (context.Args.Count != 5 || !context.Is(2, "FILTERBY"u8)) return false;

        var value = context.Args[4].ToArray();
        if (context.Is(3, "MODULE"u8))
        {
            // No command comes from a module.
            filter = static _ => false;
        }
        else if (context.Is(3, "ACLCAT"u8))
        {
            var category = CommandWords.Category(Latin1.Text(value));
            filter = command => (command.Categories & category) != 0;
        }
        else if (context.Is(3, "PATTERN"u8))
        {
            filter = command => Glob.IsMatch(value, command.WireName, ignoreCase: true);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static List<Command> Named(in Arguments args, CommandTable table)
    {
        var commands = new List<Command>();
        for (var i = 2; i < args.Count; i++)
        {
            if (table.FindFullName(args[i]) is { } command) commands.Add(command);
        }

        return commands;
    }

    /// <summary>Finds the keys of the command line after the first two words; false after it has replied why it cannot.</summary>
    private static bool TryFindKeys(CommandContext context, out Arguments line, out KeyPositionList keys)
    {
        line = context.Args.Skip(2);
        keys = new KeyPositionList();
        if (context.Engine.Dispatcher.Find(line) is not { } command)
        {
            context.Reply.Error("ERR Invalid command specified"u8);
            return false;
        }

        if (!CommandKeys.HasKeys(command))
        {
            context.Reply.Error("ERR The command has no key arguments"u8);
            return false;
        }

        if (!command.AcceptsArity(line.Count))
        {
            context.Reply.Error("ERR Invalid number of arguments specified for command"u8);
            return false;
        }

        if (CommandKeys.TryFind(command, line, keys) || command.Has(NoMandatoryKeys)) return true;
        context.Reply.Error("ERR Invalid arguments specified for command"u8);
        return false;
    }
}

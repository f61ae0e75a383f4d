using Hearth.Primitives;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>CONFIG: the parameters of a running server.</summary>
internal static class ConfigCommands
{
    public static readonly Command[] Table =
    [
        new("CONFIG", arity: -2, CommandFlags.None)
        {
            Since = "2.0.0", Group = CommandGroup.Server,
            Summary = "Holds the commands about the server's configuration.",
            Subcommands =
            [
                new("GET", arity: -3, Admin | NoScript | Loading | Stale, ConfigGet)
                {
                    Since = "2.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of parameters given",
                    Syntax = "parameter...",
                    Summary = "Returns the values of configuration parameters.",
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("RESETSTAT", arity: 2, Admin | NoScript | Loading | Stale | EndsBatch, ConfigResetStat)
                {
                    Since = "2.0.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Sets the server's statistics back to zero.",
                    Tips = ["request_policy:all_nodes", "response_policy:all_succeeded"],
                },
                new("REWRITE", arity: 2, Admin | NoScript | Loading | Stale | EndsBatch, ConfigRewrite)
                {
                    Since = "2.8.0", Group = CommandGroup.Server, Complexity = "O(1)",
                    Summary = "Writes the configuration in force to the configuration file.",
                    Tips = ["request_policy:all_nodes", "response_policy:all_succeeded"],
                },
                new("SET", arity: -4, Admin | NoScript | Loading | Stale | EndsBatch, ConfigSet)
                {
                    Since = "2.0.0", Group = CommandGroup.Server, Complexity = "O(N) with N the number of parameters given",
                    Syntax = "data:(parameter value)...",
                    Summary = "Changes configuration parameters while the server runs.",
                    Tips = ["request_policy:all_nodes", "response_policy:all_succeeded"],
                },
            ],
        },
    ];

    private static void ConfigGet(CommandContext context)
    {
        var patterns = new List<string>();
        for (var i = 2; i < context.Args.Count; i++) patterns.Add(Latin1.Text(context.Args[i]));
        var found = context.Engine.Config.Get(patterns);
        context.Reply.Map(found.Count);
        foreach (var (name, value) in found)
        {
            context.Reply.Bulk(name);
            context.Reply.Bulk(value);
        }
    }

    private static void ConfigResetStat(CommandContext context)
    {
        context.Engine.ResetStatistics();
        context.Reply.Ok();
    }

    private static void ConfigRewrite(CommandContext context)
    {
        if (context.Engine.Config.TryRewrite(out var error)) context.Reply.Ok();
        else context.Reply.Error(error);
    }

    private static void ConfigSet(CommandContext context)
    {
        if (context.Args.Count % 2 != 0)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        for (var i = 2; i < context.Args.Count; i += 2) pairs.Add(new(Latin1.Text(context.Args[i]), Latin1.Text(context.Args[i + 1])));
        if (context.Engine.Config.TrySet(pairs, context.Client.IsLocal, out var error)) context.Reply.Ok();
        else context.Reply.Error(error);
    }
}

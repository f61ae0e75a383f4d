using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>What a client says about itself and its connection.</summary>
internal static class ConnectionCommands
{
    public static readonly Command[] Table =
    [
        new("PING", arity: -1, Fast | AllowedInPubSub, Ping)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Syntax = "[message]",
            Summary = "Replies PONG, or the message that it was given.",
            Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
        },
    ];

    private static void Ping(CommandContext context)
    {
        if (context.Args.Count > 2)
        {
            context.Reply.Error("ERR wrong number of arguments for 'ping' command"u8);
            return;
        }

        if (context.Client.IsInSubscribeMode)
        {
            context.Reply.Array(2);
            context.Reply.Bulk("pong"u8);
            context.Reply.Bulk(context.Args.Count == 2 ? context.Args[1] : default);
        }
        else if (context.Args.Count == 2)
        {
            context.Reply.Bulk(context.Args[1]);
        }
        else
        {
            context.Reply.SimpleString("PONG"u8);
        }
    }
}

using System.Text;
using Hearth.Primitives;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>CLIENT: what connections there are, and how the server treats them.</summary>
internal static class ClientCommands
{
    public static readonly Command[] Table =
    [
        new("CLIENT", arity: -2, CommandFlags.None)
        {
            Since = "2.4.0", Group = CommandGroup.Connection,
            Summary = "Holds the commands about connections.",
            Subcommands =
            [
                new("GETNAME", arity: 2, NoScript | Loading | Stale | Brief, ClientGetName)
                {
                    Since = "2.6.9", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Summary = "Returns the name of the connection.",
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("ID", arity: 2, NoScript | Loading | Stale | Brief, ClientId)
                {
                    Since = "5.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Summary = "Returns the id of the connection.",
                },
                new("INFO", arity: 2, NoScript | Loading | Stale, ClientInfo)
                {
                    Since = "6.2.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Summary = "Describes this connection in one line.",
                    Tips = ["nondeterministic_output"],
                },
                new("KILL", arity: -3, Admin | NoScript | Loading | Stale, ClientKill)
                {
                    Since = "2.4.0", Group = CommandGroup.Connection, Complexity = "O(N) with N the number of connections",
                    Syntax = "filter:<old-format\"ip:port\"~2.8.12 | new-format:<[ID client-id@2.8.12:integer] | [TYPE "
                        + "client-type@2.8.12:<NORMAL | MASTER@3.2.0 | SLAVE | REPLICA@5.0.0 | PUBSUB>] | [USER username] | [ADDR "
                        + "addr\"ip:port\"] | [LADDR laddr\"ip:port\"@6.2.0] | [SKIPME skipme:<YES | NO>]>...>",
                    Summary = "Closes connections.",
                },
                new("LIST", arity: -2, Admin | NoScript | Loading | Stale, ClientList)
                {
                    Since = "2.4.0", Group = CommandGroup.Connection, Complexity = "O(N) with N the number of connections",
                    Syntax = "[TYPE client-type@5.0.0:<NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id@6.2.0:integer...]",
                    Summary = "Describes all connections, one a line.",
                    Tips = ["nondeterministic_output"],
                },
                new("NO-EVICT", arity: 3, Admin | NoScript | Loading | Stale | Brief, ClientNoEvict)
                {
                    Since = "7.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Syntax = "enabled:<ON | OFF>",
                    Summary = "Says whether the connection is spared when client memory must be freed.",
                },
                new("NO-TOUCH", arity: 3, NoScript | Loading | Stale | Brief, ClientNoTouch)
                {
                    Since = "7.2.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Syntax = "enabled:<ON | OFF>",
                    Summary = "Says whether the connection's commands leave the keys' times of use as they are.",
                },
                new("REPLY", arity: 3, NoScript | Loading | Stale | Brief, ClientReply)
                {
                    Since = "3.2.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Syntax = "action:<ON | OFF | SKIP>",
                    Summary = "Turns replies to this connection on or off.",
                },
                new("SETINFO", arity: 4, NoScript | Loading | Stale | Brief, ClientSetInfo)
                {
                    Since = "7.2.0", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Syntax = "attr:<LIB-NAME libname | LIB-VER libver>",
                    Summary = "Tells the server the name or version of the client's library.",
                    Tips = ["request_policy:all_nodes", "response_policy:all_succeeded"],
                },
                new("SETNAME", arity: 3, NoScript | Loading | Stale | Brief, ClientSetName)
                {
                    Since = "2.6.9", Group = CommandGroup.Connection, Complexity = "O(1)",
                    Syntax = "connection-name",
                    Summary = "Gives the connection a name.",
                    Tips = ["request_policy:all_nodes", "response_policy:all_succeeded"],
                },
                new("UNBLOCK", arity: -3, Admin | NoScript | Loading | Stale, ClientUnblock)
                {
                    Since = "5.0.0", Group = CommandGroup.Connection, Complexity = "O(log N) with N the number of connections",
                    Syntax = "client-id:integer [unblock-type:<TIMEOUT | ERROR>]",
                    Summary = "Ends the wait of a client that a blocking command holds.",
                },
            ],
        },
    ];

    private static void ClientGetName(CommandContext context)
    {
        if (context.Client.Name.Length == 0) context.Reply.Null();
        else context.Reply.Bulk(context.Client.Name);
    }

    private static void ClientId(CommandContext context) => context.Reply.Integer(context.Client.Id);

    private static void ClientInfo(CommandContext context)
    {
        var lines = new StringBuilder();
        AppendLine(context, lines, context.Client);
        context.Reply.Verbatim(Latin1.Bytes(lines.ToString()), "txt"u8);
    }

    private static void ClientKill(CommandContext context)
    {
        var isOldForm = context.Args.Count == 3;
        var filter = new ClientFilter();
        if (isOldForm) filter.Address = Errors.Quote(context.Args[2]);
        else if (!TryReadFilter(context, ref filter)) return;

        var killed = 0;
        foreach (var client in context.Engine.Clients.All.Where(client => filter.Accepts(client)).ToArray())
        {
            // The caller gets its reply first.
            if (client == context.Client) client.IsClosing = true;
            else context.Engine.CloseClient(client);
            killed++;
        }

        if (!isOldForm) context.Reply.Integer(killed);
        else if (killed == 0) context.Reply.Error("ERR No such client"u8);
        else context.Reply.Ok();
    }

    private static void ClientList(CommandContext context)
    {
        var lines = new StringBuilder();
        if (context.Args.Count == 4 && context.Is(2, "TYPE"u8))
        {
            if (!TryType(context, 3, out var type)) return; // Has replied that there is no such type.
            foreach (var client in context.Engine.Clients.All.Where(client => client.Type == type)) AppendLine(context, lines, client);
        }
        else if (context.Args.Count > 3 && context.Is(2, "ID"u8))
        {
            for (var i = 3; i < context.Args.Count; i++)
            {
                if (!NumberText.TryParseInt64(context.Args[i], out var id))
                {
                    context.Reply.Error("ERR Invalid client ID"u8);
                    return;
                }

                if (context.Engine.Clients.Find(id) is { } client) AppendLine(context, lines, client);
            }
        }
        else if (context.Args.Count != 2)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }
        else
        {
            foreach (var client in context.Engine.Clients.All) AppendLine(context, lines, client);
        }

        context.Reply.Verbatim(Latin1.Bytes(lines.ToString()), "txt"u8);
    }

    private static void ClientNoEvict(CommandContext context)
    {
        if (!TryOnOff(context, out var isOn)) return; // Has replied a syntax error.
        context.Client.IsProtectedFromEviction = isOn;
        context.Reply.Ok();
    }

    private static void ClientNoTouch(CommandContext context)
    {
        if (!TryOnOff(context, out var isOn)) return; // Has replied a syntax error.
        context.Client.IsNoTouch = isOn;
        context.Reply.Ok();
    }

    private static void ClientReply(CommandContext context)
    {
        var client = context.Client;
        if (context.Is(2, "ON"u8))
        {
            client.ReplyMode = ReplyMode.On;
            context.Reply.Ok();
        }
        else if (context.Is(2, "OFF"u8))
        {
            client.ReplyMode = ReplyMode.Off;
        }
        else if (context.Is(2, "SKIP"u8))
        {
            if (client.ReplyMode != ReplyMode.Off) client.ReplyMode = ReplyMode.SkipNext;
        }
        else
        {
            context.Reply.Error(Errors.Syntax);
        }
    }

    private static void ClientSetInfo(CommandContext context)
    {
        var value = context.Args[3];
        var isName = context.Is(2, "LIB-NAME"u8);
        if (!isName && !context.Is(2, "LIB-VER"u8))
        {
            context.Reply.Error($"ERR Unrecognized option '{Errors.Quote(context.Args[2])}'");
            return;
        }

        if (!ConnectionCommands.IsPrintable(value))
        {
            context.Reply.Error($"ERR {Errors.Quote(context.Args[2])} cannot contain spaces, newlines or special characters.");
            return;
        }

        if (isName) context.Client.LibraryName = Latin1.Text(value);
        else context.Client.LibraryVersion = Latin1.Text(value);
        context.Reply.Ok();
    }

    private static void ClientSetName(CommandContext context)
    {
        var name = context.Args[2];
        if (!ConnectionCommands.IsPrintable(name))
        {
            context.Reply.Error(Errors.InvalidClientName);
            return;
        }

        context.Client.Name = Latin1.Text(name);
        context.Reply.Ok();
    }

    private static void AppendLine(CommandContext context, StringBuilder lines, Client client)
    {
        var executingBytes = 0L;
        if (client == context.Client)
        {
            for (var i = 0; i < context.Args.Count; i++) executingBytes += context.Args[i].Length;
        }

        lines.Append(ClientDescription.Line(client, context.NowMs, executingBytes)).Append('\n');
    }

    private static void ClientUnblock(CommandContext context)
    {
        var isError = context.Args.Count > 3 && context.Is(3, "ERROR"u8);
        if (context.Args.Count > 4 || (context.Args.Count == 4 && !isError && !context.Is(3, "TIMEOUT"u8)))
        {
            context.Reply.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"u8);
            return;
        }

        if (!context.TryInteger(2, out var id)) return;
        if (context.Engine.Clients.Find(id) is not { IsBlocked: true } client)
        {
            context.Reply.Integer(0);
            return;
        }

        context.Engine.Blocking.End(client, isError);
        context.Reply.Integer(1);
    }

    /// <summary>The options of CLIENT KILL's new form; false after it has replied what is wrong with them.</summary>
    private static bool TryReadFilter(CommandContext context, ref ClientFilter filter)
    {
        filter.Except = context.Client;
        var count = context.Args.Count;
        for (var i = 2; i < count; i += 2)
        {
            if (i + 1 == count) return SyntaxError(context);
            if (!TryReadFilterOption(context, i, ref filter)) return false;
        }

        return true;
    }

    private static bool TryReadFilterOption(CommandContext context, int option, ref ClientFilter filter)
    {
        var value = context.Args[option + 1];
        if (context.Is(option, "ID"u8))
        {
            if (!context.TryInteger(option + 1, 1, long.MaxValue, out var id, "ERR client-id should be greater than 0"u8)) return false;
            filter.Id = id;
        }
        else if (context.Is(option, "TYPE"u8))
        {
            if (!TryType(context, option + 1, out var type)) return false;
            filter.Type = type;
        }
        else if (context.Is(option, "ADDR"u8))
        {
            filter.Address = Errors.Quote(value);
        }
        else if (context.Is(option, "LADDR"u8))
        {
            filter.LocalAddress = Errors.Quote(value);
        }
        else if (context.Is(option, "USER"u8))
        {
            if (value.SequenceEqual("default"u8)) return true; // Everybody is this user.
            context.Reply.Error($"ERR No such user '{Errors.Quote(value)}'");
            return false;
        }
        else if (context.Is(option, "SKIPME"u8))
        {
            if (context.Is(option + 1, "YES"u8)) filter.Except = context.Client;
            else if (context.Is(option + 1, "NO"u8)) filter.Except = null;
            else return SyntaxError(context);
        }
        else
        {
            return SyntaxError(context);
        }

        return true;
    }

    private static bool TryType(CommandContext context, int argument, out ClientType type)
    {
        if (ClientTypes.TryParse(context.Args[argument], out type)) return true;
        context.Reply.Error($"ERR Unknown client type '{Errors.Quote(context.Args[argument])}'");
        return false;
    }

    private static bool TryOnOff(CommandContext context, out bool isOn)
    {
        isOn = context.Is(2, "ON"u8);
        return isOn || context.Is(2, "OFF"u8) || SyntaxError(context);
    }

    private static bool SyntaxError(CommandContext context)
    {
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

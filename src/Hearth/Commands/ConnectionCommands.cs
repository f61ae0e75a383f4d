using System.Security.Cryptography;
using Hearth.Primitives;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>What a connection says of itself: who it is, which protocol it speaks, which database it works in.</summary>
internal static class ConnectionCommands
{
    public static readonly Command[] Table =
    [
        new("AUTH", arity: -2, NoScript | Loading | Stale | Fast | NoAuth | AllowBusy | EndsBatch, Auth)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(N) with N the number of passwords of the user",
            Syntax = "[username@6.0.0] password",
            Summary = "Logs the connection in.",
        },
        new("ECHO", arity: 2, Loading | Stale | Fast, Echo)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Syntax = "message",
            Summary = "Returns its argument.",
        },
        new("HELLO", arity: -1, NoScript | Loading | Stale | Fast | NoAuth | AllowBusy | EndsBatch, Hello)
        {
            Since = "6.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Syntax = "[arguments:(protover:integer [AUTH auth:(username password)] [SETNAME clientname])]",
            Summary = "Chooses the protocol version, and may log in and name the connection.",
        },
        new("PING", arity: -1, Fast | AllowedInPubSub, Ping)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Syntax = "[message]",
            Summary = "Answers that the server is alive.",
            Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
        },
        new("QUIT", arity: -1, NoScript | Loading | Stale | Fast | NoAuth | AllowBusy | EndsBatch | AllowedInPubSub | NotQueued, Quit)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Summary = "Closes the connection.",
            DeprecatedSince = "7.2.0", ReplacedBy = "just closing the connection",
        },
        new("RESET", arity: 1, NoScript | Loading | Stale | Fast | NoAuth | AllowBusy | EndsBatch | AllowedInPubSub | NotQueued, Reset)
        {
            Since = "6.2.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Summary = "Puts the connection back into the state of a new one.",
        },
        new("SELECT", arity: 2, Loading | Stale | Fast, Select)
        {
            Since = "1.0.0", Group = CommandGroup.Connection, Complexity = "O(1)",
            Syntax = "index:integer",
            Summary = "Chooses the database of the connection.",
        },
    ];

    private static void Auth(CommandContext context)
    {
        var args = context.Args;
        if (args.Count > 3)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (args.Count == 2 && context.Engine.Config.RequirePass.Length == 0)
        {
            context.Reply.Error("ERR AUTH <password> called without any password configured for the default user. "u8
                + "Are you sure your configuration is correct?"u8);
            return;
        }

        if (args.Count == 2 ? TryLogIn(context, "default"u8, args[1]) : TryLogIn(context, args[1], args[2])) context.Reply.Ok();
    }

    private static void Echo(CommandContext context) => context.Reply.Bulk(context.Args[1]);

    private static void Hello(CommandContext context)
    {
        var args = context.Args;
        long protocol = context.Client.Protocol;
        if (args.Count > 1)
        {
            if (!NumberText.TryParseInt64(args[1], out protocol))
            {
                context.Reply.Error("ERR Protocol version is not an integer or out of range"u8);
                return;
            }

            if (protocol is not (2 or 3))
            {
                context.Reply.Error("NOPROTO unsupported protocol version"u8);
                return;
            }
        }

        if (!TryReadHelloOptions(context, out var user, out var name)) return;
        var client = context.Client;
        if (user > 0 && !TryLogIn(context, args[user], args[user + 1])) return;
        if (!client.IsAuthenticated)
        {
            context.Reply.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> "u8
                + "option can be used to authenticate the client and select the RESP protocol version at the same time"u8);
            return;
        }

        if (name > 0) client.Name = Latin1.Text(args[name]);
        client.Protocol = (int)protocol;
        context.Reply.UseVersion(client.Protocol);
        ReplyHello(context);
    }

    private static void Ping(CommandContext context)
    {
        var args = context.Args;
        if (args.Count > 2)
        {
            context.Reply.Error("ERR wrong number of arguments for 'ping' command"u8);
            return;
        }

        if (context.Client.IsInSubscribeMode)
        {
            context.Reply.Array(2);
            context.Reply.Bulk("pong"u8);
            context.Reply.Bulk(args.Count == 2 ? args[1] : default);
        }
        else if (args.Count == 2)
        {
            context.Reply.Bulk(args[1]);
        }
        else
        {
            context.Reply.SimpleString("PONG"u8);
        }
    }

    private static void Quit(CommandContext context)
    {
        context.Reply.Ok();
        context.Client.IsClosing = true;
    }

    private static void Reset(CommandContext context)
    {
        var client = context.Client;
        client.Database = 0;
        client.Protocol = 2;
        client.IsAuthenticated = context.Engine.Config.RequirePass.Length == 0;
        context.Engine.Transactions.End(client);
        client.Subscriptions?.EndAll();
        client.Name = "";
        client.ReplyMode = ReplyMode.On;
        client.IsProtectedFromEviction = false;
        client.IsNoTouch = false;
        context.Reply.UseVersion(client.Protocol);
        context.Reply.SimpleString("RESET"u8);
    }

    private static void Select(CommandContext context)
    {
        if (!context.TryInteger(1, out var index)) return; // Has replied that it is no integer.
        if (index is < int.MinValue or > int.MaxValue)
        {
            context.Reply.Error("ERR value is out of range, value must between -2147483648 and 2147483647"u8);
        }
        else if (index < 0 || index >= context.Engine.Keyspaces.Length)
        {
            context.Reply.Error(Errors.InvalidDatabase);
        }
        else
        {
            context.Client.Database = (int)index;
            context.Reply.Ok();
        }
    }

    /// <summary>Where HELLO's options stand among its arguments, 0 for one that is not given; false after it has replied what is wrong.</summary>
    private static bool TryReadHelloOptions(CommandContext context, out int user, out int name)
    {
        (user, name) = (0, 0);
        var count = context.Args.Count;
        for (var i = 2; i < count; i++)
        {
            if (context.Is(i, "AUTH"u8) && i + 2 < count)
            {
                user = i + 1;
                i += 2;
            }
            else if (context.Is(i, "SETNAME"u8) && i + 1 < count)
            {
                name = ++i;
                if (IsPrintable(context.Args[i])) continue;
                context.Reply.Error(Errors.InvalidClientName);
                return false;
            }
            else
            {
                context.Reply.Error($"ERR Syntax error in HELLO option '{Errors.Quote(context.Args[i])}'");
                return false;
            }
        }

        return true;
    }

    private static void ReplyHello(CommandContext context)
    {
        var reply = context.Reply;
        reply.Map(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(LifeCycleLog.RedisVersion);
        reply.Bulk("proto"u8);
        reply.Integer(context.Client.Protocol);
        reply.Bulk("id"u8);
        reply.Integer(context.Client.Id);
        reply.Bulk("mode"u8);
        reply.Bulk("standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk("master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }

    /// <summary>Makes the connection the user's; false after it has replied that the pair is wrong.</summary>
    private static bool TryLogIn(CommandContext context, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        var required = context.Engine.Config.RequirePass;
        if (user.SequenceEqual("default"u8) && (required.Length == 0 || CryptographicOperations.FixedTimeEquals(password, required)))
        {
            context.Client.IsAuthenticated = true;
            return true;
        }

        context.Engine.Statistics.DeniedAuth++;
        context.Reply.Error(Errors.WrongPassword);
        return false;
    }

    /// <summary>Whether a name leaves the lines and columns of CLIENT LIST intact.</summary>
    internal static bool IsPrintable(ReadOnlySpan<byte> name) => !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}

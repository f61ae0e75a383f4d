using Hearth.Server;

namespace Hearth.Commands;

/// <summary>DEBUG PROTOCOL: one reply of each type, for those who write clients.</summary>
internal static class DebugProtocol
{
    public static void Reply(CommandContext context)
    {
        var reply = context.Reply;
        switch (Primitives.Latin1.Text(context.Args[2]).ToLowerInvariant())
        {
            case "string": reply.Bulk("Hello World"u8); break;
            case "integer": reply.Integer(12345); break;
            case "double": reply.Double(3.141); break;
            case "bignum": reply.BigNumber("1234567999999999999999999999999999999"u8); break;
            case "null": reply.Null(); break;
            case "array":
                reply.Array(3);
                for (var i = 0; i < 3; i++) reply.Integer(i);
                break;
            case "set":
                reply.Set(3);
                for (var i = 0; i < 3; i++) reply.Integer(i);
                break;
            case "map": ReplyMap(context); break;
            case "attrib": ReplyAttribute(context); break;
            case "push": ReplyPush(context); break;
            case "verbatim": reply.Verbatim("This is a verbatim\nstring"u8, "txt"u8); break;
            case "true": reply.Boolean(true); break;
            case "false": reply.Boolean(false); break;
            default:
                reply.Error(
                    "ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false"u8);
                break;
        }
    }

    private static void ReplyMap(CommandContext context)
    {
        context.Reply.Map(3);
        for (var i = 0; i < 3; i++)
        {
            context.Reply.Integer(i);
            context.Reply.Boolean(i == 1);
        }
    }

    private static void ReplyAttribute(CommandContext context)
    {
        if (context.Reply.HasAttributes)
        {
            context.Reply.Attribute(1);
            context.Reply.Bulk("key-popularity"u8);
            context.Reply.Array(2);
            context.Reply.Bulk("key:123"u8);
            context.Reply.Integer(90);
        }

        context.Reply.Bulk("Some real reply following the attribute"u8);
    }

    private static void ReplyPush(CommandContext context)
    {
        if (!context.Reply.HasPush)
        {
            context.Reply.Error("ERR RESP2 is not supported by this command"u8);
            return;
        }

        context.Reply.Push(2);
        context.Reply.Bulk("server-cpu-usage"u8);
        context.Reply.Integer(42);
        context.Reply.Bulk("Some real reply following the push reply"u8);
    }
}

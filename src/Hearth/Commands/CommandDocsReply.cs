using Hearth.Protocol;
using Hearth.Server;

namespace Hearth.Commands;

/// <summary>Writes a row as COMMAND DOCS replies it: its name, and a map of what there is to read about it.</summary>
internal static class CommandDocsReply
{
    public static void Write(RespWriter reply, Command command)
    {
        reply.Bulk(command.WireName);
        var start = reply.BeginDeferred();
        long pairs = 0;
        WriteText(reply, "summary"u8, command.Summary, ref pairs);
        WriteText(reply, "since"u8, command.Since, ref pairs);
        WriteText(reply, "group"u8, CommandWords.Of(command.Group), ref pairs);
        WriteText(reply, "complexity"u8, command.Complexity, ref pairs);
        WriteDocFlags(reply, command, ref pairs);
        WriteText(reply, "deprecated_since"u8, command.DeprecatedSince, ref pairs);
        WriteText(reply, "replaced_by"u8, command.ReplacedBy, ref pairs);
        WriteHistory(reply, command, ref pairs);
        if (CommandSyntax.ArgumentsOf(command) is { Length: > 0 } arguments)
        {
            reply.Bulk("arguments"u8);
            WriteArguments(reply, arguments);
            pairs++;
        }

        if (command.Subcommands is { Length: > 0 } subcommands)
        {
            reply.Bulk("subcommands"u8);
            reply.Map(subcommands.Length);
            foreach (var subcommand in subcommands) Write(reply, subcommand);
            pairs++;
        }

        reply.EndDeferredMap(start, pairs);
    }

    private static void WriteDocFlags(RespWriter reply, Command command, ref long pairs)
    {
        var isDeprecated = command.DeprecatedSince is not null;
        if (!isDeprecated && !command.IsSystem) return;
        reply.Bulk("doc_flags"u8);
        reply.Set(isDeprecated && command.IsSystem ? 2 : 1);
        if (isDeprecated) reply.SimpleString("deprecated"u8);
        if (command.IsSystem) reply.SimpleString("syscmd"u8);
        pairs++;
    }

    private static void WriteHistory(RespWriter reply, Command command, ref long pairs)
    {
        if (command.History.Length == 0) return;
        reply.Bulk("history"u8);
        reply.Set(command.History.Length);
        foreach (var (since, change) in command.History)
        {
            reply.Array(2);
            reply.Bulk(since);
            reply.Bulk(change);
        }

        pairs++;
    }

    private static void WriteArguments(RespWriter reply, CommandArgument[] arguments)
    {
        reply.Array(arguments.Length);
        foreach (var argument in arguments) WriteArgument(reply, argument);
    }

    private static void WriteArgument(RespWriter reply, CommandArgument argument)
    {
        var start = reply.BeginDeferred();
        long pairs = 0;
        WriteText(reply, "name"u8, argument.Name, ref pairs);
        WriteText(reply, "type"u8, CommandWords.Of(argument.Type), ref pairs);
        WriteText(reply, "display_text"u8, argument.DisplayText, ref pairs);
        if (argument.KeySpecIndex >= 0)
        {
            reply.Bulk("key_spec_index"u8);
            reply.Integer(argument.KeySpecIndex);
            pairs++;
        }

        if (argument.Token is not null)
        {
            // A token may be the empty string.
            reply.Bulk("token"u8);
            reply.Bulk(argument.Token);
            pairs++;
        }

        WriteText(reply, "since"u8, argument.Since, ref pairs);
        WriteText(reply, "deprecated_since"u8, argument.DeprecatedSince, ref pairs);
        WriteArgumentFlags(reply, argument, ref pairs);
        if (argument.Arguments.Length != 0)
        {
            reply.Bulk("arguments"u8);
            WriteArguments(reply, argument.Arguments);
            pairs++;
        }

        reply.EndDeferredMap(start, pairs);
    }

    private static void WriteArgumentFlags(RespWriter reply, CommandArgument argument, ref long pairs)
    {
        if (!argument.IsOptional && !argument.IsMultiple) return;
        reply.Bulk("flags"u8);
        var start = reply.BeginDeferred();
        long count = 0;
        if (argument.IsOptional) WriteFlag(reply, "optional"u8, ref count);
        if (argument.IsMultiple) WriteFlag(reply, "multiple"u8, ref count);
        if (argument.IsTokenRepeated) WriteFlag(reply, "multiple_token"u8, ref count);
        reply.EndDeferredSet(start, count);
        pairs++;
    }

    private static void WriteFlag(RespWriter reply, ReadOnlySpan<byte> flag, ref long count)
    {
        reply.SimpleString(flag);
        count++;
    }

    /// <summary>A pair of name and text, left out when there is none.</summary>
    private static void WriteText(RespWriter reply, ReadOnlySpan<byte> name, string? text, ref long pairs)
    {
        if (string.IsNullOrEmpty(text)) return;
        reply.Bulk(name);
        reply.Bulk(text);
        pairs++;
    }
}

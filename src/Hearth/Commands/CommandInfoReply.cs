using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Server;

namespace Hearth.Commands;

/// <summary>Writes a row as COMMAND INFO replies it: ten fields by their place, subcommands in the last of them.</summary>
internal static class CommandInfoReply
{
    private const int FieldCount = 10;

    public static void Write(RespWriter reply, Command command)
    {
        reply.Array(FieldCount);
        reply.Bulk(command.WireName);
        reply.Integer(command.Arity);
        WriteWords(reply, (ulong)(command.Flags & CommandFlags.Public), CommandWords.Flags);
        reply.Integer(command.FirstKey);
        reply.Integer(command.LastKey);
        reply.Integer(command.KeyStep);
        WriteWords(reply, (ulong)command.Categories, CommandWords.Categories, prefix: "@");
        reply.Set(command.Tips.Length);
        foreach (var tip in command.Tips) reply.Bulk(tip);
        reply.Set(command.KeySpecs.Length);
        foreach (var spec in command.KeySpecs) WriteKeySpec(reply, spec);
        WriteSubcommands(reply, command);
    }

    /// <summary>A set of the words whose bits are set.</summary>
    public static void WriteWords(RespWriter reply, ulong bits, ReadOnlySpan<string> words, string prefix = "")
    {
        reply.Set(CommandWords.Count(bits));
        for (var i = 0; i < words.Length; i++)
        {
            if ((bits >> i & 1) != 0) reply.SimpleString(Latin1.Bytes(prefix + words[i]));
        }
    }

    // Redis sends an empty set for a command without subcommands, but an array of them.
    private static void WriteSubcommands(RespWriter reply, Command command)
    {
        if (command.Subcommands.Length == 0)
        {
            reply.Set(0);
            return;
        }

        reply.Array(command.Subcommands.Length);
        foreach (var subcommand in command.Subcommands) Write(reply, subcommand);
    }

    private static void WriteKeySpec(RespWriter reply, KeySpec spec)
    {
        reply.Map(spec.Notes is null ? 3 : 4);
        if (spec.Notes is not null)
        {
            reply.Bulk("notes"u8);
            reply.Bulk(spec.Notes);
        }

        reply.Bulk("flags"u8);
        WriteWords(reply, (ulong)spec.Flags, CommandWords.KeyFlags);
        reply.Bulk("begin_search"u8);
        WriteBeginSearch(reply, spec);
        reply.Bulk("find_keys"u8);
        WriteFindKeys(reply, spec);
    }

    private static void WriteBeginSearch(RespWriter reply, KeySpec spec)
    {
        switch (spec.Begin)
        {
            case BeginSearch.Index:
                WriteType(reply, "index"u8, numbers: 1);
                WriteNumber(reply, "index"u8, spec.Index);
                break;

            case BeginSearch.Keyword:
                WriteType(reply, "keyword"u8, numbers: 2);
                reply.Bulk("keyword"u8);
                reply.Bulk(spec.Keyword!);
                WriteNumber(reply, "startfrom"u8, spec.StartFrom);
                break;

            default:
                WriteType(reply, "unknown"u8, numbers: 0);
                break;
        }
    }

    private static void WriteFindKeys(RespWriter reply, KeySpec spec)
    {
        switch (spec.Find)
        {
            case FindKeys.Range:
                WriteType(reply, "range"u8, numbers: 3);
                WriteNumber(reply, "lastkey"u8, spec.LastKey);
                WriteNumber(reply, "keystep"u8, spec.KeyStep);
                WriteNumber(reply, "limit"u8, spec.Limit);
                break;

            case FindKeys.KeyNumber:
                WriteType(reply, "keynum"u8, numbers: 3);
                WriteNumber(reply, "keynumidx"u8, spec.KeyNumberIndex);
                WriteNumber(reply, "firstkey"u8, spec.FirstKey);
                WriteNumber(reply, "keystep"u8, spec.KeyStep);
                break;

            default:
                WriteType(reply, "unknown"u8, numbers: 0);
                break;
        }
    }

    private static void WriteType(RespWriter reply, ReadOnlySpan<byte> type, int numbers)
    {
        reply.Map(2);
        reply.Bulk("type"u8);
        reply.Bulk(type);
        reply.Bulk("spec"u8);
        reply.Map(numbers);
    }

    private static void WriteNumber(RespWriter reply, ReadOnlySpan<byte> name, int number)
    {
        reply.Bulk(name);
        reply.Integer(number);
    }
}

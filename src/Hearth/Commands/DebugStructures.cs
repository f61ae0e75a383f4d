using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>DEBUG's looks into the structures that a value consists of. What Redis prints on its standard output goes to the log.</summary>
internal static class DebugStructures
{
    /// <summary>The most that QUICKLIST-PACKED-THRESHOLD takes: a little less than 4 GiB.</summary>
    private const ulong PackedThresholdMax = (1UL << 32) - (1 << 20);

    public static void Object(CommandContext context)
    {
        if (!TryEntry(context, out var entry)) return;
        var clock = context.Engine.AccessClock;
        var encoding = System.Text.Encoding.ASCII.GetString(entry.Encoding.Name());
        var facts = entry.Type == KeyType.List ? new ListValue(context.Values, entry).QuicklistFacts() : "";
        context.Reply.SimpleString(Latin1.Bytes(
            $"Value at:0x{entry.Address:x} refcount:1 encoding:{encoding} serializedlength:{SavedLength.Of(context.Values, entry)} "
            + $"lru:{entry.AccessClock} lru_seconds_idle:{clock.IdleMs(entry) / 1000}{facts}"));
    }

    public static void Listpack(CommandContext context)
    {
        if (!TryEntry(context, out var entry)) return;
        if (!ListpackReport.TryFind(context.Values, entry, out var listpack))
        {
            context.Reply.Error("ERR Not a listpack encoded object."u8);
            return;
        }

        foreach (var line in ListpackReport.Lines(listpack)) context.Engine.Log.Notice(line);
        context.Reply.SimpleString("Listpack structure printed on stdout"u8);
    }

    public static void Quicklist(CommandContext context)
    {
        if (!TryEntry(context, out var entry)) return;
        var withElements = context.Args.Count > 3 && NumberText.TryParseInt64(context.Args[3], out var level) && level != 0;
        if (entry.Type != KeyType.List || new ListValue(context.Values, entry).QuicklistLines(withElements) is not { } lines)
        {
            context.Reply.Error("ERR Not a quicklist encoded object."u8);
            return;
        }

        foreach (var line in lines) context.Engine.Log.Notice(line);
        context.Reply.SimpleString("Quicklist structure printed on stdout"u8);
    }

    public static void PackedThreshold(CommandContext context)
    {
        if (!ConfigNumber.TryParseMemory(Latin1.Text(context.Args[2]), out var bytes) || bytes > PackedThresholdMax)
        {
            context.Reply.Error("ERR argument must be a memory value bigger than 1 and smaller than 4gb"u8);
            return;
        }

        context.Values.Limits.ListPlainFromBytes = bytes == 0 ? EncodingLimits.DefaultListPlainFromBytes : (long)bytes;
        context.Reply.Ok();
    }

    private static bool TryEntry(CommandContext context, out Entry entry)
    {
        entry = context.Keyspace.Peek(context.Key(2));
        if (entry.Exists) return true;
        context.Reply.Error(Errors.NoSuchKey);
        return false;
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>
/// DEBUG, for those who test servers and clients. What Redis's DEBUG HELP lists and is missing here stands in docs/differences.md.
/// </summary>
internal static class DebugCommands
{
    private delegate void Handler(CommandContext context);

    private static readonly (string Name, int ArgumentsMin, int ArgumentsMax, Handler Run)[] Subcommands =
    [
        ("CHANGE-REPL-ID", 0, 0, ChangeReplicationId),
        ("CONFIG-REWRITE-FORCE-ALL", 0, 0, RewriteConfiguration),
        ("DIGEST", 0, 0, Digest),
        ("DIGEST-VALUE", 0, int.MaxValue, DigestValue),
        ("ERROR", 1, 1, ReplyError),
        ("HELP", 0, 0, Help),
        ("HTSTATS", 1, 1, TableStatistics),
        ("HTSTATS-KEY", 1, 1, KeyTableStatistics),
        ("LISTPACK", 1, 1, DebugStructures.Listpack),
        ("LOG", 1, 1, Log),
        ("OBJECT", 1, 1, DebugStructures.Object),
        ("PAUSE-CRON", 1, 1, PauseCron),
        ("POPULATE", 1, 3, Populate),
        ("PROTOCOL", 1, 1, DebugProtocol.Reply),
        ("QUICKLIST", 1, 2, DebugStructures.Quicklist),
        ("QUICKLIST-PACKED-THRESHOLD", 1, 1, DebugStructures.PackedThreshold),
        ("SDSLEN", 1, 1, StringLength),
        ("SET-ACTIVE-EXPIRE", 1, 1, SetActiveExpire),
        ("SLEEP", 1, 1, Sleep),
        ("STRINGMATCH-TEST", 0, 0, StringMatchTest),
        ("STRUCTSIZE", 0, 0, StructureSizes),
    ];

    public static readonly Command[] Table =
    [
        new("DEBUG", arity: -2, Admin | NoScript | Loading | Stale | Protected | EndsBatch, Debug)
        {
            Since = "1.0.0", Group = CommandGroup.Server, Complexity = "As the subcommand",
            Summary = "Holds commands for those who test and debug the server.",
            IsSystem = true,
        },
    ];

    private static void Debug(CommandContext context)
    {
        var arguments = context.Args.Count - 2;
        var name = Latin1.Text(context.Args[1]).ToUpperInvariant();
        foreach (var subcommand in Subcommands)
        {
            if (subcommand.Name != name || arguments < subcommand.ArgumentsMin || arguments > subcommand.ArgumentsMax) continue;
            subcommand.Run(context);
            return;
        }

        context.Reply.Error(
            $"ERR unknown subcommand or wrong number of arguments for '{Errors.Quote(context.Args[1], 128)}'. Try DEBUG HELP.");
    }

    private static void ChangeReplicationId(CommandContext context)
    {
        context.Engine.ReplicationId = context.Engine.Random.NextHexId(40);
        context.Reply.Ok();
    }

    private static void RewriteConfiguration(CommandContext context)
    {
        if (context.Engine.Config.TryRewriteAll(out var error)) context.Reply.Ok();
        else context.Reply.Error(error);
    }

    private static void Digest(CommandContext context)
    {
        Span<byte> digest = stackalloc byte[DatasetDigest.Bytes];
        DatasetDigest.Compute(context.Values, context.Engine.Keyspaces, digest);
        ReplyHex(context, digest);
    }

    private static void DigestValue(CommandContext context)
    {
        Span<byte> digest = stackalloc byte[DatasetDigest.Bytes];
        context.Reply.Array(context.Args.Count - 2);
        for (var i = 2; i < context.Args.Count; i++)
        {
            digest.Clear();
            var entry = context.Keyspace.Find(context.Key(i), Lookup.Write | Lookup.NoTouch);
            if (entry.Exists) DatasetDigest.XorValue(context.Values, digest, entry);
            ReplyHex(context, digest);
        }
    }

    private static void ReplyHex(CommandContext context, ReadOnlySpan<byte> digest) =>
        context.Reply.SimpleString(Latin1.Bytes(Convert.ToHexStringLower(digest)));

    /// <summary>An error for the client only: the statistics don't hear of it.</summary>
    private static void ReplyError(CommandContext context)
    {
        var text = Latin1.Text(context.Args[2]).Replace('\r', ' ').Replace('\n', ' ');
        context.Reply.Raw(Latin1.Bytes($"-{text}\r\n"));
    }

    private static void Help(CommandContext context)
    {
        context.Reply.Array(Subcommands.Length + 1);
        context.Reply.SimpleString("DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"u8);
        foreach (var subcommand in Subcommands) context.Reply.SimpleString(Latin1.Bytes(subcommand.Name));
    }

    private static void TableStatistics(CommandContext context)
    {
        if (!context.TryInteger(2, out var index)) return;
        if ((ulong)index >= (ulong)context.Engine.Keyspaces.Length)
        {
            context.Reply.Error("ERR Out of range database"u8);
            return;
        }

        var keyspace = context.Engine.Keyspaces[index];
        var text = $"[Dictionary HT]\n{Describe(keyspace.Keys)}[Expires HT]\n{Describe(keyspace.Expires)}";
        context.Reply.Verbatim(Latin1.Bytes(text), "txt"u8);
    }

    private static string Describe(EntryTable table) => table.Count == 0
        ? "No stats available for empty dictionaries\n"
        : $" number of elements: {table.Count}\n bytes: {table.MemoryBytes}\n bytes per element: {(double)table.MemoryBytes / table.Count:F2}\n";

    private static void KeyTableStatistics(CommandContext context)
    {
        if (TryEntry(context, out _)) context.Reply.Error("ERR The value stored at the specified key is not represented using an hash table"u8);
    }

    private static void Log(CommandContext context)
    {
        context.Engine.Log.Warning($"DEBUG LOG: {Latin1.Text(context.Args[2])}");
        context.Reply.Ok();
    }

    private static void PauseCron(CommandContext context)
    {
        if (!context.TryInteger(2, out var pauses)) return;
        context.Engine.IsCronPaused = pauses != 0;
        context.Reply.Ok();
    }

    private static void Populate(CommandContext context)
    {
        if (!context.TryInteger(2, 0, long.MaxValue, out var count, "ERR value is out of range, must be positive"u8)) return;
        long size = 0;
        if (context.Args.Count == 5 && !context.TryInteger(4, 0, StringValue.BytesMax, out size, "ERR value is out of range, must be positive"u8)) return;
        var prefix = context.Args.Count > 3 ? Latin1.Text(context.Args[3]) : "key";
        for (long i = 0; i < count; i++)
        {
            var key = Key.Of(Latin1.Bytes($"{prefix}:{i}"), context.Engine.Hash);
            if (context.Write(key).Exists) continue;
            var value = Latin1.Bytes($"value:{i}");
            if (size > 0) Array.Resize(ref value, (int)size);
            context.Keyspace.SetString(key, default, value, Entry.NoExpiry);
            context.Touched(key);
        }

        context.Reply.Ok();
    }

    private static void StringLength(CommandContext context)
    {
        if (!TryEntry(context, out var entry)) return;
        if (entry.Type != KeyType.String || entry.Encoding == ValueEncoding.Integer)
        {
            context.Reply.Error("ERR Not an sds encoded string."u8);
            return;
        }

        context.Reply.SimpleString(Latin1.Bytes(
            $"key_sds_len:{entry.Key.Length}, key_sds_avail:0, key_zmalloc: {entry.UsedBytes}, val_sds_len:{new StringValue(entry).Length}, "
            + $"val_sds_avail:{new StringValue(entry).SpareBytes}, val_zmalloc: {StringValue.ValueBytes(entry)}"));
    }

    private static void SetActiveExpire(CommandContext context)
    {
        if (!context.TryInteger(2, out var isOn)) return;
        context.Engine.IsActiveExpiryOn = isOn != 0;
        context.Reply.Ok();
    }

    private static void Sleep(CommandContext context)
    {
        _ = NumberText.TryParseDouble(context.Args[2], out var seconds);
        if (seconds > 0) Thread.Sleep(TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000)));
        context.Reply.Ok();
    }

    private static void StringMatchTest(CommandContext context)
    {
        const int Rounds = 100_000;
        Span<byte> words = stackalloc byte[64];
        for (var i = 0; i < Rounds; i++)
        {
            var random = context.Engine.Random;
            random.NextBytes(words);
            // Few different bytes, most of them special, so that patterns and texts meet.
            foreach (ref var letter in words) letter = "*?[]^-\\abc"u8[letter % 10];
            Glob.IsMatch(words[..(int)random.NextInt64(32)], words[32..]);
        }

        context.Reply.SimpleString("Apparently Redis did not crash: test passed"u8);
    }

    private static void StructureSizes(CommandContext context) =>
        context.Reply.SimpleString(Latin1.Bytes($"bits:{IntPtr.Size * 8} entry:{Entry.HeaderBytes} {EntryTable.DescribeSizes()}"));

    private static bool TryEntry(CommandContext context, out Entry entry)
    {
        entry = context.Keyspace.Peek(context.Key(2));
        if (entry.Exists) return true;
        context.Reply.Error(Errors.NoSuchKey);
        return false;
    }
}

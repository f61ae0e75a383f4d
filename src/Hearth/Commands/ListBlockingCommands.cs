using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Lists: commands that wait until there is something to pop. What they do is repeated as the command that would have done it without
/// waiting.
/// </summary>
internal static class ListBlockingCommands
{
    public static readonly Command[] Table =
    [
        new("BLMOVE", arity: 6, Write | DenyOom | CommandFlags.Blocking | EndsBatch,
            [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, ReadWrite | Insert)], BLMove)
        {
            Since = "6.2.0", Group = CommandGroup.List, Complexity = "O(1)",
            Syntax = "source:key destination:key wherefrom:<LEFT | RIGHT> whereto:<LEFT | RIGHT> timeout:double",
            Summary = "Moves an element between two lists and returns it; waits while the source is empty.",
        },
        new("BLMPOP", arity: -5, Write | CommandFlags.Blocking | EndsBatch, KeySpec.Counted(2, ReadWrite | Access | Delete), BLMPop)
        {
            Since = "7.0.0", Group = CommandGroup.List, Complexity = "O(N+M) with N keys given and M elements returned",
            Syntax = "timeout:double numkeys:integer key... where:<LEFT | RIGHT> [COUNT count:integer]",
            Summary = "Pops elements from the first list that has any; waits while all are empty.",
        },
        new("BLPOP", arity: -3, Write | CommandFlags.Blocking | EndsBatch, KeySpec.Range(1, last: -2, ReadWrite | Access | Delete), BLPop)
        {
            Since = "2.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the number of keys",
            Syntax = "key... timeout:double",
            Summary = "Pops the first element of the first list that has any; waits while all are empty.",
        },
        new("BRPOP", arity: -3, Write | CommandFlags.Blocking | EndsBatch, KeySpec.Range(1, last: -2, ReadWrite | Access | Delete), BRPop)
        {
            Since = "2.0.0", Group = CommandGroup.List, Complexity = "O(N) with N the number of keys",
            Syntax = "key... timeout:double",
            Summary = "Pops the last element of the first list that has any; waits while all are empty.",
        },
        new("BRPOPLPUSH", arity: 4, Write | DenyOom | CommandFlags.Blocking | EndsBatch,
            [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, ReadWrite | Insert)], BRPopLPush)
        {
            Since = "2.2.0", Group = CommandGroup.List, Complexity = "O(1)",
            Syntax = "source:key destination:key timeout:double",
            Summary = "Moves the last element of a list to the head of another and returns it; waits while the source is empty.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
        },
    ];

    private static void BLMove(CommandContext context)
    {
        if (!ListMoveCommands.TryEnd(context, 3, out var from) || !ListMoveCommands.TryEnd(context, 4, out var to)) return;
        if (!context.TryTimeout(5, out var timeoutMs) || !TryMove(context, from, to, timeoutMs)) return;
        var args = context.Args;
        context.Propagation.Instead(5).Word("LMOVE"u8).Word(args[1]).Word(args[2]).Word(args[3]).Word(args[4]);
    }

    private static void BLMPop(CommandContext context)
    {
        if (!ListMultiPop.TryParse(context, numkeysArgument: 2, out var pop)) return;
        if (!context.TryTimeout(1, out var timeoutMs)) return;
        if (!pop.TryRun(context)) Wait(context, pop.FirstKey, pop.KeyCount, timeoutMs);
    }

    private static void BLPop(CommandContext context) => Pop(context, ListEnd.Head);

    private static void BRPop(CommandContext context) => Pop(context, ListEnd.Tail);

    private static void BRPopLPush(CommandContext context)
    {
        if (!context.TryTimeout(3, out var timeoutMs) || !TryMove(context, ListEnd.Tail, ListEnd.Head, timeoutMs)) return;
        context.Propagation.Instead(3).Word("RPOPLPUSH"u8).Word(context.Args[1]).Word(context.Args[2]);
    }

    private static void Pop(CommandContext context, ListEnd end)
    {
        var last = context.Args.Count - 1;
        if (!context.TryTimeout(last, out var timeoutMs)) return;
        for (var i = 1; i < last; i++)
        {
            var key = context.Key(i);
            if (!context.TryWrite(key, KeyType.List, out var entry)) return;
            if (!entry.Exists) continue;

            var list = new ListValue(context.Values, entry);
            context.Reply.Array(2);
            context.Reply.Bulk(key.Bytes);
            context.Reply.Bulk(list.Peek(end));
            ListChanges.Drop(context, key, list, end);
            context.Propagation.Instead(2).Word(end == ListEnd.Head ? "LPOP"u8 : "RPOP"u8).Word(key.Bytes);
            return;
        }

        Wait(context, firstKey: 1, keys: last - 1, timeoutMs);
    }

    private static void Wait(CommandContext context, int firstKey, int keys, long timeoutMs)
    {
        if (context.MayBlock) context.Block(KeyType.List, firstKey, keys, timeoutMs);
        else context.Reply.NullArray();
    }

    /// <summary>False after it has moved nothing: it waits, or has replied.</summary>
    private static bool TryMove(CommandContext context, ListEnd from, ListEnd to, long timeoutMs)
    {
        var source = context.Key(1);
        if (!context.TryWrite(source, KeyType.List, out var entry)) return false;
        if (entry.Exists) return ListMoveCommands.TryMove(context, source, new ListValue(context.Values, entry), from, to);

        // Whoever may not wait is told that there is no element; whose time is up, that there is no list. So is Redis.
        if (context.MayBlock) context.Block(KeyType.List, firstKey: 1, keys: 1, timeoutMs);
        else context.Reply.Null();
        return false;
    }
}

using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>LMPOP and BLMPOP: numkeys key [key ...] LEFT|RIGHT [COUNT count].</summary>
internal readonly struct ListMultiPop
{
    public int FirstKey { get; private init; }

    public int KeyCount { get; private init; }

    private ListEnd End { get; init; }

    private long Count { get; init; }

    /// <summary>False after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, int numkeysArgument, out ListMultiPop pop)
    {
        pop = default;
        var positive = "ERR numkeys should be greater than 0"u8;
        if (!context.TryInteger(numkeysArgument, 1, long.MaxValue, out var keys, positive)) return false;
        var arguments = context.Args.Count;
        if (keys >= arguments - numkeysArgument - 1) return RefuseSyntax(context);

        var where = numkeysArgument + (int)keys + 1;
        if (!ListMoveCommands.TryEnd(context, where, out var end)) return false;
        long count = 1;
        if (where + 1 < arguments)
        {
            if (where + 2 >= arguments || !context.Is(where + 1, "COUNT"u8)) return RefuseSyntax(context);
            if (!context.TryInteger(where + 2, 1, long.MaxValue, out count, "ERR count should be greater than 0"u8)) return false;
            if (where + 3 < arguments) return RefuseSyntax(context);
        }

        pop = new ListMultiPop { FirstKey = numkeysArgument + 1, KeyCount = (int)keys, End = end, Count = count };
        return true;
    }

    /// <summary>Pops from the first list that has anything, and replies; also true after it has replied that a key is no list.</summary>
    public bool TryRun(CommandContext context)
    {
        for (var i = FirstKey; i < FirstKey + KeyCount; i++)
        {
            var key = context.Key(i);
            if (!context.TryWrite(key, KeyType.List, out var entry)) return true;
            if (!entry.Exists) continue;

            context.Reply.Array(2);
            context.Reply.Bulk(key.Bytes);
            var popped = ListChanges.ReplyAndDrop(context, key, new ListValue(context.Values, entry), End, Count);
            context.Propagation.Instead(3).Word(End == ListEnd.Head ? "LPOP"u8 : "RPOP"u8).Word(key.Bytes).Word(popped);
            return true;
        }

        return false;
    }

    private static bool RefuseSyntax(CommandContext context)
    {
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

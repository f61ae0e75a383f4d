using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>Elements of lists as replies.</summary>
internal static class ListReplies
{
    /// <summary>So many elements from an index on, all of them there, towards the tail or from it.</summary>
    public static void Range(CommandContext context, ListValue list, long index, long count, bool isBackward = false)
    {
        context.Reply.Array(count);
        if (count == 0) return;
        if (!isBackward)
        {
            var visitor = new ReplyingVisitor(context.Reply);
            list.Visit(index, count, ref visitor);
            return;
        }

        for (var cursor = list.From(index, isBackward); count > 0 && cursor.MoveNext(); count--) context.Reply.Bulk(cursor.Current);
    }
}

using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>Elements of lists as replies.</summary>
internal static class ListReplies
{
    public static void Element(CommandContext context, ListpackElement element)
    {
        if (element.IsInteger) context.Reply.BulkInteger(element.Integer);
        else context.Reply.Bulk(element.Bytes);
    }

    /// <summary>So many elements from an index on, all of them there, towards the tail or from it.</summary>
    public static void Range(CommandContext context, ListValue list, long index, long count, bool isBackward = false)
    {
        context.Reply.Array(count);
        if (count == 0) return;
        if (!isBackward)
        {
            var visitor = new ReplyingVisitor(context);
            list.Visit(index, count, ref visitor);
            return;
        }

        for (var cursor = list.From(index, isBackward); count > 0 && cursor.MoveNext(); count--) Element(context, cursor.Current);
    }

    private readonly struct ReplyingVisitor(CommandContext context) : IElementVisitor
    {
        public void Visit(ListpackElement element) => Element(context, element);
    }
}

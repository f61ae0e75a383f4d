using Hearth.DataStructures;
using Hearth.Protocol;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>Replies made of the elements of collections, written straight from where they lie.</summary>
internal static class ElementReplies
{
    public static void Bulk(this RespWriter reply, ListpackElement element)
    {
        if (element.IsInteger) reply.BulkInteger(element.Integer);
        else reply.Bulk(element.Bytes);
    }
}

/// <summary>Replies each element, and counts them.</summary>
internal struct ReplyingVisitor(RespWriter reply) : IElementVisitor
{
    public long Count { get; private set; }

    public void Visit(ListpackElement element)
    {
        reply.Bulk(element);
        Count++;
    }
}

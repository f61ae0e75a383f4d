using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>What commands that take elements out of lists have in common: a list that has become empty goes, and its key with it.</summary>
internal static class ListChanges
{
    public static KeyspaceEvent PushEvent(ListEnd end) => end == ListEnd.Head ? KeyspaceEvent.LPush : KeyspaceEvent.RPush;

    public static KeyspaceEvent PopEvent(ListEnd end) => end == ListEnd.Head ? KeyspaceEvent.LPop : KeyspaceEvent.RPop;

    /// <summary>Takes one element out.</summary>
    public static void Drop(CommandContext context, in Key key, ListValue list, ListEnd end)
    {
        list.Drop(end);
        Removed(context, key, list, 1, PopEvent(end));
    }

    /// <summary>Replies up to so many elements, the one at the end first, and takes them out; how many there were.</summary>
    public static long ReplyAndDrop(CommandContext context, in Key key, ListValue list, ListEnd end, long most)
    {
        var length = list.Count;
        var count = Math.Min(most, length);
        ListReplies.Range(context, list, end == ListEnd.Head ? 0 : -1, count, isBackward: end == ListEnd.Tail);
        list.RemoveRange(end == ListEnd.Head ? 0 : length - count, count);
        Removed(context, key, list, count, PopEvent(end));
        return count;
    }

    /// <summary>So many elements have been taken out: counts and notifies, and deletes the key of an empty list.</summary>
    public static void Removed(CommandContext context, in Key key, ListValue list, long count, KeyspaceEvent keyspaceEvent)
    {
        var isEmpty = list.IsEmpty;
        if (!isEmpty) list.Settle();
        context.Removed(key, list.Entry, keyspaceEvent, count, isEmpty);
    }
}

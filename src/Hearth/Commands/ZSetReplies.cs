using Hearth.DataStructures;
using Hearth.Protocol;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>What the commands of sorted sets have in common at their end: how members are sent, and what follows when some are gone or a set is stored.</summary>
internal static class ZSetReplies
{
    /// <summary>The members of a walk, alone or in pairs with their scores.</summary>
    public static void Members(this RespWriter reply, ZSetWalk walk, long count, bool withScores)
    {
        if (withScores) reply.Pairs(count);
        else reply.Array(count);
        while (walk.MoveNext())
        {
            if (withScores) reply.Pair();
            reply.Bulk(walk.Member);
            if (withScores) reply.Double(walk.Score);
        }
    }

    /// <summary>Members have been removed: notifies, and deletes the key of a set that has none left.</summary>
    public static void MembersRemoved(this CommandContext context, in Key key, Entry entry, KeyspaceEvent keyspaceEvent, long count)
    {
        if (count == 0) return;
        context.Removed(key, entry, keyspaceEvent, count, isEmpty: new ZSetValue(context.Values, entry).Count == 0);
    }

    /// <summary>Puts a finished set under a key, over whatever is there, or deletes the key if the set is empty; replies its count.</summary>
    public static void StoreZSet(this CommandContext context, in Key key, Entry built, KeyspaceEvent keyspaceEvent, long changes = 1)
    {
        context.Store(key, built, keyspaceEvent, changes);
        context.Reply.Integer(built.Exists ? new ZSetValue(context.Values, built).Count : 0);
    }

    /// <summary>The same with a set that is still in the making.</summary>
    public static void StoreZSet(this CommandContext context, in Key key, ZSetBuilder result, KeyspaceEvent keyspaceEvent, long changes = 1)
    {
        var built = default(Entry);
        if (result.Count > 0)
        {
            var (encoding, word) = result.Finish();
            built = context.Keyspace.CreateEntry(key, KeyType.SortedSet, encoding, word);
        }

        context.StoreZSet(key, built, keyspaceEvent, changes);
    }

    /// <summary>A new set for so many members, the first of this length, in an entry that is in no table yet.</summary>
    public static Entry CreateZSet(this CommandContext context, in Key key, long members, long memberBytes)
    {
        var (encoding, word) = ZSetValue.Create(context.Values, members, memberBytes);
        return context.Keyspace.CreateEntry(key, KeyType.SortedSet, encoding, word);
    }
}

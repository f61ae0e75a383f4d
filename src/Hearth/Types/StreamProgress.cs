using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// How far groups have read, counted in entries since the stream's beginning. Entries that were deleted by name leave holes that no
/// counter knows of, so a count is given only where no hole can matter.
/// </summary>
internal static class StreamProgress
{
    /// <summary>The group has been given this entry: it is the last one, and one more is read.</summary>
    public static void Advance(in StreamValue stream, StreamGroup group, StreamId id)
    {
        if (group.EntriesRead != StreamGroup.UnknownEntriesRead && !HasHoles(stream, id)) group.EntriesRead++;
        else if (stream.EntriesAdded != 0) group.EntriesRead = EntriesUpTo(stream, id);
        group.LastId = id;
    }

    /// <summary>How many entries the group has not read yet; false if nobody knows.</summary>
    public static bool TryGetLag(in StreamValue stream, StreamGroup group, out long lag)
    {
        lag = 0;
        if (stream.EntriesAdded == 0) return true;
        var read = group.EntriesRead;
        if (read == StreamGroup.UnknownEntriesRead || HasHoles(stream, group.LastId)) read = EntriesUpTo(stream, group.LastId);
        lag = stream.EntriesAdded - read;
        return read != StreamGroup.UnknownEntriesRead;
    }

    /// <summary>Whether an entry at this ID or behind it has been deleted by name. One before the first entry does not count.</summary>
    private static bool HasHoles(in StreamValue stream, StreamId from) =>
        stream.Length != 0 && !stream.MaxDeletedId.IsZero && stream.FirstId <= stream.MaxDeletedId && from <= stream.MaxDeletedId;

    /// <summary>How many entries were ever added up to this ID, or <see cref="StreamGroup.UnknownEntriesRead"/>.</summary>
    private static long EntriesUpTo(in StreamValue stream, StreamId id)
    {
        if (stream.EntriesAdded == 0) return 0;
        if (stream.Length == 0 && id <= stream.LastId) return stream.EntriesAdded;
        if (id == stream.LastId) return stream.EntriesAdded;
        if (id > stream.LastId) return StreamGroup.UnknownEntriesRead;

        // From the first entry on nothing is missing, so the length tells what was there before it.
        var isWhole = stream.MaxDeletedId.IsZero || stream.MaxDeletedId < stream.FirstId;
        if (isWhole && id < stream.FirstId) return stream.EntriesAdded - stream.Length;
        if (isWhole && id == stream.FirstId) return stream.EntriesAdded - stream.Length + 1;
        return StreamGroup.UnknownEntriesRead;
    }
}

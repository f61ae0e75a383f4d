using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>A member that a search has found.</summary>
internal readonly struct GeoPoint(ZSetMember member, double score, GeoPosition position, double distance, int order)
{
    public ZSetMember Member { get; } = member;

    public double Score { get; } = score;

    public GeoPosition Position { get; } = position;

    /// <summary>Metres from the centre of the search.</summary>
    public double Distance { get; } = distance;

    /// <summary>How many were found before it.</summary>
    public int Order { get; } = order;
}

/// <summary>
/// Finds the members of a sorted set whose scores are positions in a shape: the cells that cover the shape are ranges of scores, and of
/// the members in these each position is looked at.
/// </summary>
internal static class GeoSearch
{
    private const int CellsMax = 9;

    /// <param name="limit">Enough of them, wherever they lie; 0 = all.</param>
    public static void Find(ZSetValue value, in GeoShape shape, long limit, ref PooledList<GeoPoint> found)
    {
        Span<GeoCell> cells = stackalloc GeoCell[CellsMax];
        shape.Cover(cells);
        var last = default(GeoCell);
        for (var i = 0; i < cells.Length; i++)
        {
            // In huge shapes the neighbours on two sides can be the same cell.
            if (cells[i].IsNone || (!last.IsNone && cells[i] == last)) continue;
            if (found.Count > 0 && limit > 0 && found.Count >= limit) break;
            FindIn(cells[i], value, shape, limit, ref found);
            if (i > 0) last = cells[i];
        }
    }

    private static void FindIn(GeoCell cell, ZSetValue value, in GeoShape shape, long limit, ref PooledList<GeoPoint> found)
    {
        var range = new ScoreRange(cell.Score, excludesMin: false, cell.ScoreEnd, excludesMax: true);
        var walk = value.Walk(range, skipped: 0, limit: -1, isDownward: false, out _, needsMembers: false);
        while (walk.MoveNext())
        {
            var score = walk.Score;
            var position = GeoCell.OfScore(score).Center;
            if (!shape.Contains(position, out var distance)) continue;
            found.Add(new GeoPoint(walk.Handle, score, position, distance, found.Count));
            if (limit > 0 && found.Count >= limit) break;
        }
    }
}

using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>What is searched: a circle, or a box whose sides lie north and south, east and west. Lengths are in metres.</summary>
internal readonly struct GeoShape
{
    /// <summary>So much nearer than the radius must a latitude be for certain, whatever the rounding, before the costly part is left out.</summary>
    private const double Surely = 1 + 1e-9;

    private GeoShape(GeoPosition center, bool isBox, double width, double height) =>
        (Center, IsBox, Width, Height) = (center, isBox, width, height);

    public GeoPosition Center { get; }

    private bool IsBox { get; }

    /// <summary>The whole width of a box; the radius of a circle.</summary>
    private double Width { get; }

    private double Height { get; }

    /// <summary>How far the corners, or the rim, are from the centre.</summary>
    private double Reach => !IsBox ? Width : Math.Sqrt((Width / 2 * (Width / 2)) + (Height / 2 * (Height / 2)));

    public static GeoShape Circle(GeoPosition center, double radius) => new(center, isBox: false, radius, radius);

    public static GeoShape Box(GeoPosition center, double width, double height) => new(center, isBox: true, width, height);

    /// <summary>Whether a position lies in it, and how far from the centre.</summary>
    public bool Contains(GeoPosition position, out double distance)
    {
        distance = 0;
        var northward = GeoDistance.AlongMeridian(position.Latitude, Center.Latitude);
        if (!IsBox)
        {
            if (northward > Width * Surely) return false;
            distance = GeoDistance.Between(Center, position);
            return !(distance > Width); // Between opposite points, rounding can leave no number; those count as found.
        }

        if (northward > Height / 2) return false;
        if (GeoDistance.Between(position, Center with { Latitude = position.Latitude }) > Width / 2) return false;
        distance = GeoDistance.Between(Center, position);
        return true;
    }

    /// <summary>
    /// The cells that cover the shape, in the order in which they are to be searched: the one of the centre, and those of its neighbours that
    /// the shape reaches into. Some may be none.
    /// </summary>
    public void Cover(Span<GeoCell> cells)
    {
        var bounds = Bounds();
        var step = EstimateStep();
        var cell = GeoCell.At(Center, step);
        if (step > 1 && IsTooWide(cell, bounds)) cell = GeoCell.At(Center, --step);

        var area = cell.Area;
        var isFine = step >= 2;
        var leavesSouth = isFine && area.South < bounds.South;
        var leavesNorth = isFine && area.North > bounds.North;
        var leavesWest = isFine && area.West < bounds.West;
        var leavesEast = isFine && area.East > bounds.East;
        cells[0] = cell;
        cells[1] = leavesNorth ? default : cell.Neighbor(0, 1);
        cells[2] = leavesSouth ? default : cell.Neighbor(0, -1);
        cells[3] = leavesEast ? default : cell.Neighbor(1, 0);
        cells[4] = leavesWest ? default : cell.Neighbor(-1, 0);
        cells[5] = leavesNorth || leavesEast ? default : cell.Neighbor(1, 1);
        cells[6] = leavesNorth || leavesWest ? default : cell.Neighbor(-1, 1);
        cells[7] = leavesSouth || leavesEast ? default : cell.Neighbor(1, -1);
        cells[8] = leavesSouth || leavesWest ? default : cell.Neighbor(-1, -1);
    }

    /// <summary>Whether the neighbours don't cover what the shape takes: its centre may lie near an edge of its cell.</summary>
    private static bool IsTooWide(GeoCell cell, in GeoArea bounds) =>
        cell.Neighbor(0, 1).Area.North < bounds.North || cell.Neighbor(0, -1).Area.South > bounds.South
        || cell.Neighbor(1, 0).Area.East < bounds.East || cell.Neighbor(-1, 0).Area.West > bounds.West;

    /// <summary>A box of degrees around the shape. Towards the poles a degree of longitude is shorter, so the side nearer to one counts.</summary>
    private GeoArea Bounds()
    {
        var height = IsBox ? Height / 2 : Height;
        var width = IsBox ? Width / 2 : Width;
        var latitudes = GeoDistance.ToDegrees(height / GeoDistance.EarthRadius);
        var side = Center.Latitude < 0 ? Center.Latitude - latitudes : Center.Latitude + latitudes;
        var longitudes = GeoDistance.ToDegrees(width / GeoDistance.EarthRadius / Math.Cos(GeoDistance.ToRadians(side)));
        return new GeoArea(
            Center.Longitude - longitudes, Center.Latitude - latitudes, Center.Longitude + longitudes, Center.Latitude + latitudes);
    }

    /// <summary>The finest cells of which nine are likely to cover the shape.</summary>
    private int EstimateStep()
    {
        const double mapHalf = 20037726.37;
        var reach = Reach;
        if (reach == 0) return GeoCell.StepMax;
        var step = 1;
        for (; reach < mapHalf; reach *= 2) step++;
        step -= 2;

        // Cells are narrower near the poles.
        var latitude = Math.Abs(Center.Latitude);
        if (latitude > 66) step--;
        if (latitude > 80) step--;
        return Math.Clamp(step, 1, GeoCell.StepMax);
    }
}

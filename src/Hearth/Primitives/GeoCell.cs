using System.Runtime.Intrinsics.X86;

namespace Hearth.Primitives;

/// <summary>A position on Earth in degrees.</summary>
internal readonly record struct GeoPosition(double Longitude, double Latitude)
{
    public const double LongitudeMax = 180;

    /// <summary>Up to here the square map of web maps reaches, and so do geohashes.</summary>
    public const double LatitudeMax = 85.05112878;

    public bool IsValid => Math.Abs(Longitude) <= LongitudeMax && Math.Abs(Latitude) <= LatitudeMax;
}

/// <summary>The edges of a cell, in degrees.</summary>
internal readonly record struct GeoArea(double West, double South, double East, double North);

/// <summary>
/// A cell of the map, which is halved again and again in both directions: after so many steps the cell is told by two bits a step,
/// those of longitude and latitude in turn, longitude first. A sorted set keeps the 52 bits of step 26 as the score, so that cells of
/// lesser steps are ranges of scores:
/// <code>
/// step 2, bits 1101:  lon 1 | lat 1 | lon 0 | lat 1     scores from 1101 000...0 to before 1110 000...0
/// </code>
/// The calculations are in Redis's order, since the last digits of positions and distances are part of the interface.
/// </summary>
internal readonly record struct GeoCell(ulong Bits, int Step)
{
    public const int StepMax = 26;

    private const ulong LatitudeMask = 0x5555_5555_5555_5555;
    private const ulong LongitudeMask = 0xAAAA_AAAA_AAAA_AAAA;
    private const int ScoreBits = 2 * StepMax;

    /// <summary>No cell: what an area that need not be searched is replaced by.</summary>
    public bool IsNone => Bits == 0 && Step == 0;

    /// <summary>The edges.</summary>
    public GeoArea Area
    {
        get
        {
            var (latitude, longitude) = Deinterleave(Bits);
            return new GeoArea(
                Edge(longitude, GeoPosition.LongitudeMax), Edge(latitude, GeoPosition.LatitudeMax),
                Edge(longitude + 1, GeoPosition.LongitudeMax), Edge(latitude + 1, GeoPosition.LatitudeMax));
        }
    }

    /// <summary>The position in the middle; never off the map, whatever the bits.</summary>
    public GeoPosition Center
    {
        get
        {
            var area = Area;
            return new GeoPosition(
                Math.Clamp((area.West + area.East) / 2, -GeoPosition.LongitudeMax, GeoPosition.LongitudeMax),
                Math.Clamp((area.South + area.North) / 2, -GeoPosition.LatitudeMax, GeoPosition.LatitudeMax));
        }
    }

    /// <summary>The bits as the least score of the cell.</summary>
    public ulong Score => Bits << (ScoreBits - (2 * Step));

    /// <summary>The least score beyond the cell.</summary>
    public ulong ScoreEnd => (Bits + 1) << (ScoreBits - (2 * Step));

    /// <param name="latitudeMax">Geohashes as text divide the whole range of latitudes instead of the map's.</param>
    public static GeoCell At(GeoPosition position, int step, double latitudeMax = GeoPosition.LatitudeMax)
    {
        var latitude = (position.Latitude + latitudeMax) / (latitudeMax + latitudeMax);
        var longitude = (position.Longitude + GeoPosition.LongitudeMax) / (GeoPosition.LongitudeMax + GeoPosition.LongitudeMax);
        return new GeoCell(Interleave((uint)(latitude * (1UL << step)), (uint)(longitude * (1UL << step))), step);
    }

    /// <summary>The cell that a score stands for. Any score may be asked for; those that are none come out as x86 converts them.</summary>
    public static GeoCell OfScore(double score)
    {
        const double half = 9223372036854775808; // 2^63
        var bits = score < half ? (ulong)Truncate(score) : (ulong)Truncate(score - half) ^ 0x8000_0000_0000_0000;
        return new GeoCell(bits, StepMax);
    }

    /// <summary>The neighbour so many cells to the east and to the north (-1, 0 or 1); at the edge of the map, the cell on the other side.</summary>
    public GeoCell Neighbor(int east, int north)
    {
        var unused = 64 - (2 * Step);
        var longitude = Move(Bits & LongitudeMask, east, LatitudeMask >> unused) & (LongitudeMask >> unused);
        var latitude = Move(Bits & LatitudeMask, north, LongitudeMask >> unused) & (LatitudeMask >> unused);
        return new GeoCell(
            (east == 0 ? Bits & LongitudeMask : longitude) | (north == 0 ? Bits & LatitudeMask : latitude), Step);
    }

    /// <summary>Adds to every second bit: the bits between are set or cleared so that they pass the carry on.</summary>
    private static ulong Move(ulong bits, int distance, ulong between) => distance switch
    {
        > 0 => bits + (between + 1),
        < 0 => (bits | between) - (between + 1),
        _ => bits,
    };

    private static long Truncate(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    private static ulong Interleave(uint latitude, uint longitude) => Bmi2.X64.IsSupported
        ? Bmi2.X64.ParallelBitDeposit(latitude, LatitudeMask) | Bmi2.X64.ParallelBitDeposit(longitude, LongitudeMask)
        : Spread(latitude) | (Spread(longitude) << 1);

    private static (uint Latitude, uint Longitude) Deinterleave(ulong bits) => Bmi2.X64.IsSupported
        ? ((uint)Bmi2.X64.ParallelBitExtract(bits, LatitudeMask), (uint)Bmi2.X64.ParallelBitExtract(bits, LongitudeMask))
        : (Gather(bits), Gather(bits >> 1));

    /// <summary>Puts a zero between any two bits.</summary>
    private static ulong Spread(uint bits)
    {
        ulong spread = bits;
        spread = (spread | (spread << 16)) & 0x0000_FFFF_0000_FFFF;
        spread = (spread | (spread << 8)) & 0x00FF_00FF_00FF_00FF;
        spread = (spread | (spread << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
        spread = (spread | (spread << 2)) & 0x3333_3333_3333_3333;
        return (spread | (spread << 1)) & LatitudeMask;
    }

    /// <summary>Takes every second bit.</summary>
    private static uint Gather(ulong bits)
    {
        bits &= LatitudeMask;
        bits = (bits | (bits >> 1)) & 0x3333_3333_3333_3333;
        bits = (bits | (bits >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
        bits = (bits | (bits >> 4)) & 0x00FF_00FF_00FF_00FF;
        bits = (bits | (bits >> 8)) & 0x0000_FFFF_0000_FFFF;
        return (uint)(bits | (bits >> 16));
    }

    private double Edge(uint index, double max) => -max + (index * 1.0 / (1UL << Step) * (max + max));
}

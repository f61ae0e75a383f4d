namespace Hearth.Primitives;

/// <summary>Distances on Earth taken for a sphere, in metres, by the haversine formula; step by step as Redis calculates them.</summary>
internal static class GeoDistance
{
    public const double EarthRadius = 6372797.560856;

    private const double RadiansInDegree = Math.PI / 180.0;

    public static double ToRadians(double degrees) => degrees * RadiansInDegree;

    public static double ToDegrees(double radians) => radians / RadiansInDegree;

    public static double Between(GeoPosition one, GeoPosition other)
    {
        var v = Math.Sin((ToRadians(other.Longitude) - ToRadians(one.Longitude)) / 2);
        if (v == 0.0) return AlongMeridian(one.Latitude, other.Latitude);
        var latitude = ToRadians(one.Latitude);
        var otherLatitude = ToRadians(other.Latitude);
        var u = Math.Sin((otherLatitude - latitude) / 2);
        var a = (u * u) + (Math.Cos(latitude) * Math.Cos(otherLatitude) * v * v);
        return 2.0 * EarthRadius * Math.Asin(Math.Sqrt(a));
    }

    /// <summary>The distance between two latitudes.</summary>
    public static double AlongMeridian(double latitude, double otherLatitude) =>
        EarthRadius * Math.Abs(ToRadians(otherLatitude) - ToRadians(latitude));
}

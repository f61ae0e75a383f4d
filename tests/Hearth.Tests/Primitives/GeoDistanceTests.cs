using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class GeoDistanceTests
{
    [Fact]
    public void Distances_are_those_of_redis_to_the_last_bit()
    {
        var palermo = new GeoPosition(13.36138933897018433, 38.11555639549629859);
        Assert.Equal(190.44242984775784, GeoDistance.Between(new GeoPosition(15, 37), palermo) / 1000);
        Assert.Equal(0, GeoDistance.Between(palermo, palermo));
    }

    [Fact]
    public void Along_a_meridian_the_latitudes_suffice()
    {
        var (one, other) = (new GeoPosition(13, -20), new GeoPosition(13, 45.5));
        Assert.Equal(GeoDistance.AlongMeridian(-20, 45.5), GeoDistance.Between(one, other));
        Assert.Equal(GeoDistance.EarthRadius * Math.PI / 180 * 65.5, GeoDistance.Between(one, other), 1e-6);
    }

    [Fact]
    public void Half_way_round_is_the_farthest()
    {
        var half = GeoDistance.EarthRadius * Math.PI;
        Assert.Equal(half, GeoDistance.Between(new GeoPosition(0, 0), new GeoPosition(180, 0)), 1e-6);
        Assert.Equal(half, GeoDistance.Between(new GeoPosition(-90, 30), new GeoPosition(90, -30)), 1);
    }
}

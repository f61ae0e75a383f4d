using System.Globalization;
using Hearth.Primitives;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

/// <summary>Numbers and orders read off redis-server 7.0.15.</summary>
public sealed class GeoSearchCommandsTests : IDisposable
{
    private const ulong Seed = 71_003;

    private readonly TestServer _server = new();

    public GeoSearchCommandsTests() => Run("GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 2.349014 48.864716 Paris -179.99 -10 Date");

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC", "Catania Palermo")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km DESC COUNT 1", "Palermo")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYBOX 400 400 km ASC", "Catania Palermo")]
    [InlineData("GEOSEARCH g FROMMEMBER Paris BYRADIUS 2000 km ASC WITHDIST", "Paris 0.0000 Palermo 1486.3914 Catania 1627.7434")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 5000 km COUNT 1 ANY", "Palermo")]
    [InlineData("GEOSEARCH g FROMMEMBER Palermo BYBOX 0 0 m", "Palermo")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m", "")]
    [InlineData("GEORADIUS g 15 37 200 km WITHDIST WITHHASH", "Palermo 190.4424 Catania 56.4413")]
    [InlineData("GEORADIUS_RO g 15 37 200 km DESC", "Palermo Catania")]
    [InlineData("GEORADIUSBYMEMBER g Palermo 200 km COUNT 1", "Palermo")]
    [InlineData("GEORADIUSBYMEMBER_RO g Palermo 2000 km DESC", "Paris Catania Palermo")]
    [InlineData("GEOSEARCH none FROMMEMBER nobody BYRADIUS 1 m", "")]
    [InlineData("GEORADIUSBYMEMBER none nobody x y", "")]
    public void Circles_and_boxes_are_searched(string command, string expected) => Assert.Equal(expected, Words(command));

    [Fact]
    public void All_that_is_asked_for_comes_nested()
    {
        const string expected = "*1\r\n*4\r\n$7\r\nCatania\r\n$7\r\n56.4413\r\n:3479447370796909\r\n*2\r\n$20\r\n15.08726745843887329\r\n$20\r\n37.50266842333162032\r\n";
        Assert.Equal(expected, Run("GEORADIUS g 15 37 100 km WITHCOORD WITHHASH WITHDIST"));
        Run("HELLO 3");
        Assert.Equal(expected.Replace("$20\r\n", ",", StringComparison.Ordinal), Run("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 100 km WITHDIST WITHHASH WITHCOORD"));
    }

    [Fact]
    public void Results_are_stored_with_positions_or_distances()
    {
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal(":2\r\n", Run("GEORADIUSBYMEMBER g Palermo 200 km STORE d"));
        Assert.Equal("Palermo 3479099956230698 Catania 3479447370796909", Words("ZRANGE d 0 -1 WITHSCORES"));
        Assert.Equal(":2\r\n", Run("GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST"));
        Assert.Equal("Catania 56.4412578701582 Palermo 190.44242984775784", Words("ZRANGE d 0 -1 WITHSCORES"));
        Assert.Equal(":1\r\n", Run("GEORADIUS g 15 37 200 km STOREDIST d COUNT 1"));
        Assert.Equal(":0\r\n", Run("GEOSEARCHSTORE d g FROMLONLAT 0 0 BYRADIUS 1 m"));
        Assert.Equal(":0\r\n", Run("GEOSEARCHSTORE d none FROMLONLAT 0 0 BYRADIUS 1 m"));
        Assert.Equal(
            ["GEORADIUSBYMEMBER g Palermo 200 km STORE d", "GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST",
            "GEORADIUS g 15 37 200 km STOREDIST d COUNT 1", "GEOSEARCHSTORE d g FROMLONLAT 0 0 BYRADIUS 1 m"], propagated.Take());
        Assert.Equal(
            ["0 new d", "0 georadiusstore d", "0 geosearchstore d", "0 georadiusstore d", "0 del d"],
            events.Take().Where(text => !text.Contains("keymiss", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 ASC ASC ASC", "exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH")]
    [InlineData("geosearch g BYRADIUS 15 m ASC ASC", "exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 FROMMEMBER Paris BYRADIUS 1 m", "syntax error")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m BYBOX 1 1 m", "syntax error")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS -1 m", "radius cannot be negative")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS x m", "need numeric radius")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYBOX x 1 m", "need numeric width")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYBOX 1 x m", "need numeric height")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYBOX 1 -1 m", "height or width cannot be negative")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYBOX 1 1 yd", "unsupported unit provided. please use M, KM, FT, MI")]
    [InlineData("GEOSEARCH g FROMMEMBER nobody BYRADIUS 1 m", "could not decode requested zset member")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m ANY", "the ANY argument requires COUNT argument")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m COUNT 0", "COUNT must be > 0")]
    [InlineData("GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m STOREDIST", "syntax error")]
    [InlineData("GEORADIUS g 15 37 1 km WITHDIST STORE d", "STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options")]
    [InlineData("GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 1 m WITHHASH", "GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options")]
    [InlineData("GEORADIUS_RO g 15 37 1 km STORE d", "syntax error")]
    public void Wrong_arguments_are_refused(string command, string error) => Assert.Equal($"-ERR {error}\r\n", Run(command));

    /// <summary>Whatever cells are searched, they must not miss anything that lies inside.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(150, 10)]
    [InlineData(-70, 60)]
    [InlineData(30, 72)]
    [InlineData(120, -50)]
    public void Searches_find_exactly_what_lies_inside(double longitude, double latitude)
    {
        var random = new RandomSource(Seed);
        var positions = new Dictionary<string, GeoPosition>();
        for (var i = 0; i < 1500; i++)
        {
            var spread = Math.Pow(10, (random.NextInt64(40) / 10.0) - 3);
            var (east, north) = ((random.NextInt64(2001) - 1000) / 1000.0 * spread, (random.NextInt64(2001) - 1000) / 1000.0 * spread);
            var position = new GeoPosition(Math.Clamp(longitude + east, -180, 180), Math.Clamp(latitude + north, -85, 85));
            Run(string.Create(CultureInfo.InvariantCulture, $"GEOADD p {position.Longitude:F9} {position.Latitude:F9} m{i}"));
            positions[$"m{i}"] = GeoCell.At(position, GeoCell.StepMax).Center;
        }

        var center = new GeoPosition(longitude, latitude);
        foreach (var radius in (double[])[1, 50, 500, 3000, 20_000, 100_000, 400_000])
        {
            var inside = positions.Where(pair => GeoDistance.Between(center, pair.Value) <= radius).Select(pair => pair.Key).Order();
            var found = Words(string.Create(CultureInfo.InvariantCulture, $"GEOSEARCH p FROMLONLAT {longitude} {latitude} BYRADIUS {radius} m")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(inside.SequenceEqual(found.Order()), $"seed {Seed}, radius {radius}");
            var nearest = positions.OrderBy(pair => GeoDistance.Between(center, pair.Value)).Take(Math.Min(3, found.Length)).Select(pair => pair.Key);
            var sorted = Words(string.Create(CultureInfo.InvariantCulture, $"GEOSEARCH p FROMLONLAT {longitude} {latitude} BYRADIUS {radius} m COUNT 3")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(nearest.Select(name => GeoDistance.Between(center, positions[name])), sorted.Select(name => GeoDistance.Between(center, positions[name])));
        }
    }

    private string Run(string command) => _server.Run(command.Split(' '));

    /// <summary>The bulk strings of the reply.</summary>
    private string Words(string command)
    {
        var lines = Run(command).Split("\r\n");
        Assert.StartsWith("*", lines[0], StringComparison.Ordinal);
        return string.Join(' ', Enumerable.Range(1, lines.Length - 1).Where(i => lines[i - 1].StartsWith('$')).Select(i => lines[i]));
    }
}

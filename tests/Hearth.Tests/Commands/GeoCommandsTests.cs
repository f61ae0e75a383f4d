using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

/// <summary>Numbers read off redis-server 7.0.15.</summary>
public sealed class GeoCommandsTests : IDisposable
{
    private readonly TestServer _server = new();

    public GeoCommandsTests() => Run("GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 2.349014 48.864716 Paris -179.99 -10 Date");

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("GEODIST g Palermo Catania", "166274.1516")]
    [InlineData("GEODIST g Palermo Paris km", "1486.3914")]
    [InlineData("GEODIST g Palermo Date MI", "10327.9353")]
    [InlineData("GEODIST g Palermo Catania ft", "545518.8700")]
    [InlineData("GEODIST g Palermo Palermo", "0.0000")]
    public void Distances_have_four_decimals(string command, string expected) => Assert.Equal($"${expected.Length}\r\n{expected}\r\n", Run(command));

    [Theory]
    [InlineData("Palermo", "3479099956230698", "sqc8b49rny0", "13.36138933897018433", "38.11555639549629859")]
    [InlineData("Catania", "3479447370796909", "sqdtr74hyu0", "15.08726745843887329", "37.50266842333162032")]
    [InlineData("Paris", "3663832805879806", "u09tvrw3xg0", "2.34901160001754761", "48.86471570750150306")]
    [InlineData("Date", "369458732015808", "2n0p05x3c00", "-179.98999804258346558", "-10.00000092823272979")]
    public void A_member_has_a_score_a_hash_and_a_position(string member, string score, string hash, string longitude, string latitude)
    {
        Assert.Equal($"${score.Length}\r\n{score}\r\n", Run($"ZSCORE g {member}"));
        Assert.Equal($"*1\r\n$11\r\n{hash}\r\n", Run($"GEOHASH g {member}"));
        Assert.Equal($"*1\r\n*2\r\n${longitude.Length}\r\n{longitude}\r\n${latitude.Length}\r\n{latitude}\r\n", Run($"GEOPOS g {member}"));
        Run("HELLO 3");
        Assert.Equal($"*1\r\n*2\r\n,{longitude}\r\n,{latitude}\r\n", Run($"GEOPOS g {member}"));
    }

    [Theory]
    [InlineData("GEOADD h 180 85.05112878 a", "13510798882111488", "180", "85.0511287799999991")]
    [InlineData("ZADD h -5 a", "-5", "180", "85.0511287799999991")]
    [InlineData("ZADD h 1e308 a", "1e+308", "-179.99999731779098511", "-85.05112751263942528")]
    [InlineData("ZADD h 4503599627370496 a", "4503599627370496", "-179.99999731779098511", "85.0511287799999991")]
    public void Scores_that_are_no_positions_come_out_as_in_redis(string command, string score, string longitude, string latitude)
    {
        Run(command);
        Assert.Equal($"${score.Length}\r\n{score}\r\n", Run("ZSCORE h a"));
        Assert.Equal($"*1\r\n*2\r\n${longitude.Length}\r\n{longitude}\r\n${latitude.Length}\r\n{latitude}\r\n", Run("GEOPOS h a"));
    }

    [Fact]
    public void What_is_absent_is_null()
    {
        Assert.Equal("$-1\r\n", Run("GEODIST g Palermo nobody"));
        Assert.Equal("$-1\r\n", Run("GEODIST none a b"));
        Assert.Equal("*2\r\n*-1\r\n*-1\r\n", Run("GEOPOS none a b"));
        Assert.Equal("*1\r\n$-1\r\n", Run("GEOHASH none a"));
        Assert.Equal("*0\r\n", Run("GEOHASH g"));
    }

    [Theory]
    [InlineData("GEOADD g NX XX 1 1 a", "ERR syntax error")]
    [InlineData("GEOADD g 1 1 a 2 2", "ERR syntax error")]
    [InlineData("GEOADD g NX CH CH", "ERR syntax error")]
    [InlineData("GEOADD g x 1 a", "ERR value is not a valid float")]
    [InlineData("GEOADD g 200 1 a", "ERR invalid longitude,latitude pair 200.000000,1.000000")]
    [InlineData("GEOADD g 1 -86 a", "ERR invalid longitude,latitude pair 1.000000,-86.000000")]
    [InlineData("GEOADD g inf 1 a", "ERR invalid longitude,latitude pair inf,1.000000")]
    [InlineData("GEOADD s 1 1 a", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("GEODIST g a b yards", "ERR unsupported unit provided. please use M, KM, FT, MI")]
    [InlineData("GEODIST g a b m m", "ERR syntax error")]
    [InlineData("GEOPOS s a", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    public void Wrong_arguments_are_refused(string command, string error)
    {
        Run("SET s v");
        Assert.Equal($"-{error}\r\n", Run(command));
    }

    [Fact]
    public void Adding_takes_options_and_is_repeated_as_zadd()
    {
        var propagated = PropagationLog.Attach(_server);
        var events = EventLog.Attach(_server);
        Assert.Equal(":1\r\n", Run("GEOADD g NX CH 13.361389 38.115556 Palermo 1 1 new"));
        Assert.Equal(":0\r\n", Run("GEOADD g XX 1 1 other"));
        Assert.Equal(":1\r\n", Run("GEOADD g xx ch 15.087269 37.502669 Palermo"));
        Assert.Equal(["zadd g NX CH 3479099956230698 Palermo 3377822707026402 new", "zadd g xx ch 3479447370796909 Palermo"], propagated.Take());
        Assert.Equal(["0 zadd g", "0 zadd g"], events.Take());
    }

    private string Run(string command) => _server.Run(command.Split(' '));
}

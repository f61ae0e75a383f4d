using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class GeoCellTests
{
    private const ulong Seed = 71_001;

    [Fact]
    public void Bits_of_longitude_and_latitude_take_turns()
    {
        Assert.Equal(new GeoCell(0b11, 1), GeoCell.At(new GeoPosition(1, 1), 1));
        Assert.Equal(new GeoCell(0b10, 1), GeoCell.At(new GeoPosition(1, -1), 1));
        Assert.Equal(new GeoCell(0b1101, 2), GeoCell.At(new GeoPosition(1, 80), 2));
        Assert.Equal(3479099956230698UL, GeoCell.At(new GeoPosition(13.361389, 38.115556), GeoCell.StepMax).Score);
    }

    [Fact]
    public void A_position_lies_in_its_cell_at_every_step()
    {
        var random = new RandomSource(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var position = Position(random);
            var step = 1 + (int)random.NextInt64(GeoCell.StepMax);
            var cell = GeoCell.At(position, step);
            var (west, south, east, north) = cell.Area;
            var isInside = west <= position.Longitude && position.Longitude <= east && south <= position.Latitude && position.Latitude <= north;
            Assert.True(isInside, $"seed {Seed}: {position} is not in {cell}");
            var score = GeoCell.At(position, GeoCell.StepMax).Score;
            Assert.True(cell.Score <= score && score < cell.ScoreEnd, $"seed {Seed}: the score of {position} is not in {cell}");
            Assert.Equal(GeoCell.At(cell.Center, step), cell);
        }
    }

    [Fact]
    public void Neighbours_share_an_edge_and_are_mutual()
    {
        var random = new RandomSource(Seed);
        for (var i = 0; i < 5_000; i++)
        {
            var cell = GeoCell.At(Position(random), 1 + (int)random.NextInt64(GeoCell.StepMax));
            Assert.Equal(cell, cell.Neighbor(0, 0));
            foreach (var (east, north) in new[] { (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1) })
            {
                Assert.Equal(cell, cell.Neighbor(east, north).Neighbor(-east, -north));
            }

            // At the edge of the map the neighbour is on the other side.
            var toEast = cell.Neighbor(1, 0).Area;
            Assert.True(toEast.West == cell.Area.East || (toEast.West == -180 && cell.Area.East == 180), $"seed {Seed}: {cell}");
            Assert.Equal((cell.Area.South, cell.Area.North), (toEast.South, toEast.North));
        }
    }

    [Theory]
    [InlineData(3479099956230698.0, 3479099956230698UL)]
    [InlineData(-5.0, 0xFFFF_FFFF_FFFF_FFFBUL)]
    [InlineData(9223372036854775808.0, 0x8000_0000_0000_0000UL)]
    [InlineData(1e19, 10000000000000000000UL)]
    [InlineData(1e308, 0UL)]
    [InlineData(double.PositiveInfinity, 0UL)]
    [InlineData(double.NegativeInfinity, 0x8000_0000_0000_0000UL)]
    public void Any_score_is_a_cell_and_its_centre_is_on_the_map(double score, ulong bits)
    {
        Assert.Equal(new GeoCell(bits, GeoCell.StepMax), GeoCell.OfScore(score));
        Assert.True(GeoCell.OfScore(score).Center.IsValid);
    }

    private static GeoPosition Position(RandomSource random) =>
        new((random.NextInt64(359_999_999) - 179_999_999) / 1e6, (random.NextInt64(170_000_001) - 85_000_000) / 1e6);
}

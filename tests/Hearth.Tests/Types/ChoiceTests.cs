using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class ChoiceTests
{
    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, 3)]
    [InlineData(10, 10)]
    public void So_many_are_chosen_each_as_often_as_any_other(int total, int wanted)
    {
        const int Rounds = 5_000;
        var random = new RandomSource(5);
        var counts = new int[total];
        for (var round = 0; round < Rounds; round++)
        {
            var choice = new Choice(random, total, wanted);
            var taken = 0;
            for (var i = 0; i < total; i++)
            {
                if (!choice.Take()) continue;
                counts[i]++;
                taken++;
            }

            Assert.Equal(wanted, taken);
        }

        var expected = Rounds * wanted / total;
        foreach (var count in counts) Assert.InRange(count, expected * 9 / 10, expected * 11 / 10);
    }
}

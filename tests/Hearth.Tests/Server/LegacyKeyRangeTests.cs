using Hearth.Server;
using Xunit;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Tests.Server;

/// <summary>The ranges that COMMAND INFO of a real server shows for commands with these specs.</summary>
public sealed class LegacyKeyRangeTests
{
    private static readonly KeySpec Keyword = KeySpec.After("STORE", startFrom: 6, last: 0, Overwrite);

    [Fact]
    public void No_spec_is_no_key() => Assert.Equal(default, LegacyKeyRange.Of([]));

    [Fact]
    public void One_range_is_taken_over_with_its_step()
    {
        Assert.Equal(new LegacyKeyRange(1, 1, 1, false), LegacyKeyRange.Of([KeySpec.At(1, Read)]));
        Assert.Equal(new LegacyKeyRange(1, -1, 2, false), LegacyKeyRange.Of([KeySpec.Range(1, last: -1, Overwrite, step: 2)]));
        Assert.Equal(new LegacyKeyRange(1, -2, 1, false), LegacyKeyRange.Of([KeySpec.Range(1, last: -2, ReadWrite)]));
        Assert.Equal(new LegacyKeyRange(1, 2, 1, false), LegacyKeyRange.Of([KeySpec.Range(1, last: 1, Read)]));
        Assert.Equal(new LegacyKeyRange(3, 3, 1, true), LegacyKeyRange.Of([KeySpec.At(3, Read | Incomplete)]));
    }

    [Fact]
    public void Ranges_that_follow_each_other_join()
    {
        Assert.Equal(new LegacyKeyRange(1, 2, 1, false), LegacyKeyRange.Of([KeySpec.At(1, Read), KeySpec.At(2, Overwrite)]));
        Assert.Equal(new LegacyKeyRange(2, -1, 1, false), LegacyKeyRange.Of([KeySpec.At(2, Overwrite), KeySpec.Range(3, last: -1, Read)]));
    }

    [Fact]
    public void What_no_range_describes_makes_the_keys_movable()
    {
        Assert.Equal(new LegacyKeyRange(0, 0, 0, true), LegacyKeyRange.Of([KeySpec.Counted(2, Read)]));
        Assert.Equal(new LegacyKeyRange(1, 1, 1, true), LegacyKeyRange.Of([KeySpec.At(1, Overwrite), KeySpec.Counted(2, Read)]));
        Assert.Equal(new LegacyKeyRange(1, 1, 1, true), LegacyKeyRange.Of([KeySpec.At(1, Read), Keyword, Keyword]));
        Assert.Equal(new LegacyKeyRange(1, 1, 1, true), LegacyKeyRange.Of([KeySpec.At(1, Read), KeySpec.At(3, Read)]));
        Assert.Equal(new LegacyKeyRange(0, 0, 0, true), LegacyKeyRange.Of([KeySpec.Unknown(Read)]));
    }
}

using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class HyperLogLogSelfTestTests
{
    [Fact]
    public void It_finds_nothing_wrong_here() => Assert.Null(HyperLogLogSelfTest.Run());
}

using Xunit;
namespace Hearth.IntegrationTests;
public class SmokeTests { [Fact] public void Runs() => Assert.Equal(2, 1 + 1); }

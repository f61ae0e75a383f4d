using Xunit;

namespace Hearth.IntegrationTests.Cli;

public class VersionVerbTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    public void The_version_is_one_line_in_the_shape_of_redis(string argument)
    {
        using var hearth = CommandLine.Hearth(argument);
        var (lines, status) = hearth.WaitForEnd();
        Assert.Equal(0, status);
        Assert.StartsWith("Hearth server v=0.1.0 redis=7.2.6 ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Contains(" bits=64 ", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_shows_how_to_start(string argument)
    {
        using var hearth = CommandLine.Hearth(argument);
        var (lines, status) = hearth.WaitForEnd();
        Assert.Equal(0, status);
        Assert.Equal("Usage: hearth [serve] [file] [--directive value ...] [-]", lines[0]);
    }
}

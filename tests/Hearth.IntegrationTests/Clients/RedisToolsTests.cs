using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>redis-cli and redis-benchmark, as they come with Redis.</summary>
public class RedisToolsTests
{
    public RedisToolsTests() => Requirement.Need(ClientProgram.Succeeds("redis-cli", "--version"), "client: redis-cli is not installed (on Debian: apt-get install redis-tools)");

    [Theory]
    [InlineData("-2")]
    [InlineData("-3")]
    public void Redis_cli_talks_to_it(string protocol)
    {
        using var hearth = new HearthProcess();
        Assert.Equal("PONG\n", Cli(hearth, protocol, "ping"));
        Assert.Equal("OK\n", Cli(hearth, protocol, "set", "a", "hello"));
        Assert.Equal("hello\n", Cli(hearth, protocol, "get", "a"));
        Assert.Equal("3\n", ClientProgram.RunReading("incr n\nincr n\nincr n\n", "redis-cli", "-p", Port(hearth), protocol).Split('\n')[2] + "\n");
        Assert.Contains("redis_version:7.2.6", Cli(hearth, protocol, "info", "server"), StringComparison.Ordinal);
        Assert.Equal("a\nn\n", string.Join('\n', Cli(hearth, protocol, "--scan").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order()) + "\n");
    }

    [Fact]
    public void Redis_cli_pipes_commands_into_it()
    {
        using var hearth = new HearthProcess();
        var commands = string.Concat(Enumerable.Range(0, 1000).Select(static index => string.Create(CultureInfo.InvariantCulture, $"SET key:{index} {index}\r\n")));
        var output = ClientProgram.RunReading(commands, "redis-cli", "-p", Port(hearth), "--pipe");
        Assert.Contains("errors: 0, replies: 1000", output, StringComparison.Ordinal);
        Assert.Equal("1000\n", Cli(hearth, "dbsize"));
    }

    [Theory]
    [InlineData("--bigkeys", "Biggest string found '\"big\"' has 1000 bytes")]
    [InlineData("--memkeys", "Biggest string found '\"big\"' has 1")]
    public void Redis_cli_finds_the_biggest_keys(string option, string finding)
    {
        using var hearth = new HearthProcess();
        Cli(hearth, "mset", "small", "x", "big", new string('x', 1000));
        var output = Cli(hearth, option);
        Assert.Contains("Sampled 2 keys in the keyspace!", output, StringComparison.Ordinal);
        Assert.Contains(finding, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(16, 100_000)]
    [InlineData(128, 200_000)]
    public void Redis_benchmark_runs_its_tests(int pipeline, int requests)
    {
        using var hearth = new HearthProcess();
        var output = ClientProgram.Run(
            "redis-benchmark", "-p", Port(hearth), "-t", "ping,set,get,incr,mset", "-q", "-r", "1000", "-c", "50",
            "-n", requests.ToString(CultureInfo.InvariantCulture), "-P", pipeline.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(6, Regex.Count(output, "requests per second")); // PING comes twice: inline and as an array.
        Assert.DoesNotContain("Error", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
    }

    private static string Port(HearthProcess hearth) => hearth.Port.ToString(CultureInfo.InvariantCulture);

    private static string Cli(HearthProcess hearth, params string[] arguments) => ClientProgram.Run("redis-cli", ["-p", Port(hearth), .. arguments]);
}

using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>Client libraries of other languages, each with a scenario of its own in tests/clients.</summary>
public class ScriptedClientTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void Ioredis_works()
    {
        RequireNode("ioredis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", "ioredis.js", hearth.Port);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void Node_redis_works(string protocol)
    {
        RequireNode("redis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", "node-redis.js", hearth.Port, protocol);
    }

    [Fact]
    public void Redis_py_works()
    {
        Requirement.Need(ClientProgram.Succeeds(Python, "-c", "import redis"), "client: python3-redis is not installed (on Debian: apt-get install python3-redis)");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript(Python, "redis_py.py", hearth.Port);
    }

    private static void RequireNode(string package)
    {
        Requirement.Need(
            ClientProgram.Succeeds("node", "-e", "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)"), "client: node 20 is not installed");
        Requirement.Need(
            Directory.Exists(Path.Combine(ClientProgram.ScriptDirectory, "node_modules", package)), $"client: {package} is not installed (npm ci --prefix tests/clients)");
    }
}

using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>Client libraries of other languages, and what is built on them, each with a scenario of its own in tests/clients.</summary>
public class ScriptedClientTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("ioredis.js")]
    [InlineData("ioredis-families.js")]
    public void Ioredis_works(string script)
    {
        RequireNode("ioredis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", script, hearth.Port);
    }

    [Theory]
    [InlineData("node-redis.js", "2")]
    [InlineData("node-redis.js", "3")]
    [InlineData("node-redis-families.js", "2")]
    [InlineData("node-redis-families.js", "3")]
    public void Node_redis_works(string script, string protocol)
    {
        RequireNode("redis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", script, hearth.Port, protocol);
    }

    [Fact]
    public void Keyv_works()
    {
        RequireNode("redis", "keyv", "@keyv/redis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", "keyv.js", hearth.Port);
    }

    [Theory]
    [InlineData("redis", "ioredis")]
    [InlineData("redis", "node-redis")]
    [InlineData("sharded", "ioredis")]
    [InlineData("sharded", "node-redis")]
    [InlineData("streams", "ioredis")]
    [InlineData("streams", "node-redis")]
    public void Socket_io_servers_reach_each_other(string adapter, string client)
    {
        RequireNode("ioredis", "redis", "socket.io", "socket.io-client", "@socket.io/redis-adapter", "@socket.io/redis-streams-adapter");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript("node", "socket.io.js", hearth.Port, adapter, client);
    }

    [Theory]
    [InlineData("redis_py.py")]
    [InlineData("redis_py_families.py")]
    public void Redis_py_works(string script)
    {
        RequirePython("redis");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript(Python, script, hearth.Port);
    }

    [Fact]
    public void Rq_runs_jobs_without_scripts()
    {
        RequirePython("rq");
        using var hearth = new HearthProcess();
        ClientProgram.RunScript(Python, "rq_queues.py", hearth.Port);
    }

    private static void RequireNode(params string[] packages)
    {
        Requirement.Need(
            ClientProgram.Succeeds("node", "-e", "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)"), "client: node 20 is not installed");
        foreach (var package in packages)
        {
            Requirement.Need(
                Directory.Exists(Path.Combine(ClientProgram.ScriptDirectory, "node_modules", package)), $"client: {package} is not installed (npm ci --prefix tests/clients)");
        }
    }

    private static void RequirePython(string module) => Requirement.Need(
        ClientProgram.Succeeds(Python, "-c", $"import {module}"), $"client: python3-{module} is not installed (on Debian: apt-get install python3-{module})");
}

using Hearth.Server;

namespace Hearth.Cli;

/// <summary><c>hearth --version</c>: one line in the shape of redis-server's.</summary>
internal static class VersionVerb
{
    public static int Run()
    {
        Console.WriteLine(
            $"Hearth server v={LifeCycleLog.HearthVersion} redis={LifeCycleLog.RedisVersion} "
            + $"sha=00000000:0 malloc=hearth bits=64 build=net{Environment.Version}");
        return 0;
    }
}

namespace Hearth.IntegrationTests.Support;

/// <summary>A server on a loopback port that a test has started and ends.</summary>
internal interface ITestServer : IDisposable
{
    int Port { get; }

    RespClient Connect();
}

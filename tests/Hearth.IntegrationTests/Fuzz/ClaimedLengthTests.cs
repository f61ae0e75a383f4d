using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>What a client says that it will send must cost the server nothing before it is sent.</summary>
public class ClaimedLengthTests
{
    private const int Connections = 200;
    private const long BytesPerConnectionMax = 64 * 1024;

    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$536870912\r\n")]
    [InlineData("*1048576\r\n")]
    [InlineData("*1048576\r\n$3\r\nDEL\r\n$1\r\na\r\n$536870912\r\nabc")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$536870912\r\n0123456789")]
    [InlineData("SET a \"never closed")]
    public void Claims_of_many_connections_reserve_nothing(string claim)
    {
        using var hearth = new EmbeddedHearth();
        using var control = hearth.Connect();
        control.Require("PING");
        var before = Reserved(hearth);
        var clients = Enumerable.Range(0, Connections).Select(_ => hearth.Connect()).ToList();
        foreach (var client in clients) client.Send(System.Text.Encoding.ASCII.GetBytes(claim));
        for (var turn = 0; turn < 3; turn++) control.Require("PING");
        var each = (Reserved(hearth) - before) / Connections;
        Assert.True(each <= BytesPerConnectionMax, $"each connection reserves {each} bytes");
        foreach (var client in clients) client.Dispose();
        Assert.Equal("PONG", control.Call("PING").Text);
    }

    private static long Reserved(EmbeddedHearth hearth) => hearth.Server.Engine.ClientHeap.ReservedBytes;
}

using Xunit;

namespace Hearth.Tests.Server;

public sealed class DispatcherTests : IDisposable
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("PING")]
    [InlineData("GET string")]
    [InlineData("GET number")]
    [InlineData("GET absent")]
    [InlineData("SET string other")]
    [InlineData("SET string other EX 100")]
    [InlineData("MSET string a number 1 new 3")]
    [InlineData("MGET string number absent")]
    [InlineData("INCR number")]
    [InlineData("APPEND growing x")]
    [InlineData("EXISTS string number absent")]
    [InlineData("DEL absent number")]
    [InlineData("TYPE string")]
    [InlineData("TTL expiring")]
    [InlineData("EXPIRE string 100")]
    [InlineData("PEXPIRE string 100 NX")]
    [InlineData("PERSIST string")]
    [InlineData("COPY big copy REPLACE")]
    [InlineData("TOUCH string")]
    [InlineData("OBJECT ENCODING string")]
    [InlineData("SCAN 0 MATCH s* COUNT 100")]
    [InlineData("SCAN 0 TYPE string COUNT 100")]
    [InlineData("KEYS s*")]
    [InlineData("RANDOMKEY")]
    [InlineData("SETBIT bits 1000 1")]
    [InlineData("GETBIT bits 1000")]
    [InlineData("BITCOUNT big 3 -5 BIT")]
    [InlineData("BITPOS big 0")]
    [InlineData("BITOP XOR to big string number")]
    [InlineData("BITFIELD bits INCRBY u8 100 1 OVERFLOW SAT SET i8 0 300 GET u4 0")]
    public void A_command_allocates_no_managed_memory(string command)
    {
        _server.Run("MSET", "string", "value", "number", "10", "big", new string('b', 5000), "growing", "");
        _server.Run("SET", "expiring", "value", "EX", "1000");
        Assert.Equal(0, _server.AllocatedBytes(200, command.Split(' ')));
    }

    public void Dispose() => _server.Dispose();
}

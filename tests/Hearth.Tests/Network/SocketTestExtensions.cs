using System.Net.Sockets;
using Xunit;

namespace Hearth.Tests.Network;

internal static class SocketTestExtensions
{
    public static void SendAll(this Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    public static byte[] ReceiveExactly(this Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var got = socket.Receive(bytes.AsSpan(have));
            Assert.True(got > 0, $"The stream ended after {have} of {count} bytes.");
            have += got;
        }

        return bytes;
    }

    /// <summary>The end of the stream, either way.</summary>
    public static void AwaitEnd(this Socket socket)
    {
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A reset ends it just as well.
        }
    }
}

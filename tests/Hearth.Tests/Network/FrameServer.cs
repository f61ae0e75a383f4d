using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Hearth.Memory;
using Hearth.Network;

namespace Hearth.Tests.Network;

/// <summary>
/// A small protocol to test reading with: a frame is a length of four bytes and as many bytes, and the answer is the payload's sum.
/// Like a server it takes whole frames, keeps the rest and says what it waits for.
/// </summary>
internal static class FrameServer
{
    public const int HeaderBytes = 4;
    public const int AnswerBytes = 8;

    public static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>Depends on every byte and its place.</summary>
    public static ulong Sum(ReadOnlySpan<byte> payload)
    {
        var sum = 14695981039346656037UL;
        for (; payload.Length >= 8; payload = payload[8..])
            sum = (sum ^ BinaryPrimitives.ReadUInt64LittleEndian(payload)) * 1099511628211UL;
        foreach (var value in payload) sum = (sum ^ value) * 1099511628211UL;
        return sum;
    }

    public static void Serve(Connection connection)
    {
        if (connection.Receive(out var input) != ReceiveStatus.Data) return;
        Answer(connection, input);
    }

    [SkipLocalsInit]
    private static void Answer(Connection connection, NativeSlice input)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        var consumed = 0;
        while (input.Length - consumed >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(input.Span[consumed..]);
            if (input.Length - consumed - HeaderBytes < length)
            {
                connection.WantedBytes = HeaderBytes + (long)length;
                break;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(answer, Sum(input.Span.Slice(consumed + HeaderBytes, length)));
            connection.Enqueue(answer);
            consumed += HeaderBytes + length;
        }

        connection.Keep(consumed);
    }
}

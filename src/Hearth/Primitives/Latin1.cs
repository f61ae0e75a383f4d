using System.Text;

namespace Hearth.Primitives;

/// <summary>Text whose characters are bytes, so that a client's binary words survive the way through a string and back.</summary>
internal static class Latin1
{
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Support;

/// <summary>Bytes as text that redis-cli reads back: printable ASCII as it is, the rest as \xNN.</summary>
internal static class Printable
{
    private const int LongestShown = 300;

    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes.Length > LongestShown ? bytes[..LongestShown] : bytes)
        {
            _ = value switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append(@"\\"),
                (byte)'"' => text.Append("\\\""),
                >= 32 and < 127 => text.Append((char)value),
                _ => text.Append("\\x").Append(value.ToString("x2", CultureInfo.InvariantCulture)),
            };
        }

        if (bytes.Length > LongestShown) text.Append(CultureInfo.InvariantCulture, $"... ({bytes.Length} bytes)");
        return text.ToString();
    }

    public static string Quote(ReadOnlySpan<byte> bytes) => "\"" + Escape(bytes) + "\"";

    /// <summary>A command as one would type it: words without quotes where they need none.</summary>
    public static string Command(IEnumerable<byte[]> words) => string.Join(' ', words.Select(Word));

    private static string Word(byte[] word) =>
        word.Length is > 0 and <= LongestShown && word.All(static value => value is > 32 and < 127 and not (byte)'"' and not (byte)'\\' and not (byte)'\'')
            ? Encoding.ASCII.GetString(word)
            : Quote(word);
}

using System.Text;

namespace Hearth.Primitives;

/// <summary>
/// Words as C reads and prints them: a NUL byte ends them. Redis compares most options this way, so that "NX\0" is NX, and whoever
/// looks for a command's keys must take its words as the command itself does.
/// </summary>
internal static class CString
{
    public static ReadOnlySpan<byte> Clip(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(Clip(text, word.Length), word);

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, string word) => Ascii.EqualsIgnoreCase(Clip(text, word.Length), word);

    /// <summary>To compare with a word of this length, only one place needs to be looked at.</summary>
    private static ReadOnlySpan<byte> Clip(ReadOnlySpan<byte> text, int length) =>
        text.Length > length && text[length] == 0 ? text[..length] : text;
}

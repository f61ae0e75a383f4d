using System.Buffers;
using System.Text;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>
/// Configuration is bytes: a password or a path need not be valid UTF-8, and what CONFIG GET returns must be what was set.
/// Inside the configuration such bytes travel as a string whose characters are the bytes, 0 to 255 (a <em>byte text</em>), so that
/// parsing can use the string methods; <see cref="Latin1"/> makes them from bytes and bytes from them.
/// </summary>
internal static class ConfigText
{
    private const string Hex = "0123456789abcdef";

    private static readonly SearchValues<char> _plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>For what comes from .NET as Unicode: command line arguments, paths.</summary>
    public static string FromUnicode(string text) => Latin1.Text(Encoding.UTF8.GetBytes(text));

    /// <summary>For what goes to .NET as Unicode: paths, addresses, log messages.</summary>
    public static string ToUnicode(string byteText) => Encoding.UTF8.GetString(Latin1.Bytes(byteText));

    /// <summary>
    /// Splits a line into words as redis.conf has them: blanks separate, "..." knows \n \r \t \b \a \xHH and \ before anything else,
    /// '...' knows only \'. A closing quote must end the word. Null when the quotes don't balance.
    /// </summary>
    public static List<string>? SplitWords(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var position = 0;
        while (true)
        {
            while (position < line.Length && IsBlank(line[position])) position++;
            if (position == line.Length || line[position] == '\0') return words;

            word.Clear();
            if (!TryReadWord(line, ref position, word)) return null;
            words.Add(word.ToString());
        }
    }

    /// <summary>The text in double quotes, so that <see cref="SplitWords"/> gives it back.</summary>
    public static string Quote(string byteText)
    {
        var quoted = new StringBuilder(byteText.Length + 2).Append('"');
        foreach (var character in byteText)
        {
            _ = character switch
            {
                '\\' or '"' => quoted.Append('\\').Append(character),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                _ when _plain.Contains(character) => quoted.Append(character),
                _ => quoted.Append("\\x").Append(Hex[character >> 4 & 15]).Append(Hex[character & 15]),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The text as one word of a line: in quotes only where it needs them.</summary>
    public static string Word(string byteText) => SplitWords(byteText) is [var word] && word == byteText ? byteText : Quote(byteText);

    private static bool TryReadWord(string line, ref int position, StringBuilder word)
    {
        while (position < line.Length)
        {
            var character = line[position];
            if (character is ' ' or '\t' or '\n' or '\r' or '\0') return true;

            position++;
            if (character is not ('"' or '\''))
            {
                word.Append(character);
                continue;
            }

            if (!TryReadQuoted(line, ref position, word, character)) return false;
            return position == line.Length || IsBlank(line[position]) || line[position] == '\0';
        }

        return true;
    }

    private static bool TryReadQuoted(string line, ref int position, StringBuilder word, char quote)
    {
        while (position < line.Length)
        {
            var character = line[position++];
            if (character == quote) return true;

            if (character != '\\' || position == line.Length)
            {
                word.Append(character);
            }
            else if (quote == '\'')
            {
                if (line[position] == '\'') word.Append(line[position++]);
                else word.Append('\\');
            }
            else
            {
                ReadEscape(line, ref position, word);
            }
        }

        return false;
    }

    private static void ReadEscape(string line, ref int position, StringBuilder word)
    {
        var character = line[position++];
        var isHex = character == 'x' && position + 1 < line.Length
            && char.IsAsciiHexDigit(line[position]) && char.IsAsciiHexDigit(line[position + 1]);
        if (isHex)
        {
            word.Append((char)Convert.ToByte(line.Substring(position, 2), 16));
            position += 2;
            return;
        }

        word.Append(character switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'a' => '\a', _ => character });
    }

    /// <summary>What may stand between words; that vertical tab and form feed do not also end one is how Redis has it.</summary>
    private static bool IsBlank(char character) => character is ' ' or (>= '\t' and <= '\r');
}

using Hearth.Memory;

namespace Hearth.Protocol;

/// <summary>
/// Splits an inline command into words as Redis does: "double quotes" know \n \r \t \b \a \xHH, 'single quotes' know \' alone,
/// a closing quote must be followed by a space or the end, and a NUL byte ends the line. Vertical tabs and form feeds are spaces between
/// words, but do not end one.
/// </summary>
internal static class InlineSplitter
{
    /// <summary>Whether it is skipped before a word, and may stand behind a closing quote.</summary>
    public static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    /// <summary>Whether it ends a word outside of quotes.</summary>
    public static bool EndsWord(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    /// <summary>Writes the words one behind the other into the batch's scratch buffer, with a range for each; false when quotes don't match.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, CommandBatch batch)
    {
        var end = line.IndexOf((byte)0);
        if (end >= 0) line = line[..end];

        var words = batch.Scratch;
        var at = 0;
        while (true)
        {
            while (at < line.Length && IsSpace(line[at])) at++;
            if (at == line.Length) return true;
            var start = words.Length;
            if (!TryReadWord(line, ref at, words)) return false;
            batch.AddRange(start, words.Length - start);
        }
    }

    private static bool TryReadWord(ReadOnlySpan<byte> line, ref int at, NativeBuffer word)
    {
        while (at < line.Length && !EndsWord(line[at]))
        {
            switch (line[at])
            {
                case (byte)'"':
                    at++;
                    return TryReadDoubleQuoted(line, ref at, word);
                case (byte)'\'':
                    at++;
                    return TryReadSingleQuoted(line, ref at, word);
                default:
                    word.Append(line[at++]);
                    break;
            }
        }

        return true;
    }

    private static bool TryReadDoubleQuoted(ReadOnlySpan<byte> line, ref int at, NativeBuffer word)
    {
        while (at < line.Length)
        {
            var value = line[at];
            if (value == (byte)'\\' && at + 3 < line.Length && line[at + 1] == (byte)'x'
                && char.IsAsciiHexDigit((char)line[at + 2]) && char.IsAsciiHexDigit((char)line[at + 3]))
            {
                word.Append((byte)((HexValue(line[at + 2]) << 4) | HexValue(line[at + 3])));
                at += 4;
            }
            else if (value == (byte)'\\' && at + 1 < line.Length)
            {
                word.Append(Unescape(line[at + 1]));
                at += 2;
            }
            else if (value == (byte)'"')
            {
                at++;
                return MayFollowQuote(line, at);
            }
            else
            {
                word.Append(value);
                at++;
            }
        }

        return false;
    }

    private static bool TryReadSingleQuoted(ReadOnlySpan<byte> line, ref int at, NativeBuffer word)
    {
        while (at < line.Length)
        {
            if (line[at] == (byte)'\\' && at + 1 < line.Length && line[at + 1] == (byte)'\'')
            {
                word.Append((byte)'\'');
                at += 2;
            }
            else if (line[at] == (byte)'\'')
            {
                at++;
                return MayFollowQuote(line, at);
            }
            else
            {
                word.Append(line[at++]);
            }
        }

        return false;
    }

    private static bool MayFollowQuote(ReadOnlySpan<byte> line, int at) => at == line.Length || IsSpace(line[at]);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static byte Unescape(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'a' => 7,
        _ => letter,
    };
}

using System.Runtime.CompilerServices;

namespace Hearth.Primitives;

/// <summary>
/// The patterns of KEYS, SCAN, PSUBSCRIBE, CONFIG GET and ACL rules, with every habit of the original that a client can observe:
///
///   *        any bytes; but the empty text is matched by the empty pattern only
///   ?        one byte
///   [abc]    one of these bytes, [a-c] ranges (either end may be the greater), [^…] none of them, \ takes the next byte literally.
///            A class that is not closed ends with the pattern; "[^" alone therefore matches any byte, "[]" none.
///   \x       x itself; a single \ at the end of the pattern stands for itself
///
/// Bytes of ranges compare as signed characters do on x86-64. Without regard to case, the ends of a range are put in order before
/// they are lowered, and an escaped byte of a class is still compared exactly.
///
/// Everything but '*' takes exactly one byte, so when a piece between two stars matches somewhere, its first place is as good as
/// any later one: only the last star ever needs another try. That bounds the work by the product of both lengths, without
/// recursion.
/// </summary>
internal static class Glob
{
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase = false)
    {
        if (text.Length == 0) return pattern.Length == 0;

        var position = 0;
        var index = 0;
        var restartPosition = -1;
        var restartIndex = 0;
        while (index < text.Length)
        {
            if (position < pattern.Length && pattern[position] == '*')
            {
                while (position < pattern.Length && pattern[position] == '*') position++;
                if (position == pattern.Length) return true;
                restartPosition = position;
                restartIndex = index;
            }
            else if (position < pattern.Length && MatchesOne(pattern, ref position, text[index], ignoreCase))
            {
                index++;
                continue;
            }
            else
            {
                if (restartPosition < 0) return false;
                position = restartPosition;
                restartIndex++;
            }

            if (!SkipToCandidate(pattern[position..], text, ref restartIndex, ignoreCase)) return false;
            index = restartIndex;
        }

        while (position < pattern.Length && pattern[position] == '*') position++;
        return position == pattern.Length;
    }

    /// <summary>Moves to the next place where the plain bytes that follow a star stand, if any do.</summary>
    private static bool SkipToCandidate(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, ref int index, bool ignoreCase)
    {
        if (ignoreCase) return index < text.Length;

        var plain = pattern.IndexOfAny("*?[\\"u8);
        if (plain == 0) return index < text.Length;

        var found = text[index..].IndexOf(plain < 0 ? pattern : pattern[..plain]);
        index += found;
        return found >= 0;
    }

    // Leaves the position behind the element only if that matches; otherwise the caller starts over anyway.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MatchesOne(ReadOnlySpan<byte> pattern, ref int position, byte value, bool ignoreCase)
    {
        var element = pattern[position++];
        if (element == '?') return true;
        if (element == '[') return MatchesClass(pattern, ref position, value, ignoreCase);
        if (element == '\\' && position < pattern.Length) element = pattern[position++];
        return element == value || (ignoreCase && ToLower(element) == ToLower(value));
    }

    private static bool MatchesClass(ReadOnlySpan<byte> pattern, ref int position, byte value, bool ignoreCase)
    {
        var negated = position < pattern.Length && pattern[position] == '^';
        if (negated) position++;

        var matches = false;
        while (position < pattern.Length)
        {
            var member = pattern[position];
            var left = pattern.Length - position;
            if (member == '\\' && left >= 2)
            {
                matches |= pattern[position + 1] == value;
                position += 2;
            }
            else if (member == ']')
            {
                position++;
                break;
            }
            else if (left >= 3 && pattern[position + 1] == '-')
            {
                matches |= IsInRange((sbyte)member, (sbyte)pattern[position + 2], (sbyte)value, ignoreCase);
                position += 3;
            }
            else
            {
                matches |= member == value || (ignoreCase && ToLower(member) == ToLower(value));
                position++;
            }
        }

        return matches != negated;
    }

    private static bool IsInRange(sbyte start, sbyte end, sbyte value, bool ignoreCase)
    {
        if (start > end) (start, end) = (end, start);
        if (!ignoreCase) return value >= start && value <= end;

        var lowered = ToLower((byte)value);
        return (sbyte)lowered >= (sbyte)ToLower((byte)start) && (sbyte)lowered <= (sbyte)ToLower((byte)end);
    }

    private static byte ToLower(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;
}

using System.Text;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class GlobTests
{
    private const ulong Seed = 31;

    // Facts read off redis-server 7.0.15: whether KEYS finds a key of that name. Apart from these, 20,000 random patterns against
    // 400 keys (KEYS) and 8,000 against 150 library names (FUNCTION LIST LIBRARYNAME, without regard to case) agreed.
    [Theory]
    [InlineData("", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "ab", false)]
    [InlineData("ab", "a", false)]
    [InlineData("*", "a", true)]
    [InlineData("**", "a", true)]
    [InlineData("a*", "a", true)]
    [InlineData("*a", "a", true)]
    [InlineData("*a", "ba", true)]
    [InlineData("*a", "ab", false)]
    [InlineData("a**b", "ab", true)]
    [InlineData("a*b*c", "a1b2c", true)]
    [InlineData("a*b*c", "a1c2b", false)]
    [InlineData("*ab*ab*", "xabyabz", true)]
    [InlineData("*aab", "aaab", true)]
    [InlineData("?", "a", true)]
    [InlineData("??", "a", false)]
    [InlineData("a?", "a", false)]
    [InlineData("?*", "a", true)]
    [InlineData("*?", "a", true)]
    [InlineData("*??", "a", false)]
    [InlineData("[ab]", "a", true)]
    [InlineData("[ab]", "c", false)]
    [InlineData("[^ab]", "c", true)]
    [InlineData("[^ab]", "a", false)]
    [InlineData("[a-c]", "b", true)]
    [InlineData("[c-a]", "b", true)]
    [InlineData("[^c-a]", "b", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[]", "a", false)]
    [InlineData("[]a]", "a", false)]
    [InlineData("[^]", "a", true)]
    [InlineData("[^]a", "ba", true)]
    [InlineData("[", "a", false)]
    [InlineData("[", "[", false)]
    [InlineData("[^", "a", true)]
    [InlineData("[^", "^", true)]
    [InlineData("[a", "a", true)]
    [InlineData("[a", "b", false)]
    [InlineData("[^a", "a", false)]
    [InlineData("[^a", "b", true)]
    [InlineData("x[^", "xy", true)]
    [InlineData("x[", "x[", false)]
    [InlineData("[a-", "-", true)]
    [InlineData("[a-", "a", true)]
    [InlineData("[a-]", "a", true)]
    [InlineData("[a-]", "-", false)]
    [InlineData("[a-]", "]", true)]
    [InlineData("[a-]", "`", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[--a]", "a", true)]
    [InlineData("[--a]", ".", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[\\]", "]", true)]
    [InlineData("[\\]", "\\", false)]
    [InlineData("[\\", "\\", true)]
    [InlineData("[\\a-z]", "b", false)]
    [InlineData("[\\a-z]", "-", true)]
    [InlineData("[a\\-z]", "b", false)]
    [InlineData("[a\\-z]", "-", true)]
    [InlineData("[!a]", "b", false)]
    [InlineData("[!a]", "!", true)]
    [InlineData("[a^]", "^", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("[*]", "*", true)]
    [InlineData("[*]", "a", false)]
    [InlineData("[?]", "a", false)]
    [InlineData("\\", "\\", true)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("\\a", "a", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("\\?", "a", false)]
    [InlineData("\\[a]", "[a]", true)]
    [InlineData("\\\\", "\\", true)]
    [InlineData("\\\\", "\\\\", false)]
    [InlineData("*\\", "a\\", true)]
    [InlineData("*\\", "a", false)]
    [InlineData("*\\*", "a*", true)]
    [InlineData("*\\*", "a", false)]
    [InlineData("a]", "a]", true)]
    [InlineData("]", "]", true)]
    [InlineData("^a", "^a", true)]
    [InlineData("-", "-", true)]
    [InlineData("[a-\u00ff]", "\u00ff", true)]
    [InlineData("[a-\u00ff]", "Z", true)]
    [InlineData("[a-\u00ff]", "b", false)]
    [InlineData("[\u0080-\u00ff]", "\u0090", true)]
    [InlineData("[\u0080-a]", "\u00ff", true)]
    [InlineData("[\u0080-a]", "b", false)]
    [InlineData("\u00ff*", "\u00ffa", true)]
    [InlineData("?", "\u00ff", true)]
    [InlineData("*[ab]", "xxb", true)]
    [InlineData("*[ab]", "xxc", false)]
    [InlineData("*[^a]b", "aab", false)]
    [InlineData("*[^a]b", "acb", true)]
    [InlineData("*?[", "ab", false)]
    [InlineData("*[^", "ab", true)]
    [InlineData("a*[", "a[", false)]
    [InlineData("h[^e]llo", "hallo", true)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[a-b]llo", "hbllo", true)]
    [InlineData("news.*", "news.", true)]
    [InlineData("news.*", "news", false)]
    [InlineData("*.*.*", "a.b", false)]
    [InlineData("\0", "\0", true)]
    [InlineData("a\0*", "a\0b", true)]
    public void Patterns_match_as_in_Redis(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.IsMatch(Bytes(pattern), Bytes(text)));

    [Theory]
    [InlineData("", true)]
    [InlineData("*", false)]
    [InlineData("**", false)]
    [InlineData("?", false)]
    [InlineData("[^", false)]
    public void The_empty_text_is_matched_by_the_empty_pattern_only(string pattern, bool matches) =>
        Assert.Equal(matches, Glob.IsMatch(Bytes(pattern), []));

    // Facts read off redis-server 7.0.15 by CONFIG GET and FUNCTION LIST.
    [Theory]
    [InlineData("MAX[m]EMORY", "maxmemory", true)]
    [InlineData("[M]axmemory", "maxmemory", true)]
    [InlineData("[\\M]axmemory", "maxmemory", false)]
    [InlineData("maxmemor[A-Z]", "maxmemory", true)]
    [InlineData("maxmemor[Z-a]", "maxmemory", false)]
    [InlineData("\\MAX*", "maxmemory", true)]
    [InlineData("*MEM*", "maxmemory", true)]
    [InlineData("[^M]axmemory", "maxmemory", false)]
    [InlineData("@", "`", false)]
    [InlineData("[", "{", false)]
    public void Letters_match_without_regard_to_case_on_request(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.IsMatch(Bytes(pattern), Bytes(text), ignoreCase: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_patterns_match_as_a_plain_recursion_does(bool ignoreCase)
    {
        var random = new RandomSource(Seed);
        var letters = Bytes("aabbcA-\u00ff");
        string[] elements = ["a", "b", "B", "c", "*", "*", "?", "[", "[^", "]", "-", "\\", "^", "[a-c]", "[^a]", "[c-a]", "\u00ff", "ab"];
        var hits = 0;
        for (var run = 0; run < 100_000; run++)
        {
            var text = new byte[random.NextInt64(10)];
            for (var index = 0; index < text.Length; index++) text[index] = letters[random.NextInt64(letters.Length)];
            var pattern = "";
            for (var count = random.NextInt64(8); count > 0; count--) pattern += elements[random.NextInt64(elements.Length)];

            var expected = text.Length == 0 ? pattern.Length == 0 : Recurse(Bytes(pattern), text, ignoreCase);
            if (expected) hits++;
            Assert.True(
                expected == Glob.IsMatch(Bytes(pattern), text, ignoreCase),
                $"seed {Seed}: '{pattern}' on '{Encoding.Latin1.GetString(text)}' should be {expected}");
        }

        Assert.InRange(hits, 5_000, 95_000);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_stars_do_not_blow_up(bool ignoreCase)
    {
        var text = Bytes(new string('a', 20_000));
        var stars = string.Concat(Enumerable.Repeat("a*", 5_000));
        await Task.Run(() =>
        {
            Assert.False(Glob.IsMatch(Bytes(stars + "b"), text, ignoreCase));
            Assert.False(Glob.IsMatch(Bytes("*" + stars + "[b]"), text, ignoreCase));
            Assert.False(Glob.IsMatch(Bytes(string.Concat(Enumerable.Repeat("*?", 5_000)) + "\\b"), text, ignoreCase));
            Assert.False(Glob.IsMatch(Bytes("*" + new string('a', 2_000) + "b"), text, ignoreCase));
            Assert.True(Glob.IsMatch(Bytes(stars), text, ignoreCase));
            Assert.True(Glob.IsMatch(Bytes(new string('*', 100_000) + "a"), text, ignoreCase));
        }, TestContext.Current.CancellationToken);
    }

    // A star tries every place; everything else takes one byte of the text.
    private static bool Recurse(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase)
    {
        if (pattern.Length == 0) return text.Length == 0;
        if (pattern[0] == '*')
        {
            for (var start = 0; start <= text.Length; start++)
            {
                if (Recurse(pattern[1..], text[start..], ignoreCase)) return true;
            }

            return false;
        }

        if (text.Length == 0) return false;

        var members = new HashSet<byte>();
        var negated = false;
        var used = 1;
        if (pattern[0] == '[') used = ReadClass(pattern, members, ignoreCase, out negated);
        else if (pattern[0] == '\\' && pattern.Length > 1) AddBoth(members, pattern[used++], ignoreCase);
        else if (pattern[0] == '?') negated = true;
        else AddBoth(members, pattern[0], ignoreCase);
        return members.Contains(text[0]) != negated && Recurse(pattern[used..], text[1..], ignoreCase);
    }

    private static int ReadClass(ReadOnlySpan<byte> pattern, HashSet<byte> members, bool ignoreCase, out bool negated)
    {
        var used = 1;
        negated = pattern.Length > 1 && pattern[1] == '^';
        if (negated) used++;
        while (used < pattern.Length && pattern[used] != ']')
        {
            var left = pattern[used..];
            if (left[0] == '\\' && left.Length > 1)
            {
                members.Add(left[1]);
                used += 2;
            }
            else if (left.Length > 2 && left[1] == '-')
            {
                int low = Math.Min((sbyte)left[0], (sbyte)left[2]), high = Math.Max((sbyte)left[0], (sbyte)left[2]);
                if (ignoreCase) (low, high) = (Lower(low), Lower(high));
                for (var value = -128; value < 128; value++)
                {
                    var compared = ignoreCase ? Lower(value) : value;
                    if (compared >= low && compared <= high) members.Add((byte)value);
                }

                used += 3;
            }
            else
            {
                AddBoth(members, left[0], ignoreCase);
                used++;
            }
        }

        return Math.Min(used + 1, pattern.Length);
    }

    private static void AddBoth(HashSet<byte> members, byte value, bool ignoreCase)
    {
        members.Add(value);
        if (!ignoreCase || !char.IsAsciiLetter((char)value)) return;
        members.Add((byte)(value ^ 0x20));
    }

    private static int Lower(int value) => value is >= 'A' and <= 'Z' ? value + 32 : value;

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

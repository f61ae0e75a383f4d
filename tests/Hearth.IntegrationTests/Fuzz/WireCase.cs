using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>
/// Bytes for a server, and where they are cut into pieces on their way. They begin as commands, as clients or people send them, and are
/// then damaged: flipped, dropped, doubled and inserted bytes, lengths that lie, other ends of lines, and now and then noise alone.
/// </summary>
internal sealed class WireCase
{
    private const int PiecesMax = 6;
    private const int LineBytesMax = 64 * 1024;

    private static readonly string[][] Commands =
    [
        ["PING"], ["PING", "greeting"], ["ECHO", "some text"], ["SET", "a", "1"], ["GET", "a"], ["INCR", "a"], ["APPEND", "b", "xyz"],
        ["STRLEN", "b"], ["MSET", "a", "1", "b", "2", "c", "3"], ["MGET", "a", "b", "nothing"], ["DEL", "a", "b"], ["EXISTS", "a"],
        ["MULTI"], ["EXEC"], ["DISCARD"], ["SELECT", "1"], ["NOSUCH", "a", "b"], ["GET"], ["SUBSCRIBE", "ch"], ["UNSUBSCRIBE", "ch"],
        ["PUBLISH", "ch", "hi"], ["QUIT"], ["RESET"], ["SETRANGE", "a", "5", "x"], ["TYPE", "a"], ["DBSIZE"], ["AUTH", "secret"],
        ["AUTH", "wrong"], ["CLIENT", "SETNAME", "me"], ["CLIENT", "GETNAME"], ["SET", "c", ""], ["GETRANGE", "c", "0", "-1"],
    ];

    private static readonly string[] Snippets =
    [
        "*", "$", "\r\n", "\n", "\r", "\0", "*-1\r\n", "*0\r\n", "$-1\r\n", "$0\r\n\r\n", "*1\r\n", "*2\r\n$3\r\n", "$536870912\r\n", "$536870913\r\n",
        "*1048576\r\n", "*1048577\r\n", "*2147483647\r\n", "*2147483648\r\n", "*9223372036854775808\r\n", "*abc\r\n", "$+4\r\n", "$ 4\r\n", "*01\r\n", "$04\r\n",
        "%2\r\n", "~1\r\n", ">1\r\n", "_\r\n", ",1.5\r\n", "#t\r\n", "|1\r\n", "+OK\r\n", "-ERR\r\n", ":1\r\n", "\"", "'", "\"\\x41\"", "'a b'", "\"a\"b", "  ",
        "POST / HTTP/1.1\r\n", "Host: localhost\r\n", "GET / HTTP/1.0\r\n", "PING\r\n", "ping\n", "\u00ff\u00fe",
    ];

    private WireCase(byte[] bytes, int[] cuts) => (Bytes, Cuts) = (bytes, cuts);

    public byte[] Bytes { get; }

    /// <summary>Rising positions in the bytes.</summary>
    public int[] Cuts { get; }

    /// <summary>A line that has an end, but beyond the limit: whether Redis sees that end in time depends on how its reads fall.</summary>
    public bool HasTooLongLine
    {
        get
        {
            return IsAnyLong((byte)'\n') || IsAnyLong((byte)'\r');

            bool IsAnyLong(byte end)
            {
                var ends = Bytes.Select(static (value, index) => (value, index)).Where(pair => pair.value == end).Select(static pair => pair.index);
                int[] limits = [-1, .. ends];
                return limits.Zip(limits.Skip(1)).Any(static pair => pair.Second - pair.First > LineBytesMax);
            }
        }
    }

    public IEnumerable<byte[]> Pieces
    {
        get
        {
            var start = 0;
            foreach (var cut in Cuts.Append(Bytes.Length))
            {
                if (cut > start) yield return Bytes[start..cut];
                start = cut;
            }
        }
    }

    public static WireCase Draw(Random random)
    {
        var bytes = random.Next(20) == 0 ? Noise(random) : Script(random);
        if (random.Next(5) > 0)
        {
            for (var left = random.Next(1, 4); left > 0; left--) Damage(random, bytes);
        }

        return Cut(random, bytes);
    }

    /// <summary>The same cuts, as far as they fit, in other bytes: for shortening.</summary>
    public WireCase With(IEnumerable<byte> bytes)
    {
        var array = bytes.ToArray();
        return new WireCase(array, [.. Cuts.Where(cut => cut < array.Length)]);
    }

    public override string ToString() => string.Join(" | ", Pieces.Select(static piece => Printable.Quote(piece)));

    private static WireCase Cut(Random random, List<byte> bytes)
    {
        // Half of the cases arrive whole; some arrive byte by byte, as over telnet.
        int[] cuts = random.Next(10) switch
        {
            < 5 => [],
            5 when bytes.Count < 60 => [.. Enumerable.Range(1, Math.Max(0, bytes.Count - 1))],
            _ => [.. Enumerable.Range(0, random.Next(1, PiecesMax)).Select(_ => random.Next(bytes.Count + 1)).Distinct().Order()],
        };
        return new WireCase([.. bytes], cuts);
    }

    private static List<byte> Noise(Random random)
    {
        var noise = new byte[random.Next(1, 200)];
        random.NextBytes(noise);
        return [.. noise];
    }

    private static List<byte> Script(Random random)
    {
        var bytes = new List<byte>();
        for (var left = random.Next(1, 7); left > 0; left--)
        {
            var words = Commands[random.Next(Commands.Length)];
            if (random.Next(4) == 0) bytes.AddRange(Encoding.Latin1.GetBytes(string.Join(' ', words.Select(Inline)) + (random.Next(3) == 0 ? "\n" : "\r\n")));
            else bytes.AddRange(RespRequest.Encode(RespRequest.Words(words)));
        }

        if (random.Next(60) == 0) bytes.InsertRange(0, Big(random));
        return bytes;
    }

    private static string Inline(string word) => word.Length == 0 || word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;

    /// <summary>What is longer than a buffer, or than the limit of a line.</summary>
    private static byte[] Big(Random random)
    {
        var length = random.Next(4) switch { 0 => 16 * 1024, 1 => 60_000, 2 => 100_000, _ => 200_000 } + random.Next(-2, 3);
        return random.Next(4) switch
        {
            0 => RespRequest.Encode(RespRequest.Words("SET", "big", new string('x', length))),
            1 => Encoding.ASCII.GetBytes("SET big " + new string('y', length) + (length > 60_100 ? "" : "\r\n")),
            2 => Encoding.ASCII.GetBytes("*" + new string('1', length)),
            _ => RespRequest.Encode([.. Enumerable.Range(0, 2000).Select(static index => Encoding.ASCII.GetBytes(index == 0 ? "DEL" : $"k{index}"))]),
        };
    }

    private static void Damage(Random random, List<byte> bytes)
    {
        if (bytes.Count == 0) return;
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 9), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                LieAboutLength(random, bytes);
                break;
            default:
                bytes.InsertRange(at, Encoding.Latin1.GetBytes(Snippets[random.Next(Snippets.Length)]));
                break;
        }
    }

    private static void LieAboutLength(Random random, List<byte> bytes)
    {
        var headers = bytes.Select(static (value, index) => (value, index)).Where(static pair => pair.value is (byte)'*' or (byte)'$').ToArray();
        if (headers.Length == 0) return;
        var start = headers[random.Next(headers.Length)].index + 1;
        var end = start;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end])) end++;
        bytes.RemoveRange(start, end - start);
        long[] lies = [-1, 0, 1, 2, 3, 4, 5, 100, 20_000, 600_000_000];
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(lies[random.Next(lies.Length)].ToString(CultureInfo.InvariantCulture)));
    }
}

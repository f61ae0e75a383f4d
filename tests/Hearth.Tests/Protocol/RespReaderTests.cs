using System.Text;
using Hearth.Primitives;
using Hearth.Protocol;
using Xunit;

namespace Hearth.Tests.Protocol;

public class RespReaderTests
{
    private const int Seed = 20260101;

    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n", "<PING>")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", "<ECHO> <>")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$5\r\na\r\nb\0\r\n", "<ECHO> <a\r\nb\0>")]
    [InlineData("*0\r\n*1\r\n$4\r\nPING\r\n", "<PING>")]
    [InlineData("*-1\r\n*-10\r\n*1\r\n$4\r\nPING\r\n", "<PING>")]
    [InlineData("*1\r\n$4\r\nPINGxx*1\r\n$1\r\na\r\n", "<PING>\n<a>")] // The two bytes behind a bulk are not looked at.
    [InlineData("*1\rX$4\rYPINGab", "<PING>")] // Nor is the one behind a '\r'.
    [InlineData("PING\r\n", "<PING>")]
    [InlineData("PING\n", "<PING>")]
    [InlineData("\r\n\n  \r\n\t PING \t\r\n", "<PING>")]
    [InlineData("set  k\tv\n*1\r\n$1\r\na\r\n", "<set> <k> <v>\n<a>")]
    [InlineData("a\rb\r\r\n", "<a> <b>")]
    [InlineData("a\vb \vc\fd\r\n", "<a\vb> <c\fd>")] // Vertical tabs and form feeds are skipped before a word, but end none.
    [InlineData("a \"b c\"\r\nd\r\n", "<a> <b c>\n<d>")]
    public void Commands_are_cut_as_Redis_cuts_them(string stream, string commands)
    {
        using var feed = new WireFeed();
        feed.Feed(Latin1.Bytes(stream));
        Assert.Equal(commands + "\nno error, 0 bytes kept", feed.Outcome());
    }

    // As redis-server 7.0.15 answers them, byte for byte.
    [Theory]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*\r\n", "invalid multibulk length")]
    [InlineData("*01\r\n$4\r\nPING\r\n", "invalid multibulk length")]
    [InlineData("*+1\r\n", "invalid multibulk length")]
    [InlineData("*2147483648\r\n", "invalid multibulk length")]
    [InlineData("*9999999999999999999999\r\n", "invalid multibulk length")]
    [InlineData("*1\r\n:4\r\n", "expected '$', got ':'")]
    [InlineData("*1\r\nPING\r\n", "expected '$', got 'P'")]
    [InlineData("*1\r\n\r\n", "expected '$', got '\r'")]
    [InlineData("*1\r\n\u00ff4\r\n", "expected '$', got '\u00ff'")]
    [InlineData("*1\r\n\"4\r\n", "expected '$', got '\"'")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$4x\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$04\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$ 4\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$99999999999999999999\r\n", "invalid bulk length")]
    [InlineData("ECHO \"abc\r\n", "unbalanced quotes in request")]
    [InlineData("ECHO 'a'b\r\n", "unbalanced quotes in request")]
    public void Malformed_input_is_an_error_in_Redis_words(string stream, string error)
    {
        using var feed = new WireFeed();
        feed.Feed(Latin1.Bytes("*1\r\n$4\r\nPING\r\n" + stream));
        Assert.Equal("<PING>\nProtocol error: " + error, feed.Outcome());
    }

    [Theory]
    [InlineData("*2147483647\r\n")]
    [InlineData("*1048577\r\n")]
    [InlineData("*1\r\n$536870912\r\n")]
    [InlineData("*1\r\n$4")]
    [InlineData("*1\r\n$4\r")]
    [InlineData("*1\r\n$4\r\nPING\r")]
    [InlineData("*1")]
    [InlineData("PING\r")]
    [InlineData("ECHO \"a")]
    public void An_incomplete_command_waits_for_the_rest(string stream)
    {
        using var feed = new WireFeed();
        feed.Feed(Latin1.Bytes(stream));
        Assert.Equal($"\nno error, {stream.Length} bytes kept", feed.Outcome());
    }

    [Theory]
    [InlineData("*", '1', "too big mbulk count string")]
    [InlineData("*1\r\n$", '1', "too big bulk count string")]
    [InlineData("*1\r\n", 'x', "too big bulk count string")]
    [InlineData("", 'A', "too big inline request")]
    public void A_line_without_end_is_refused_once_it_is_longer_than_64_KiB(string start, char filler, string error)
    {
        using var feed = new WireFeed();
        var lineStart = start.Length - (start.LastIndexOf('\n') + 1);
        feed.Feed(Latin1.Bytes(start + new string(filler, (64 * 1024) - lineStart)));
        Assert.Null(feed.Error);
        feed.Feed([(byte)filler]);
        Assert.Equal("Protocol error: " + error, feed.Error);
    }

    [Fact]
    public void The_limit_of_bulks_can_be_set()
    {
        using var feed = new WireFeed();
        feed.Reader.BulkBytesMax = 1L << 30;
        feed.Feed("*1\r\n$1073741824\r\n"u8);
        Assert.Null(feed.Error);
        using var strict = new WireFeed();
        strict.Reader.BulkBytesMax = 1024 * 1024;
        strict.Feed("*1\r\n$1048577\r\n"u8);
        Assert.Equal("Protocol error: invalid bulk length", strict.Error);
    }

    [Theory]
    [InlineData(2_147_483_648)]
    [InlineData(9_223_372_036_854_775_806)]
    [InlineData(9_223_372_036_854_775_807)]
    public void A_bulk_that_no_buffer_can_hold_is_refused_whatever_the_limit(long length)
    {
        using var feed = new WireFeed();
        feed.Reader.BulkBytesMax = long.MaxValue;
        feed.Feed(Latin1.Bytes($"*2\r\n$4\r\nECHO\r\n${length}\r\nhello\r\n"));
        Assert.Equal("Protocol error: invalid bulk length", feed.Error);
    }

    [Fact]
    public void Before_authentication_a_command_has_at_most_ten_words_of_16_KiB()
    {
        using var feed = new WireFeed { IsAuthenticated = false };
        feed.Feed(Request(Enumerable.Repeat("a", 10).ToArray()));
        feed.Feed(Request(new string('x', 16384)));
        Assert.Equal(2, feed.Commands.Count);
        feed.Feed("*11\r\n"u8);
        Assert.Equal("Protocol error: unauthenticated multibulk length", feed.Error);

        using var other = new WireFeed { IsAuthenticated = false };
        other.Feed("*1\r\n$16385\r\n"u8);
        Assert.Equal("Protocol error: unauthenticated bulk length", other.Error);
    }

    [Fact]
    public void A_batch_takes_64_commands_and_the_next_one_the_rest()
    {
        using var feed = new WireFeed();
        var stream = string.Concat(Enumerable.Range(0, 130).Select(i => Latin1.Text(Request("ECHO", $"{i}"))));
        feed.Feed(Latin1.Bytes(stream));
        Assert.Equal(3, feed.Reads);
        Assert.Equal(Enumerable.Range(0, 130).Select(i => $"<ECHO> <{i}>"), feed.Commands);
        Assert.Equal(stream, string.Concat(feed.RawCommands));
    }

    [Fact]
    public void A_big_bulk_says_how_much_its_command_needs()
    {
        using var feed = new WireFeed();
        var command = Request("SET", "k", new string('v', 100_000));
        feed.Feed([.. "PING\r\n"u8, .. command[..60]]);
        Assert.Equal(command.Length, feed.WantedBytes);
        var reads = feed.Reads;
        feed.FeedInPieces(command.AsSpan(60), new Random(Seed), 1000);
        Assert.Equal(reads + 1, feed.Reads);
        Assert.Equal(0, feed.WantedBytes);
        Assert.Equal(command, Latin1.Bytes(feed.RawCommands[0]));
    }

    [Fact]
    public void Any_split_of_a_stream_gives_the_same_commands()
    {
        for (var seed = Seed; seed < Seed + 40; seed++)
        {
            var random = new Random(seed);
            var expected = new List<string>();
            var stream = RandomStream(random, expected);
            foreach (var pieceBytesMax in (int[])[1, 7, 100, 5000, int.MaxValue])
            {
                using var feed = new WireFeed();
                if (pieceBytesMax == int.MaxValue) feed.Feed(stream);
                else feed.FeedInPieces(stream, random, pieceBytesMax);
                var outcome = string.Join('\n', expected) + "\nno error, 0 bytes kept";
                Assert.True(outcome == feed.Outcome(), $"seed {seed}, pieces of at most {pieceBytesMax} bytes:\n{feed.Outcome()}");
            }
        }
    }

    [Fact]
    public void Whatever_the_bytes_their_split_does_not_matter_and_nothing_throws()
    {
        for (var seed = Seed; seed < Seed + 800; seed++)
        {
            var random = new Random(seed);
            var stream = Mutated(random);
            var isAuthenticated = random.Next(4) > 0;
            using var whole = new WireFeed { IsAuthenticated = isAuthenticated };
            whole.Feed(stream);
            using var pieces = new WireFeed { IsAuthenticated = isAuthenticated };
            pieces.FeedInPieces(stream, random, random.Next(4) == 0 ? 1 : 40);
            Assert.True(whole.Outcome() == pieces.Outcome(), $"seed {seed}:\nwhole:\n{whole.Outcome()}\nin pieces:\n{pieces.Outcome()}");
        }
    }

    /// <summary>Before authentication every command is read in the general way, and so shows what the one pass over short ones must find.</summary>
    [Fact]
    public void The_pass_over_short_commands_finds_what_the_general_way_finds()
    {
        const string Alphabet = "*$0123456789\r\n\0a\"";
        for (var seed = Seed; seed < Seed + 20_000; seed++)
        {
            var random = new Random(seed);
            var stream = new List<byte>();
            for (var left = random.Next(1, 4); left > 0; left--)
            {
                stream.AddRange(Request([.. Enumerable.Range(0, random.Next(1, 11)).Select(_ => new string('a', random.Next(12)))]));
            }

            for (var left = random.Next(3); left > 0; left--) stream[random.Next(stream.Count)] = (byte)Alphabet[random.Next(Alphabet.Length)];
            var bytes = stream.Take(random.Next(3) == 0 ? random.Next(stream.Count) : stream.Count).ToArray();
            using var inOnePass = new WireFeed();
            inOnePass.Feed(bytes);
            using var inGeneral = new WireFeed { IsAuthenticated = false };
            inGeneral.Feed(bytes);
            if (inGeneral.Error?.Contains("unauthenticated", StringComparison.Ordinal) == true) continue;
            Assert.True(inGeneral.Outcome() == inOnePass.Outcome(), $"seed {seed}:\nin general:\n{inGeneral.Outcome()}\nin one pass:\n{inOnePass.Outcome()}");
        }
    }

    [Fact]
    public void A_long_command_in_many_pieces_costs_as_much_as_in_one()
    {
        const int Words = 200_000;
        var stream = Request(Enumerable.Range(0, Words).Select(i => (i % 10).ToString()).ToArray());
        using var feed = new WireFeed();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fed = 0;
        for (; fed < stream.Length - 1000; fed += 500) feed.Feed(stream.AsSpan(fed, 500));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Two hundred thousand ranges are 1.6 MB, and arrays that double as they come in take three times as much. Copying the words anew for
        // each of 2,800 pieces would take gigabytes, and reading the command anew would go on for minutes.
        Assert.InRange(allocated, 0, 8_000_000);
        feed.Feed(stream.AsSpan(fed));
        Assert.Equal(Latin1.Text(stream), Assert.Single(feed.RawCommands));
    }

    [Fact]
    public void Nothing_is_reserved_for_a_length_that_a_client_claims()
    {
        using var feed = new WireFeed();
        feed.Feed("PING\r\n"u8);
        var heapBefore = feed.Heap.UsedBytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        feed.Feed("*2147483647\r\n$536870912\r\nabc"u8);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
        Assert.InRange(feed.Heap.UsedBytes - heapBefore, 0, 1000);
        Assert.Equal("*2147483647\r\n$536870912\r\n".Length + 536870912 + 2, feed.WantedBytes);
    }

    internal static byte[] Request(params string[] words)
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes($"*{words.Length}\r\n"));
        foreach (var word in words)
        {
            bytes.AddRange(Encoding.ASCII.GetBytes($"${word.Length}\r\n"));
            bytes.AddRange(Latin1.Bytes(word));
            bytes.AddRange("\r\n"u8);
        }

        return [.. bytes];
    }

    /// <summary>Arrays and inline commands of all kinds, and what they are.</summary>
    private static byte[] RandomStream(Random random, List<string> commands)
    {
        var stream = new List<byte>();
        for (var count = random.Next(1, 40); count > 0; count--)
        {
            switch (random.Next(10))
            {
                case 0:
                    stream.AddRange(random.Next(3) switch { 0 => "*0\r\n"u8, 1 => "*-1\r\n"u8, _ => "\r\n"u8 });
                    break;
                case 1 or 2:
                    var line = RandomWords(random, random.Next(1, 6), 12);
                    stream.AddRange(Latin1.Bytes(string.Join(' ', line.Select(word => Quote(random, word)))));
                    stream.AddRange(random.Next(2) == 0 ? "\r\n"u8 : "\n"u8);
                    commands.Add(WireFeed.Show(line));
                    break;
                default:
                    var isLong = random.Next(8) == 0;
                    var words = RandomWords(random, isLong ? random.Next(15, 80) : random.Next(1, 6), random.Next(20) == 0 ? 40_000 : 30);
                    stream.AddRange(Request(words.Select(word => Latin1.Text(word)).ToArray()));
                    commands.Add(WireFeed.Show(words));
                    break;
            }
        }

        return [.. stream];
    }

    private static byte[][] RandomWords(Random random, int count, int bytesMax)
    {
        var words = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            // A single big word in a command is enough.
            words[i] = new byte[random.Next(i == 0 ? bytesMax : Math.Min(bytesMax, 30))];
            random.NextBytes(words[i]);
        }

        return words;
    }

    /// <summary>A word as an inline command must give it: in double quotes with escapes, in single quotes, or plain.</summary>
    private static string Quote(Random random, byte[] word)
    {
        var isPlain = word.Length > 0 && word[0] != '*' && word.All(value => value > 32 && value is not ((byte)'"' or (byte)'\''));
        if (isPlain && random.Next(2) == 0) return Latin1.Text(word);

        var isSingle = word.All(value => value is not (0 or (byte)'\n' or (byte)'\\'));
        if (isSingle && random.Next(2) == 0) return '\'' + Latin1.Text(word).Replace("'", "\\'") + '\'';

        var quoted = new StringBuilder("\"");
        foreach (var value in word)
        {
            quoted.Append(value switch
            {
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                (byte)'\b' => "\\b",
                7 => "\\a",
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                < 32 or > 126 => $"\\x{value:x2}",
                _ => ((char)value).ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A valid stream with bytes changed, cut out and put in, or mere noise of bytes that mean something.</summary>
    private static byte[] Mutated(Random random)
    {
        var letters = "*$\r\n0123456789-+ \"'\\x\0aPING:_"u8.ToArray();
        if (random.Next(3) == 0) return random.GetItems(letters, random.Next(1, 200));

        var stream = RandomStream(random, []).ToList();
        if (stream.Count > 3000) stream.RemoveRange(3000, stream.Count - 3000);
        for (var count = random.Next(1, 6); count > 0 && stream.Count > 0; count--)
        {
            var at = random.Next(stream.Count);
            switch (random.Next(4))
            {
                case 0:
                    stream[at] = letters[random.Next(letters.Length)];
                    break;
                case 1:
                    stream.RemoveRange(at, Math.Min(random.Next(1, 10), stream.Count - at));
                    break;
                case 2:
                    stream.InsertRange(at, random.GetItems(letters, random.Next(1, 10)));
                    break;
                default:
                    stream[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. stream];
    }
}

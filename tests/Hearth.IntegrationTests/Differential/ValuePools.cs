using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// The values that random arguments are drawn from. The pools are small, so that commands meet each other's keys and values, and
/// hold the edges: limits of 64 bits, empty, binary and long strings, numbers that are none.
///
/// Two things are kept out everywhere. Times to live are past, or hours away, because two servers never run at the very same
/// millisecond. And no offset lies where a string would grow to hundreds of megabytes: those are small, or past the limit.
/// </summary>
internal sealed class ValuePools(Random random)
{
    private static readonly byte[][] OddKeys = Bytes("", "\u0000\u00ff\r\n", "{tag}1", "{tag}2", "a b", new string('k', 200));

    private static readonly string[] KeyOwners = ["string", "list", "hash", "set", "sorted-set", "stream"];

    private static readonly byte[][] Values = Bytes(
        "", "0", "1", "2", "10", "-5", "100", "007", "3.5", "-0", "+1", " 1", "1e3", "nan", "inf", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "a", "b", "c", "abc", "foobar", "\u0000", "\u00ff\u00fe\r\n", "\u00ff\u00ff\u00ff",
        new string('x', 44), new string('y', 45), new string('u', 64), new string('v', 65), new string('z', 300), "ohmytext", "mynewtext", "hello world");

    private static readonly byte[][] BadIntegers = Bytes(
        "", "abc", "+1", " 1", "1 ", "01", "-0", "1.0", "1e3", "0x10", "9223372036854775808", "-9223372036854775809", "\u00001", "99999999999999999999");

    private static readonly byte[][] Integers = Bytes(
        "0", "1", "-1", "2", "3", "5", "7", "10", "-10", "100", "255", "256", "2147483647", "-2147483648", "4294967296",
        "9223372036854775807", "-9223372036854775808", "9223372036854775806");

    private static readonly byte[][] Indexes = Bytes(
        "0", "1", "2", "3", "5", "10", "100", "-1", "-2", "-3", "-10", "-100", "9223372036854775807", "-9223372036854775808");

    private static readonly byte[][] Offsets = Bytes(
        "0", "1", "2", "5", "7", "8", "9", "15", "31", "63", "64", "100", "1000", "20000", "-1", "4294967296", "5000000000", "9223372036854775807");

    private static readonly byte[][] Counts = Bytes("0", "1", "1", "2", "3", "5", "10", "100", "-1", "-2", "-10", "9223372036854775807");

    private static readonly byte[][] Doubles = Bytes(
        "0", "1", "-1", "1.5", "-3.25", "0.1", "0.2", "3", "1e3", "1e10", "5.0e3", "1e17", "123456789.123456789", "inf", "-inf", "+inf", "nan",
        "0x10", "1e308", "1e-7", "", "abc", "1 ", " 1", "1,5", "-0", "00.5", ".5", "5.");

    private static readonly byte[][] LexBounds = Bytes("-", "+", "-", "+", "[a", "(b", "[c", "[abc", "(foobar", "[", "(", "[\u00ff", "[x", "(zz", "abc", "+\u0000x");

    private static readonly byte[][] Longitudes = Bytes(
        "13.361389", "13.361389", "15.087269", "15.08727", "13.5", "0", "0.000001", "-0.1", "179.999999", "-179.999999", "180", "-180", "2.35");

    private static readonly byte[][] Latitudes = Bytes(
        "38.115556", "38.115556", "37.502669", "37.50267", "37.9", "0", "0.000001", "51.5", "-33.9", "66.5", "80.5", "-70", "85.05112878", "-85.05112878");

    private static readonly byte[][] Lengths = Bytes("0", "0.5", "1", "10", "50", "100", "166.274", "200", "1000", "3000", "5000", "10000", "20000", "30000000");

    private static readonly byte[][] Patterns = Bytes(
        "*", "*", "*:*", "string:?", "*[1-3]", "*[^1]", "?", "", "\\*", "s*g:*", "{tag}*", "[a-", "*\u00ff*", "**", "key[1", "ch*", "ch[12]", "news.*");

    /// <summary>They meet the keys of strings and hashes, which end in a digit, and fields that hashes are likely to have.</summary>
    private static readonly byte[][] SortPatterns = Bytes("string:*", "string:*", "hash:*->a", "hash:*->", "*:1", "*", "#", "nosort", "list:*", "s*->a->b", "");

    /// <summary>A few of them fill a node of a list; forms of length change at 4096 bytes, and from 8186 on one alone is a long list.</summary>
    private static readonly byte[][] LongElements = Bytes(
        new string('p', 700), new string('q', 2000), new string('r', 4095), new string('s', 4096), new string('t', 8185), new string('w', 8186), new string('x', 20000));

    private static readonly string[] SortedOwners = ["list", "list", "set", "sorted-set"];

    private static readonly byte[][] Channels = Bytes("ch1", "ch2", "ch3", "news.art", "", "\u0000ch");

    private static readonly byte[][] Databases = Bytes("0", "0", "1", "1", "2", "-1", "16", "9223372036854775807", "abc");

    private static readonly byte[][] BitfieldTypes = Bytes("u1", "u2", "u4", "u8", "i8", "u16", "i16", "u32", "i32", "u63", "i64", "i5", "u64", "i65", "u0", "x8", "i", "8");

    private static readonly byte[][] TypeNames = Bytes("string", "list", "set", "zset", "hash", "stream", "STRING", "nothing");

    private static readonly byte[][] Names = Bytes("alpha", "beta", "", "with space", "new\nline", "default", "nobody");

    private static readonly byte[][] FarMilliseconds = Bytes("4102444800000", "4102444860000", "5000000000000");
    private static readonly byte[][] FarSeconds = Bytes("4102444800", "4102444860", "5000000000");
    private static readonly byte[][] PastSpans = Bytes("0", "-1", "-1000", "-9223372036854775808");
    private static readonly byte[][] PastTimes = Bytes("0", "1", "-1", "1000", "-9223372036854775808");
    private static readonly byte[][] ImpossibleTimes = Bytes("9223372036854775807", "9223372036854775", "9223372036854776", "abc", "1.5", "");

    /// <summary>
    /// Commands by member presuppose equal scores; where scores differ, Redis's answer hangs on the chance in its skip list. So these
    /// commands have sorted sets of their own, whose scores are all 0.
    /// </summary>
    private static readonly string[] LexCommands = ["zrangebylex", "zrevrangebylex", "zlexcount", "zremrangebylex"];

    private static readonly string[] AlsoOnLexKeys = ["zadd", "zrem", "zrange", "zrangestore", "zpopmin", "zpopmax", "zscore", "zrank"];

    private bool _isWide;
    private bool _hasTexts = true;

    public StreamPools Streams { get; } = new(random);

    /// <summary>Whether the command being drawn is one on the keys for <see cref="LexCommands"/>.</summary>
    public bool IsLex { get; private set; }

    public void Begin(CommandSpec spec) =>
        IsLex = LexCommands.Contains(spec.Name) || (AlsoOnLexKeys.Contains(spec.Name) && random.Next(3) == 0);

    /// <summary>Has fields and members differ from each other for the most part, so that collections grow past the limits of encodings.</summary>
    public void Widen() => (_isWide, _hasTexts) = (true, random.Next(2) == 0);

    public void Narrow() => (_isWide, _hasTexts) = (false, true);

    /// <summary>A value for one argument of the given command.</summary>
    public byte[] Draw(CommandSpec spec, ArgumentNode node) =>
        (spec.Group == "stream" ? Streams.Draw(spec, node) : null) ?? DrawShared(spec, node);

    private byte[] DrawShared(CommandSpec spec, ArgumentNode node) => node.Type switch
    {
        "double" when IsLex && node.Name == "score" => "0"u8.ToArray(),
        "string" when IsLex && node.Name is "min" or "max" => Pick(LexBounds),
        "key" when IsSort(spec) => Key(SortedOwners[random.Next(SortedOwners.Length)]),
        "key" => Key(spec.Group),
        "integer" => Integer(spec, node.Name),
        "double" when node.Name is "longitude" => Coordinate(Longitudes, 180),
        "double" when node.Name is "latitude" => Coordinate(Latitudes, 85),
        "double" when node.Name is "radius" or "width" or "height" => random.Next(8) == 0 ? Pick(Doubles) : Pick(Lengths),
        "double" => Pick(Doubles),
        "unix-time" => UnixTime(node.Name),
        "pattern" when IsSort(spec) && random.Next(8) > 0 => Pick(SortPatterns),
        "pattern" => Pick(Patterns),
        _ => String(node.Name),
    };

    /// <summary>Anything at all, to stand where it does not belong.</summary>
    public byte[] DrawAny() => random.Next(4) switch
    {
        0 => Pick(BadIntegers),
        1 => Key("string"),
        2 => Encoding.ASCII.GetBytes(((string[])["NX", "XX", "GET", "EX", "KEEPTTL", "COUNT", "MATCH", "BYTE", "BIT", "REPLACE", "DB", "LEN"])[random.Next(12)]),
        _ => Pick(Values),
    };

    public byte[] Key(string group)
    {
        if (IsLex) return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"lex:{random.Next(1, 4)}"));

        // A bitmap is a string, so the two families share their keys; most keys hold the type that their family expects.
        if (random.Next(20) == 0) return Pick(OddKeys);
        var owner = group is "bitmap" or "hyperloglog" ? "string" : group is "geo" ? "sorted-set" : group;
        if (!KeyOwners.Contains(owner) || random.Next(10) == 0) owner = random.Next(2) == 0 ? "string" : KeyOwners[random.Next(KeyOwners.Length)];

        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{owner}:{random.Next(1, 6)}"));
    }

    private static bool IsSort(CommandSpec spec) => spec.Name is "sort" or "sort_ro";

    private byte[] Integer(CommandSpec spec, string name)
    {
        if (random.Next(25) == 0) return Pick(BadIntegers);
        return name switch
        {
            "seconds" or "milliseconds" or "ttl" => TimeToLive(name == "seconds" ? 1 : 1000),
            "offset" => spec.Name is "bitfield" or "bitfield_ro" && random.Next(3) == 0 ? [(byte)'#', .. Pick(Offsets)] : Pick(Offsets),
            "count" or "len" or "limit" or "num-matches" or "min-match-len" => Pick(Counts),
            "start" or "end" or "stop" or "rank" => Pick(Indexes),
            "index" => spec.Name == "select" ? Pick(Databases) : Pick(Indexes),
            "db" or "destination-db" or "index1" or "index2" => Pick(Databases),
            "bit" or "protover" => name == "bit" ? Pick(Bytes("0", "1", "0", "1", "2", "-1")) : Pick(Bytes("2", "3", "2", "3", "1", "4")),
            "cursor" => Pick(Bytes("0", "0", "0", "1", "17", "-1", "18446744073709551615")),
            "timeout" => "0.01"u8.ToArray(),
            _ => Pick(Integers),
        };
    }

    /// <summary>Mostly places that many members share or nearly share, sometimes one anywhere on the map.</summary>
    private byte[] Coordinate(byte[][] pool, double max) => random.Next(12) switch
    {
        0 => Pick(Doubles),
        < 4 => Encoding.ASCII.GetBytes((((random.NextDouble() * 2) - 1) * max).ToString("F6", CultureInfo.InvariantCulture)),
        _ => Pick(pool),
    };

    private byte[] TimeToLive(long unit) => random.Next(10) switch
    {
        0 => Pick(PastSpans),
        1 => Pick(ImpossibleTimes),
        // Values lie far apart, so that GT and LT decide alike on both servers.
        _ => Encoding.ASCII.GetBytes((unit * 10 * random.Next(1_000, 1_000_000)).ToString(CultureInfo.InvariantCulture)),
    };

    private byte[] UnixTime(string name) => random.Next(10) switch
    {
        < 2 => Pick(PastTimes),
        2 => Pick(ImpossibleTimes),
        _ => Pick(name.EndsWith("milliseconds", StringComparison.Ordinal) ? FarMilliseconds : FarSeconds),
    };

    private byte[] String(string name) => name switch
    {
        "encoding" => Pick(BitfieldTypes),
        "type" => Pick(TypeNames),
        "channel" or "shardchannel" => Pick(Channels),
        "connection-name" or "clientname" or "username" or "password" => Pick(Names),
        "min" or "max" => Pick(Bytes("-inf", "+inf", "(1", "1", "5", "[a", "(b", "-", "+", "[", "abc")),
        "element" or "pivot" when random.Next(12) == 0 => Pick(LongElements),
        "element" when _isWide && random.Next(2) == 0 => Many(),
        "field" or "member" when _isWide || random.Next(10) == 0 => Many(),
        _ => Pick(Values),
    };

    /// <summary>One of some thousand values.</summary>
    private byte[] Many() =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(_hasTexts && random.Next(2) == 0 ? "m" : "")}{random.Next(-50, 1000)}"));

    private byte[] Pick(byte[][] pool) => pool[random.Next(pool.Length)];

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.Latin1.GetBytes)];
}

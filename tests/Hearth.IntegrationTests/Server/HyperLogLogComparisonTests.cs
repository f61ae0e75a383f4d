using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Server;

/// <summary>
/// HyperLogLogs here and in redis-server see the same elements, are merged, counted, converted and damaged in the same ways, and after every
/// step their bytes are compared: a client may take them from one server to another.
/// </summary>
public sealed class HyperLogLogComparisonTests
{
    private const int Seed = 20_240_614;
    private const int Steps = 2_500;

    private static readonly string[] _keys = ["a", "b", "c", "d"];

    private readonly Random _random = new(Seed);

    [Fact]
    public void Bytes_and_replies_are_those_of_redis()
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth();
        using var expected = oracle.Connect();
        using var actual = hearth.Connect();
        for (var step = 0; step < Steps; step++)
        {
            var key = Bytes(_keys[_random.Next(_keys.Length)]);
            var command = NextCommand(key, expected);
            var (wanted, got) = (expected.Call(command), actual.Call(command));
            Assert.Equal($"seed {Seed}, step {step}, {Printable.Command(command)}: {wanted}", $"seed {Seed}, step {step}, {Printable.Command(command)}: {got}");
            byte[][] get = [Bytes("GET"), key];
            Assert.True(
                expected.Call(get).Raw.AsSpan().SequenceEqual(actual.Call(get).Raw),
                $"seed {Seed}, step {step}: the bytes differ after {Printable.Command(command)}");
        }
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private byte[][] NextCommand(byte[] key, RespClient oracle) => _random.Next(100) switch
    {
        < 55 => [Bytes("PFADD"), key, .. Elements()],
        < 68 => [Bytes("PFCOUNT"), key, .. SomeKeys()],
        < 80 => [Bytes("PFMERGE"), key, .. SomeKeys()],
        < 86 => [Bytes("SET"), key, Damage(oracle.Call([Bytes("GET"), key]).Payload)],
        < 90 => [Bytes("DEL"), key],
        < 95 => [Bytes("PFDEBUG"), Bytes(One("decode", "ENCODING", "todense", "GetReg", "nope")), key],
        < 97 => [Bytes("CONFIG"), Bytes("SET"), Bytes("hll-sparse-max-bytes"), Bytes(One("0", "17", "18", "100", "1000", "3000", "3000", "20000"))],
        < 98 => [Bytes("PEXPIRE"), key, Bytes("100000000")],
        < 99 => [Bytes("SET"), key, Bytes(One("5", "text", ""))],
        _ => [Bytes("OBJECT"), Bytes("ENCODING"), key],
    };

    private IEnumerable<byte[]> Elements()
    {
        int[] counts = [0, 1, 1, 2, 5, 50, 300, 2000];
        var (count, space) = (counts[_random.Next(counts.Length)], 1 << _random.Next(4, 30));
        for (var i = 0; i < count; i++) yield return Bytes(_random.Next(space).ToString(CultureInfo.InvariantCulture));
    }

    private IEnumerable<byte[]> SomeKeys() => Enumerable.Range(0, _random.Next(3)).Select(_ => Bytes(_keys[_random.Next(_keys.Length)]));

    private string One(params string[] words) => words[_random.Next(words.Length)];

    private byte[] Damage(byte[] bytes)
    {
        const int Header = 16;
        var damaged = bytes.ToList();
        switch (_random.Next(4))
        {
            case 0 when damaged.Count > Header:
                for (var i = 0; i < 3; i++) damaged[_random.Next(Header, damaged.Count)] = (byte)_random.Next(256);
                break;
            case 1:
                damaged.RemoveRange(damaged.Count - (damaged.Count / 3), damaged.Count / 3);
                break;
            case 2:
                damaged.AddRange(Enumerable.Range(0, _random.Next(1, 5)).Select(_ => (byte)_random.Next(256)));
                break;
            case 3 when damaged.Count > 0:
                damaged[_random.Next(Math.Min(Header, damaged.Count))] = (byte)_random.Next(256);
                break;
        }

        return WithWholeRuns(damaged);
    }

    /// <summary>
    /// Where the second byte of the last run is missing, Redis reads the end mark of its string, and may have written something else there
    /// before. That is not ours to repeat.
    /// </summary>
    private static byte[] WithWholeRuns(List<byte> bytes)
    {
        var at = 16;
        while (at < bytes.Count) at += (bytes[at] & 0xC0) == 0x40 ? 2 : 1;
        if (bytes.Count > 16 && at > bytes.Count) bytes.Add(7);
        return [.. bytes];
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Lists;

/// <summary>
/// A list has the same nodes as in redis-server after every change. DEBUG OBJECT tells their bytes and how many they are. Where nodes are
/// limited by bytes, 7.2's single listpacks take a little more than 7.0's first nodes, so the limits here are of elements.
/// </summary>
public partial class QuicklistComparisonTests
{
    private const int Seed = 81;
    private const int Changes = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Nodes_are_split_and_merged_as_in_redis(int fill)
    {
        using var oracle = OracleServer.StartOrSkip("--enable-debug-command", "yes", "--rdbcompression", "no");
        using var hearth = new EmbeddedHearth();
        using var left = oracle.Connect();
        using var right = hearth.Connect();
        var random = new Random(Seed + fill);
        Both("CONFIG", "SET", "list-max-listpack-size", fill.ToString(CultureInfo.InvariantCulture));
        var compared = 0;
        for (var i = 0; i < Changes; i++)
        {
            var command = Change(random, grows: i / 300 % 2 == 0);
            var name = $"change {i}, {string.Join(' ', command)}";
            Assert.Equal($"{name}: {left.Call(command)}", $"{name}: {right.Call(command)}");
            var size = Size(left);
            Assert.Equal($"{name}: {size}", $"{name}: {Size(right)}");
            if (size.Length > 0) compared++;
        }

        Assert.True(compared > Changes / 2, $"Only {compared} lists were compared.");

        void Both(params string[] words)
        {
            left.Require(words);
            right.Require(words);
        }
    }

    private static string[] Change(Random random, bool grows)
    {
        var element = random.Next(3) == 0 ? Text(random.Next(2000)) : new string((char)('a' + random.Next(5)), random.Next(80));
        var index = Text(random.Next(-60, 60));
        return random.Next(grows ? 12 : 16) switch
        {
            0 => ["RPUSH", "l", element, element],
            1 or 2 or 3 => ["LPUSH", "l", element],
            4 or 5 => ["RPUSH", "l", element],
            6 or 7 => ["LINSERT", "l", random.Next(2) == 0 ? "BEFORE" : "AFTER", Text(random.Next(2000)), element],
            8 => ["LINSERT", "l", random.Next(2) == 0 ? "BEFORE" : "AFTER", new string((char)('a' + random.Next(5)), random.Next(80)), element],
            9 => ["LSET", "l", index, element],
            10 => ["LREM", "l", Text(random.Next(-2, 3)), element],
            11 => ["LMOVE", "l", "l", random.Next(2) == 0 ? "LEFT" : "RIGHT", random.Next(2) == 0 ? "LEFT" : "RIGHT"],
            12 => ["LPOP", "l"],
            13 => ["RPOP", "l", Text(random.Next(4))],
            14 => ["LTRIM", "l", Text(random.Next(3)), Text(-1 - random.Next(3))],
            _ => ["LPOP", "l", Text(random.Next(4))],
        };
    }

    private static string Size(RespClient client) => SerializedLength().Match(client.Call("DEBUG", "OBJECT", "l").ToString()).Value;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"serializedlength:\d+")]
    private static partial Regex SerializedLength();
}

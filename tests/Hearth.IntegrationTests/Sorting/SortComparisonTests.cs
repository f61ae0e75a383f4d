using System.Globalization;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Sorting;

/// <summary>
/// SORT returns and stores the same elements in the same order as redis-server. No two elements of a set are equal in what they are
/// sorted by, since the order of those is each server's own.
/// </summary>
public class SortComparisonTests
{
    private const int Seed = 71;
    private const int Rounds = 40;
    private const int CommandsOfRound = 60;

    [Fact]
    public void Random_sorts_give_the_same_order()
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth();
        using var left = oracle.Connect();
        using var right = hearth.Connect();
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var command in Data(random)) Compare(left, right, command);
            for (var i = 0; i < CommandsOfRound; i++) Compare(left, right, Sort(random));
        }
    }

    private static IEnumerable<string[]> Data(Random random)
    {
        yield return ["FLUSHALL"];
        var numbers = Enumerable.Range(0, 1 + random.Next(300)).Select(_ => Text(random.Next(-1000, 1000))).Distinct().ToArray();
        yield return ["RPUSH", "list", .. numbers, .. numbers[..(numbers.Length / 4)]];
        yield return ["SADD", "set", .. numbers];
        yield return ["ZADD", "zset", .. numbers.Select((number, i) => (Number: number, Score: i)).SelectMany(pair => new[] { Text(pair.Score), pair.Number })];
        // A weight for each element, all of them different, and sometimes none.
        var weights = Enumerable.Range(0, numbers.Length).ToArray();
        random.Shuffle(weights);
        for (var i = 0; i < numbers.Length; i++)
        {
            yield return ["SET", $"w_{numbers[i]}", random.Next(3) == 0 ? $"{Text(weights[i])}.5" : Text(weights[i])];
            yield return ["HSET", $"h_{numbers[i]}", "weight", $"x{Text(weights[i])}", "name", $"name of {numbers[i]}"];
        }
    }

    private static string[] Sort(Random random)
    {
        var words = new List<string> { random.Next(3) == 0 ? "SORT_RO" : "SORT", Pick("list", "set", "zset", "absent") };
        var isAlpha = random.Next(3) == 0;
        var isUnsorted = words[1] != "set" && random.Next(5) == 0;
        if (isUnsorted) words.AddRange(["BY", "nosort"]);
        else if (random.Next(2) == 0) words.AddRange(["BY", isAlpha ? Pick("w_*", "h_*->weight") : "w_*"]);
        if (isAlpha) words.Add("ALPHA");
        if (random.Next(2) == 0) words.Add(Pick("ASC", "DESC"));
        if (random.Next(2) == 0) words.AddRange(["LIMIT", Text(random.Next(-2, 50)), Text(random.Next(-2, 50))]);
        for (var gets = random.Next(4) - 1; gets > 0; gets--) words.AddRange(["GET", Pick("#", "w_*", "h_*->name", "h_*->nothing", "nokey", "none_*")]);
        if (words[0] == "SORT" && random.Next(4) == 0) words.AddRange(["STORE", "stored"]);
        return [.. words];

        string Pick(params string[] choices) => choices[random.Next(choices.Length)];
    }

    private static void Compare(RespClient oracle, RespClient hearth, string[] command)
    {
        var name = string.Join(' ', command);
        Assert.Equal($"{name}: {oracle.Call(command)}", $"{name}: {hearth.Call(command)}");
        if (!command.Contains("STORE")) return;
        Assert.Equal($"{name}: {oracle.Call("LRANGE", "stored", "0", "-1")}", $"{name}: {hearth.Call("LRANGE", "stored", "0", "-1")}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Hearth.IntegrationTests.Blocking;

/// <summary>
/// Random scenarios of clients that wait, and of others that bring what they wait for, take it away again, or end their waits. Where 7.0
/// and 7.2 differ, the scenarios stay away:
/// <list type="bullet">
/// <item>No step brings two keys that one client may wait for: 7.0 takes the one that came first, 7.2 the one named first. So a client
/// waits for several keys only among l and m, or among z and w, of which a step brings one. What is moved goes to d, where nobody
/// waits for anything else besides.</item>
/// <item>None of several keys that a client waits for comes to hold a string: 7.0 serves the client from another one all the same, 7.2
/// finds the wrong type where it looks first.</item>
/// <item>What happens to those who wait for a stream's group when it goes.</item>
/// </list>
/// </summary>
internal sealed class ScenarioGenerator(Random random)
{
    private const string Waiting = "ABC";

    private int _number;

    public string[] Scenario(int steps)
    {
        var scenario = new List<string>();
        var present = Waiting;
        while (scenario.Count < steps)
        {
            if (random.Next(25) == 0 && present.Length > 1)
            {
                var leaving = present[random.Next(present.Length)];
                scenario.Add(random.Next(2) == 0 ? $"{leaving} -" : $"E CLIENT KILL ID ${leaving}");
                if (scenario[^1][0] == 'E') scenario.Add($"{leaving} -");
                present = present.Replace(leaving.ToString(), "", StringComparison.Ordinal);
                continue;
            }

            var client = present[random.Next(present.Length)];
            if (random.Next(2) == 0) scenario.Add($"{client} {Wait()}");
            else scenario.AddRange(Change(present));
        }

        scenario.AddRange(["D LRANGE l 0 -1", "D LRANGE m 0 -1", "D LRANGE d 0 -1", "D ZRANGE z 0 -1", "D ZRANGE w 0 -1", "D TYPE l", "D TYPE z"]);
        return [.. scenario];
    }

    private string Wait() => random.Next(14) switch
    {
        0 => $"BLPOP l {Timeout()}",
        1 => $"BRPOP m {Timeout()}",
        2 => $"BLPOP l m {Timeout()}",
        3 => $"BRPOP m l l {Timeout()}",
        4 => $"BLMOVE {ListKey()} d {End()} {End()} {Timeout()}",
        5 => $"BRPOPLPUSH {ListKey()} d {Timeout()}",
        6 => $"BLPOP d {Timeout()}",
        7 => $"BLMPOP {Timeout()} 2 l m {End()} COUNT {random.Next(1, 4)}",
        8 => $"BLMPOP {Timeout()} 1 d {End()}",
        9 => $"BZPOPMIN z {Timeout()}",
        10 => $"BZPOPMAX z w {Timeout()}",
        11 => $"BZMPOP {Timeout()} 2 w z {(random.Next(2) == 0 ? "MIN" : "MAX")} COUNT {random.Next(1, 4)}",
        12 => $"BLPOP {SortedKey()} {Timeout()}",
        _ => $"XREAD BLOCK {Timeout() * 1000} COUNT 2 STREAMS s $",
    };

    private string[] Change(string present)
    {
        switch (random.Next(10))
        {
            case 0:
                return [$"E CLIENT UNBLOCK ${present[random.Next(present.Length)]} {(random.Next(2) == 0 ? "TIMEOUT" : "ERROR")}"];
            case 1:
                return random.Next(3) switch
                {
                    0 => ["D FLUSHALL"],
                    1 => [$"D MOVE {ListKey()} 1"],
                    _ => ["D SELECT 1", "D FLUSHDB", Bring(), "D SELECT 0", "D SWAPDB 0 1"],
                };
            case 2:
                return ["D SELECT 1", Bring(), "D SELECT 0"];
            case 3:
                var key = random.Next(2) == 0 ? "d" : "s";
                return [$"D DEL {key}", $"D SET {key} string", Bring(), $"D DEL {key}"];
            case 4:
                return ["D RPUSH n 1 2", random.Next(2) == 0 ? $"D RENAME n {ListKey()}" : $"D COPY n {ListKey()}", "D DEL n"];
            case 5:
                return ["D MULTI", Bring(["l"]), Bring(["z", "d", "s"]), Bring(["l"]), "D EXEC"];
            case 6:
                return ["D MULTI", Bring(["m"]), Bring(["w"]), random.Next(2) == 0 ? "D DEL m w" : "D LPOP m", "D EXEC"];
            case 7:
                return [$"D | {Bring()[2..]} | LPOP l | ZPOPMIN z | ECHO {random.Next(10)}"];
            default:
                return [Bring()];
        }
    }

    private string Bring() => Bring(["l", "m", "d", "z", "w", "s"]);

    private string Bring(string[] keys)
    {
        var key = keys[random.Next(keys.Length)];
        string[] numbers = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Number())];
        return key switch
        {
            "z" or "w" when random.Next(4) == 0 => $"D ZINCRBY {key} {Number()} {Number()}",
            "z" or "w" => $"D ZADD {key} {string.Join(' ', numbers.Select(static number => $"{number} {number}"))}",
            "s" => $"D XADD s {Number()}-1 f v",
            _ => $"D {(random.Next(2) == 0 ? "RPUSH" : "LPUSH")} {key} {string.Join(' ', numbers)}",
        };
    }

    private string Number() => (++_number).ToString(CultureInfo.InvariantCulture);

    private string ListKey() => random.Next(2) == 0 ? "l" : "m";

    private string SortedKey() => random.Next(2) == 0 ? "z" : "w";

    /// <summary>None of them comes true, but they stand in an order.</summary>
    private int Timeout() => 1000 * random.Next(4);

    private string End() => random.Next(2) == 0 ? "LEFT" : "RIGHT";
}

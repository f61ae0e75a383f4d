using Hearth.IntegrationTests.Support;
using Hearth.Network;
using Xunit;

namespace Hearth.IntegrationTests.Blocking;

/// <summary>
/// Several clients that wait for keys get the same replies, in the same order, from Hearth and from redis-server. No scenario gives a
/// client two of its keys at once: 7.0 then takes the one that came first, and 7.2, which runs the command again, the one named first.
/// </summary>
public class BlockingComparisonTests
{
    private const int RandomScenarios = 100;
    private const int StepsOfRandomScenario = 25;

    private static readonly string[][] _lists =
    [
        ["A BLPOP l 0", "B BLPOP l 0", "C BRPOP l 0", "D RPUSH l 1", "D RPUSH l 2 3 4", "D LRANGE l 0 -1"],
        ["A BLPOP x x x 0", "B RPUSH x 1 2", "B LLEN x"],
        ["A BLPOP l 0", "B BLPOP l 0", "C MULTI", "C RPUSH l 1", "C DEL l", "C EXEC", "C RPUSH l 2", "C EXISTS l"],
        ["A BLPOP l 0", "B SET l string", "B DEL l", "B SADD l member", "B DEL l", "B RPUSH l 1"],
        ["A BLMOVE x y LEFT RIGHT 0", "B BRPOPLPUSH y z 0", "C BLPOP z 0", "D RPUSH x 1", "D EXISTS x y z"],
        ["A BLMOVE x x LEFT RIGHT 0", "B RPUSH x 1 2 3", "B LRANGE x 0 -1"],
        ["A BRPOPLPUSH x y 0", "B BRPOPLPUSH y x 0", "C RPUSH x 1", "C LRANGE x 0 -1", "C LRANGE y 0 -1"],
        ["A BLMOVE l s LEFT LEFT 0", "B BLPOP l 0", "C SET s string", "C RPUSH l 1", "C EXISTS l"],
        ["A BLMPOP 0 2 x y RIGHT COUNT 3", "B BLMPOP 0 1 y LEFT", "C RPUSH y 1 2 3 4", "C LRANGE y 0 -1"],
        ["A SELECT 1", "A BLPOP l 0", "B RPUSH l zero", "B SELECT 1", "B RPUSH l one"],
        ["A BLPOP l 0", "B SELECT 1", "B RPUSH l one", "B SWAPDB 0 1", "B EXISTS l"],
        ["A BLPOP l 0", "B SELECT 1", "B RPUSH l one", "B MOVE l 0"],
        ["A BLPOP l 0", "B RPUSH m 1 2", "B RENAME m l", "B LRANGE l 0 -1"],
        ["A BLPOP l 0", "B RPUSH m 1 2", "B COPY m l", "B LRANGE l 0 -1"],
        ["A BLPOP l 0", "B MULTI", "B RPUSH l 1", "B FLUSHALL", "B EXEC", "B FLUSHDB", "B RPUSH l 2"],
        ["A BLPOP l 0", "B BLPOP l 0", "C CLIENT KILL ID $A", "C RPUSH l 1 2", "C LRANGE l 0 -1"],
        ["A BLPOP l 0", "B BLPOP l 0", "A -", "C RPUSH l 1 2", "C LRANGE l 0 -1"],
        ["A BLPOP l 0", "B BLMOVE l m LEFT LEFT 0", "C CLIENT UNBLOCK $A", "C CLIENT UNBLOCK $B ERROR", "C CLIENT UNBLOCK $A", "C RPUSH l 1"],
        ["A BLPOP l 0", "B CLIENT UNBLOCK $A FOO", "B CLIENT UNBLOCK x", "B CLIENT UNBLOCK 999999", "B CLIENT UNBLOCK $A TIMEOUT"],
        ["A BLPOP l 0.02", "A ?", "A BLMOVE l m LEFT LEFT 0.02", "A ?", "A BRPOPLPUSH l m 0.02", "A ?", "A BLMPOP 0.02 1 l LEFT", "A ?"],
        ["A BLPOP l 0", "B BLPOP l 0.05", "C RPUSH l 1", "B ?", "C RPUSH l 2", "C LLEN l"],
        ["A | BLPOP l 0 | ECHO after | BLPOP l 0 | ECHO last", "B RPUSH l 1", "B RPUSH l 2 3", "B LRANGE l 0 -1"],
        ["A | MULTI | BLPOP l 0 | BLMOVE l m LEFT LEFT 0 | BLMPOP 0 1 l LEFT | BRPOPLPUSH l m 0 | EXEC"],
        ["A | WATCH l | MULTI | PING", "B BLPOP l 0", "C RPUSH l 1", "A EXEC"],
        ["A BLPOP l 0", "B RPUSH k 1 2 3", "B LMOVE k l LEFT RIGHT", "B LRANGE k 0 -1"],
        ["A BLPOP l 0", "B MULTI", "B RPUSH l 1 2", "B LPOP l", "B LPUSH l 0", "B EXEC", "B LRANGE l 0 -1"],
        ["A BLPOP l 0", "B RPUSH l 1 2", "A BLPOP l 0", "A BLPOP l 0", "B | RPUSH l 3 | RPUSH l 4 | LRANGE l 0 -1"],
        ["A CLIENT REPLY SKIP", "A BLPOP l 0", "B RPUSH l 1", "A PING"],
        ["A BLPOP l 0", "B SET l v", "B EXPIRE l 100", "B DEL l", "B RPUSH l 1", "B TTL l"],
    ];

    /// <summary>
    /// Unit tests see to where 7.2 differs from 7.0: what it replies when the group or its key has gone, and that an entry that comes and
    /// goes in one transaction wakes nobody.
    /// </summary>
    private static readonly string[][] _streams =
    [
        ["A XREAD BLOCK 0 STREAMS s $", "B XREAD BLOCK 0 STREAMS s 5", "C XADD s 3-0 f v", "C XADD s 6-0 f w", "C XLEN s"],
        ["A XREAD BLOCK 0 STREAMS s 100", "B XREAD BLOCK 0 STREAMS s 0", "C XADD s 5-0 f v", "B XREAD BLOCK 0 STREAMS s 0", "C XADD s 101-0 f v"],
        ["A XREAD BLOCK 0 STREAMS s t $ $", "B XADD t 1-0 f v", "A XREAD BLOCK 0 STREAMS s t 0 $", "B XADD s 1-0 f v"],
        ["A XREAD BLOCK 0 COUNT 2 STREAMS s 0", "B MULTI", "B XADD s 1-0 f v", "B XADD s 2-0 f v", "B XADD s 3-0 f v", "B EXEC"],
        ["A XADD s 1-0 f v", "A XDEL s 1-0", "A XREAD BLOCK 0 STREAMS s 0", "B XADD s 2-0 f v"],
        ["A XADD s 5-0 f v", "A XREAD BLOCK 0 STREAMS s $", "B FLUSHALL", "B XADD s 1-0 f v", "B XADD s 6-0 f v"],
        ["A XREAD BLOCK 0 STREAMS s $", "B SET s string", "B DEL s", "B XADD s 1-0 f v"],
        ["A XREAD BLOCK 0 STREAMS s $", "B XADD t 1-0 f v", "B RENAME t s", "B XLEN s"],
        ["A XREAD BLOCK 0 STREAMS s $", "B XGROUP CREATE s g 0 MKSTREAM", "B XSETID s 9", "B XADD s 10-0 f v"],
        ["A XREAD BLOCK 20 STREAMS s $", "A ?", "A XGROUP CREATE s g 0 MKSTREAM", "A XREADGROUP GROUP g a BLOCK 20 STREAMS s >", "A ?"],
        ["A | MULTI | XREAD BLOCK 0 STREAMS s $ | EXEC"],
        ["A XREAD BLOCK 0 STREAMS s $", "B CLIENT UNBLOCK $A", "A XREAD BLOCK 0 STREAMS s $", "B CLIENT UNBLOCK $A ERROR", "B XADD s 1-0 f v"],
        [
            "C XGROUP CREATE s g $ MKSTREAM", "A XREADGROUP GROUP g a COUNT 1 BLOCK 0 STREAMS s >", "B XREADGROUP GROUP g b BLOCK 0 STREAMS s >",
            "C XADD s 1-0 f v", "C XADD s 2-0 f v", "C XPENDING s g", "C XACK s g 1-0 2-0",
        ],
        [
            "C XGROUP CREATE s g $ MKSTREAM", "A XREADGROUP GROUP g a COUNT 1 BLOCK 0 STREAMS s >", "B XREADGROUP GROUP g b COUNT 1 BLOCK 0 STREAMS s >",
            "C MULTI", "C XADD s 1-0 f v", "C XADD s 2-0 f v", "C XADD s 3-0 f v", "C EXEC", "C XPENDING s g",
        ],
        ["C XGROUP CREATE s g 0 MKSTREAM", "A XREADGROUP GROUP g a NOACK BLOCK 0 STREAMS s >", "C XADD s 1-0 f v", "C XPENDING s g", "C XINFO GROUPS s"],
        ["C XGROUP CREATE s g 0 MKSTREAM", "A XREADGROUP GROUP g a BLOCK 0 STREAMS s 0", "C XADD s 1-0 f v"],
        [
            "C XGROUP CREATE s g 0 MKSTREAM", "C XGROUP CREATE t g 0 MKSTREAM", "A XREADGROUP GROUP g a BLOCK 0 STREAMS s t > >", "C XADD t 1-0 f v",
            "A XREADGROUP GROUP g a BLOCK 0 STREAMS s t > >", "C XADD s 1-0 f v", "C XPENDING s g", "C XPENDING t g",
        ],
        ["C XGROUP CREATE s g 0 MKSTREAM", "A | XREADGROUP GROUP g a BLOCK 0 STREAMS s > | XACK s g 1-0 | ECHO last", "C XADD s 1-0 f v", "C XPENDING s g"],
    ];

    public static TheoryData<string> Pollers => PollerNames.All;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Waiting_for_streams(string poller)
    {
        Compare(_streams, protocol: 2, poller);
        Compare(_streams, protocol: 3, poller);
    }

    private static readonly string[][] _messages =
    [
        ["A CONFIG SET notify-keyspace-events KEA", "A SUBSCRIBE __keyevent@0__:rpush __keyevent@0__:lpop", "B BLPOP l 0", "A | ECHO 1 | RPUSH l 1 | ECHO 2"],
        ["A SUBSCRIBE __keyevent@0__:lpop", "A | CLIENT REPLY SKIP | BLPOP l 0", "B RPUSH l 1", "A PING"],
    ];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Waiting_for_lists(string poller)
    {
        Compare(_lists, protocol: 2, poller);
        Compare(_lists, protocol: 3, poller);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Waiting_amid_messages(string poller) => Compare(_messages, protocol: 3, poller);

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Random_waits(string poller)
    {
        // The seed is the poller's, so that each has waits of its own.
        var generator = new ScenarioGenerator(new Random(1 + (int)Enum.Parse<PollerKind>(poller)));
        for (var protocol = 2; protocol <= 3; protocol++)
            Compare([.. Enumerable.Range(0, RandomScenarios / 2).Select(_ => generator.Scenario(StepsOfRandomScenario))], protocol, poller);
    }

    private static void Compare(string[][] scenarios, int protocol, string poller)
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth(Enum.Parse<PollerKind>(poller));
        var differences = new List<string>();
        foreach (var steps in scenarios)
        {
            using var onOracle = new Stage(oracle, protocol);
            using var onHearth = new Stage(hearth, protocol);
            var (expected, actual) = (onOracle.Play(steps), onHearth.Play(steps));
            if (expected != actual) differences.Add($"oracle:\n{expected}hearth:\n{actual}");
        }

        if (differences.Count > 0) Assert.Fail(string.Join('\n', differences));
    }
}

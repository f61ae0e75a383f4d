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

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void Waiting_for_lists(int protocol, bool isPortablePoller) => Compare(_lists, protocol, isPortablePoller);

    private static void Compare(string[][] scenarios, int protocol, bool isPortablePoller)
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth(isPortablePoller ? PollerKind.Poll : PollerKind.Default);
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

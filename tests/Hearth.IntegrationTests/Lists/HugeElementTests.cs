using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Lists;

/// <summary>Elements of 10 MB are pushed, read, replaced, found and moved as in redis-server.</summary>
public class HugeElementTests
{
    private const int Bytes = 10_000_000;

    [Fact]
    public void Elements_of_10_MB_are_elements_like_others()
    {
        using var oracle = OracleServer.StartOrSkip();
        using var hearth = new EmbeddedHearth();
        using var left = oracle.Connect();
        using var right = hearth.Connect();
        var (a, b, c) = (new string('a', Bytes), new string('b', Bytes), new string('c', Bytes + 1));
        Compare("RPUSH", "l", a, "small", b);
        Compare("LPUSH", "l", c);
        Compare("LINDEX", "l", "-1");
        Compare("LSET", "l", "1", b);
        Compare("LINSERT", "l", "AFTER", c, "between");
        Compare("LPOS", "l", b, "COUNT", "0");
        Compare("LRANGE", "l", "0", "2");
        Compare("LREM", "l", "-1", b);
        Compare("LMOVE", "l", "m", "LEFT", "RIGHT");
        Compare("RPOPLPUSH", "m", "m");
        Compare("LPOP", "m");
        Compare("LTRIM", "l", "1", "-1");
        Compare("LRANGE", "l", "0", "-1");
        Compare("SORT", "l", "ALPHA", "DESC");

        void Compare(params string[] words)
        {
            var name = string.Join(' ', words.Select(word => word.Length > 20 ? $"{word[0]}..." : word));
            Assert.True(left.Call(words).Raw.AsSpan().SequenceEqual(right.Call(words).Raw), $"{name} is answered differently.");
        }
    }
}

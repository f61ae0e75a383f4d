using Hearth.Store;
using Hearth.Tests.Server;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Store;

/// <summary>Digests read off DEBUG DIGEST and DEBUG DIGEST-VALUE of redis-server 7.0.15.</summary>
public class DatasetDigestTests
{
    [Fact]
    public void Data_sets_have_the_digests_that_Redis_gives_them()
    {
        using var store = new StoreHarness(databases: 16);
        Assert.Equal("0000000000000000000000000000000000000000", Digest(store));
        store.Set("a", "1");
        Assert.Equal("943d800368fb9c0e951138f1bc0e313ac769d91f", Digest(store));
        store.Set("b", "hello");
        Assert.Equal("2539797405e828ad7a3aa48c536b3eaf2803a421", Digest(store));
        store.Set("c", "x", 9_000_000_000_000);
        Assert.Equal("0461cad7c3fe9057a4c3f05eb3e1be01a5ea454c", Digest(store));
        store.Set("d", "", database: 3);
        Assert.Equal("580e7b18770fa8c70b626ff0cab5873428ec73a3", Digest(store));
    }

    [Fact]
    public void Values_have_the_digests_that_Redis_gives_them()
    {
        using var store = new StoreHarness();
        Assert.Equal("b4fc66738120fba0b5aa500ab5c2bf89cea1c5da", ValueDigest(store, store.Set("a", "1")));
        Assert.Equal("36b23a1456b2dce2c3ed252c456761301dba8060", ValueDigest(store, store.Set("b", "hello")));
        Assert.Equal("0745672cb1bf060476eedeb8a28f5ffe1ff5a2be", ValueDigest(store, store.Set("c", "x", 9_000_000_000_000)));
    }

    [Theory]
    [InlineData("1bc4c933bc19ac4c23f90d2e731f5f3664eeae5e", "HSET", "field", "value", "7", "-12", "", "x")]
    [InlineData("af12cf4206b1928d53e0b2200145587276bd765e", "SADD", "a", "1", "-5", "")]
    [InlineData("18aeafde2cf670f8a22ef06c2919602fa9569472", "ZADD", "-3.25", "a", "0.1", "b", "1", "c", "1e20", "d", "1e300", "17")]
    public void Collections_have_the_digests_that_Redis_gives_them(string digest, string command, params string[] words)
    {
        using var server = new TestServer();
        server.Run([command, "key", .. words]);
        Assert.Equal($"*1\r\n+{digest}\r\n", server.Run("DEBUG", "DIGEST-VALUE", "key"));

        // A big form has the same digest as a small one.
        server.Run(
            "CONFIG", "SET", "hash-max-listpack-entries", "0", "set-max-intset-entries", "0", "set-max-listpack-entries", "0",
            "zset-max-listpack-entries", "0");
        server.Run("DEL", "key");
        server.Run([command, "key", .. words]);
        Assert.NotEqual("$8\r\nlistpack\r\n", server.Run("OBJECT", "ENCODING", "key"));
        Assert.Equal($"*1\r\n+{digest}\r\n", server.Run("DEBUG", "DIGEST-VALUE", "key"));
    }

    [Fact]
    public void The_order_of_keys_does_not_matter()
    {
        using var store = new StoreHarness(seed: 1);
        using var other = new StoreHarness(seed: 2);
        for (var i = 0; i < 1000; i++)
        {
            store.Set($"{i}", "v");
            other.Set($"{999 - i}", "v");
        }

        Assert.Equal(Digest(store), Digest(other));
        other.Set("5", "w");
        Assert.NotEqual(Digest(store), Digest(other));
    }

    private static string Digest(StoreHarness store)
    {
        var digest = new byte[DatasetDigest.Bytes];
        DatasetDigest.Compute(store.Values, store.Keyspaces, digest);
        return Convert.ToHexStringLower(digest);
    }

    private static string ValueDigest(StoreHarness store, Entry entry)
    {
        var digest = new byte[DatasetDigest.Bytes];
        DatasetDigest.XorValue(store.Values, digest, entry);
        return Convert.ToHexStringLower(digest);
    }
}

using Hearth.IntegrationTests.Support;
using StackExchange.Redis;
using Xunit;

namespace Hearth.IntegrationTests.Clients;

/// <summary>The client of the .NET world, in the version that every registry has.</summary>
public class StackExchangeRedisTests
{
    [Fact]
    public async Task StackExchange_Redis_works()
    {
        using var hearth = new EmbeddedHearth();
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", hearth.Port } }, ClientName = "stackexchange-test", ConnectTimeout = 10_000, SyncTimeout = 10_000 };
        using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        Assert.True(connection.IsConnected);
        var database = connection.GetDatabase();

        Assert.True(await database.StringSetAsync("a", "value", TimeSpan.FromSeconds(1000)));
        Assert.Equal("value", (string?)await database.StringGetAsync("a"));
        Assert.InRange((await database.KeyTimeToLiveAsync("a"))!.Value.TotalSeconds, 900, 1000);
        Assert.False(await database.StringSetAsync("a", "other", when: When.NotExists));
        Assert.Equal(41, await database.StringIncrementAsync("counter", 41));
        byte[] binary = [0, 255, 13, 10, 36];
        await database.StringSetAsync("binary", binary);
        Assert.Equal(binary, (byte[]?)await database.StringGetAsync("binary"));
        Assert.Equal(["value", null], (await database.StringGetAsync(["a", "nothing"])).Select(static value => (string?)value));

        var many = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => database.StringIncrementAsync("piped")));
        Assert.Equal(1000, many.Max());

        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual("a", "value"));
        var incremented = transaction.StringIncrementAsync("counter");
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal(42, await incremented);

        var received = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscriber = connection.GetSubscriber();
        await subscriber.SubscribeAsync("news", (_, message) => received.TrySetResult(message));
        await database.PublishAsync("news", "hello");
        Assert.Equal("hello", await received.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        var server = connection.GetServer("127.0.0.1", hearth.Port);
        Assert.Equal(["a", "binary", "counter", "piped"], server.Keys().Select(static key => key.ToString()).Order());
        Assert.Equal(new Version(7, 2, 6), server.Version);
    }
}

using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class OutputLimitsTests
{
    [Fact]
    public void Who_has_more_waiting_than_the_hard_limit_is_closed_at_the_end_of_the_turn()
    {
        using var server = Start(normal: new(1000, 0, 0));
        var client = server.Connect();
        Assert.True(server.Engine.OutputLimits.Allows(client, 999));
        Assert.False(server.Engine.OutputLimits.Allows(client, 1000));
        Assert.False(server.Engine.OutputLimits.Allows(client, 5000));
        Assert.Contains(" flags=A ", server.Run("CLIENT", "LIST", "ID", client.Id.ToString()));
        Assert.Equal("", server.RunAs(client, "PING"));
        server.Engine.CloseDoomed();
        Assert.Null(server.Engine.Clients.Find(client.Id));
    }

    [Fact]
    public void Subscribers_have_a_limit_of_their_own()
    {
        using var server = Start(normal: new(1000, 0, 0), pubSub: new(2000, 0, 0));
        var client = server.Connect();
        server.RunAs(client, "SUBSCRIBE", "a");
        Assert.True(server.Engine.OutputLimits.Allows(client, 1999));
        Assert.False(server.Engine.OutputLimits.Allows(client, 2000));
    }

    [Fact]
    public void The_soft_limit_may_be_exceeded_for_so_long()
    {
        using var server = Start(normal: new(0, 1000, 3));
        var client = server.Connect();
        Assert.True(server.Engine.OutputLimits.Allows(client, 100_000));
        server.Advance(TimeSpan.FromSeconds(3));
        Assert.True(server.Engine.OutputLimits.Allows(client, 100_000));
        Assert.True(server.Engine.OutputLimits.Allows(client, 999));
        server.Advance(TimeSpan.FromSeconds(3));
        Assert.True(server.Engine.OutputLimits.Allows(client, 1000));
        server.Advance(TimeSpan.FromSeconds(4));
        Assert.False(server.Engine.OutputLimits.Allows(client, 1000));
    }

    [Fact]
    public void Time_alone_makes_it_too_long()
    {
        using var server = Start(normal: new(0, 10, 3));
        var client = server.Connect();
        client.Enqueue("more than ten bytes"u8);
        Assert.True(server.Engine.OutputLimits.Allows(client, client.OutputBytes));
        server.Advance(TimeSpan.FromSeconds(3));
        server.Engine.OutputLimits.CheckSoft();
        Assert.False(client.IsDoomed);
        server.Advance(TimeSpan.FromSeconds(1));
        server.Engine.OutputLimits.CheckSoft();
        Assert.True(client.IsDoomed);
    }

    [Fact]
    public void Without_limits_there_is_none()
    {
        using var server = Start(normal: default);
        Assert.True(server.Engine.OutputLimits.Allows(server.Connect(), long.MaxValue));
    }

    [Fact]
    public void Who_has_not_logged_in_gets_little()
    {
        using var server = Start(normal: default, password: "secret");
        var client = server.Connect();
        Assert.True(server.Engine.OutputLimits.Allows(client, 10_000));
        Assert.False(server.Engine.OutputLimits.Allows(client, 20_000));
        var other = server.Connect();
        server.RunAs(other, "AUTH", "secret");
        Assert.True(server.Engine.OutputLimits.Allows(other, 20_000));
    }

    private static TestServer Start(OutputBufferLimit normal, OutputBufferLimit pubSub = default, string password = "") => new(config =>
    {
        config.OutputBufferLimits = [normal, default, pubSub];
        config.RequirePass = System.Text.Encoding.ASCII.GetBytes(password);
    });
}

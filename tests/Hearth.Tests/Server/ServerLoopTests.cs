using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>How long the loop may wait for its clients before something else is due.</summary>
public sealed class ServerLoopTests : IDisposable
{
    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(10, 100)]
    [InlineData(100, 10)]
    [InlineData(500, 2)]
    public void The_cron_is_due_hz_times_a_second(int hz, int expectedMs)
    {
        _server.Run("CONFIG", "SET", "hz", $"{hz}");
        Assert.Equal(expectedMs, new ServerLoop(_server.Engine).BeforeWait());
    }

    [Fact]
    public void A_change_of_hz_takes_effect_when_the_cron_has_run_once_more()
    {
        var loop = new ServerLoop(_server.Engine);
        _server.Run("CONFIG", "SET", "hz", "500");
        Assert.Equal(2, loop.BeforeWait());
        _server.Run("CONFIG", "SET", "hz", "1");
        Assert.InRange(loop.BeforeWait(), 0, 1000);
        Assert.True(SpinWait.SpinUntil(() => loop.BeforeWait() == 1000, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_paused_cron_is_not_waited_for()
    {
        var loop = new ServerLoop(_server.Engine);
        _server.Run("DEBUG", "PAUSE-CRON", "1");
        Assert.Equal(100, loop.BeforeWait());
        Assert.Equal(0, _server.Engine.Samples.PeakBytes);
        _server.Run("DEBUG", "PAUSE-CRON", "0");
        loop.BeforeWait();
        Assert.NotEqual(0, _server.Engine.Samples.PeakBytes);
    }

    [Fact]
    public void While_something_waits_to_be_freed_the_loop_only_looks_for_input()
    {
        var loop = new ServerLoop(_server.Engine);
        for (var i = 0; i < 5000; i++) _server.Run("SET", $"key:{i}", "value");
        _server.Run("FLUSHDB", "ASYNC");
        Assert.Equal(0, loop.BeforeWait());
        Assert.True(SpinWait.SpinUntil(() => loop.BeforeWait() > 0, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _server.Engine.LazyFree.PendingObjects);
    }

    [Fact]
    public void Overdue_keys_are_expired_in_slices_until_none_is_left()
    {
        var loop = new ServerLoop(_server.Engine);
        for (var i = 0; i < 3000; i++) _server.Run("SET", $"key:{i}", "value", "PX", "10");
        _server.Advance(TimeSpan.FromMilliseconds(11));
        Assert.True(SpinWait.SpinUntil(() => loop.BeforeWait() >= 0 && _server.Engine.Keyspaces[0].Count == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_wait_that_an_expired_key_ends_ends_in_the_same_turn()
    {
        var loop = new ServerLoop(_server.Engine);
        var waiting = _server.Connect();
        _server.Run("XGROUP", "CREATE", "stream", "group", "$", "MKSTREAM");
        _server.Run("PEXPIRE", "stream", "10");
        _server.RunAs(waiting, "XREADGROUP", "GROUP", "group", "consumer", "BLOCK", "0", "STREAMS", "stream", ">");
        _server.Time.Advance(TimeSpan.FromMilliseconds(11));
        loop.BeforeWait();
        Assert.Equal(0, _server.Engine.Keyspaces[0].Count);
        Assert.StartsWith("-NOGROUP", TestServer.Received(waiting), StringComparison.Ordinal);
    }

    [Fact]
    public void An_idle_server_gives_back_what_it_holds_in_reserve()
    {
        var loop = new ServerLoop(_server.Engine);
        for (var i = 0; i < 1000; i++) _server.Run("SET", $"key:{i}", new string('v', 4000));
        for (var i = 0; i < 1000; i++) _server.Run("DEL", $"key:{i}");
        var before = _server.Engine.DataHeap.ReservedBytes;
        Assert.True(SpinWait.SpinUntil(() => loop.BeforeWait() >= 0 && _server.Engine.DataHeap.ReservedBytes < before, TimeSpan.FromSeconds(30)));
    }
}

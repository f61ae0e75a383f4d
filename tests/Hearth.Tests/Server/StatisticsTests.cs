using System.Diagnostics;
using Hearth.Primitives;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class StatisticsTests
{
    private readonly Statistics _statistics = new(commandCount: 4);

    [Fact]
    public void Calls_and_time_are_counted_for_each_command_and_for_all()
    {
        _statistics.Record(1, calls: 2, ticks: 10);
        _statistics.Record(2, calls: 1, ticks: 10);
        _statistics.Record(3, calls: 1, ticks: 1000);
        Assert.Equal((2, 20), (_statistics.Commands[1].Calls, _statistics.Commands[1].Ticks));
        Assert.Equal((1, 1000), (_statistics.Commands[3].Calls, _statistics.Commands[3].Ticks));
        Assert.Equal(4, _statistics.CommandsProcessed);
        Assert.Equal(Statistics.Microseconds(1030), _statistics.CommandMicroseconds);
        Assert.Equal(1e6, Statistics.Microseconds(Stopwatch.Frequency), 3);
        Assert.Equal((2, 1), (_statistics.Commands[1].Histogram!.Count, _statistics.Commands[3].Histogram!.Count));
        Assert.Null(_statistics.Commands[0].Histogram);
    }

    [Fact]
    public void Without_latency_tracking_there_are_no_histograms()
    {
        _statistics.IsTrackingLatency = false;
        _statistics.Record(1, calls: 1, ticks: 10);
        Assert.Equal(1, _statistics.Commands[1].Calls);
        Assert.Null(_statistics.Commands[1].Histogram);
    }

    // Facts read off redis-server 7.0.15 with scripts that make up errors.
    [Theory]
    [InlineData("WRONGTYPE Operation", "WRONGTYPE")]
    [InlineData("ERR", "ERR")]
    [InlineData("NOCODE", "ERR")]
    [InlineData(" x", "")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x", "ERR")]
    public void Errors_are_counted_by_their_code(string text, string code)
    {
        _statistics.OnError(Latin1.Bytes(text));
        _statistics.OnError(Latin1.Bytes(text));
        Assert.Equal([new(code, 2)], _statistics.Errors);
        Assert.Equal(2, _statistics.ErrorReplies);
    }

    [Fact]
    public void Codes_come_in_the_order_of_their_bytes_and_no_more_than_128_of_them()
    {
        for (var i = 0; i < 200; i++) _statistics.OnError(Latin1.Bytes($"E{i} text"));
        _statistics.OnError("E5 again"u8);
        var codes = _statistics.Errors.Select(kind => kind.Key).ToArray();
        Assert.Equal(128, codes.Length);
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
        Assert.Equal(2, _statistics.Errors.Single(kind => kind.Key == "E5").Value);
        Assert.Equal(201, _statistics.ErrorReplies);
    }

    [Fact]
    public void Counting_an_error_of_a_known_kind_allocates_nothing()
    {
        _statistics.OnError("ERR first"u8);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() =>
        {
            for (var i = 0; i < 100; i++) _statistics.OnError("ERR next"u8);
        }));
    }

    [Fact]
    public void A_reset_forgets_everything()
    {
        _statistics.Record(1, calls: 1, ticks: 10);
        _statistics.OnError("ERR text"u8);
        _statistics.RejectedConnections = _statistics.DeniedAuth = 1;
        _statistics.Reset();
        Assert.Equal(0, _statistics.Commands[1].Calls + _statistics.CommandsProcessed + _statistics.ErrorReplies);
        Assert.Equal(0, _statistics.RejectedConnections + _statistics.DeniedAuth + (long)_statistics.CommandMicroseconds);
        Assert.Null(_statistics.Commands[1].Histogram);
        Assert.Empty(_statistics.Errors);
    }
}

using System.Text;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class LogTests
{
    private readonly Sink _sink = new();
    private readonly Log _log;

    public LogTests() => _log = new Log(_sink, new FixedTime(), 1234);

    [Fact]
    public void A_line_has_process_role_local_time_level_and_message()
    {
        _log.Level = LogLevel.Debug;
        _log.Debug("d");
        _log.Verbose("v");
        _log.Role = 'C';
        _log.Notice("n");
        _log.Role = 'S';
        _log.Warning("wärm");
        Assert.Equal(
            [
                "1234:M 05 Mar 2024 09:08:07.006 . d\n", "1234:M 05 Mar 2024 09:08:07.006 - v\n",
                "1234:C 05 Mar 2024 09:08:07.006 * n\n", "1234:S 05 Mar 2024 09:08:07.006 # wärm\n",
            ],
            _sink.Lines);
    }

    [Theory]
    [InlineData(0, "dvnw")]
    [InlineData(1, "vnw")]
    [InlineData(2, "nw")]
    [InlineData(3, "w")]
    [InlineData(4, "")]
    public void Lines_below_the_level_are_dropped(int level, string expected)
    {
        _log.Level = (LogLevel)level;
        _log.Debug("d");
        _log.Verbose("v");
        _log.Notice("n");
        _log.Warning("w");
        Assert.Equal(expected, string.Concat(_sink.Lines.Select(line => line[^2])));
    }

    [Fact]
    public void Signals_and_banners_have_heads_of_their_own()
    {
        new LifeCycleLog(_log).SignalReceived("SIGTERM");
        _log.Raw(LogLevel.Notice, "  banner");
        Assert.Equal(["1234:signal-handler (1709622487) Received SIGTERM scheduling shutdown...\n", "  banner\n"], _sink.Lines);
    }

    [Fact]
    public void Lines_of_several_threads_stay_whole()
    {
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 200; i++) _log.Notice($"{thread}-{i}");
        });
        Assert.Equal(1600, _sink.Lines.Distinct().Count());
    }

    private sealed class Sink : ILogSink
    {
        public List<string> Lines { get; } = [];

        public void Write(ReadOnlySpan<byte> line) => Lines.Add(Encoding.UTF8.GetString(line));
    }

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x");

        public override DateTimeOffset GetUtcNow() => new(2024, 3, 5, 7, 8, 7, 6, TimeSpan.Zero);
    }
}

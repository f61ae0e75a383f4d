using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class LogFileSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Lines_are_appended_and_a_file_that_was_moved_away_starts_anew()
    {
        var path = Path.Combine(_directory, "a.log");
        File.WriteAllText(path, "old\n");
        var sink = new LogFileSink(path);
        sink.Write("1\n"u8);
        Assert.Equal("old\n1\n", File.ReadAllText(path));

        File.Move(path, path + ".1");
        sink.Write("2\n"u8);
        Assert.Equal("2\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_line_that_can_not_be_written_is_lost_in_silence()
    {
        new LogFileSink(Path.Combine(_directory, "no", "a.log")).Write("1\n"u8);
        Assert.Equal("No such file or directory", LogFileSink.TryOpen(Path.Combine(_directory, "no", "a.log")));
        Assert.Equal("Is a directory", LogFileSink.TryOpen(_directory));
    }
}

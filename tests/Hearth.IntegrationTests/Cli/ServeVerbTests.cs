using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.IntegrationTests.Support;
using Xunit;

namespace Hearth.IntegrationTests.Cli;

public sealed partial class ServeVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-cli-").FullName;
    private readonly int _port = TestServer.FreePort();

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void The_log_of_a_life_says_what_redis_says_in_the_same_order(string signal)
    {
        OracleServer.Require();
        string[] options = ["--save", "", "--bind", "127.0.0.1", "--pidfile", Path.Combine(_directory, "a.pid"), "--port"];
        var hearth = Life(CommandLine.Hearth([.. options, Port]), signal);
        var redis = Life(CommandLine.Redis([.. options, Port]), signal);
        Assert.Equal(redis.Select(In72), hearth);
    }

    [Fact]
    public void A_port_that_is_taken_ends_the_start_in_the_words_of_redis()
    {
        OracleServer.Require();
        using var taken = new OneRedis(_port, _directory);
        using var hearth = CommandLine.Hearth("--save", "", "--port", Port);
        using var redis = CommandLine.Redis("--save", "", "--port", Port);
        var (hearthLines, hearthStatus) = hearth.WaitForEnd();
        var (redisLines, redisStatus) = redis.WaitForEnd();
        Assert.Equal(redisLines.TakeLast(2).Select(Normal).Select(In72), hearthLines.TakeLast(2).Select(Normal));
        Assert.Equal((1, 1), (redisStatus, hearthStatus));
    }

    [Theory]
    [InlineData("port x")]
    [InlineData("\nfoo \"a b\" c  ")]
    [InlineData("save 1")]
    [InlineData("port \"1")]
    [InlineData("maxclients 0 # none")]
    public void A_bad_line_ends_the_start_in_the_words_of_redis(string text)
    {
        OracleServer.Require();
        var file = Path.Combine(_directory, "a.conf");
        File.WriteAllText(file, text);
        using var hearth = CommandLine.Hearth(file);
        using var redis = CommandLine.Redis(file);
        var (hearthLines, hearthStatus) = hearth.WaitForEnd();
        var (redisLines, redisStatus) = redis.WaitForEnd();
        Assert.Equal(redisLines.Skip(2), hearthLines.Skip(2).Select(line => line.Replace(" of " + file, "", StringComparison.Ordinal)));
        Assert.Equal("*** FATAL CONFIG FILE ERROR (Hearth 0.1.0) ***", hearthLines[1]);
        Assert.Equal((1, 1), (redisStatus, hearthStatus));
    }

    [Fact]
    public void In_the_background_it_answers_once_the_call_has_returned()
    {
        var (pidFile, logFile) = (Path.Combine(_directory, "a.pid"), Path.Combine(_directory, "a.log"));
        using var front = CommandLine.HearthReading("daemonize yes\n", "--port", Port, "--pidfile", pidFile, "--logfile", logFile, "-");
        var (lines, status) = front.WaitForEnd();
        Assert.Equal((0, ""), (status, string.Join('\n', lines)));

        var processId = int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture);
        try
        {
            Assert.NotEqual(front.ProcessId, processId);
            using var client = RespClient.Connect(_port);
            Assert.Equal("PONG", client.Call("PING").Text);
            CommandLine.Signal(processId, "TERM");
            Assert.Empty(client.ReceiveUntilClosed());
        }
        finally
        {
            CommandLine.Signal(processId, "TERM");
        }

        // Nobody hears a process in the background end. Its last line is the last that it does to the directory, which then may go.
        bool HasSaidGoodbye() => File.ReadAllText(logFile).EndsWith("Hearth is now ready to exit, bye bye...\n", StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(HasSaidGoodbye, TimeSpan.FromSeconds(30)), File.ReadAllText(logFile));
        Assert.False(File.Exists(pidFile));
    }

    [Fact]
    public void A_start_in_the_background_that_fails_is_seen_by_the_caller()
    {
        using var front = CommandLine.Hearth("--daemonize", "yes", "--port", "0", "--pidfile", Path.Combine(_directory, "a.pid"));
        Assert.Equal(1, front.WaitForEnd().Status);
    }

    [Fact]
    public void Debians_configuration_starts_with_only_its_paths_changed()
    {
        const string File = "/etc/redis/redis.conf";
        Assert.SkipUnless(System.IO.File.Exists(File), $"oracle: {File} is not there (on Debian: apt-get install redis-server)");
        string[] changed = ["--dir", _directory, "--logfile", "", "--pidfile", Path.Combine(_directory, "a.pid")];
        using var hearth = CommandLine.Hearth([File, .. changed, "--port", Port, "--daemonize", "no"]);
        hearth.WaitFor("Ready to accept connections tcp");
        using var client = RespClient.Connect(_port);
        Assert.Equal("PONG", client.Call("PING").Text);
        hearth.Signal("TERM");
        Assert.Equal(0, hearth.WaitForEnd().Status);
    }

    [Fact]
    public void Standard_input_is_a_configuration_and_the_command_line_wins()
    {
        using var hearth = CommandLine.HearthReading("port 1\nalways-show-logo yes\nsave ''\n", "--port", Port, "-");
        hearth.WaitFor("Port: " + Port);
        hearth.WaitFor("PID: " + hearth.ProcessId);
        hearth.WaitFor("Ready to accept connections tcp");
        hearth.Signal("TERM");
        hearth.WaitForEnd();
    }

    [Fact]
    public void Without_arguments_it_warns_that_it_has_no_configuration()
    {
        using var hearth = CommandLine.Hearth();
        hearth.WaitFor("Warning: no config file specified, using the default config. In order to specify a config file use ");
    }

    [Fact]
    public void A_signal_while_it_starts_ends_it_in_order()
    {
        var pidFile = Path.Combine(_directory, "early.pid");
        using var hearth = CommandLine.Hearth("--port", Port, "--pidfile", pidFile);
        hearth.WaitFor("Running mode=standalone");
        hearth.Signal("TERM");
        var (lines, status) = hearth.WaitForEnd();
        Assert.EndsWith("Hearth is now ready to exit, bye bye...", lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, status);
        Assert.False(File.Exists(pidFile));
    }

    [Fact]
    public void After_shutdown_the_exit_status_is_0()
    {
        using var hearth = CommandLine.Hearth("--port", Port, "--save", "", "--bind", "127.0.0.1");
        hearth.WaitFor("Ready to accept connections tcp");
        using var client = RespClient.Connect(_port);
        client.SendCommand("SHUTDOWN");
        Assert.Empty(client.ReceiveUntilClosed());
        var (lines, status) = hearth.WaitForEnd();
        Assert.EndsWith("Hearth is now ready to exit, bye bye...", lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, status);
    }

    [Fact]
    public void Shutdown_that_shall_save_is_refused_and_the_server_goes_on()
    {
        using var hearth = CommandLine.Hearth("--port", Port, "--save", "60 1", "--bind", "127.0.0.1");
        hearth.WaitFor("Ready to accept connections tcp");
        using var client = RespClient.Connect(_port);
        Assert.Equal("OK", client.Call("SET", "key", "value").Text);
        Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", client.Call("SHUTDOWN", "SAVE").Text);
        hearth.WaitFor("Error trying to save the DB, can't exit: ");
        using var another = RespClient.Connect(_port);
        Assert.Equal("value", another.Call("GET", "key").Text);
        another.SendCommand("SHUTDOWN", "NOSAVE");
        Assert.Equal(0, hearth.WaitForEnd().Status);
    }

    [Fact]
    public void Without_any_address_it_does_not_start()
    {
        using var hearth = CommandLine.Hearth("--port", "0");
        var (lines, status) = hearth.WaitForEnd();
        Assert.Equal(1, status);
        Assert.EndsWith("# Configured to not listen anywhere, exiting.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_file_alone_is_enough_and_goes_at_the_end()
    {
        var path = Path.Combine(_directory, "a.sock");
        using var hearth = CommandLine.Hearth("--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--save");
        hearth.WaitFor("Server initialized");
        hearth.WaitFor("Ready to accept connections unix");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        hearth.Signal("TERM");
        var (lines, _) = hearth.WaitForEnd();
        Assert.Contains(lines, line => line.EndsWith("* Removing the unix socket file.", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("connections tcp", StringComparison.Ordinal));
        Assert.False(File.Exists(path));
    }

    /// <summary>Starts, ends by the signal, and gives back what was logged, without what differs from run to run.</summary>
    private static List<string> Life(CommandLine server, string signal)
    {
        using (server)
        {
            server.WaitFor("Ready to accept connections");
            server.Signal(signal);
            var (lines, status) = server.WaitForEnd();
            Assert.Equal(0, status);
            return [.. lines.Select(Normal).Where(line => !line.Contains("overcommit", StringComparison.Ordinal))];
        }
    }

    private static string Normal(string line) => Product().Replace(Varying().Replace(line, ""), "Redis");

    /// <summary>What the 7.2 line is of a 7.0 one: the levels of the start and exit lines, and the kind of listener, have changed.</summary>
    private static string In72(string line) => line
        .Replace(" # ", line.Contains("Warning", StringComparison.Ordinal) || line.Contains("Failed", StringComparison.Ordinal) ? " # " : " * ", StringComparison.Ordinal)
        .Replace("Ready to accept connections", "Ready to accept connections tcp", StringComparison.Ordinal)
        .Replace("(TCP)", "(tcp)", StringComparison.Ordinal);

    [GeneratedRegex(@"^\d+|\d\d \w{3} \d{4} [\d:.]+ |(?<=version=)[\d.]+|(?<=pid=)\d+|(?<=handler )\(\d+\)")]
    private static partial Regex Varying();

    [GeneratedRegex("Hearth")]
    private static partial Regex Product();

    /// <summary>Holds a port.</summary>
    private sealed class OneRedis : IDisposable
    {
        private readonly CommandLine _redis;

        public OneRedis(int port, string directory)
        {
            _redis = CommandLine.Redis("--save", "", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", directory);
            _redis.WaitFor("Ready to accept");
        }

        public void Dispose() => _redis.Dispose();
    }
}

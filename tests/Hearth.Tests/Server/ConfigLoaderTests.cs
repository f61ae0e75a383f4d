using System.Security.Cryptography;
using System.Text;
using Hearth.Primitives;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class ConfigLoaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-config-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void File_standard_input_and_arguments_are_read_in_this_order()
    {
        var file = Write("a.conf", "hz 20\ntimeout 1\ntcp-keepalive 1\n");
        var config = ConfigLoader.Load([file, "--hz", "40", "-"], _directory, () => "hz 30\ntimeout 2\n"u8.ToArray());
        Assert.Equal((40, 2, 1), (config.Hz, config.TimeoutSeconds, config.TcpKeepaliveSeconds));
        Assert.Equal(file, config.FilePath);
    }

    [Theory]
    [InlineData("save ''", "")]
    [InlineData("save 60 1\nsave 30 2", "60 1 30 2")]
    [InlineData("save \"60  1 30 2\"", "60 1 30 2")]
    [InlineData("save 60 1\nsave \"\"\nsave 20 3", "20 3")]
    [InlineData("# nothing", "3600 1 300 100 60 10000")]
    public void Save_points_of_several_lines_add_up(string text, string save) =>
        Assert.Equal(save, Assert.Single(Load(text).Get(["save"])).Value);

    [Fact]
    public void Comments_case_blanks_and_line_ends_do_not_matter()
    {
        var config = Load("# c\r\n\r\n\t HZ \t 20 \r\n   # hz 30\nbind 127.0.0.1   ::1\nrequirepass \"a\\x41\\n\\\"\"\nlogfile \"\"");
        Assert.Equal(20, config.Hz);
        Assert.Equal(["127.0.0.1", "::1"], config.Bind);
        Assert.Equal("aA\n\"", Latin1.Text(config.RequirePass));
    }

    [Theory]
    [InlineData("port x", 1, "port x", "argument couldn't be parsed into an integer")]
    [InlineData("\n# c\n  PORT   1  # x", 3, "PORT   1  # x", "wrong number of arguments")]
    [InlineData("port", 1, "port", "wrong number of arguments")]
    [InlineData("foo bar", 1, "foo bar", "Bad directive or wrong number of arguments")]
    [InlineData("\"\" x", 1, "\"\" x", "Bad directive or wrong number of arguments")]
    [InlineData("include", 1, "include", "Bad directive or wrong number of arguments")]
    [InlineData("rename-command get", 1, "rename-command get", "Bad directive or wrong number of arguments")]
    [InlineData("port \"1", 1, "port \"1", "Unbalanced quotes in configuration line")]
    [InlineData("dir /no/such/place", 1, "dir /no/such/place", "No such file or directory")]
    [InlineData("unixsocketperm 778", 1, "unixsocketperm 778", "argument couldn't be parsed as an octal number")]
    [InlineData("unixsocketperm 1000", 1, "unixsocketperm 1000", "argument must be between 0 and 777 inclusive")]
    [InlineData("appendfilename a/b", 1, "appendfilename a/b", "appendfilename can't be a path, just a filename")]
    [InlineData("appenddirname ''", 1, "appenddirname ''", "appenddirname can't be empty")]
    [InlineData("replicaof a x", 1, "replicaof a x", "Invalid master port")]
    [InlineData("replicaof a", 1, "replicaof a", "wrong number of arguments")]
    [InlineData("sentinel x y", 1, "sentinel x y", "sentinel directive while not in sentinel mode")]
    [InlineData("a.b", 1, "a.b", "Module config specified without value")]
    [InlineData("loadmodule /x", 1, "loadmodule /x", "Hearth does not load modules")]
    [InlineData("user bob on", 1, "user bob on", "Hearth has no ACL users yet, and does not start without the protection that this line asks for")]
    public void An_error_names_the_file_the_line_and_what_is_wrong(string text, int line, string shown, string reason)
    {
        var file = Write("bad.conf", text);
        var error = Assert.Throws<ConfigException>(() => ConfigLoader.Load([file], _directory));
        Assert.Equal(
            $"\n*** FATAL CONFIG FILE ERROR (Hearth 0.1.0) ***\nReading the configuration file, at line {line} of {file}\n>>> '{shown}'\n{reason}",
            error.Message);
    }

    [Fact]
    public void An_error_on_the_command_line_says_so()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigLoader.Load(["--hz", "20", "--foo", "bar"], _directory));
        Assert.EndsWith(
            "at line 2 of the command line arguments\n>>> 'foo \"bar\"'\nBad directive or wrong number of arguments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigLoader.Load(["no.conf"], _directory));
        Assert.Equal($"Fatal error, can't open config file '{Path.Combine(_directory, "no.conf")}': No such file or directory", error.Message);
        error = Assert.Throws<ConfigException>(() => ConfigLoader.Load([_directory], _directory));
        Assert.Equal($"Fatal error, can't open config file '{_directory}': Is a directory", error.Message);
    }

    [Fact]
    public void Included_files_are_read_where_they_are_named()
    {
        Write("inc/b.conf", "hz 30\n");
        Write("inc/a.conf", "hz 20\ntimeout 3\n");
        Write("inc/.hidden.conf", "hz 99\n");
        Write("inc/c.txt", "hz 99\n");
        Assert.Equal((30, 3), (Load("include inc/*.conf").Hz, Load("include inc/a.conf\ninclude inc/b.conf").TimeoutSeconds));
        Assert.Equal(20, Load($"dir {_directory}/inc\ninclude ../[hi]nc/a.co?f").Hz);
        Assert.Equal(10, Load("include inc/no*\ninclude no/*").Hz);
        var error = Assert.Throws<ConfigException>(() => Load("include inc/no"));
        Assert.Equal($"Fatal error, can't open config file '{_directory}/inc/no': No such file or directory", error.Message);
    }

    [Fact]
    public void An_error_in_an_included_file_names_that_file()
    {
        var file = Write("inc.conf", "\nport x");
        Assert.Contains($"at line 2 of {file}\n>>> 'port x'", Assert.Throws<ConfigException>(() => Load("include inc.conf")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_includes_itself_is_an_error()
    {
        Write("self.conf", "include self.conf");
        Assert.Contains("include each other", Assert.Throws<ConfigException>(() => Load("include self.conf")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_directory_may_have_blanks_and_is_the_start_of_relative_paths()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "a b"));
        var config = Load("dir \"a b/\"\npidfile x.pid\nlogfile /dev/null");
        Assert.Equal(Path.Combine(_directory, "a b"), config.DataDirectory);
        Assert.Equal(Path.Combine(_directory, "a b", "x.pid"), config.ResolvePath(config.PidFile));
        Assert.Equal("/dev/null", config.ResolvePath(config.LogFile));
    }

    [Fact]
    public void A_log_file_that_can_not_be_opened_ends_the_start()
    {
        var error = Assert.Throws<ConfigException>(() => Load("logfile /no/such/place\nhz 20"));
        Assert.Equal("\n*** FATAL CONFIG FILE ERROR (Hearth 0.1.0) ***\nCan't open the log file: No such file or directory", error.Message);
    }

    [Fact]
    public void Renamed_commands_are_kept_in_order_and_errors_point_at_their_line()
    {
        var config = Load("hz 20\nrename-command GET \"\"\nrename-command set store");
        Assert.Equal([("GET", ""), ("set", "store")], config.RenamedCommands.Select(renamed => (renamed.From, renamed.To)));

        var error = Assert.Throws<ConfigException>(() => config.RenameCommands((from, _) => from == "set" ? "No such command in rename-command" : null));
        Assert.EndsWith(">>> 'rename-command set store'\nNo such command in rename-command", error.Message, StringComparison.Ordinal);
        Assert.Contains("at line 3 of ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_user_as_redis_writes_it_is_accepted()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("secret")));
        Load("user default on nopass sanitize-payload ~* &* +@all");
        Load($"user default on #{hash} ~* &* +@all\nrequirepass secret");
        Assert.Throws<ConfigException>(() => Load($"user default on #{hash} ~* &* +@all"));
        Assert.Throws<ConfigException>(() => Load("user default on nopass ~* &* +@all\nrequirepass secret"));
        Assert.Throws<ConfigException>(() => Load("user default on nopass ~* &* -@all"));
    }

    [Fact]
    public void What_has_no_effect_is_said_once_and_only_where_it_differs_from_the_default()
    {
        var config = Load("save \"\"\ntimeout 5\nreplica-read-only yes\ncluster-enabled yes\nlfu-log-factor 3\nlua-replicate-commands yes");
        Assert.Equal(["WARNING: these directives have no effect yet: cluster-enabled, lfu-log-factor, lua-replicate-commands"], config.StartWarnings);
        Assert.Empty(Load("save ''").StartWarnings);
    }

    [Theory]
    [InlineData("", "the save points")]
    [InlineData("appendonly yes", "appendonly yes and the save points")]
    [InlineData("appendonly yes\nsave ''", "appendonly yes")]
    public void That_data_will_not_survive_is_said_plainly(string text, string promises) => Assert.Equal(
        [$"WARNING: there is no persistence yet: in spite of {promises} the data will not survive the end of the process."],
        Load(text).StartWarnings);

    private Config Load(string text) => ConfigLoader.Load([Write("main.conf", text)], _directory);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}

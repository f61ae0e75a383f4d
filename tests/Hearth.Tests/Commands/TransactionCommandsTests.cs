using System.Text;
using Hearth.Memory;
using Hearth.Server;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

public sealed class TransactionCommandsTests
{
    private const string Queued = "+QUEUED\r\n";
    private const string Aborted = "-EXECABORT Transaction discarded because of previous errors.\r\n";
    private const string Spoilt = "*-1\r\n";

    [Fact]
    public void Queued_commands_run_at_exec_in_their_order()
    {
        using var server = new TestServer();
        var other = server.Connect();
        Assert.Equal("+OK\r\n", server.Run("MULTI"));
        Assert.Equal(Queued, server.Run("SET", "k", "abc"));
        Assert.Equal(Queued, server.Run("INCR", "k"));
        Assert.Equal(Queued, server.Run("SELECT", "1"));
        Assert.Equal(Queued, server.Run("GET", "k"));
        Assert.Equal("$-1\r\n", server.RunAs(other, "GET", "k"));
        Assert.Equal("*4\r\n+OK\r\n-ERR value is not an integer or out of range\r\n+OK\r\n$-1\r\n", server.Run("EXEC"));
        Assert.Equal("$3\r\nabc\r\n", server.RunAs(other, "GET", "k"));
        Assert.Equal("-ERR EXEC without MULTI\r\n", server.Run("EXEC"));
        Assert.Contains(" db=1 ", server.Run("CLIENT", "INFO"));
    }

    [Fact]
    public void A_pipeline_of_transactions_is_answered_in_order()
    {
        using var server = new TestServer();
        var replies = server.SendAs(server.Connect(), "MULTI\r\nSET k 1\r\nEXEC\r\nMULTI\r\nINCR k\r\nDISCARD\r\nGET k\r\nMULTI\r\nEXEC\r\nEXEC\r\n"u8);
        Assert.Equal("+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n+OK\r\n+QUEUED\r\n+OK\r\n$1\r\n1\r\n+OK\r\n*0\r\n-ERR EXEC without MULTI\r\n", replies);
    }

    [Fact]
    public void A_command_that_is_refused_makes_exec_refuse_all()
    {
        using var server = new TestServer();
        foreach (var mistake in new[] { "GET", "NOSUCH", "CLIENT" })
        {
            server.Run("MULTI");
            server.Run(mistake);
            Assert.Equal(Queued, server.Run("SET", "k", "1"));
            Assert.Contains(" flags=x db=0 sub=0 psub=0 ssub=0 multi=0 ", server.Engine.Clients.All.Select(c => ClientDescription.Line(c, 0)).First());
            Assert.Equal(Aborted, server.Run("EXEC"));
        }

        Assert.Equal("$-1\r\n", server.Run("GET", "k"));
    }

    [Fact]
    public void Mistakes_with_the_commands_of_transactions_do_not_spoil_one()
    {
        using var server = new TestServer();
        Assert.Equal("-ERR DISCARD without MULTI\r\n", server.Run("DISCARD"));
        server.Run("MULTI");
        Assert.Equal("-ERR MULTI calls can not be nested\r\n", server.Run("MULTI"));
        Assert.Equal("-ERR WATCH inside MULTI is not allowed\r\n", server.Run("WATCH", "k"));
        Assert.Equal("*0\r\n", server.Run("EXEC"));
    }

    [Fact]
    public void Exec_with_wrong_arguments_ends_the_transaction()
    {
        using var server = new TestServer();
        server.Run("MULTI");
        Assert.Equal("-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command\r\n", server.Run("EXEC", "x"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
    }

    [Theory]
    [InlineData(Spoilt, "SET", "k", "2")]
    [InlineData(Spoilt, "APPEND", "k", "2")]
    [InlineData(Spoilt, "GETDEL", "k")]
    [InlineData("*0\r\n", "GET", "k")]
    [InlineData("*0\r\n", "SET", "k", "2", "NX")]
    [InlineData("*0\r\n", "SET", "j", "2")]
    public void Exec_refuses_when_a_watched_key_has_changed(string reply, params string[] command)
    {
        using var server = new TestServer();
        server.Run("SET", "k", "1");
        server.Run("WATCH", "other", "k");
        server.RunAs(server.Connect(), command);
        server.Run("MULTI");
        Assert.Equal(reply, server.Run("EXEC"));
        server.Run("MULTI");
        Assert.Equal("*0\r\n", server.Run("EXEC"));
        Assert.True(server.Engine.WatchedKeys.IsEmpty);
    }

    [Fact]
    public void A_watched_key_is_of_one_database()
    {
        using var server = new TestServer();
        var other = server.Connect();
        server.Run("SELECT", "1");
        server.Run("WATCH", "k");
        server.RunAs(other, "SET", "k", "1");
        server.Run("MULTI");
        Assert.Equal("*0\r\n", server.Run("EXEC"));
    }

    [Theory]
    [InlineData("UNWATCH")]
    [InlineData("DISCARD", "MULTI")]
    [InlineData("RESET")]
    public void What_forgets_watched_keys(string command, string? before = null)
    {
        using var server = new TestServer();
        server.Run("WATCH", "k");
        server.RunAs(server.Connect(), "SET", "k", "1");
        if (before is not null) server.Run(before);
        server.Run(command);
        server.Run("MULTI");
        Assert.Equal("*0\r\n", server.Run("EXEC"));
        Assert.True(server.Engine.WatchedKeys.IsEmpty);
    }

    [Fact]
    public void The_transactions_own_writes_do_not_spoil_it()
    {
        using var server = new TestServer();
        server.Run("WATCH", "k");
        server.Run("MULTI");
        server.Run("SET", "k", "1");
        server.Run("INCR", "k");
        Assert.Equal("*2\r\n+OK\r\n:2\r\n", server.Run("EXEC"));
    }

    [Fact]
    public void A_watched_key_whose_time_comes_spoils_the_transaction()
    {
        using var server = new TestServer();
        server.Run("SET", "k", "1", "PX", "100");
        server.Run("WATCH", "k");
        server.Advance(TimeSpan.FromMilliseconds(101));
        server.Run("MULTI");
        Assert.Equal(Spoilt, server.Run("EXEC"));
    }

    [Theory]
    [InlineData("*0\r\n", "GET", "k")]
    [InlineData(Spoilt, "SET", "k", "2")]
    public void A_key_that_had_expired_before_watch_may_be_removed_but_not_set(string reply, params string[] command)
    {
        using var server = new TestServer();
        server.Run("SET", "k", "1", "PX", "100");
        server.Advance(TimeSpan.FromMilliseconds(101));
        server.Run("WATCH", "k");
        server.RunAs(server.Connect(), command);
        server.Run("MULTI");
        Assert.Equal(reply, server.Run("EXEC"));
    }

    [Theory]
    [InlineData("live", Spoilt)]
    [InlineData("stale", "*0\r\n")]
    [InlineData("absent", "*0\r\n")]
    public void Emptying_a_database_spoils_those_that_watch_its_keys(string key, string reply)
    {
        using var server = new TestServer();
        Fill(server, "0");
        server.Run("WATCH", key);
        server.Engine.Flush(server.Engine.Keyspaces[0], isLazy: false);
        server.Run("MULTI");
        Assert.Equal(reply, server.Run("EXEC"));
    }

    [Theory]
    [InlineData("live", "live", Spoilt)]
    [InlineData("live", "stale", Spoilt)]
    [InlineData("live", "absent", Spoilt)]
    [InlineData("stale", "live", Spoilt)]
    [InlineData("stale", "stale", "*0\r\n")]
    [InlineData("stale", "absent", "*0\r\n")]
    [InlineData("absent", "live", Spoilt)]
    [InlineData("absent", "stale", "*0\r\n")]
    [InlineData("absent", "absent", "*0\r\n")]
    public void Exchanging_databases_spoils_those_that_would_see_a_change(string before, string after, string reply)
    {
        using var server = new TestServer();
        SetAs(server, "0", "k", before);
        SetAs(server, "1", "k", after);
        server.Advance(TimeSpan.FromMilliseconds(101));
        server.Run("SELECT", "0");
        server.Run("WATCH", "k");
        var (first, second) = (server.Engine.Keyspaces[0], server.Engine.Keyspaces[1]);
        server.Engine.WatchedKeys.TouchAll(first, second);
        server.Engine.WatchedKeys.TouchAll(second, first);
        first.SwapContents(second);
        server.Run("MULTI");
        Assert.Equal(reply, server.Run("EXEC"));
    }

    [Fact]
    public void Hello_within_a_transaction_changes_the_protocol_from_its_reply_on()
    {
        using var server = new TestServer();
        server.Run("MULTI");
        server.Run("GET", "absent");
        server.Run("HELLO", "3");
        server.Run("GET", "absent");
        var reply = server.Run("EXEC");
        Assert.StartsWith("*3\r\n$-1\r\n%7\r\n", reply);
        Assert.EndsWith("*0\r\n_\r\n", reply);
        server.Run("WATCH", "k");
        server.Run("SET", "k", "1");
        server.Run("MULTI");
        Assert.Equal("_\r\n", server.Run("EXEC"));
    }

    [Fact]
    public void Reset_and_quit_end_a_transaction_at_once()
    {
        using var server = new TestServer();
        server.Run("MULTI");
        Assert.Equal("+RESET\r\n", server.Run("RESET"));
        Assert.Equal("+PONG\r\n", server.Run("PING"));
        server.Run("MULTI");
        Assert.Equal("+OK\r\n", server.Run("QUIT"));
    }

    [Fact]
    public void What_a_transaction_changes_is_propagated_as_one_unit()
    {
        using var server = new TestServer();
        var sink = new CommandSink();
        server.Engine.Propagation.Attach(sink);
        foreach (var command in new[] { "MULTI", "SET k 1", "GET k", "SELECT 3", "INCR k", "NOSUCH", "EXEC" }) server.Run(command.Split(' '));
        Assert.Empty(sink.Lines);
        foreach (var command in new[] { "SELECT 0", "MULTI", "SET k 1", "GET k", "SELECT 3", "INCR k", "EXEC" }) server.Run(command.Split(' '));
        Assert.Equal(["0 MULTI", "0 SET k 1", "3 INCR k", "3 EXEC"], sink.Lines);
        sink.Lines.Clear();
        foreach (var command in new[] { "MULTI", "GET k", "EXEC", "MULTI", "INCR k", "EXEC" }) server.Run(command.Split(' '));
        Assert.Equal(["3 INCR k"], sink.Lines);
    }

    [Fact]
    public void Errors_count_for_the_queued_command_and_not_for_exec()
    {
        using var server = new TestServer();
        server.Run("SET", "k", "abc");
        foreach (var command in new[] { "MULTI", "INCR k", "EXEC" }) server.Run(command.Split(' '));
        var counters = server.Engine.Statistics.Commands;
        Assert.Equal(1, counters[server.Engine.Commands.Find("INCR"u8)!.Index].Failed);
        Assert.Equal(0, counters[server.Engine.Commands.Find("EXEC"u8)!.Index].Failed);
    }

    [Fact]
    public void Transactions_allocate_nothing_managed_in_the_long_run()
    {
        using var server = new TestServer();
        var client = server.Connect();
        using var input = new NativeBuffer(server.Engine.ClientHeap);
        input.Append("MULTI\r\nSET key value\r\nGET key\r\nEXEC\r\nMULTI\r\nSET key value\r\nDISCARD\r\n"u8);
        Run(1000);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() => Run(10_000)));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                server.Engine.Input.ProcessDirect(client, input.WrittenSlice);
                client.Captured!.Clear();
            }
        }
    }

    private static void Fill(TestServer server, string database)
    {
        SetAs(server, database, "live", "live");
        SetAs(server, database, "stale", "stale");
        server.Advance(TimeSpan.FromMilliseconds(101));
    }

    private static void SetAs(TestServer server, string database, string key, string how)
    {
        server.Run("SELECT", database);
        if (how == "live") server.Run("SET", key, "1");
        if (how == "stale") server.Run("SET", key, "1", "PX", "100");
    }

    private sealed class CommandSink : IPropagationSink
    {
        public List<string> Lines { get; } = [];

        public void Append(int database, ReadOnlySpan<byte> command)
        {
            var words = Encoding.Latin1.GetString(command).Split("\r\n").Where((_, i) => i > 0 && i % 2 == 0);
            Lines.Add($"{database} {string.Join(' ', words)}");
        }
    }
}

using System.Text;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandTableTests
{
    private static readonly Command Get = new("GET", 2, CommandFlags.ReadOnly, KeySpec.At(1, KeySpecFlags.Read));
    private static readonly Command Set = new("SET", -3, CommandFlags.Write, KeySpec.At(1, KeySpecFlags.ReadWrite));
    private static readonly Command LongName = new("GEORADIUSBYMEMBER_RO", -5, CommandFlags.ReadOnly);
    private static readonly Command Dashed = new("RESTORE-ASKING", -4, CommandFlags.Write);
    private static readonly Command Config = new("CONFIG", -2, CommandFlags.None)
    {
        Subcommands = [new("GET", -3, CommandFlags.Admin), new("RESETSTAT", 2, CommandFlags.Admin)],
    };

    private static CommandTable Table() => new(CommandTable.Number([Get, Set], [LongName, Dashed, Config]));

    [Fact]
    public void Names_of_every_length_that_differ_in_one_byte_are_told_apart()
    {
        var commands = new List<Command>();
        for (var length = 1; length <= 24; length++)
        {
            commands.Add(new(new string('A', length), 1, CommandFlags.None));
            for (var i = 0; i < length; i++)
            {
                commands.Add(new(new string('A', i) + 'B' + new string('A', length - i - 1), 1, CommandFlags.None));
            }
        }

        var table = new CommandTable([.. commands]);
        foreach (var command in commands) Assert.Same(command, table.Find(Bytes(command.FullName)));
        Assert.Null(table.Find(Bytes(new string('a', 25))));
        Assert.Null(table.Find(Bytes("bb")));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("GET")]
    [InlineData("gEt")]
    public void Finds_a_name_in_any_case(string name) => Assert.Same(Get, Table().Find(Bytes(name)));

    [Theory]
    [InlineData("")]
    [InlineData("g")]
    [InlineData("ge")]
    [InlineData("getx")]
    [InlineData("ge\u0014")]
    [InlineData("get\0")]
    [InlineData("georadiusbymember_r")]
    [InlineData("georadiusbymember\u007fro")]
    [InlineData("GEORADIUSBYMEMBER_RP")]
    [InlineData("restore\rasking")]
    public void Finds_nothing_that_only_resembles_a_name(string name) => Assert.Null(Table().Find(Bytes(name)));

    [Theory]
    [InlineData("GeoRadiusByMember_RO")]
    [InlineData("georadiusbymember_ro")]
    public void Finds_long_names(string name) => Assert.Same(LongName, Table().Find(Bytes(name)));

    [Fact]
    public void Every_single_byte_but_the_letters_tells_names_apart()
    {
        var commands = new List<Command>();
        for (var c = ' '; c <= '~'; c++)
        {
            if (!char.IsAsciiLetterLower(c)) commands.Add(new($"A{c}LONGERNAME", 1, CommandFlags.None));
        }

        var table = new CommandTable([.. commands]);
        foreach (var command in commands)
        {
            Assert.Same(command, table.Find(Bytes(command.Name)));
            Assert.Same(command, table.Find(Bytes(command.FullName)));
        }
    }

    [Fact]
    public void Bytes_beyond_ascii_are_not_folded()
    {
        for (var b = 0x80; b <= 0xFF; b++) Assert.Null(Table().Find([(byte)b, (byte)'E', (byte)'T']));
        Assert.Null(Table().Find([(byte)('G' | 0x80), (byte)'E', (byte)'T']));
    }

    [Fact]
    public void Subcommands_carry_their_containers_name()
    {
        var resetStat = Table().Find("config"u8)!.FindSubcommand("ResetStat"u8)!;
        Assert.Equal("config|resetstat", resetStat.FullName);
        Assert.Equal("config|resetstat"u8.ToArray(), resetStat.WireName);
        Assert.Same(Config, resetStat.Parent);
        Assert.Same(resetStat, Table().FindFullName("CONFIG|RESETSTAT"u8));
        Assert.Null(Table().FindFullName("config|nosuch"u8));
        Assert.Null(Table().FindFullName("get|get"u8));
        Assert.Null(Config.FindSubcommand("set"u8));
    }

    [Fact]
    public void Rows_are_numbered_densely_with_subcommands_after_their_container()
    {
        Table();
        Command[] rows = [Get, Set, LongName, Dashed, Config, .. Config.Subcommands];
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], rows.Select(row => row.Index));
    }

    [Fact]
    public void A_renamed_command_answers_to_the_new_name_only()
    {
        var table = Table();
        Assert.True(table.Rename("set"u8, "Hidden-Set"u8));
        Assert.Null(table.Find("SET"u8));
        Assert.Same(Set, table.Find("HIDDEN-SET"u8));
        Assert.Same(Set, table.FindOriginal("set"u8));
        Assert.Contains(Set, table.Commands);
        Assert.Same(Get, table.Find("get"u8));
        Assert.NotNull(Table().Find("set"u8));
    }

    [Fact]
    public void A_command_renamed_to_nothing_is_gone()
    {
        var table = Table();
        Assert.True(table.Rename("set"u8, ""u8));
        Assert.Null(table.Find("set"u8));
        Assert.DoesNotContain(Set, table.Commands);
        Assert.Equal(4, table.Count);
    }

    [Fact]
    public void A_rename_to_a_taken_name_or_of_an_unknown_one_changes_nothing()
    {
        var table = Table();
        Assert.False(table.Rename("set"u8, "GET"u8));
        Assert.False(table.Rename("nosuch"u8, "other"u8));
        Assert.Same(Set, table.Find("set"u8));
        Assert.Same(Get, table.Find("get"u8));
        Assert.True(table.Rename("set"u8, "SET"u8));
        Assert.Same(Set, table.Find("set"u8));
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var table = Table();
        byte[] name = [.. "GeoRadiusByMember_Ro"u8];
        table.Find(name);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() =>
        {
            for (var i = 0; i < 1000; i++) table.Find(name);
        }));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 2, false)]
    [InlineData(3, 4, false)]
    [InlineData(-3, 3, true)]
    [InlineData(-3, 9, true)]
    [InlineData(-3, 2, false)]
    public void Arity_is_exact_or_the_least(int arity, int arguments, bool accepted) =>
        Assert.Equal(accepted, new Command("X", arity, CommandFlags.None).AcceptsArity(arguments));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

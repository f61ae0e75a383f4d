using System.Text;
using Hearth.Memory;
using Hearth.Protocol;
using Hearth.Server;
using Xunit;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Tests.Server;

/// <summary>The expected keys are what Redis's COMMAND GETKEYSANDFLAGS answers.</summary>
public sealed class CommandKeysTests
{
    private static readonly Command Get = Row(KeySpec.At(1, Read | Access));
    private static readonly Command Del = Row(KeySpec.Range(1, last: -1, Remove | Delete));
    private static readonly Command MSet = Row(KeySpec.Range(1, last: -1, Overwrite | Update, step: 2));
    private static readonly Command BlPop = Row(KeySpec.Range(1, last: -2, ReadWrite | Access | Delete));
    private static readonly Command Eval = Row(KeySpec.Counted(2, ReadWrite));
    private static readonly Command ZUnionStore = Row(KeySpec.At(1, Overwrite | Update), KeySpec.Counted(2, Read | Access));
    private static readonly Command XRead = Row(KeySpec.After("STREAMS", startFrom: 1, last: -1, Read | Access, limit: 2));
    private static readonly Command GeoRadius = Row(
        KeySpec.At(1, Read | Access),
        KeySpec.After("STORE", startFrom: 6, last: 0, Overwrite | Update),
        KeySpec.After("STOREDIST", startFrom: 6, last: 0, Overwrite | Update));

    private static readonly Command Publish = Row(KeySpec.At(1, NotKey));
    private static readonly Command Set = Row(KeyFinders.OfSet, KeySpec.At(1, ReadWrite | Access | Update | VariableFlags));
    private static readonly Command BitField = Row(KeyFinders.OfBitField, KeySpec.At(1, ReadWrite | Access | Update | VariableFlags));
    private static readonly Command Sort = Row(
        KeyFinders.OfSort,
        KeySpec.At(1, Read | Access),
        KeySpec.Unknown(Read),
        KeySpec.Unknown(Overwrite));

    private static readonly Command Migrate = Row(
        KeyFinders.OfMigrate,
        KeySpec.At(3, ReadWrite | Access | Delete),
        KeySpec.After("KEYS", startFrom: -2, last: -1, ReadWrite | Access | Delete | Incomplete));

    [Fact]
    public void One_key_and_ranges_of_keys()
    {
        Assert.Equal("1", Find(Get, "get k"));
        Assert.Equal("1 2 3", Find(Del, "del a b c"));
        Assert.Equal("1 3", Find(MSet, "mset a 1 b 2"));
        Assert.Equal("1 2", Find(BlPop, "blpop a b 0"));
        Assert.Equal("none", Find(BlPop, "blpop 0"));
    }

    [Fact]
    public void Counted_keys_must_all_be_there()
    {
        Assert.Equal("3 4", Find(Eval, "eval script 2 a b arg"));
        Assert.Equal("none", Find(Eval, "eval script 0 arg"));
        Assert.Equal("none", Find(Eval, "eval script 2 a"));
        Assert.Equal("none", Find(Eval, "eval script x a"));
        Assert.Equal("none", Find(Eval, "eval script -1 a"));
        Assert.Equal("none", Find(Eval, "eval script 9223372036854775807 a"));
        Assert.Equal("none", Find(Eval, "eval script"));
        Assert.Equal("1 3 4", Find(ZUnionStore, "zunionstore to 2 a b"));
    }

    [Fact]
    public void Keys_after_a_keyword_wherever_it_stands()
    {
        Assert.Equal("4 5", Find(XRead, "xread COUNT 1 Streams a b 0 0"));
        Assert.Equal("2", Find(XRead, "xread STREAMS a b 0"));
        Assert.Equal("none", Find(XRead, "xread COUNT 1 a 0"));
        Assert.Equal("1", Find(GeoRadius, "georadius k 1 2 3 km ASC"));
        Assert.Equal("1 7", Find(GeoRadius, "georadius k 1 2 3 km STORE to"));
        Assert.Equal("1 9 7", Find(GeoRadius, "georadius k 1 2 3 km STOREDIST d STORE s"));
        Assert.Equal("1", Find(GeoRadius, "georadius k 1 2 3 km STORE"));
    }

    [Fact]
    public void What_is_only_routed_like_a_key_counts_when_asked_for()
    {
        Assert.False(CommandKeys.HasKeys(Publish));
        Assert.True(CommandKeys.HasKeys(Get));
        Assert.Equal("none", Find(Publish, "spublish channel message"));
        Assert.Equal("1", Find(Publish, "spublish channel message", includesNotKeys: true));
    }

    [Fact]
    public void Options_decide_what_happens_to_a_key()
    {
        Assert.Equal(Overwrite | Update, Flags(Set, "set k v EX 5"));
        Assert.Equal(ReadWrite | Access | Update, Flags(Set, "set k v NX get"));
        Assert.Equal(Overwrite | Update, Flags(Set, "set k get"));
        Assert.Equal(Read | Access, Flags(BitField, "bitfield k GET u8 0 OVERFLOW SAT get u8 8"));
        Assert.Equal(Read | Access, Flags(BitField, "bitfield k"));
        Assert.Equal(ReadWrite | Access | Update, Flags(BitField, "bitfield k GET u8 0 SET u8 0 1"));
        Assert.Equal(ReadWrite | Access | Update, Flags(BitField, "bitfield k GET u8"));
    }

    [Fact]
    public void Commands_with_movable_keys_find_their_own()
    {
        Assert.Equal("1", Find(Sort, "sort k"));
        Assert.Equal("1 5", Find(Sort, "sort k BY STORE store a"));
        Assert.Equal("1 7", Find(Sort, "sort k STORE a GET STORE STORE b"));
        Assert.Equal("3", Find(Migrate, "migrate h p k 0 5 COPY"));
        Assert.Equal("8 9", Find(Migrate, "migrate h p '' 0 5 REPLACE KEYS a b"));
        Assert.Equal("9", Find(Migrate, "migrate h p '' 0 5 AUTH KEYS KEYS a"));
        Assert.Equal("none", Find(Migrate, "migrate h p k 0 5 KEYS a b"));
    }

    private static Command Row(params KeySpec[] specs) => new("X", -1, CommandFlags.None, specs);

    private static Command Row(KeyFinder finder, params KeySpec[] specs) => new("X", -1, CommandFlags.None, specs) { KeyFinder = finder };

    private static KeySpecFlags Flags(Command command, string line)
    {
        var keys = new KeyPositionList();
        With(line, args => CommandKeys.TryFind(command, args, keys));
        return keys.Positions[0].Flags;
    }

    private static string Find(Command command, string line, bool includesNotKeys = false)
    {
        var keys = new KeyPositionList();
        var found = With(line, args => CommandKeys.TryFind(command, args, keys, includesNotKeys));
        Assert.Equal(found, keys.Count != 0);
        return found ? string.Join(' ', keys.Positions.ToArray().Select(key => key.Argument)) : "none";
    }

    private static unsafe bool With(string line, Func<Arguments, bool> find)
    {
        var words = line.Split(' ').Select(word => word == "''" ? "" : word).ToArray();
        var ranges = new ArgumentRange[words.Length];
        var offset = 0;
        for (var i = 0; i < words.Length; offset += words[i++].Length) ranges[i] = new ArgumentRange(offset, words[i].Length);

        fixed (byte* bytes = Encoding.ASCII.GetBytes(string.Concat(words)))
        {
            return find(new Arguments(new NativeSlice(bytes, offset), ranges, 0, words.Length));
        }
    }
}

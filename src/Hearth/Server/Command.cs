using System.Diagnostics;
using System.Text;

namespace Hearth.Server;

/// <summary>Runs one command: parse the arguments, look up, act, mark what changed, reply.</summary>
internal delegate void CommandHandler(CommandContext context);

/// <summary>
/// One command or subcommand: the row in its family's table, and the only declaration of it. COMMAND, ACL, arity checks, key
/// extraction and cluster routing all read this. Servers in one process share the rows, so a row holds nothing that changes;
/// counters per command live with their server, in arrays that <see cref="Index"/> addresses.
/// </summary>
internal sealed class Command
{
    private readonly Command[] _subcommands = [];
    private readonly CommandNames? _subcommandNames;

    /// <param name="name">In upper case; a subcommand's without its container's.</param>
    /// <param name="arity">The number of arguments, names included; when negative, the least number.</param>
    /// <param name="handler">None for a container that only holds subcommands.</param>
    public Command(string name, int arity, CommandFlags flags, KeySpec[] keys, CommandHandler? handler = null)
    {
        Debug.Assert(!name.Any(char.IsAsciiLetterLower), "Rows name commands in upper case.");

        Name = name;
        Arity = arity;
        KeySpecs = keys;
        LegacyRange = LegacyKeyRange.Of(keys);
        Flags = LegacyRange.IsPartial ? flags | CommandFlags.MovableKeys : flags;
        Handler = handler;
        FullName = name.ToLowerInvariant();
        WireName = Encoding.ASCII.GetBytes(FullName);
    }

    public Command(string name, int arity, CommandFlags flags, KeySpec key, CommandHandler? handler = null)
        : this(name, arity, flags, [key], handler)
    {
    }

    public Command(string name, int arity, CommandFlags flags, CommandHandler? handler = null)
        : this(name, arity, flags, [], handler)
    {
    }

    public string Name { get; }

    /// <summary>The name on the wire, in lower case; a subcommand's with its container's: <c>config|get</c>.</summary>
    public string FullName { get; private set; }

    /// <summary><see cref="FullName"/> as bytes.</summary>
    public byte[] WireName { get; private set; }

    public int Arity { get; }

    public CommandFlags Flags { get; }

    public KeySpec[] KeySpecs { get; }

    public CommandHandler? Handler { get; }

    /// <summary>Finds the keys where the key specs cannot; see <see cref="KeyFinders"/>.</summary>
    public KeyFinder? KeyFinder { get; init; }

    /// <summary>The argument that names an element of the collection at the first key, which a batch asks for ahead; 0 if none does.</summary>
    public int ElementArgument { get; init; }

    public CommandGroup Group { get; init; }

    public string Since { get; init; } = "";

    public string Summary { get; init; } = "";

    public string Complexity { get; init; } = "";

    /// <summary>The arguments in the notation that <see cref="CommandSyntax"/> describes.</summary>
    public string Syntax { get; init; } = "";

    /// <summary>The arguments as a tree, where the notation cannot express them.</summary>
    public CommandArgument[]? Arguments { get; init; }

    /// <summary>Hints for clients, such as <c>nondeterministic_output</c> and <c>request_policy:all_shards</c>.</summary>
    public string[] Tips { get; init; } = [];

    public string? DeprecatedSince { get; init; }

    public string? ReplacedBy { get; init; }

    /// <summary>For the server's own use, such as PSYNC; clients have no reason to send it.</summary>
    public bool IsSystem { get; init; }

    /// <summary>What changed in which version.</summary>
    public (string Since, string Change)[] History { get; init; } = [];

    /// <summary>The ACL categories that do not follow from the flags: those of the group, unless the row names others.</summary>
    public CommandCategories? OwnCategories { get; init; }

    public CommandCategories Categories => CommandCategory.Of(this);

    /// <summary>The subcommands, in the order of their rows.</summary>
    public Command[] Subcommands
    {
        get => _subcommands;
        init
        {
            _subcommands = value;
            _subcommandNames = new CommandNames(value.Length);
            foreach (var subcommand in value)
            {
                subcommand.Parent = this;
                _subcommandNames.Add(Encoding.ASCII.GetBytes(subcommand.Name), subcommand);
                subcommand.FullName = FullName + "|" + subcommand.FullName;
                subcommand.WireName = Encoding.ASCII.GetBytes(subcommand.FullName);
            }
        }
    }

    /// <summary>The container of a subcommand.</summary>
    public Command? Parent { get; private set; }

    /// <summary>A dense number for arrays that hold something per command; <see cref="CommandTable.Number"/> gives it.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>The keys as first key, last key and step, the way clients read them before there were key specs.</summary>
    public LegacyKeyRange LegacyRange { get; }

    public int FirstKey => LegacyRange.First;

    public int LastKey => LegacyRange.Last;

    public int KeyStep => LegacyRange.Step;

    public bool Has(CommandFlags flag) => (Flags & flag) != 0;

    public bool AcceptsArity(int arguments) => Arity >= 0 ? arguments == Arity : arguments >= -Arity;

    public Command? FindSubcommand(ReadOnlySpan<byte> name) => _subcommandNames?.Find(name);

    public override string ToString() => FullName;
}

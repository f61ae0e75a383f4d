using System.Text;

namespace Hearth.Server;

/// <summary>
/// The commands that one server knows, under the names that its rename-command directives gave them. The rows themselves are
/// shared by all servers of the process.
/// </summary>
internal sealed class CommandTable
{
    private readonly CommandNames _names;
    private readonly CommandNames _originalNames;
    private readonly List<Command> _commands;

    public CommandTable(params ReadOnlySpan<Command> commands)
    {
        _names = new CommandNames(commands.Length);
        _originalNames = new CommandNames(commands.Length);
        _commands = [.. commands];
        foreach (var command in commands)
        {
            _names.Add(command.WireName, command);
            _originalNames.Add(command.WireName, command);
        }
    }

    /// <summary>The commands in the order of their families' tables, without their subcommands, removed ones left out.</summary>
    public IReadOnlyList<Command> Commands => _commands;

    public int Count => _commands.Count;

    public Command? Find(ReadOnlySpan<byte> name) => _names.Find(name);

    /// <summary>Looks up by the name in the row, renamed or not: AOF, replication and ACL use that one.</summary>
    public Command? FindOriginal(ReadOnlySpan<byte> name) => _originalNames.Find(name);

    /// <summary>Looks up <c>config|get</c> or <c>config</c>.</summary>
    public Command? FindFullName(ReadOnlySpan<byte> fullName)
    {
        var bar = fullName.IndexOf((byte)'|');
        return bar < 0 ? Find(fullName) : Find(fullName[..bar])?.FindSubcommand(fullName[(bar + 1)..]);
    }

    /// <summary>Gives a command another name, or none when <paramref name="newName"/> is empty.</summary>
    /// <returns>Whether there is such a command and the new name is free; nothing changes otherwise.</returns>
    public bool Rename(ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName)
    {
        if (_names.Find(name) is not { } command) return false;
        var isSame = Ascii.EqualsIgnoreCase(name, newName);
        if (!isSame && _names.Find(newName) is not null) return false;

        _names.Remove(name);
        if (newName.IsEmpty) _commands.Remove(command);
        else _names.Add(newName.ToArray(), command);
        return true;
    }

    /// <summary>Joins the families' tables and numbers the rows (<see cref="Command.Index"/>), subcommands after their container.</summary>
    public static Command[] Number(params ReadOnlySpan<Command[]> families)
    {
        var all = new List<Command>();
        var index = 0;
        foreach (var family in families)
        {
            foreach (var command in family)
            {
                all.Add(command);
                command.Index = index++;
                foreach (var subcommand in command.Subcommands) subcommand.Index = index++;
            }
        }

        return [.. all];
    }
}

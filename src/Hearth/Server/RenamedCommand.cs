namespace Hearth.Server;

/// <summary>What a rename-command line asks for.</summary>
/// <param name="From">The command's own name.</param>
/// <param name="To">Its new one; empty when the command is to vanish.</param>
/// <param name="Line">Where it stands, for the error when there is no such command.</param>
internal readonly record struct RenamedCommand(string From, string To, ConfigLine Line);

namespace Hearth.Server;

/// <summary>What a handler works with.</summary>
internal sealed class CommandContext
{
}

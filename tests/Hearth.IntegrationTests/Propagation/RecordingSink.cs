using Hearth.IntegrationTests.Support;
using Hearth.Server;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>Keeps what Hearth propagates. The server's thread writes, the test's thread reads.</summary>
internal sealed class RecordingSink : IPropagationSink
{
    private readonly List<PropagatedCommand> _commands = [];

    public void Append(int database, ReadOnlySpan<byte> command)
    {
        var parser = new RespParser(command);
        if (!parser.TryParse(out var words) || parser.Position != command.Length) throw new InvalidOperationException("No single whole command.");
        lock (_commands) _commands.Add(new PropagatedCommand(database, [.. words.Items.Select(static word => word.Payload)]));
    }

    /// <summary>What has come since the last call.</summary>
    public List<PropagatedCommand> Take()
    {
        lock (_commands)
        {
            List<PropagatedCommand> taken = [.. _commands];
            _commands.Clear();
            return taken;
        }
    }
}

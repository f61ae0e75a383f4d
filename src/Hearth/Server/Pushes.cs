using Hearth.Memory;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>
/// Messages to clients that answer none of their commands: publish/subscribe, and whatever else clients listen to. For most clients they
/// are queued behind what they were sent before. The client whose input is being executed may get one too, by publishing to itself
/// or by changing a key; that one is held back until its command has replied, even when the command is EXEC, so that
/// it never stands inside a reply.
/// </summary>
internal sealed class Pushes(Engine engine) : IDisposable
{
    /// <summary>Memory that held messages may leave behind.</summary>
    private const int BytesKeptMax = 64 * 1024;

    /// <summary>A client without a limit must not make the buffer outgrow what one can hold.</summary>
    private const int HeldBytesMax = 1 << 30;

    private readonly NativeBuffer _held = new(engine.ClientHeap);

    /// <summary>The client whose input is being executed; none between two inputs.</summary>
    public Client? Executing { get; set; }

    public bool HasHeld => _held.Length > 0;

    public void Send(Client client, ReadOnlySpan<byte> message)
    {
        if (client == Executing)
        {
            Hold(client, message);
            return;
        }

        client.Enqueue(message);
        if (client.Connection is { } connection) engine.OutputLimits.Allows(client, connection.QueuedBytes);
    }

    /// <summary>What is held will wait to be sent like everything else, so it counts as if it did.</summary>
    private void Hold(Client client, ReadOnlySpan<byte> message)
    {
        if (message.Length > HeldBytesMax - _held.Length) engine.Clients.CloseLater(client);
        else if (engine.OutputLimits.Allows(client, client.OutputBytes + _held.Length + message.Length)) _held.Append(message);
    }

    /// <summary>Puts the messages that were held behind the reply of the command that has just ended.</summary>
    public void Release(RespWriter reply)
    {
        reply.Raw(_held.Written);
        _held.Clear();
        if (_held.Capacity > BytesKeptMax) _held.Release();
    }

    public void Dispose() => _held.Dispose();
}

using Hearth.Memory;

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

    private readonly NativeBuffer _held = new(engine.ClientHeap);

    /// <summary>The client whose input is being executed; none between two inputs.</summary>
    public Client? Executing { get; set; }

    public bool HasHeld => _held.Length > 0;

    public void Send(Client client, ReadOnlySpan<byte> message)
    {
        if (client == Executing)
        {
            _held.Append(message);
            return;
        }

        client.Enqueue(message);
        if (client.Connection is { } connection) engine.OutputLimits.Allows(client, connection.QueuedBytes);
    }

    /// <summary>Puts the messages that were held behind the reply of the command that has just ended.</summary>
    public void Release(NativeBuffer reply)
    {
        reply.Append(_held.Written);
        _held.Clear();
        if (_held.Capacity > BytesKeptMax) _held.Release();
    }

    public void Dispose() => _held.Dispose();
}

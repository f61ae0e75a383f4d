namespace Hearth.Network;

internal enum ReceiveStatus
{
    /// <summary>There is input to parse; <see cref="Connection.Keep"/> must be called once with what was consumed of it.</summary>
    Data,

    /// <summary>Nothing to parse until more arrives.</summary>
    NeedMore,

    /// <summary>The peer is gone, and the connection closed: <see cref="ILoopHandler.OnClosed"/> follows after this callback.</summary>
    Closed,
}

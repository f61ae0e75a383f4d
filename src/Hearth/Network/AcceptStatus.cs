namespace Hearth.Network;

internal enum AcceptStatus
{
    Accepted,

    /// <summary>The queue is empty.</summary>
    NoneWaiting,

    /// <summary>This one connection is gone; the next in the queue may be fine.</summary>
    Aborted,

    /// <summary>The process or the system is out of something, or the listener is broken: trying at once would fail again.</summary>
    Failed,
}

namespace Hearth.Network;

internal enum PollerKind
{
    /// <summary>Epoll where there is one.</summary>
    Default,
    IoUring,
    Epoll,
    Poll,
}

namespace Hearth.Network;

internal enum PollerKind
{
    /// <summary>The best one that the system has.</summary>
    Default,
    Epoll,
    Poll,
}

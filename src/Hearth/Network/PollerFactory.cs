namespace Hearth.Network;

internal static class PollerFactory
{
    public static bool IsSupported(PollerKind kind) => kind != PollerKind.Epoll || OperatingSystem.IsLinux();

    public static IPoller Create(PollerKind kind = PollerKind.Default) => kind switch
    {
        PollerKind.Epoll => new EpollPoller(),
        PollerKind.Poll => new PollPoller(),
        _ => OperatingSystem.IsLinux() ? new EpollPoller() : new PollPoller(),
    };
}

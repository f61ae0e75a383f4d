namespace Hearth.Network;

internal static class PollerFactory
{
    /// <summary>Whether this system has it at the moment: Linux may forbid io_uring.</summary>
    public static bool IsSupported(PollerKind kind)
    {
        if (kind == PollerKind.Epoll) return OperatingSystem.IsLinux();
        if (kind != PollerKind.IoUring) return true;
        using var poller = TryCreateUring();
        return poller is not null;
    }

    public static IPoller Create(PollerKind kind = PollerKind.Default) => kind switch
    {
        PollerKind.IoUring => TryCreateUring() ?? throw new PlatformNotSupportedException("io_uring is not available"),
        PollerKind.Epoll => new EpollPoller(),
        PollerKind.Poll => new PollPoller(),
        // Not io_uring, which takes less of the processor, but is young.
        _ => OperatingSystem.IsLinux() ? new EpollPoller() : new PollPoller(),
    };

    private static UringPoller? TryCreateUring() => OperatingSystem.IsLinux() ? UringPoller.TryCreate() : null;
}

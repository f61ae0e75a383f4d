using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// The Unix socket calls and the numbers that Linux and macOS disagree about. Every signature is blittable, so a call costs no more than
/// the system call; errno is asked for only after a failure.
/// </summary>
internal static unsafe class UnixSockets
{
    public const int ErrorInterrupted = 4;
    public const int ErrorNotPermitted = 1;

    public const int FamilyInet = 2;
    public const int ProtocolTcp = 6;
    public const int TcpNoDelay = 1;

    private const int ControlGetFlags = 3;
    private const int ControlSetFlags = 4;
    private const int ControlSetDescriptorFlags = 2;
    private const int DescriptorCloseOnExec = 1;
    private const int LinuxCloseOnExec = 0x80000;
    private const int LinuxNonBlocking = 0x800;

    public static bool IsMac => OperatingSystem.IsMacOS();

    public static int ErrorAgain => IsMac ? 35 : 11;

    public static int ErrorConnectionAborted => IsMac ? 53 : 103;

    public static int FamilyInet6 => IsMac ? 30 : 10;

    public static int LevelSocket => IsMac ? 0xffff : 1;

    public static int OptionReuseAddress => IsMac ? 4 : 2;

    public static int OptionKeepAlive => IsMac ? 8 : 9;

    public static int TcpKeepIdle => IsMac ? 0x10 : 4;

    public static int TcpKeepInterval => IsMac ? 0x101 : 5;

    public static int TcpKeepCount => IsMac ? 0x102 : 6;

    /// <summary>SO_NOSIGPIPE. What macOS has as an option of the socket is a flag of each send on Linux.</summary>
    public const int MacOptionNoSigPipe = 0x1022;

    /// <summary>MSG_DONTWAIT.</summary>
    public static int ReceiveFlags => IsMac ? 0x80 : 0x40;

    /// <summary>MSG_DONTWAIT and, on Linux, MSG_NOSIGNAL.</summary>
    public static int SendFlags => IsMac ? 0x80 : 0x4040;

    /// <summary>Linux reports pending errors of a new connection through accept: they concern that connection alone.</summary>
    public static bool IsErrorOfOneConnection(int error)
    {
        if (error == ErrorConnectionAborted || error == ErrorNotPermitted) return true;
        // EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET.
        return !IsMac && error is 71 or 92 or 95 or 100 or 101 or 112 or 113 or 64;
    }

    /// <summary>Accepts a connection that is non-blocking and closed on exec.</summary>
    public static int AcceptNonBlocking(int listener, byte* address, uint* addressSize)
    {
        if (!IsMac) return Accept4(listener, address, addressSize, LinuxCloseOnExec | LinuxNonBlocking);
        var handle = Accept(listener, address, addressSize);
        if (handle < 0) return handle;
        SetNonBlocking(handle);
        _ = FileControl(handle, ControlSetDescriptorFlags, DescriptorCloseOnExec);
        var one = 1;
        _ = SetOption(handle, LevelSocket, MacOptionNoSigPipe, &one, sizeof(int));
        return handle;
    }

    public static void SetNonBlocking(int handle)
    {
        var flags = FileControl(handle, ControlGetFlags, 0);
        _ = FileControl(handle, ControlSetFlags, flags | (IsMac ? 4 : LinuxNonBlocking));
    }

    /// <summary>Linux alone.</summary>
    public static void SetBlocking(int handle)
    {
        var flags = FileControl(handle, ControlGetFlags, 0);
        _ = FileControl(handle, ControlSetFlags, flags & ~LinuxNonBlocking);
    }

    /// <summary>
    /// fcntl is variadic. Apple's ABI for arm64 passes variadic arguments on the stack and all others in eight registers, so there the
    /// registers between are filled up; everywhere else variadic arguments travel like all others.
    /// </summary>
    private static int FileControl(int handle, int command, int argument) =>
        IsMac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? FileControlOnStack(handle, command, 0, 0, 0, 0, 0, 0, argument)
            : FileControlInRegisters(handle, command, argument);

    [DllImport("libc", EntryPoint = "recv")]
    public static extern nint Receive(int handle, byte* bytes, nuint count, int flags);

    [DllImport("libc", EntryPoint = "send")]
    public static extern nint Send(int handle, byte* bytes, nuint count, int flags);

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int handle);

    [DllImport("libc", EntryPoint = "setsockopt")]
    public static extern int SetOption(int handle, int level, int option, void* value, uint valueSize);

    [DllImport("libc", EntryPoint = "getsockname")]
    public static extern int GetSocketName(int handle, byte* address, uint* addressSize);

    [DllImport("libc", EntryPoint = "getpeername")]
    public static extern int GetPeerName(int handle, byte* address, uint* addressSize);

    [DllImport("libc", EntryPoint = "poll")]
    public static extern int Poll(void* descriptors, nuint count, int timeoutMs);

    [DllImport("libc", EntryPoint = "accept")]
    private static extern int Accept(int listener, byte* address, uint* addressSize);

    [DllImport("libc", EntryPoint = "accept4")]
    private static extern int Accept4(int listener, byte* address, uint* addressSize, int flags);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int FileControlInRegisters(int handle, int command, nint argument);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int FileControlOnStack(
        int handle, int command, nint fill2, nint fill3, nint fill4, nint fill5, nint fill6, nint fill7, nint argument);
}

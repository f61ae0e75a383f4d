using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// The Winsock calls. WSAStartup is System.Net.Sockets' doing: the poller's wake-up socket, made before any other, triggers it.
/// </summary>
internal static unsafe class WindowsSockets
{
    public const int ErrorInterrupted = 10004;
    public const int ErrorWouldBlock = 10035;
    public const int ErrorConnectionAborted = 10053;
    public const int ErrorConnectionReset = 10054;

    public const int FamilyInet6 = 23;
    public const int LevelSocket = 0xffff;
    public const int OptionKeepAlive = 8;
    public const int TcpKeepIdle = 3;
    public const int TcpKeepCount = 16;
    public const int TcpKeepInterval = 17;

    private const int ControlNonBlocking = unchecked((int)0x8004667e);

    /// <summary>Winsock's accept reports a connection that was reset in the queue as such.</summary>
    public static bool IsErrorOfOneConnection(int error) => error is ErrorConnectionReset or ErrorConnectionAborted;

    public static nint AcceptNonBlocking(nint listener, byte* address, int* addressSize)
    {
        var handle = Accept(listener, address, addressSize);
        if (handle != -1) SetNonBlocking(handle);
        return handle;
    }

    public static void SetNonBlocking(nint handle)
    {
        var one = 1u;
        _ = ControlSocket(handle, ControlNonBlocking, &one);
    }

    [DllImport("ws2_32", EntryPoint = "recv")]
    public static extern int Receive(nint handle, byte* bytes, int count, int flags);

    [DllImport("ws2_32", EntryPoint = "send")]
    public static extern int Send(nint handle, byte* bytes, int count, int flags);

    [DllImport("ws2_32", EntryPoint = "closesocket")]
    public static extern int Close(nint handle);

    [DllImport("ws2_32", EntryPoint = "setsockopt")]
    public static extern int SetOption(nint handle, int level, int option, void* value, int valueSize);

    [DllImport("ws2_32", EntryPoint = "getsockname")]
    public static extern int GetSocketName(nint handle, byte* address, int* addressSize);

    [DllImport("ws2_32", EntryPoint = "getpeername")]
    public static extern int GetPeerName(nint handle, byte* address, int* addressSize);

    [DllImport("ws2_32", EntryPoint = "WSAPoll")]
    public static extern int Poll(void* descriptors, uint count, int timeoutMs);

    [DllImport("ws2_32", EntryPoint = "accept")]
    private static extern nint Accept(nint listener, byte* address, int* addressSize);

    [DllImport("ws2_32", EntryPoint = "ioctlsocket")]
    private static extern int ControlSocket(nint handle, int command, uint* argument);
}

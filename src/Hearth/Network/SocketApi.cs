using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// The socket calls that the loop makes, on raw handles, for every system. <see cref="System.Net.Sockets.Socket"/> would cost several
/// objects and a finaliser per connection, and its calls go through more layers than the rest of a small request together.
/// </summary>
/// <remarks>The tests for the operating system are constants to the compiler: each system's code contains only its own calls.</remarks>
internal static unsafe class SocketApi
{
    /// <summary>Nothing to read, or no room to write, at the moment.</summary>
    public const int WouldBlock = -1;

    /// <summary>The connection is of no more use.</summary>
    public const int Failed = -2;

    private const int KeepAliveProbes = 3;

    public static int FamilyInet6 => OperatingSystem.IsWindows() ? WindowsSockets.FamilyInet6 : UnixSockets.FamilyInet6;

    /// <summary>Returns how many bytes came, 0 for the end of the stream, <see cref="WouldBlock"/> or <see cref="Failed"/>.</summary>
    public static int Receive(nint handle, Span<byte> buffer)
    {
        Debug.Assert(!buffer.IsEmpty, "An empty read looks like the end of the stream.");
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = OperatingSystem.IsWindows()
                    ? WindowsSockets.Receive(handle, start, buffer.Length, 0)
                    : (int)UnixSockets.Receive((int)handle, start, (nuint)buffer.Length, UnixSockets.ReceiveFlags);
                if (count >= 0) return count;
                var error = Marshal.GetLastSystemError();
                if (!IsInterrupted(error)) return IsWouldBlock(error) ? WouldBlock : Failed;
            }
        }
    }

    /// <summary>Returns how many bytes the socket took, <see cref="WouldBlock"/> or <see cref="Failed"/>.</summary>
    public static int Send(nint handle, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var count = OperatingSystem.IsWindows()
                    ? WindowsSockets.Send(handle, start, bytes.Length, 0)
                    : (int)UnixSockets.Send((int)handle, start, (nuint)bytes.Length, UnixSockets.SendFlags);
                if (count >= 0) return count;
                var error = Marshal.GetLastSystemError();
                if (!IsInterrupted(error)) return IsWouldBlock(error) ? WouldBlock : Failed;
            }
        }
    }

    /// <summary>
    /// Takes one connection, non-blocking, from a listener's queue. The error is the system's, for <see cref="Describe"/>.
    /// </summary>
    public static AcceptStatus Accept(nint listener, out nint handle, out SocketAddressData peer, out int error)
    {
        var raw = stackalloc byte[SocketAddressData.RawSizeMax];
        var size = (uint)SocketAddressData.RawSizeMax;
        handle = OperatingSystem.IsWindows()
            ? WindowsSockets.AcceptNonBlocking(listener, raw, (int*)&size)
            : UnixSockets.AcceptNonBlocking((int)listener, raw, &size);
        if (handle >= 0)
        {
            error = 0;
            peer = SocketAddressData.Parse(new ReadOnlySpan<byte>(raw, (int)Math.Min(size, SocketAddressData.RawSizeMax)));
            return AcceptStatus.Accepted;
        }

        error = Marshal.GetLastSystemError();
        peer = default;
        if (IsWouldBlock(error)) return AcceptStatus.NoneWaiting;
        var concernsOne = OperatingSystem.IsWindows()
            ? WindowsSockets.IsErrorOfOneConnection(error)
            : UnixSockets.IsErrorOfOneConnection(error);
        return concernsOne || IsInterrupted(error) ? AcceptStatus.Aborted : AcceptStatus.Failed;
    }

    public static void Close(nint handle)
    {
        // A close that was interrupted has closed all the same; a second try could hit somebody else's descriptor.
        if (OperatingSystem.IsWindows()) _ = WindowsSockets.Close(handle);
        else _ = UnixSockets.Close((int)handle);
    }

    public static void SetNonBlocking(nint handle)
    {
        if (OperatingSystem.IsWindows()) WindowsSockets.SetNonBlocking(handle);
        else UnixSockets.SetNonBlocking((int)handle);
    }

    public static void SetNoDelay(nint handle) => SetOption(handle, UnixSockets.ProtocolTcp, UnixSockets.TcpNoDelay, 1);

    /// <summary>
    /// Probes a silent peer after this many seconds, then three times at a third of it; 0 turns probing off.
    /// </summary>
    public static void SetKeepAlive(nint handle, int seconds)
    {
        var windows = OperatingSystem.IsWindows();
        var level = windows ? WindowsSockets.LevelSocket : UnixSockets.LevelSocket;
        var option = windows ? WindowsSockets.OptionKeepAlive : UnixSockets.OptionKeepAlive;
        SetOption(handle, level, option, seconds > 0 ? 1 : 0);
        if (seconds <= 0) return;
        const int Tcp = UnixSockets.ProtocolTcp;
        SetOption(handle, Tcp, windows ? WindowsSockets.TcpKeepIdle : UnixSockets.TcpKeepIdle, seconds);
        SetOption(handle, Tcp, windows ? WindowsSockets.TcpKeepInterval : UnixSockets.TcpKeepInterval, Math.Max(1, seconds / 3));
        SetOption(handle, Tcp, windows ? WindowsSockets.TcpKeepCount : UnixSockets.TcpKeepCount, KeepAliveProbes);
    }

    /// <summary>
    /// Lets a restarted server take its port while old connections are in TIME_WAIT. On Windows the option would let another process
    /// take the port over, and waiting connections do not hinder there.
    /// </summary>
    public static void SetReuseAddress(nint handle)
    {
        if (!OperatingSystem.IsWindows()) SetOption(handle, UnixSockets.LevelSocket, UnixSockets.OptionReuseAddress, 1);
    }

    public static SocketAddressData LocalAddress(nint handle) => AddressOf(handle, local: true);

    public static SocketAddressData PeerAddress(nint handle) => AddressOf(handle, local: false);

    /// <summary>The system's words for an error, as strerror has them.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static SocketAddressData AddressOf(nint handle, bool local)
    {
        var raw = stackalloc byte[SocketAddressData.RawSizeMax];
        var size = (uint)SocketAddressData.RawSizeMax;
        var result = OperatingSystem.IsWindows()
            ? local ? WindowsSockets.GetSocketName(handle, raw, (int*)&size) : WindowsSockets.GetPeerName(handle, raw, (int*)&size)
            : local ? UnixSockets.GetSocketName((int)handle, raw, &size) : UnixSockets.GetPeerName((int)handle, raw, &size);
        if (result != 0) return default;
        return SocketAddressData.Parse(new ReadOnlySpan<byte>(raw, (int)Math.Min(size, SocketAddressData.RawSizeMax)));
    }

    private static void SetOption(nint handle, int level, int option, int value)
    {
        // Options tune a connection; one that a system does not know leaves it usable.
        if (OperatingSystem.IsWindows()) _ = WindowsSockets.SetOption(handle, level, option, &value, sizeof(int));
        else _ = UnixSockets.SetOption((int)handle, level, option, &value, sizeof(int));
    }

    private static bool IsInterrupted(int error) =>
        error == (OperatingSystem.IsWindows() ? WindowsSockets.ErrorInterrupted : UnixSockets.ErrorInterrupted);

    private static bool IsWouldBlock(int error) =>
        error == (OperatingSystem.IsWindows() ? WindowsSockets.ErrorWouldBlock : UnixSockets.ErrorAgain);
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// The poller for every system: poll on Unix, WSAPoll on Windows. The descriptors stand in one native array that is handed to the system
/// as it is; place 0 is the wake-up socket, and a removed descriptor's place is filled with the last one.
/// </summary>
/// <remarks>
/// <code>
/// struct pollfd    { int32 fd;     int16 events; int16 revents; }             8 bytes
/// struct WSAPOLLFD { SOCKET fd;    int16 events; int16 revents; } + padding   16 bytes (64-bit)
/// </code>
/// The wake-up socket is a UDP socket on loopback that is connected to itself: it exists everywhere, and nobody else can send to it.
/// </remarks>
internal sealed unsafe class PollPoller : IPoller
{
    private const int SmallestCapacity = 64;
    private const int WakePlace = 0;

    private static readonly bool Windows = OperatingSystem.IsWindows();
    private static readonly int EntrySize = Windows ? 2 * sizeof(nint) : 8;
    private static readonly int EventsOffset = Windows ? sizeof(nint) : 4;
    private static readonly ushort EventIn = (ushort)(Windows ? 0x0300 : 0x001);
    private static readonly ushort EventOut = (ushort)(Windows ? 0x0010 : 0x004);
    private static readonly ushort EventsBroken = (ushort)(Windows ? 0x0007 : 0x038);

    private readonly Socket _wakeSocket;
    private readonly nint _wakeHandle;
    private byte* _entries;
    private int _capacity;
    private int _count;
    private int _scanFrom = 1;
    private int[] _tokenAt = new int[SmallestCapacity];
    private int[] _placeOf = new int[SmallestCapacity];

    public PollPoller()
    {
        _wakeSocket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wakeSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wakeSocket.Connect(_wakeSocket.LocalEndPoint!);
        _wakeHandle = _wakeSocket.SafeHandle.DangerousGetHandle();
        SocketApi.SetNonBlocking(_wakeHandle);

        _capacity = SmallestCapacity;
        _entries = (byte*)NativeMemory.Alloc((nuint)(_capacity * EntrySize));
        _count = 1;
        SetEntry(WakePlace, _wakeHandle, EventIn);
    }

    public string Name => "poll";

    public void Add(nint handle, int token, PollInterest interest)
    {
        Debug.Assert(token >= 0);
        if (_count == _capacity) GrowEntries();
        if (token >= _placeOf.Length) Array.Resize(ref _placeOf, Math.Max(token + 1, _placeOf.Length * 2));
        _placeOf[token] = _count;
        _tokenAt[_count] = token;
        SetEntry(_count++, handle, interest);
    }

    public void Modify(nint handle, int token, PollInterest interest) => SetEntry(_placeOf[token], handle, interest);

    public void Remove(nint handle, int token)
    {
        var place = _placeOf[token];
        var last = --_count;
        Debug.Assert(place > WakePlace && _tokenAt[place] == token);
        if (place == last) return;
        Buffer.MemoryCopy(EntryAt(last), EntryAt(place), EntrySize, EntrySize);
        _tokenAt[place] = _tokenAt[last];
        _placeOf[_tokenAt[place]] = place;
    }

    public int Wait(int timeoutMs, Span<PollEvent> events)
    {
        var ready = Windows
            ? WindowsSockets.Poll(_entries, (uint)_count, timeoutMs)
            : UnixSockets.Poll(_entries, (nuint)_count, timeoutMs);
        if (ready < 0)
        {
            var error = Marshal.GetLastSystemError();
            if (!Windows && error == UnixSockets.ErrorInterrupted) return 0;
            throw new IOException($"poll: {SocketApi.Describe(error)}");
        }

        if (ready > 0 && Returned(WakePlace) != 0)
        {
            ready--;
            DrainWakeUps();
        }

        return ready == 0 ? 0 : Collect(ready, events);
    }

    public void Wake()
    {
        // A full socket buffer means that wake-ups are pending, so a refusal needs no handling.
        _ = SocketApi.Send(_wakeHandle, "w"u8);
    }

    public void Dispose()
    {
        if (_entries == null) return;
        NativeMemory.Free(_entries);
        _entries = null;
        _wakeSocket.Dispose();
    }

    /// <summary>
    /// Starts each scan where the last one ended, so that with more ready descriptors than <paramref name="events"/> has room for,
    /// none waits for ever behind the others.
    /// </summary>
    private int Collect(int ready, Span<PollEvent> events)
    {
        var written = 0;
        var left = _count - 1;
        var place = _scanFrom < _count ? _scanFrom : 1;
        while (left-- > 0 && ready > 0 && written < events.Length)
        {
            var returned = Returned(place);
            if (returned != 0)
            {
                ready--;
                events[written++] = new PollEvent(_tokenAt[place], ReadinessOf(returned));
            }

            if (++place == _count) place = 1;
        }

        _scanFrom = place;
        return written;
    }

    private void DrainWakeUps()
    {
        Span<byte> scratch = stackalloc byte[16];
        while (SocketApi.Receive(_wakeHandle, scratch) > 0)
        {
        }
    }

    private void GrowEntries()
    {
        _capacity *= 2;
        _entries = (byte*)NativeMemory.Realloc(_entries, (nuint)_capacity * (nuint)EntrySize);
        Array.Resize(ref _tokenAt, _capacity);
    }

    private byte* EntryAt(int place) => _entries + (long)place * EntrySize;

    private ushort Returned(int place) => *(ushort*)(EntryAt(place) + EventsOffset + sizeof(ushort));

    private void SetEntry(int place, nint handle, PollInterest interest)
    {
        var events = 0;
        if ((interest & PollInterest.Read) != 0) events |= EventIn;
        if ((interest & PollInterest.Write) != 0) events |= EventOut;
        // WSAPoll refuses an entry that asks for nothing and skips a negative handle; poll still reports hang-ups for the former.
        SetEntry(place, events == 0 && Windows ? -1 : handle, (ushort)events);
    }

    private void SetEntry(int place, nint handle, ushort events)
    {
        var entry = EntryAt(place);
        if (Windows) *(nint*)entry = handle;
        else *(int*)entry = (int)handle;
        *(ushort*)(entry + EventsOffset) = events;
        *(ushort*)(entry + EventsOffset + sizeof(ushort)) = 0;
    }

    private static PollReadiness ReadinessOf(ushort returned)
    {
        var readiness = PollReadiness.None;
        if ((returned & EventIn) != 0) readiness |= PollReadiness.Read;
        if ((returned & EventOut) != 0) readiness |= PollReadiness.Write;
        if ((returned & EventsBroken) != 0) readiness |= PollReadiness.Broken;
        return readiness;
    }
}

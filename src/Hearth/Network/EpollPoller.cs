using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// Linux's epoll, woken through an eventfd.
/// </summary>
/// <remarks>
/// The kernel's <c>struct epoll_event</c> is <c>{ uint32 events; uint64 data; }</c>, packed to 12 bytes on x86 and naturally aligned to 16
/// elsewhere, so it is read by offsets instead of being declared. The token travels in <c>data</c>.
/// </remarks>
internal sealed unsafe class EpollPoller : IPoller
{
    private const int WakeToken = -1;
    private const int BatchMax = 1024;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const int ControlModify = 3;

    private const uint EventIn = 0x001;
    private const uint EventOut = 0x004;
    private const uint EventError = 0x008;
    private const uint EventHangUp = 0x010;
    private const uint EventUrgent = 0x002;
    private const uint EventReadEnded = 0x2000;
    private const uint EventEdge = 1u << 31;

    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int EventSize = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly int _epoll;
    private readonly int _wake;
    private byte* _events;

    public EpollPoller()
    {
        _epoll = EpollCreate(CloseOnExec);
        if (_epoll < 0) throw Failure("epoll_create1");
        _wake = EventFd(0, CloseOnExec | NonBlocking);
        if (_wake < 0)
        {
            var failure = Failure("eventfd");
            _ = Close(_epoll);
            throw failure;
        }

        _events = (byte*)NativeMemory.Alloc((nuint)(BatchMax * EventSize));

        // Edge-triggered, every write to the eventfd is reported once and its counter never has to be read back.
        Control(ControlAdd, _wake, WakeToken, EventIn | EventEdge);
    }

    public string Name => "epoll";

    public void Add(nint handle, int token, PollInterest interest) => Control(ControlAdd, (int)handle, token, EventsOf(interest));

    public void Modify(nint handle, int token, PollInterest interest) => Control(ControlModify, (int)handle, token, EventsOf(interest));

    /// <summary>
    /// Closing a descriptor removes it too, but only once no other process holds it, and a child that the application has just forked
    /// does so until it calls exec: events for a dead token would arrive meanwhile.
    /// </summary>
    public void Remove(nint handle, int token) => _ = EpollControl(_epoll, ControlDelete, (int)handle, null);

    public int Wait(int timeoutMs, Span<PollEvent> events)
    {
        var count = EpollWait(_epoll, _events, Math.Min(events.Length, BatchMax), timeoutMs);
        if (count < 0)
        {
            if (Marshal.GetLastSystemError() == UnixSockets.ErrorInterrupted) return 0;
            throw Failure("epoll_wait");
        }

        var written = 0;
        var next = _events;
        for (var i = 0; i < count; i++, next += EventSize)
        {
            var token = *(int*)(next + DataOffset);
            if (token == WakeToken) continue;
            events[written++] = new PollEvent(token, ReadinessOf(*(uint*)next));
        }

        return written;
    }

    public void Wake()
    {
        var one = 1UL;
        // It can only fail when the counter is about to overflow, and then the wake-up is pending anyway.
        _ = Write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        if (_events == null) return;
        NativeMemory.Free(_events);
        _events = null;
        _ = Close(_wake);
        _ = Close(_epoll);
    }

    private void Control(int operation, int descriptor, int token, uint events)
    {
        Debug.Assert(_events != null);
        var entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(long*)(entry + DataOffset) = token;
        if (EpollControl(_epoll, operation, descriptor, entry) != 0) throw Failure("epoll_ctl");
    }

    private static uint EventsOf(PollInterest interest)
    {
        var events = (interest & PollInterest.Read) != 0 ? EventIn : 0;
        if ((interest & PollInterest.Write) != 0) events |= EventOut;
        if ((interest & PollInterest.Arrivals) != 0) events |= EventUrgent | EventReadEnded | EventEdge;
        return events;
    }

    private static PollReadiness ReadinessOf(uint events)
    {
        var readiness = PollReadiness.None;
        if ((events & EventIn) != 0) readiness |= PollReadiness.Read;
        if ((events & EventOut) != 0) readiness |= PollReadiness.Write;
        if ((events & (EventError | EventHangUp)) != 0) readiness |= PollReadiness.Broken;
        if ((events & (EventUrgent | EventReadEnded)) != 0) readiness |= PollReadiness.MayStopShort;
        return readiness;
    }

    private static IOException Failure(string call) => new($"{call}: {SocketApi.Describe(Marshal.GetLastSystemError())}");

    [DllImport("libc", EntryPoint = "epoll_create1")]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl")]
    private static extern int EpollControl(int epoll, int operation, int descriptor, byte* entry);

    [DllImport("libc", EntryPoint = "epoll_wait")]
    private static extern int EpollWait(int epoll, byte* events, int count, int timeoutMs);

    [DllImport("libc", EntryPoint = "eventfd")]
    private static extern int EventFd(uint value, int flags);

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, void* bytes, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}

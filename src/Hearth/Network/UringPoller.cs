using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// Linux's io_uring. Descriptors are polled by operations that end with their first result and are asked anew by the next wait, which makes
/// them level-triggered. Connections are not polled: one operation each receives whatever arrives, until it is cancelled, into buffers
/// that all share.
/// </summary>
/// <remarks>
/// <para>
/// An operation names its kind, its number and its token in user_data, so that a result that was under way when its descriptor was
/// removed is known for a stray. No handler runs between the writing of an operation and its
/// handing over, except for those that cancel: none can meet a descriptor that has been closed and given out again.
/// </para>
/// <para>
/// Sends never wait: the kernel tries each while it takes the operation over, and success is silent. When the wait returns, a send without
/// a result has sent all its bytes.
/// </para>
/// </remarks>
internal sealed unsafe class UringPoller : IStreamPoller
{
    private const uint OperationsMax = 1024;
    private const uint CompletionsMax = 8192;

    private const byte OpcodePollAdd = 6;
    private const byte OpcodeAsyncCancel = 14;
    private const byte OpcodeSend = 26;
    private const byte OpcodeReceive = 27;

    private const byte SelectBuffer = 1 << 5;
    private const byte SkipSuccess = 1 << 6;
    private const ushort ReceivePollFirst = 1 << 0;
    private const ushort ReceiveMultishot = 1 << 1;
    private const uint PollMultishot = 1;
    private const uint CancelAll = 1;
    private const uint CancelAny = 4;
    private const int MessageWaitAll = 0x100;

    private const uint EventIn = 0x001;
    private const uint EventOut = 0x004;
    private const uint EventError = 0x008;
    private const uint EventHangUp = 0x010;

    private const int ErrorInterrupted = -4;
    private const int ErrorAgain = -11;
    private const int ErrorNoMemory = -12;
    private const int ErrorNoBuffers = -105;
    private const int ErrorCancelled = -125;

    /// <summary>The kernel does so much deferred work a call, 20 pieces at least; a connection's end may stand behind that of all others.</summary>
    private const int CancelRoundsMax = 100_000;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    private const int KindShift = 60;
    private const int NumberShift = 32;
    private const uint NumberMask = (1u << (KindShift - NumberShift)) - 1;

    private readonly IoUring _ring;
    private readonly ReceiveBuffers _buffers;
    private readonly int _wake;
    private UringWatch[] _watches = new UringWatch[64];
    private List<int> _listed = [];
    private List<int> _listing = [];
    private readonly List<int> _ready = [];
    private readonly List<int> _reported = [];
    private int[] _sent = new int[64];
    private uint _lastNumber;
    private bool _isWakePolled;
    private bool _isEnabled;
    private bool _isDisposed;

    private UringPoller(IoUring ring, ReceiveBuffers buffers, int wake) => (_ring, _buffers, _wake) = (ring, buffers, wake);

    private enum Kind : byte
    {
        Cancel,
        Wake,
        Poll,
        Receive,
        Send,
    }

    public string Name => "io_uring";

    /// <summary>Null where the kernel is older than 6.1, or forbids it.</summary>
    public static UringPoller? TryCreate()
    {
        if (IoUring.TryCreate(OperationsMax, CompletionsMax) is not { } ring) return null;
        if (ReceiveBuffers.TryCreate(ring) is { } buffers)
        {
            var wake = EventFd(0, CloseOnExec | NonBlocking);
            if (wake >= 0) return new UringPoller(ring, buffers, wake);
            var failure = IoUring.Failure("eventfd");
            ring.Dispose();
            buffers.Dispose();
            throw failure;
        }

        ring.Dispose();
        return null;
    }

    public void Add(nint handle, int token, PollInterest interest) => Watch(handle, token, interest, isStream: false);

    public void AddStream(nint handle, int token, PollInterest interest)
    {
        // The kernel does not wait for what a non-blocking socket lacks. Calls on it say themselves that they must not wait.
        UnixSockets.SetBlocking((int)handle);
        Watch(handle, token, interest, isStream: true);
    }

    public void Modify(nint handle, int token, PollInterest interest)
    {
        ref var watch = ref _watches[token];
        watch.Interest = interest;
        List(token);
        if (!watch.IsStream || !watch.HasInput) return;
        if (watch.WantsToRead) Report(token, PollReadiness.Read);
        else Hold(token, ref watch);
    }

    /// <summary>An operation holds its descriptor open, so those under way have ended when this returns.</summary>
    public void Remove(nint handle, int token)
    {
        ref var watch = ref _watches[token];
        watch.Interest = PollInterest.None;
        if (watch.IsReceiving) Cancel(Kind.Receive, watch.ReceiveNumber, token);
        if (watch.IsPolling) Cancel(Kind.Poll, watch.PollNumber, token);
        for (var round = 0; round < CancelRoundsMax && (watch.IsReceiving || watch.IsPolling); round++)
        {
            _ring.Enter(0);
            TakeResults();
        }

        Debug.Assert(!watch.IsReceiving && !watch.IsPolling, "An operation did not end when it was cancelled.");
        _buffers.Clear(ref watch.Received);
        watch = new UringWatch { Received = ReceivedChain.Empty };
    }

    public int Wait(int timeoutMs, Span<PollEvent> events)
    {
        if (!_isEnabled) Enable();
        if (!_isWakePolled) PollWake();
        if (_reported.Count > 0) ReportAgain();
        if (_listed.Count > 0) StartListed();
        _ring.Enter(_ready.Count > 0 || _listed.Count > 0 ? 0 : timeoutMs);
        TakeResults();
        return _ready.Count > 0 ? Tell(events) : 0;
    }

    public void Wake()
    {
        var one = 1UL;
        // It can only fail when the counter is about to overflow, and then the wake-up is pending anyway.
        _ = Write(_wake, &one, sizeof(ulong));
    }

    public int Receive(int token, Span<byte> room, bool untilDry)
    {
        ref var watch = ref _watches[token];
        var received = watch.Held is null ? 0 : ReadHeld(ref watch, room);
        received += _buffers.Read(ref watch.Received, room[received..]);
        if (received == room.Length) return received;
        if (watch.End is { } end) return received > 0 ? received : end;
        if (!untilDry || _ring.HasResults) return received > 0 ? received : SocketApi.WouldBlock;

        // All that the kernel has received so far is read, and it receives only during Enter: these are the next bytes.
        var count = SocketApi.Receive(watch.Handle, room[received..]);
        if (received == 0 || count >= 0) return received + count;
        if (count == SocketApi.Failed) watch.End = count; // The socket tells of an error once.
        return received;
    }

    public void QueueSend(int index, nint handle, ReadOnlySpan<byte> bytes)
    {
        if (index == _sent.Length) Array.Resize(ref _sent, index * 2);
        _sent[index] = bytes.Length;
        var operation = _ring.Next();
        operation[0] = OpcodeSend;
        operation[1] = SkipSuccess;
        *(int*)(operation + 4) = (int)handle;
        *(byte**)(operation + 16) = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        *(int*)(operation + 24) = bytes.Length;
        // A send that takes only part of the bytes is a failure with this flag, and so has a result.
        *(int*)(operation + 28) = UnixSockets.SendFlags | MessageWaitAll;
        *(ulong*)(operation + 32) = UserData(Kind.Send, 0, index);
    }

    public int SendResult(int index) => _sent[index];

    public void LetGo()
    {
        if (!_isEnabled) return;
        var operation = _ring.Next();
        operation[0] = OpcodeAsyncCancel;
        *(uint*)(operation + 28) = CancelAll | CancelAny;
        do _ring.Enter(0);
        while (TakeResults() > 0);
        for (var token = 0; token < _watches.Length; token++) _watches[token].ReceiveNumber = _watches[token].PollNumber = 0;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _ring.Dispose();
        _buffers.Dispose();
        _ = Close(_wake);
    }

    private static ulong UserData(Kind kind, uint number, int token) => ((ulong)kind << KindShift) | ((ulong)number << NumberShift) | (uint)token;

    private static uint EventsOf(PollInterest interest) =>
        ((interest & PollInterest.Read) != 0 ? EventIn : 0) | ((interest & PollInterest.Write) != 0 ? EventOut : 0);

    private void Enable()
    {
        _ring.Enable();
        _isEnabled = true;
    }

    /// <summary>Every write to the eventfd is a result, and its counter never has to be read back.</summary>
    private void PollWake()
    {
        _isWakePolled = true;
        Poll(_wake, EventIn, UserData(Kind.Wake, 0, 0), PollMultishot);
    }

    private void Watch(nint handle, int token, PollInterest interest, bool isStream)
    {
        while (token >= _watches.Length) Array.Resize(ref _watches, _watches.Length * 2);
        ref var watch = ref _watches[token];
        Debug.Assert(!watch.IsUsed);
        watch = new UringWatch { Handle = (int)handle, Interest = interest, IsUsed = true, IsStream = isStream, Received = ReceivedChain.Empty };
        // A token that was freed and is used again may still be listed.
        _listed.Add(token);
        watch.IsListed = true;
    }

    private void List(int token)
    {
        if (_watches[token].IsListed) return;
        _watches[token].IsListed = true;
        _listed.Add(token);
    }

    private void Report(int token, PollReadiness readiness)
    {
        if (_watches[token].Ready == PollReadiness.None) _ready.Add(token);
        _watches[token].Ready |= readiness;
    }

    /// <summary>What was told and not read is told again. Meanwhile no more of that stream shall take the buffers of others.</summary>
    private void ReportAgain()
    {
        foreach (var token in _reported)
        {
            ref var watch = ref _watches[token];
            if (!watch.IsUsed) continue;
            if (watch.HasInput) StopReceiving(token, ref watch);
            else if (!watch.IsReceiving) List(token);
            if (watch is { WantsToRead: true, HasInput: true }) Report(token, PollReadiness.Read);
        }

        _reported.Clear();
    }

    private void StopReceiving(int token, ref UringWatch watch)
    {
        if (!watch.IsReceiving || watch.IsEnding) return;
        // The number stays until the operation's last result, so that what it still receives is not lost.
        watch.IsEnding = true;
        Cancel(Kind.Receive, watch.ReceiveNumber, token);
    }

    /// <summary>Gives the listed descriptors the operations that they lack.</summary>
    private void StartListed()
    {
        (_listed, _listing) = (_listing, _listed);
        var buffers = _buffers.Free;
        foreach (var token in _listing)
        {
            ref var watch = ref _watches[token];
            if (!watch.IsListed) continue;
            watch.IsListed = false;
            if (!watch.IsUsed) continue;
            if (watch.IsStarved && buffers-- <= 0) List(token);
            else Start(token, ref watch);
        }

        _listing.Clear();
    }

    private void Start(int token, ref UringWatch watch)
    {
        if (!watch.IsStream)
        {
            PollFor(token, ref watch, EventsOf(watch.Interest));
            return;
        }

        if (watch is { WantsToRead: true, IsReceiving: false, HasInput: false }) StartReceiving(token, ref watch);
        // While nothing is received, a poll for nothing tells that the connection has broken.
        if ((watch.Interest & PollInterest.Write) != 0) PollFor(token, ref watch, EventOut);
        else if (!watch.WantsToRead && !watch.PollsChanges) PollFor(token, ref watch, 0);
    }

    private void StartReceiving(int token, ref UringWatch watch)
    {
        watch.ReceiveNumber = NextNumber();
        var operation = _ring.Next();
        operation[0] = OpcodeReceive;
        operation[1] = SelectBuffer;
        *(ushort*)(operation + 2) = (ushort)(watch.IsStarved ? ReceiveMultishot : ReceiveMultishot | ReceivePollFirst);
        *(int*)(operation + 4) = watch.Handle;
        *(ulong*)(operation + 32) = UserData(Kind.Receive, watch.ReceiveNumber, token);
        *(ushort*)(operation + 40) = ReceiveBuffers.Group;
        watch.IsStarved = false;
    }

    private void PollFor(int token, ref UringWatch watch, uint events)
    {
        if (watch.IsPolling)
        {
            if (watch.PollEvents == events) return;
            Cancel(Kind.Poll, watch.PollNumber, token);
        }

        (watch.PollNumber, watch.PollEvents) = (NextNumber(), events);
        Poll(watch.Handle, events, UserData(Kind.Poll, watch.PollNumber, token), watch.PollsChanges ? PollMultishot : 0);
    }

    private void Poll(int handle, uint events, ulong userData, uint flags)
    {
        var operation = _ring.Next();
        operation[0] = OpcodePollAdd;
        *(int*)(operation + 4) = handle;
        *(uint*)(operation + 24) = flags;
        *(uint*)(operation + 28) = events;
        *(ulong*)(operation + 32) = userData;
    }

    private void Cancel(Kind kind, uint number, int token)
    {
        var operation = _ring.Next();
        operation[0] = OpcodeAsyncCancel;
        operation[1] = SkipSuccess;
        *(ulong*)(operation + 16) = UserData(kind, number, token);
        *(ulong*)(operation + 32) = UserData(Kind.Cancel, 0, 0);
    }

    private uint NextNumber()
    {
        _lastNumber = (_lastNumber + 1) & NumberMask;
        return _lastNumber == 0 ? ++_lastNumber : _lastNumber;
    }

    private int TakeResults()
    {
        var taken = 0;
        for (; _ring.TryTake(out var userData, out var result, out var flags); taken++)
        {
            var kind = (Kind)(userData >> KindShift);
            var number = (uint)(userData >> NumberShift) & NumberMask;
            var token = (int)(uint)userData;
            switch (kind)
            {
                case Kind.Receive:
                    OnReceived(token, number, result, flags);
                    break;
                case Kind.Poll:
                    OnPolled(token, number, result, (flags & IoUring.CompletionHasMore) != 0);
                    break;
                case Kind.Send:
                    _sent[token] = result >= 0 ? result : result is ErrorAgain or ErrorInterrupted ? SocketApi.WouldBlock : SocketApi.Failed;
                    break;
                case Kind.Wake:
                    _isWakePolled = (flags & IoUring.CompletionHasMore) != 0;
                    break;
            }
        }

        return taken;
    }

    private void OnPolled(int token, uint number, int result, bool hasMore)
    {
        ref var watch = ref _watches[token];
        if (watch.PollNumber != number) return;
        if (!hasMore) watch.PollNumber = 0;
        if (result < 0)
        {
            List(token);
            if (result != ErrorCancelled) Report(token, PollReadiness.Broken);
            return;
        }

        var readiness = PollReadiness.None;
        if ((result & EventIn) != 0) readiness |= PollReadiness.Read;
        if ((result & EventOut) != 0) readiness |= PollReadiness.Write;
        if ((result & (EventError | EventHangUp)) != 0) readiness |= PollReadiness.Broken;

        // The kernel tells unasked that the peer has ended its stream, and would tell it again at once, for ever. A poll that goes on tells
        // it once, and then what changes.
        watch.PollsChanges = readiness == PollReadiness.None;
        if (hasMore && watch.PollsChanges) return;
        if (hasMore)
        {
            Cancel(Kind.Poll, number, token);
            watch.PollNumber = 0;
        }

        List(token);
        if (readiness != PollReadiness.None) Report(token, readiness);
    }

    private void OnReceived(int token, uint number, int result, uint flags)
    {
        ref var watch = ref _watches[token];
        var buffer = (flags & IoUring.CompletionHasBuffer) != 0 ? (int)(flags >> IoUring.CompletionBufferShift) : ReceiveBuffers.None;
        if (watch.ReceiveNumber != number)
        {
            if (buffer != ReceiveBuffers.None) _buffers.Reject(buffer);
            return;
        }

        if ((flags & IoUring.CompletionHasMore) == 0)
        {
            (watch.ReceiveNumber, watch.IsEnding) = (0, false);
            List(token);
        }

        if (result > 0)
        {
            _buffers.Append(ref watch.Received, buffer, result);
            if (!watch.WantsToRead) Hold(token, ref watch);
        }
        else
        {
            if (buffer != ReceiveBuffers.None) _buffers.Reject(buffer);
            if (result is ErrorNoBuffers or ErrorNoMemory) watch.IsStarved = true;
            else if (result is not (ErrorCancelled or ErrorInterrupted or ErrorAgain)) watch.End = result == 0 ? 0 : SocketApi.Failed;
        }

        if (watch.End == SocketApi.Failed) Report(token, PollReadiness.Read | PollReadiness.Broken);
        else if (watch is { WantsToRead: true, HasInput: true }) Report(token, PollReadiness.Read);
    }

    /// <summary>Reading is paused. What arrives before the kernel knows of it must not take the buffers of others.</summary>
    private void Hold(int token, ref UringWatch watch)
    {
        StopReceiving(token, ref watch);
        if (watch.Received.Head == ReceiveBuffers.None) return;
        var before = watch.Held is null ? 0 : watch.Held.Length - watch.HeldOffset;
        var held = new byte[before + _buffers.Measure(watch.Received)];
        if (watch.Held is not null) watch.Held.AsSpan(watch.HeldOffset).CopyTo(held);
        _buffers.Read(ref watch.Received, held.AsSpan(before));
        (watch.Held, watch.HeldOffset) = (held, 0);
    }

    private static int ReadHeld(ref UringWatch watch, Span<byte> room)
    {
        var rest = watch.Held.AsSpan(watch.HeldOffset);
        var count = Math.Min(rest.Length, room.Length);
        rest[..count].CopyTo(room);
        watch.HeldOffset += count;
        if (count == rest.Length) (watch.Held, watch.HeldOffset) = (null, 0);
        return count;
    }

    /// <summary>Writes what is ready into the caller's events; what finds no room there is told first next time.</summary>
    private int Tell(Span<PollEvent> events)
    {
        var written = 0;
        var taken = 0;
        for (; taken < _ready.Count && written < events.Length; taken++)
        {
            var token = _ready[taken];
            ref var watch = ref _watches[token];
            var readiness = watch.Ready;
            watch.Ready = PollReadiness.None;
            if (readiness == PollReadiness.None) continue; // It has been removed.
            events[written++] = new PollEvent(token, readiness);
            if (watch.IsStream) _reported.Add(token);
        }

        _ready.RemoveRange(0, taken);
        return written;
    }

    [DllImport("libc", EntryPoint = "eventfd")]
    private static extern int EventFd(uint value, int flags);

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, void* bytes, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}

using System.Diagnostics;
using Hearth.Memory;

namespace Hearth.Network;

/// <summary>
/// A stream of bytes to and from a peer. While it is idle it consists of this object and a descriptor: input is read into a buffer
/// that all connections of the loop share, and only an incomplete rest of it, or output that the socket refused, gets memory of its
/// own.
/// </summary>
/// <remarks>
/// Reading: <see cref="Receive"/>, look at the input, <see cref="Keep"/> the rest. A short rest is carried through the shared buffer
/// again. From a certain length on, the socket is read straight into the connection's own buffer, which doubles as data arrives and
/// so copies each byte about once, however big the bulk is; <see cref="WantedBytes"/> says how long there is nothing to look at. A
/// connection that has just received a big bulk is expected to send another, and its next read goes into a big block at once, which
/// then copies nothing; if little arrives, the block is given back within the call.
/// </remarks>
internal sealed class Connection : Pollable
{
    /// <summary>A longer rest is read on to where it lies; a shorter one is copied to the front of the shared buffer.</summary>
    private const int CarriedBytesMax = 16 * 1024;

    /// <summary>A bulk from this size on is worth a block of its own.</summary>
    private const int BigWantedBytes = 32 * 1024;

    /// <summary>Room past a wanted size for the end of the command, so that it is not what makes a big buffer double.</summary>
    private const int RoomPastWanted = 16 * 1024;

    private const int OwnReadBytesMin = 16 * 1024;
    private const int BytesPerTurnMax = 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly SocketAddressData _peer;
    private readonly string? _unixPath;
    private NativeBuffer? _kept;
    private OutputQueue _output;
    private long _wantedBytes;
    private InputPlace _inputPlace;
    private bool _isBigExpected;
    private bool _isInputDrained;
    private bool _isReadingPaused;
    private bool _isWriteBlocked;
    private bool _isFlushPending;
    private bool _isClosingAfterFlush;

    internal Connection(EventLoop loop, nint handle, SocketAddressData peer, string? unixPath)
    {
        _loop = loop;
        _peer = peer;
        _unixPath = unixPath;
        Handle = handle;
        Interest = Reading;
    }

    private enum InputPlace : byte
    {
        None,
        Shared,
        Own,
    }

    /// <summary>Whatever the handler attaches.</summary>
    public object? Tag { get; set; }

    public bool IsClosed { get; private set; }

    public bool IsUnixSocket => _unixPath is not null;

    public bool IsLoopback => IsUnixSocket || _peer.IsLoopback;

    /// <summary>"127.0.0.1:50123", "[::1]:50123" or "/path/of.sock:0".</summary>
    public string PeerAddress => _unixPath is null ? _peer.ToString() : _unixPath + ":0";

    /// <summary>The same for this end; unknown once the connection is closed.</summary>
    public string LocalAddress => _unixPath is not null ? _unixPath + ":0" : SocketApi.LocalAddress(Handle).ToString();

    /// <summary>Output that waits.</summary>
    public long QueuedBytes => _output.Length;

    /// <summary>Input that waits for the rest of its command.</summary>
    public int KeptBytes => _kept?.Length ?? 0;

    public ReadOnlySpan<byte> Kept => _kept is null ? default : _kept.Written;

    /// <summary>When the peer last took something, by the loop's <see cref="EventLoop.NowMs"/>; 0 before that.</summary>
    public long LastSentAtMs { get; private set; }

    /// <summary>Native memory held for input.</summary>
    public int KeptCapacity => _kept?.Capacity ?? 0;

    public bool IsReadingPaused => _isReadingPaused;

    /// <summary>Reads of a Unix socket stop short behind a message that carries descriptors, and nothing tells of it before.</summary>
    private PollInterest Reading => IsUnixSocket ? PollInterest.Read : PollInterest.Read | PollInterest.Arrivals;

    /// <summary>The socket has refused output; the rest goes on when it takes more.</summary>
    public bool IsWriteBlocked => _isWriteBlocked;

    /// <summary>
    /// How long the kept input must become, counted from its start, before parsing it is of use. It is a hint and reserves nothing.
    /// It is forgotten when that much has arrived.
    /// </summary>
    public long WantedBytes
    {
        get => _wantedBytes;
        set
        {
            _wantedBytes = value;
            if (value >= BigWantedBytes) _isBigExpected = true;
        }
    }

    /// <summary>
    /// Reads once. With <see cref="ReceiveStatus.Data"/>, <paramref name="input"/> is the kept bytes and the new ones after them, valid
    /// until the next call of Receive on any connection of the loop, and <see cref="Keep"/> must follow.
    /// </summary>
    public ReceiveStatus Receive(out NativeSlice input)
    {
        Debug.Assert(_inputPlace == InputPlace.None, "Keep was not called for the last input.");
        input = default;
        if (IsClosed) return ReceiveStatus.Closed;
        var kept = KeptBytes;
        if (kept > CarriedBytesMax || (kept == 0 && _isBigExpected)) return ReceiveIntoOwn(out input);

        var shared = _loop.Input.Shared;
        shared.Clear();
        if (kept > 0) shared.Append(_kept!.Written);
        var room = shared.Reserve(1);
        var count = ReceiveInto(room, untilDry: false);
        _isInputDrained = count < room.Length;
        if (count <= 0) return ReceivedNothing(count);
        shared.Advance(count);
        CountReceived(count);
        _loop.Input.Owner = this;
        if (shared.Length < _wantedBytes)
        {
            KeepFromShared(0);
            return ReceiveStatus.NeedMore;
        }

        _wantedBytes = 0;
        _inputPlace = InputPlace.Shared;
        input = shared.WrittenSlice;
        return ReceiveStatus.Data;
    }

    /// <summary>
    /// The kept bytes as input, without reading: for a client that stopped in the middle of its input and goes on now.
    /// <see cref="Keep"/> must follow when the result is true.
    /// </summary>
    public bool TryGetKept(out NativeSlice input)
    {
        Debug.Assert(_inputPlace == InputPlace.None, "Keep was not called for the last input.");
        input = default;
        if (IsClosed || KeptBytes == 0) return false;
        input = _kept!.WrittenSlice;
        _inputPlace = InputPlace.Own;
        return true;
    }

    /// <summary>Ends the use of the input: what follows its first <paramref name="consumed"/> bytes stays with the connection.</summary>
    public void Keep(int consumed)
    {
        var place = _inputPlace;
        Debug.Assert(place != InputPlace.None || IsClosed, "There is no input to keep.");
        _inputPlace = InputPlace.None;
        if (IsClosed) return;
        if (place == InputPlace.Shared) KeepFromShared(consumed);
        else KeepOwn(consumed);
    }

    /// <summary>The pieces of memory that hold the waiting output, and their bytes together.</summary>
    public (int Chunks, long Bytes) MeasureQueue() => _output.Measure();

    public void PauseReading()
    {
        _isReadingPaused = true;
        UpdateInterest();
    }

    public void ResumeReading()
    {
        if (_isClosingAfterFlush) return;
        _isReadingPaused = false;
        UpdateInterest();
    }

    /// <summary>
    /// Sends at once if nothing is queued before, and queues what the socket does not take or what is beyond a turn's share. False means
    /// that the connection is closed.
    /// </summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed) return false;
        if (!TrySendFirst(bytes, out var sent)) return false;
        _output.Append(_loop.OutputChunks, bytes[sent..]);
        return true;
    }

    /// <summary>The same for a buffer, which is empty afterwards. One that holds much is queued as it is instead of being copied.</summary>
    public bool Send(NativeBuffer buffer)
    {
        if (IsClosed || !TrySendFirst(buffer.Written, out var sent))
        {
            buffer.Clear();
            return false;
        }

        buffer.Consume(sent);
        if (buffer.Length >= BytesPerTurnMax && buffer.Length >= buffer.Capacity / 2) _output.TakeOver(_loop.OutputChunks, buffer);
        else _output.Append(_loop.OutputChunks, buffer.Written);
        buffer.Clear();
        return true;
    }

    /// <summary>Queues; everything queued is sent before the next wait.</summary>
    public void Enqueue(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || bytes.IsEmpty) return;
        _output.Append(_loop.OutputChunks, bytes);
        if (_isFlushPending || _isWriteBlocked) return;
        _isFlushPending = true;
        _loop.AddFlush(this);
    }

    /// <summary>Reads no more, and closes when the queued output has gone out, which may be at once.</summary>
    public void CloseAfterFlush()
    {
        if (IsClosed) return;
        _isClosingAfterFlush = true;
        if (_output.IsEmpty) Close();
        else PauseReading();
    }

    /// <summary>
    /// Closes at once, whatever is queued. <see cref="ILoopHandler.OnClosed"/> follows when the current callback has returned;
    /// input that was handed out stays readable until then.
    /// </summary>
    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        _loop.Closing(this);
        SocketApi.Close(Handle);
        Handle = -1;
    }

    /// <summary>Sends what is queued, as far as the socket takes it and within this turn's share.</summary>
    internal void Flush()
    {
        _isFlushPending = false;
        if (IsClosed) return;
        var budget = BytesPerTurnMax;
        while (!_output.IsEmpty && budget > 0)
        {
            var front = _output.Front;
            if (front.Length > budget) front = front[..budget];
            var sent = SendSome(front);
            if (sent == SocketApi.Failed)
            {
                Close();
                return;
            }

            if (sent > 0) _output.Consume(_loop.OutputChunks, sent);
            if (sent < front.Length) break;
            budget -= sent;
        }

        EndFlush();
    }

    /// <summary>Has the poller send what is queued, if it lies in one piece; <see cref="OnSent"/> must follow.</summary>
    internal bool TryQueueSend(IStreamPoller streams, int index)
    {
        if (IsClosed) return false;
        var front = _output.Front;
        if (front.IsEmpty || front.Length != _output.Length || front.Length > BytesPerTurnMax) return false;
        _isFlushPending = false;
        streams.QueueSend(index, Handle, front);
        return true;
    }

    /// <summary>The poller has sent so much.</summary>
    internal void OnSent(int result)
    {
        CountSent(result);
        if (result == SocketApi.Failed)
        {
            Close();
            return;
        }

        if (result > 0) _output.Consume(_loop.OutputChunks, result);
        EndFlush();
    }

    /// <summary>Gives all memory back, after the handler has heard of the end.</summary>
    internal void ReleaseBuffers()
    {
        _kept?.Release();
        _output.Clear(_loop.OutputChunks);
        _inputPlace = InputPlace.None;
    }

    internal override void OnReadable(PollReadiness readiness)
    {
        if (_isReadingPaused)
        {
            // The system goes on reporting a broken connection, so one that nobody reads from would keep the loop spinning.
            if ((readiness & PollReadiness.Broken) != 0) Close();
            return;
        }

        _isInputDrained = false;
        _loop.Handler.OnReadable(this);

        // A short read has taken everything, unless the system has said that it need not.
        if (IsClosed || (Interest & PollInterest.Arrivals) == 0 || _loop.Streams is not null) return;
        if (!_isInputDrained || (readiness & (PollReadiness.MayStopShort | PollReadiness.Broken)) != 0) _loop.ReportAgain(this);
    }

    internal override void OnWritable() => Flush();

    internal override void Abandon() => Close();

    /// <summary>
    /// Sends up to a turn's share of bytes that nothing is queued before. However fast the peer reads, a single send of everything could
    /// keep the loop in the kernel for seconds.
    /// </summary>
    /// <returns>Whether the connection is still open.</returns>
    private bool TrySendFirst(ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = 0;
        if (bytes.IsEmpty || !_output.IsEmpty) return true;
        sent = SendSome(bytes[..Math.Min(bytes.Length, BytesPerTurnMax)]);
        if (sent == bytes.Length) return true;
        if (sent == SocketApi.Failed)
        {
            Close();
            return false;
        }

        sent = Math.Max(sent, 0);
        SetWriteBlocked(true);
        return true;
    }

    private ReceiveStatus ReceivedNothing(int count)
    {
        if (count == SocketApi.WouldBlock) return ReceiveStatus.NeedMore;
        Close();
        return ReceiveStatus.Closed;
    }

    private ReceiveStatus ReceiveIntoOwn(out NativeSlice input)
    {
        input = default;
        var own = _kept ??= new NativeBuffer(_loop.Heap);
        var received = 0;
        do
        {
            var room = RoomInOwn(own);
            if (room.IsEmpty) return ReceivedNothing(SocketApi.Failed);
            var count = ReceiveInto(room, untilDry: true);
            _isInputDrained = count < room.Length;
            if (count == SocketApi.WouldBlock) break;
            if (count <= 0) return ReceivedNothing(count);
            own.Advance(count);
            CountReceived(count);
            received += count;
        }
        while (!_isInputDrained && own.Length < _wantedBytes && received < BytesPerTurnMax);

        if (received == 0 || own.Length < _wantedBytes)
        {
            FitBlock(own);
            return ReceiveStatus.NeedMore;
        }

        _wantedBytes = 0;
        _isBigExpected = own.Length > CarriedBytesMax;
        _inputPlace = InputPlace.Own;
        input = own.WrittenSlice;
        return ReceiveStatus.Data;
    }

    /// <summary>
    /// Room for the next read behind the kept bytes. A full buffer doubles, but not past what is wanted; a length that a peer
    /// merely claims never decides. Empty when the buffer has reached the largest size there can be.
    /// </summary>
    private Span<byte> RoomInOwn(NativeBuffer own)
    {
        var missing = _wantedBytes > own.Length ? _wantedBytes + RoomPastWanted - own.Length : long.MaxValue;
        var room = own.Reserve(0);
        if (room.Length < Math.Min(missing, OwnReadBytesMin))
        {
            long growth = own.Length == 0 ? InputBuffers.BigBytes : Math.Max(own.Length, OwnReadBytesMin);
            growth = Math.Min(Math.Min(growth, missing), Array.MaxLength - own.Length);
            if (growth <= 0) return default;
            _loop.Input.Grow(own, (int)growth);
            room = own.Reserve(0);
        }

        return room[..Math.Min(room.Length, BytesPerTurnMax)];
    }

    /// <summary>
    /// Moves a rest that is short for its big block into a small one. In a steady stream of big bulks the next read fills the block
    /// again, so there the rest stays where it is.
    /// </summary>
    private void FitBlock(NativeBuffer own)
    {
        if (own.Capacity < InputBuffers.BigBytes || own.Length > own.Capacity / 4) return;
        if (!_isInputDrained && own.Length > CarriedBytesMax && own.Capacity <= 2 * InputBuffers.BigBytes) return;
        _loop.Input.Fit(own);
    }

    private void KeepFromShared(int consumed)
    {
        Debug.Assert(_loop.Input.Owner == this, "Another connection's input has taken the place of this one's.");
        var rest = _loop.Input.Shared.Written[consumed..];
        if (rest.IsEmpty)
        {
            _kept?.Release();
            return;
        }

        var own = _kept ??= new NativeBuffer(_loop.Heap);
        own.Clear();
        own.Append(rest);
    }

    private void KeepOwn(int consumed)
    {
        var own = _kept!;
        own.Consume(consumed);
        if (own.Length == 0) _loop.Input.Release(own);
        else FitBlock(own);
    }

    private void CountReceived(int count)
    {
        _loop.Counters.NetInputBytes += count;
        _loop.Counters.ReadsProcessed++;
    }

    private int ReceiveInto(Span<byte> room, bool untilDry) =>
        _loop.Streams is { } streams ? streams.Receive(Token, room, untilDry) : SocketApi.Receive(Handle, room);

    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        var sent = SocketApi.Send(Handle, bytes);
        CountSent(sent);
        return sent;
    }

    private void CountSent(int sent)
    {
        _loop.Counters.WritesProcessed++;
        if (sent <= 0) return;
        _loop.Counters.NetOutputBytes += sent;
        LastSentAtMs = _loop.NowMs;
    }

    private void EndFlush()
    {
        if (_output.IsEmpty && _isClosingAfterFlush) Close();
        else SetWriteBlocked(!_output.IsEmpty);
    }

    private void SetWriteBlocked(bool blocked)
    {
        if (_isWriteBlocked == blocked) return;
        _isWriteBlocked = blocked;
        UpdateInterest();
    }

    private void UpdateInterest()
    {
        if (IsClosed) return;
        var interest = _isReadingPaused ? PollInterest.None : Reading;
        if (_isWriteBlocked) interest = (interest & PollInterest.Read) | PollInterest.Write;
        _loop.SetInterest(this, interest);
    }
}

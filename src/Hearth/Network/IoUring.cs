using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Network;

/// <summary>
/// Linux's io_uring: two rings in memory that this process shares with the kernel. Operations are written into the one, one system call
/// hands them all over and waits, and results are read from the other.
/// </summary>
/// <remarks>
/// <para>
/// The layout is that of <c>linux/io_uring.h</c>. An operation (64 bytes): opcode at 0, flags at 1, flags of its kind (ioprio) at 2, descriptor
/// at 4, address at 16, length at 24, flags of its call at 28, user_data at 32, group of buffers at 40. A result (16 bytes): user_data at 0,
/// the call's result or its negative errno at 8, flags at 12.
/// </para>
/// <para>
/// The ring is made with DEFER_TASKRUN: all work for it is done by the one thread that waits, within the call, so that results appear only
/// while that thread asks for them. It is made disabled, because the thread that creates a loop is seldom the one that runs it.
/// </para>
/// </remarks>
internal sealed unsafe class IoUring : IDisposable
{
    public const int CompletionHasBuffer = 1;
    public const int CompletionHasMore = 2;
    public const int CompletionBufferShift = 16;

    private const int OperationBytes = 64;
    private const int CompletionBytes = 16;
    private const int ParametersBytes = 120;

    private const nint SetupCall = 425;
    private const nint EnterCall = 426;
    private const nint RegisterCall = 427;

    private const uint SetupCompletionSize = 1 << 3;
    private const uint SetupClamp = 1 << 4;
    private const uint SetupDisabled = 1 << 6;
    private const uint SetupSubmitAll = 1 << 7;
    private const uint SetupSingleIssuer = 1 << 12;
    private const uint SetupDeferTaskRun = 1 << 13;

    private const uint FeatureSingleMap = 1 << 0;
    private const uint FeatureNoDrop = 1 << 1;
    private const uint FeatureExtendedArgument = 1 << 8;
    private const uint FeatureSkipSuccess = 1 << 11;
    private const uint FeatureNoIoWait = 1 << 17;
    private const uint FeaturesNeeded = FeatureSingleMap | FeatureNoDrop | FeatureExtendedArgument | FeatureSkipSuccess;

    private const nint EnterGetEvents = 1;
    private const nint EnterExtendedArgument = 8;

    /// <summary>A thread that waits for requests is idle, and is not to be counted as waiting for a disk.</summary>
    private const nint EnterNoIoWait = 128;

    private const int RegisterEnableRings = 12;
    private const uint QueueOverflow = 2;

    private const nint OffsetOfOperations = 0x10000000;
    private const int ProtectReadWrite = 3;
    private const int MapSharedPopulate = 0x8001;

    private const int ErrorAgain = 11;
    private const int ErrorBusy = 16;
    private const int ErrorTimer = 62;

    private readonly int _ring;
    private readonly nint _enterFlags;
    private readonly nuint _mapBytes;
    private readonly nuint _operationsMapBytes;
    private readonly uint _operationMask;
    private readonly uint _completionMask;
    private readonly uint* _submitHead;
    private readonly uint* _submitTail;
    private readonly uint* _submitFlags;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly byte* _completions;
    private byte* _map;
    private byte* _operations;
    private uint _tail;
    private bool _isEnabled;

    private IoUring(int ring, byte* parameters)
    {
        _ring = ring;
        var (operations, completions) = (*(uint*)parameters, *(uint*)(parameters + 4));
        var submitOffsets = (uint*)(parameters + 40);
        var completionOffsets = (uint*)(parameters + 80);
        _enterFlags = EnterGetEvents | EnterExtendedArgument | ((FeaturesOf(parameters) & FeatureNoIoWait) != 0 ? EnterNoIoWait : 0);
        _mapBytes = Math.Max(submitOffsets[6] + (operations * sizeof(uint)), completionOffsets[5] + (completions * CompletionBytes));
        _operationsMapBytes = operations * OperationBytes;
        _map = Map(null, _mapBytes, ProtectReadWrite, MapSharedPopulate, ring, 0);
        if (IsMapped(_map)) _operations = Map(null, _operationsMapBytes, ProtectReadWrite, MapSharedPopulate, ring, OffsetOfOperations);
        if (!IsMapped(_map) || !IsMapped(_operations)) return;

        _submitHead = (uint*)(_map + submitOffsets[0]);
        _submitTail = (uint*)(_map + submitOffsets[1]);
        _operationMask = *(uint*)(_map + submitOffsets[2]);
        _submitFlags = (uint*)(_map + submitOffsets[4]);
        _completionHead = (uint*)(_map + completionOffsets[0]);
        _completionTail = (uint*)(_map + completionOffsets[1]);
        _completionMask = *(uint*)(_map + completionOffsets[2]);
        _completions = _map + completionOffsets[5];
        // The kernel finds operations through an array of places. They are used in order, so it never changes.
        var places = (uint*)(_map + submitOffsets[6]);
        for (var i = 0u; i < operations; i++) places[i] = i;
        _tail = *_submitTail;
    }

    /// <summary>There are results that have not been taken.</summary>
    public bool HasResults => *_completionHead != Volatile.Read(ref *_completionTail) || HasOverflow;

    /// <summary>Results wait that the ring has no room for.</summary>
    private bool HasOverflow => (Volatile.Read(ref *_submitFlags) & QueueOverflow) != 0;

    /// <summary>Null where the kernel is too old, or the system forbids it, as many containers do.</summary>
    public static IoUring? TryCreate(uint operations, uint completions)
    {
        var parameters = stackalloc byte[ParametersBytes];
        new Span<byte>(parameters, ParametersBytes).Clear();
        *(uint*)(parameters + 4) = completions;
        *(uint*)(parameters + 8) = SetupCompletionSize | SetupClamp | SetupDisabled | SetupSubmitAll | SetupSingleIssuer | SetupDeferTaskRun;
        var ring = (int)Call(SetupCall, (nint)operations, (nint)parameters, 0, 0, 0, 0);
        if (ring < 0) return null;
        if ((FeaturesOf(parameters) & FeaturesNeeded) == FeaturesNeeded)
        {
            var made = new IoUring(ring, parameters);
            if (IsMapped(made._map) && IsMapped(made._operations)) return made;
            made.Dispose();
            return null;
        }

        _ = Close(ring);
        return null;
    }

    /// <summary>Makes the calling thread the one that uses the ring from now on.</summary>
    public void Enable()
    {
        if (_isEnabled) return;
        if (!TryRegister(RegisterEnableRings, null, 0)) throw Failure("io_uring_register");
        _isEnabled = true;
    }

    public bool TryRegister(int operation, void* argument, int count) =>
        Call(RegisterCall, _ring, operation, (nint)argument, count, 0, 0) >= 0;

    /// <summary>The place for the next operation, all zero. It is handed over by the next <see cref="Enter"/>, or earlier when the ring is full.</summary>
    public byte* Next()
    {
        while (_tail - Volatile.Read(ref *_submitHead) > _operationMask) Enter(0);
        var operation = _operations + ((_tail & _operationMask) * OperationBytes);
        new Span<byte>(operation, OperationBytes).Clear();
        _tail++;
        return operation;
    }

    /// <summary>
    /// Hands over all operations, and waits for a result for at most so long (-1: without limit). It may return early, after a signal.
    /// </summary>
    public void Enter(int timeoutMs)
    {
        var time = stackalloc long[2];
        var argument = stackalloc ulong[3];
        (time[0], time[1]) = (timeoutMs / 1000, timeoutMs % 1000 * 1_000_000L);
        (argument[0], argument[1], argument[2]) = (0, 0, timeoutMs > 0 ? (ulong)time : 0);
        while (true)
        {
            Volatile.Write(ref *_submitTail, _tail);
            var count = (nint)(_tail - Volatile.Read(ref *_submitHead));
            var result = Call(EnterCall, _ring, count, timeoutMs == 0 ? 0 : 1, _enterFlags, (nint)argument, sizeof(ulong) * 3);
            // Time is up; a signal has come; the kernel is out of memory for a moment; results have to be taken first.
            if (result < 0 && Marshal.GetLastSystemError() is not (ErrorTimer or UnixSockets.ErrorInterrupted or ErrorAgain or ErrorBusy))
                throw Failure("io_uring_enter");
            if (_tail == Volatile.Read(ref *_submitHead)) return;
        }
    }

    /// <summary>The oldest result that has not been taken.</summary>
    public bool TryTake(out ulong userData, out int result, out uint flags)
    {
        var head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail) && !TryFetchOverflow(head))
        {
            (userData, result, flags) = (0, 0, 0);
            return false;
        }

        var completion = _completions + ((head & _completionMask) * CompletionBytes);
        (userData, result, flags) = (*(ulong*)completion, *(int*)(completion + 8), *(uint*)(completion + 12));
        Volatile.Write(ref *_completionHead, head + 1);
        return true;
    }

    public void Dispose()
    {
        if (_map == null) return;
        if (IsMapped(_operations)) _ = Unmap(_operations, _operationsMapBytes);
        if (IsMapped(_map)) _ = Unmap(_map, _mapBytes);
        _map = _operations = null;
        _ = Close(_ring);
    }

    public static IOException Failure(string call) => new($"{call}: {SocketApi.Describe(Marshal.GetLastSystemError())}");

    private bool TryFetchOverflow(uint head)
    {
        if (!HasOverflow) return false;
        Enter(0);
        return head != Volatile.Read(ref *_completionTail);
    }

    private static uint FeaturesOf(byte* parameters) => *(uint*)(parameters + 20);

    private static bool IsMapped(byte* map) => map != null && map != (byte*)-1;

    /// <summary>syscall is variadic, which on Linux changes nothing about how its arguments travel.</summary>
    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint Call(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern byte* Map(void* address, nuint bytes, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(void* address, nuint bytes);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}

using System.Runtime;
using System.Runtime.InteropServices;

namespace Hearth.Cli;

/// <summary>
/// Gives memory back that the JIT has worked in and keeps for the next time: some megabytes. The runtime itself frees it when its finalizer
/// thread wakes up for a third time, two seconds or more after the second; a server that allocates nothing never wakes that thread.
/// </summary>
internal sealed class JitMemory
{
    /// <summary>How far apart the calls of <see cref="Reclaim"/> have to be, at least.</summary>
    public const int IntervalMs = 2100;

    /// <summary>Wake-ups after which what was in use at the first one is certainly free.</summary>
    private const int WakeUps = 3;

    private long _compiledMethods;
    private int _wakeUpsLeft;

    public void Reclaim()
    {
        var compiledMethods = JitInfo.GetCompiledMethodCount();
        if (compiledMethods != _compiledMethods) (_compiledMethods, _wakeUpsLeft) = (compiledMethods, WakeUps);
        if (_wakeUpsLeft == 0) return;
        _wakeUpsLeft--;
        GC.WaitForPendingFinalizers();
        if (OperatingSystem.IsLinux()) TrimAllocator();
    }

    /// <summary>What was freed lies between what is still in use, where glibc keeps it unless it is told otherwise.</summary>
    private static void TrimAllocator()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries have no such call.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int MallocTrim(nuint keep);
}

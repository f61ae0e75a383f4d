using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hearth.Memory;

internal static unsafe class CacheLine
{
    public const int Bytes = 64;

    /// <summary>Asks the processor to load the line of this address; any address may be passed, a wrong one does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        // .NET has no such intrinsic for Arm yet.
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }
}

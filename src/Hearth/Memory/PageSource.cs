using System.Runtime.InteropServices;

namespace Hearth.Memory;

/// <summary>
/// Pages straight from the operating system. Mapped pages cost address space only until they are touched, and a discarded page
/// costs nothing again until the next touch; what it then holds is undefined.
/// </summary>
internal static unsafe class PageSource
{
    /// <summary>All addresses lie below 2^47, which tables that pack them into words rely on.</summary>
    public const ulong AddressMask = (1UL << 47) - 1;

    private const int ProtectReadWrite = 0x3;
    private const int MapPrivate = 0x2;
    private const int WindowsCommit = 0x1000;
    private const int WindowsReserve = 0x2000;
    private const int WindowsReset = 0x80000;
    private const int WindowsRelease = 0x8000;
    private const int WindowsReadWrite = 0x4;

    public const long HugePageBytes = 2L << 20;

    private const int LinuxHugePages = 14;
    private const int LinuxNoHugePages = 15;
    private const int LinuxPopulateWrite = 23;

    // MAP_ANONYMOUS | MAP_NORESERVE. The BSDs, macOS among them, number these flags differently from Linux.
    private static int MapAnonymous => OperatingSystem.IsLinux() ? 0x20 | 0x4000 : 0x1000 | 0x40;

    // Linux frees the pages at once with MADV_DONTNEED, which elsewhere is a mere hint; there MADV_FREE does it.
    private static int AdviceDiscard => OperatingSystem.IsLinux() ? 4 : 5;

    /// <summary>
    /// Zeroed pages. The size is a multiple of the page size, the alignment a power of two. They are small ones also where the system
    /// would give huge ones to whoever does not object: a megabyte of data must not take two.
    /// </summary>
    public static byte* Map(long size, long alignment)
    {
        var block = OperatingSystem.IsWindows() ? MapOnWindows(size, alignment) : MapOnUnix(size, alignment);
        if (block == null) throw new InsufficientMemoryException($"The system refuses {size} bytes of memory.");
        if (OperatingSystem.IsLinux()) _ = madvise(block, (nuint)size, LinuxNoHugePages);
        return block;
    }

    /// <summary>
    /// Asks for pages of 2 MiB, where the system has them and leaves it to the program. Each costs one miss of the processor's address
    /// cache where five hundred small ones cost one each.
    /// </summary>
    public static void PreferHugePages(byte* block, long size)
    {
        if (OperatingSystem.IsLinux()) _ = madvise(block, (nuint)size, LinuxHugePages);
    }

    /// <summary>Has pages there before they are touched, where the system does that for many at once; Linux before 5.14 does not.</summary>
    public static void Populate(byte* block, long size)
    {
        if (OperatingSystem.IsLinux()) _ = madvise(block, (nuint)size, LinuxPopulateWrite);
    }

    public static void Unmap(byte* block, long size)
    {
        if (OperatingSystem.IsWindows()) _ = VirtualFree(block, 0, WindowsRelease);
        else _ = munmap(block, (nuint)size);
    }

    /// <summary>Gives the pages that lie wholly in the range back and keeps their addresses.</summary>
    public static void Discard(byte* block, long size)
    {
        var page = (long)Environment.SystemPageSize;
        var start = ((long)block + page - 1) & -page;
        var end = ((long)block + size) & -page;
        if (start >= end) return;

        if (OperatingSystem.IsWindows()) _ = VirtualAlloc((byte*)start, (nuint)(end - start), WindowsReset, WindowsReadWrite);
        else _ = madvise((byte*)start, (nuint)(end - start), AdviceDiscard);
    }

    private static byte* MapOnUnix(long size, long alignment)
    {
        var block = MapOnUnix(null, size, alignment);
        if (((ulong)block & ~AddressMask) == 0) return block;

        // Linux on Arm hands out the upper half of 48 bits first; asked for a certain free place it obliges.
        for (var attempt = 0; attempt < 64; attempt++)
        {
            Unmap(block, size);
            var wish = Random.Shared.NextInt64(1L << 20, 1L << 22) << 24;
            block = MapOnUnix((byte*)wish, size, alignment);
            if (((ulong)block & ~AddressMask) == 0) return block;
        }

        Unmap(block, size);
        return null;
    }

    private static byte* MapOnUnix(byte* wish, long size, long alignment)
    {
        // The kernel aligns to pages only: map enough to cut an aligned piece out of it.
        var slack = alignment <= Environment.SystemPageSize ? 0 : alignment;
        var mapped = (long)mmap(wish, (nuint)(size + slack), ProtectReadWrite, MapPrivate | MapAnonymous, -1, 0);
        if (mapped == -1) return null;

        var aligned = slack == 0 ? mapped : (mapped + alignment - 1) & -alignment;
        if (aligned > mapped) _ = munmap((byte*)mapped, (nuint)(aligned - mapped));
        var tail = mapped + slack - aligned;
        if (tail > 0) _ = munmap((byte*)(aligned + size), (nuint)tail);
        return (byte*)aligned;
    }

    private static byte* MapOnWindows(long size, long alignment)
    {
        // A Windows mapping cannot be cut: find an aligned address, let go and take exactly that, unless another thread was faster.
        for (var attempt = 0; attempt < 16; attempt++)
        {
            var probe = (long)VirtualAlloc(null, (nuint)(size + alignment), WindowsReserve, WindowsReadWrite);
            if (probe == 0) return null;

            _ = VirtualFree((byte*)probe, 0, WindowsRelease);
            var aligned = (byte*)((probe + alignment - 1) & -alignment);
            var block = VirtualAlloc(aligned, (nuint)size, WindowsReserve | WindowsCommit, WindowsReadWrite);
            if (block != null) return block;
        }

        return null;
    }

    [DllImport("libc")]
    private static extern byte* mmap(byte* address, nuint length, int protection, int flags, int handle, nint offset);

    [DllImport("libc")]
    private static extern int munmap(byte* address, nuint length);

    [DllImport("libc")]
    private static extern int madvise(byte* address, nuint length, int advice);

    [DllImport("kernel32")]
    private static extern byte* VirtualAlloc(byte* address, nuint size, int type, int protection);

    [DllImport("kernel32")]
    private static extern int VirtualFree(byte* address, nuint size, int type);
}

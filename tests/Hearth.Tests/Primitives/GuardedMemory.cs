using System.Runtime.InteropServices;

namespace Hearth.Tests.Primitives;

/// <summary>
/// One readable page between two that fault on any access: code that reads a single byte outside of what it was given ends the test
/// process instead of passing by luck.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ProtectionNone = 0;
    private const int ProtectionReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;

    private static readonly nuint PageSize = (nuint)Environment.SystemPageSize;
    private readonly byte* _mapping;

    public GuardedMemory()
    {
        var mapping = Map(0, PageSize * 3, ProtectionNone, MapPrivateAnonymous, -1, 0);
        if (mapping == -1) throw new InvalidOperationException("mmap failed.");
        _mapping = (byte*)mapping;
        if (Protect(mapping + (nint)PageSize, PageSize, ProtectionReadWrite) != 0) throw new InvalidOperationException("mprotect failed.");
    }

    public static bool IsSupported => OperatingSystem.IsLinux();

    private Span<byte> Page => new(_mapping + PageSize, (int)PageSize);

    /// <summary>A copy whose last byte is the last before the guard.</summary>
    public Span<byte> PlaceAtEnd(ReadOnlySpan<byte> content)
    {
        var place = Page[^content.Length..];
        content.CopyTo(place);
        return place;
    }

    /// <summary>A copy whose first byte is the first behind the guard.</summary>
    public Span<byte> PlaceAtStart(ReadOnlySpan<byte> content)
    {
        content.CopyTo(Page);
        return Page[..content.Length];
    }

    public void Dispose() => _ = Unmap((nint)_mapping, PageSize * 3);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int handle, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}

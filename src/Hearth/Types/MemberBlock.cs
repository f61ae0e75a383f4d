using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// A member of a big set, one block:
/// <code>
/// | length: 1 | member |                  up to 254 bytes
/// | 255 | length: 4 | member |            more
/// </code>
/// </summary>
internal readonly unsafe struct MemberBlock(byte* block)
{
    private const int LongMark = 255;

    public ReadOnlySpan<byte> Member
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int length = *block;
            return length < LongMark ? new ReadOnlySpan<byte>(block + 1, length) : new ReadOnlySpan<byte>(block + 5, *(int*)(block + 1));
        }
    }

    public static MemberBlock FromAddress(nint address) => new((byte*)address);

    public static nint Create(Heap heap, ReadOnlySpan<byte> member)
    {
        var block = heap.Allocate(BlockBytes(member.Length));
        var offset = 1;
        if (member.Length < LongMark)
        {
            *block = (byte)member.Length;
        }
        else
        {
            *block = LongMark;
            *(int*)(block + 1) = member.Length;
            offset = 5;
        }

        member.CopyTo(new Span<byte>(block + offset, member.Length));
        Debug.Assert(new MemberBlock(block).Member.Length == member.Length);
        return (nint)block;
    }

    public static long BlockBytes(int length) => (length < LongMark ? 1 : 5) + (long)length;
}

/// <summary>Tells a table where a member keeps its key.</summary>
internal readonly struct MemberLayout : IElementLayout
{
    public static ReadOnlySpan<byte> KeyOf(nint element) => MemberBlock.FromAddress(element).Member;

    public static long BlockBytes(nint element) => MemberBlock.BlockBytes(MemberBlock.FromAddress(element).Member.Length);
}

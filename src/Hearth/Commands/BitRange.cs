using Hearth.Server;

namespace Hearth.Commands;

/// <summary>
/// The range of BITCOUNT and BITPOS: given in bytes or bits, where negative numbers count from the end, and kept as the first and the
/// last bit within the string. The two commands look at their arguments in different orders, which shows where several are wrong.
/// </summary>
internal readonly struct BitRange
{
    private static readonly BitRange Empty = new() { Last = -1 };

    public long First { get; private init; }

    public long Last { get; private init; }

    /// <summary>Whether the caller has said where the range ends.</summary>
    public bool HasEnd { get; private init; }

    public bool IsEmpty => First > Last;

    public static BitRange Whole(int bytes) => new() { Last = ((long)bytes << 3) - 1 };

    /// <summary>BITCOUNT's start, end and perhaps unit; false after it has replied what is wrong.</summary>
    public static bool TryParseForCount(CommandContext context, int bytes, out BitRange range)
    {
        range = Empty;
        if (!context.TryInteger(2, out var start) || !context.TryInteger(3, out var end)) return false;

        // Before the start of the string, a reversed range would otherwise be drawn together to the first byte.
        if (start < 0 && end < 0 && start > end) return true;
        if (!CheckUnit(context, 4)) return false;
        range = Within(bytes, start, end, hasEnd: true, IsInBits(context, 4));
        return true;
    }

    /// <summary>BITPOS's start, and perhaps end and unit; false after it has replied what is wrong.</summary>
    public static bool TryParseForPosition(CommandContext context, int bytes, out BitRange range)
    {
        range = Empty;
        var hasEnd = context.Args.Count > 4;
        long end = -1;
        if (!context.TryInteger(3, out var start)) return false;
        if (!CheckUnit(context, 5)) return false;
        if (hasEnd && !context.TryInteger(4, out end)) return false;
        range = Within(bytes, start, end, hasEnd, IsInBits(context, 5));
        return true;
    }

    private static BitRange Within(int bytes, long start, long end, bool hasEnd, bool isInBits)
    {
        var total = isInBits ? (long)bytes << 3 : bytes;
        var first = Math.Max(start < 0 ? start + total : start, 0);
        var last = Math.Min(Math.Max(end < 0 ? end + total : end, 0), total - 1);
        if (first > last) return Empty;
        return isInBits
            ? new BitRange { First = first, Last = last, HasEnd = hasEnd }
            : new BitRange { First = first << 3, Last = (last << 3) + 7, HasEnd = hasEnd };
    }

    private static bool IsInBits(CommandContext context, int argument) => argument < context.Args.Count && context.Is(argument, "BIT"u8);

    private static bool CheckUnit(CommandContext context, int argument)
    {
        if (argument >= context.Args.Count || context.Is(argument, "BIT"u8) || context.Is(argument, "BYTE"u8)) return true;
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

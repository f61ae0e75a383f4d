using Hearth.Server;

namespace Hearth.Commands;

/// <summary>
/// The range of BITCOUNT and BITPOS: given in bytes or bits, where negative numbers count from the end, and kept as the first and the
/// last bit within the string.
/// </summary>
internal readonly struct BitRange
{
    public long First { get; private init; }

    public long Last { get; private init; }

    /// <summary>Whether the caller has said where the range ends.</summary>
    public bool HasEnd { get; private init; }

    /// <summary>Both ends count from the end of the string, and the last comes before the first.</summary>
    public bool IsReversedFromEnd { get; private init; }

    public bool IsEmpty => First > Last;

    public static BitRange Whole(int bytes) => new() { First = 0, Last = ((long)bytes << 3) - 1 };

    /// <summary>
    /// Start, and perhaps end and unit, from this argument on; false after it has replied what is wrong. Where end and unit are both
    /// wrong, BITPOS complains of the unit and BITCOUNT of the end.
    /// </summary>
    public static bool TryParse(CommandContext context, int argument, int bytes, bool checksUnitFirst, out BitRange range)
    {
        range = default;
        var count = context.Args.Count - argument;
        long end = -1;
        if (!context.TryInteger(argument, out var start)) return false;
        if (checksUnitFirst && !CheckUnit(context, argument + 2)) return false;
        if (count >= 2 && !context.TryInteger(argument + 1, out end)) return false;
        if (!CheckUnit(context, argument + 2)) return false;

        var isInBits = count >= 3 && context.Is(argument + 2, "BIT"u8);

        var total = isInBits ? (long)bytes << 3 : bytes;
        var first = Math.Max(start < 0 ? start + total : start, 0);
        var last = Math.Min(Math.Max(end < 0 ? end + total : end, 0), total - 1);
        if (first > last)
        {
            range = new BitRange { Last = -1, HasEnd = count >= 2 };
            return true;
        }

        range = new BitRange
        {
            First = isInBits ? first : first << 3,
            Last = isInBits ? last : (last << 3) + 7,
            HasEnd = count >= 2,
            IsReversedFromEnd = start < 0 && end < 0 && start > end,
        };
        return true;
    }

    private static bool CheckUnit(CommandContext context, int argument)
    {
        if (argument >= context.Args.Count || context.Is(argument, "BIT"u8) || context.Is(argument, "BYTE"u8)) return true;
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

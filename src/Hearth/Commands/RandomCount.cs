using Hearth.Server;

namespace Hearth.Commands;

/// <summary>How many random elements a client wants: different ones, or, below zero, each drawn anew.</summary>
internal static class RandomCount
{
    /// <summary>So many are drawn between two looks at whether the reply has become too long.</summary>
    public const int DrawnAtOnce = 1000;

    /// <summary>False after it has replied what is wrong; the count can be negated.</summary>
    public static bool TryParse(CommandContext context, int argument, out long count)
    {
        if (!context.TryInteger(argument, out count)) return false;
        if (count != long.MinValue) return true;
        context.Reply.Error("ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"u8);
        return false;
    }
}

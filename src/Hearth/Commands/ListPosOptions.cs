using Hearth.Server;

namespace Hearth.Commands;

/// <summary>The options behind LPOS's element.</summary>
internal readonly struct ListPosOptions
{
    /// <summary>How many matches are passed over before the first that counts.</summary>
    public long Skipped { get; private init; }

    /// <summary>From the tail to the head.</summary>
    public bool IsBackward { get; private init; }

    public bool HasCount { get; private init; }

    /// <summary>How many matches are wanted; 0 for all.</summary>
    public long Count { get; private init; }

    /// <summary>How many elements are compared; 0 for all.</summary>
    public long LengthMax { get; private init; }

    /// <summary>False after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, out ListPosOptions options)
    {
        options = default;
        for (var i = 3; i < context.Args.Count; i += 2)
        {
            var hasValue = i + 1 < context.Args.Count;
            if (hasValue && context.Is(i, "RANK"u8))
            {
                if (!TryRank(context, i + 1, out var rank)) return false;
                options = options with { Skipped = Math.Abs(rank) - 1, IsBackward = rank < 0 };
            }
            else if (hasValue && context.Is(i, "COUNT"u8))
            {
                if (!context.TryInteger(i + 1, 0, long.MaxValue, out var count, "ERR COUNT can't be negative"u8)) return false;
                options = options with { HasCount = true, Count = count };
            }
            else if (hasValue && context.Is(i, "MAXLEN"u8))
            {
                if (!context.TryInteger(i + 1, 0, long.MaxValue, out var lengthMax, "ERR MAXLEN can't be negative"u8)) return false;
                options = options with { LengthMax = lengthMax };
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        return true;
    }

    private static bool TryRank(CommandContext context, int argument, out long rank)
    {
        if (!context.TryInteger(argument, out rank)) return false;
        if (rank == long.MinValue)
        {
            context.Reply.Error("ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"u8);
            return false;
        }

        if (rank != 0) return true;
        context.Reply.Error(
            "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list"u8);
        return false;
    }
}

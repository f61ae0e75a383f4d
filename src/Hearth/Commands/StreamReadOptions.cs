using Hearth.Server;

namespace Hearth.Commands;

/// <summary>What XREAD and XREADGROUP are asked for, all but the IDs.</summary>
internal readonly record struct StreamReadOptions
{
    /// <summary>Entries of each stream, at most; 0 for all.</summary>
    public long Count { get; private init; }

    /// <summary>How long to wait for entries, 0 for ever; null not to wait.</summary>
    public long? BlockMs { get; private init; }

    public bool NoAck { get; private init; }

    /// <summary>Where the group's name stands, which the consumer's follows; 0 for XREAD.</summary>
    public int GroupArgument { get; private init; }

    /// <summary>Where the first key stands. The IDs follow after the last one.</summary>
    public int FirstKey { get; private init; }

    public int StreamCount { get; private init; }

    /// <summary>False after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, bool isGroup, out StreamReadOptions options)
    {
        options = default;
        for (var i = 1; i < context.Args.Count && options.FirstKey == 0; i++)
        {
            if (!TryParseOption(context, isGroup, ref i, ref options)) return false;
        }

        if (options.FirstKey == 0)
        {
            context.Reply.Error(Errors.Syntax);
            return false;
        }

        if (isGroup && options.GroupArgument == 0)
        {
            context.Reply.Error("ERR Missing GROUP option for XREADGROUP"u8);
            return false;
        }

        return true;
    }

    private static bool TryParseOption(CommandContext context, bool isGroup, ref int argument, ref StreamReadOptions options)
    {
        var values = context.Args.Count - argument - 1;
        if (values > 0 && context.Is(argument, "STREAMS"u8))
        {
            options = options with { FirstKey = argument + 1, StreamCount = values / 2 };
            if (values % 2 == 0) return true;
            context.Reply.Error(
                $"ERR Unbalanced '{context.Command.FullName}' list of streams: for each stream key an ID or '{(isGroup ? '>' : '$')}' must be specified.");
            return false;
        }

        if (values > 0 && context.Is(argument, "COUNT"u8))
        {
            if (!context.TryInteger(++argument, out var count)) return false;
            options = options with { Count = Math.Max(count, 0) };
            return true;
        }

        if (values > 0 && context.Is(argument, "BLOCK"u8))
        {
            if (!context.TryTimeoutMs(++argument, out var blockMs)) return false;
            options = options with { BlockMs = blockMs };
            return true;
        }

        if (values > 1 && context.Is(argument, "GROUP"u8))
        {
            options = options with { GroupArgument = argument + 1 };
            argument += 2;
            return isGroup || Refuse(context, "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead."u8);
        }

        if (context.Is(argument, "NOACK"u8))
        {
            options = options with { NoAck = true };
            return isGroup || Refuse(context, "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead."u8);
        }

        return Refuse(context, Errors.Syntax);
    }

    private static bool Refuse(CommandContext context, ReadOnlySpan<byte> error)
    {
        context.Reply.Error(error);
        return false;
    }
}

using Hearth.Server;

namespace Hearth.Commands;

/// <summary>What ZADD may be told to do differently.</summary>
[Flags]
internal enum ZAddOptions
{
    None = 0,

    /// <summary>NX: adds members, changes none.</summary>
    OnlyNew = 1,

    /// <summary>XX: changes members, adds none.</summary>
    OnlyExisting = 2,

    /// <summary>GT: changes a score only to a greater one.</summary>
    OnlyGreater = 4,

    /// <summary>LT: changes a score only to a lesser one.</summary>
    OnlyLess = 8,

    /// <summary>CH: counts changed members besides added ones.</summary>
    CountsChanged = 16,

    /// <summary>INCR: adds to the score instead of setting it.</summary>
    Increments = 32,
}

internal static class ZAddOptionsReader
{
    public static bool Has(this ZAddOptions options, ZAddOptions option) => (options & option) != 0;

    /// <summary>Reads options up to the first argument that is none; false after it has replied what is wrong with them or with what follows.</summary>
    public static bool TryRead(CommandContext context, int argument, ref ZAddOptions options, out int firstPair)
    {
        for (; argument < context.Args.Count; argument++)
        {
            var option = OptionOf(context, argument);
            if (option == ZAddOptions.None) break;
            options |= option;
        }

        firstPair = argument;
        var rest = context.Args.Count - argument;
        if (rest == 0 || rest % 2 != 0) return Refuse(context, Errors.Syntax);
        if (options.Has(ZAddOptions.OnlyNew) && options.Has(ZAddOptions.OnlyExisting))
        {
            return Refuse(context, "ERR XX and NX options at the same time are not compatible"u8);
        }

        var exclusive = options & (ZAddOptions.OnlyGreater | ZAddOptions.OnlyLess | ZAddOptions.OnlyNew);
        if ((exclusive & (exclusive - 1)) != 0)
        {
            return Refuse(context, "ERR GT, LT, and/or NX options at the same time are not compatible"u8);
        }

        if (options.Has(ZAddOptions.Increments) && rest > 2)
        {
            return Refuse(context, "ERR INCR option supports a single increment-element pair"u8);
        }

        return true;
    }

    private static ZAddOptions OptionOf(CommandContext context, int argument)
    {
        // Most arguments are scores, and no score that is a number is as short and begins with one of these letters.
        if (context.Args[argument].Length < 2) return ZAddOptions.None;
        if (context.Is(argument, "NX"u8)) return ZAddOptions.OnlyNew;
        if (context.Is(argument, "XX"u8)) return ZAddOptions.OnlyExisting;
        if (context.Is(argument, "GT"u8)) return ZAddOptions.OnlyGreater;
        if (context.Is(argument, "LT"u8)) return ZAddOptions.OnlyLess;
        if (context.Is(argument, "CH"u8)) return ZAddOptions.CountsChanged;
        return context.Is(argument, "INCR"u8) ? ZAddOptions.Increments : ZAddOptions.None;
    }

    private static bool Refuse(CommandContext context, ReadOnlySpan<byte> error)
    {
        context.Reply.Error(error);
        return false;
    }
}

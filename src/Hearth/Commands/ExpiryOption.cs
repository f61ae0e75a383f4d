using Hearth.Primitives;
using Hearth.Server;

namespace Hearth.Commands;

/// <summary>How a time to live is given: in which unit, and from when it counts.</summary>
internal enum ExpiryUnit : byte
{
    None,
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
}

/// <summary>The expiry that SET, GETEX and their older forms take, and the one place where its value is checked.</summary>
internal readonly struct ExpiryOption(ExpiryUnit unit, int argument)
{
    public ExpiryUnit Unit { get; } = unit;

    public bool IsGiven => Unit != ExpiryUnit.None;

    public bool IsUnixMilliseconds => Unit == ExpiryUnit.UnixMilliseconds;

    public bool IsAbsolute => Unit is ExpiryUnit.UnixSeconds or ExpiryUnit.UnixMilliseconds;

    /// <summary>Whether this option may stand behind the ones read so far: the same unit may come again, and then the last one counts.</summary>
    public bool AllowsAfter(ExpiryUnit next) => next != ExpiryUnit.None && (Unit == ExpiryUnit.None || Unit == next);

    public static ExpiryUnit UnitOf(CommandContext context, int argument)
    {
        if (context.Is(argument, "EX"u8)) return ExpiryUnit.Seconds;
        if (context.Is(argument, "PX"u8)) return ExpiryUnit.Milliseconds;
        if (context.Is(argument, "EXAT"u8)) return ExpiryUnit.UnixSeconds;
        return context.Is(argument, "PXAT"u8) ? ExpiryUnit.UnixMilliseconds : ExpiryUnit.None;
    }

    /// <summary>The expiry as unix time in milliseconds; false after it has replied what is wrong with the number.</summary>
    public bool TryResolve(CommandContext context, out long expireAtMs)
    {
        expireAtMs = 0;
        if (!context.TryInteger(argument, out var value)) return false;
        if (value <= 0) return RefuseTime(context);
        if (Unit is ExpiryUnit.Seconds or ExpiryUnit.UnixSeconds)
        {
            if (value > long.MaxValue / 1000) return RefuseTime(context);
            value *= 1000;
        }

        if (!IsAbsolute)
        {
            if (value > long.MaxValue - context.NowMs) return RefuseTime(context);
            value += context.NowMs;
        }

        expireAtMs = value;
        return true;
    }

    private static bool RefuseTime(CommandContext context)
    {
        context.Reply.Error($"ERR invalid expire time in '{context.Command.FullName}' command");
        return false;
    }
}

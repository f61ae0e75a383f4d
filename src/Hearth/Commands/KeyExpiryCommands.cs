using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>When keys expire.</summary>
internal static class KeyExpiryCommands
{
    private const long SecondMs = 1000;

    /// <summary>What EXPIRE's options ask of the expiry that a key has already.</summary>
    [Flags]
    private enum Conditions
    {
        None = 0,
        Absent = 1, // NX
        Present = 2, // XX
        Greater = 4, // GT
        Less = 8, // LT
    }

    public static readonly Command[] Table =
    [
        new("EXPIRE", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Update), Expire)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key seconds:integer [condition@7.0.0:<NX | XX | GT | LT>]",
            Summary = "Lets a key expire after so many seconds.",
        },
        new("EXPIREAT", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Update), ExpireAt)
        {
            Since = "1.2.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key unix-time-seconds:unix-time [condition@7.0.0:<NX | XX | GT | LT>]",
            Summary = "Lets a key expire at a Unix time in seconds.",
        },
        new("EXPIRETIME", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), ExpireTime)
        {
            Since = "7.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the Unix time in seconds at which a key expires.",
        },
        new("PERSIST", arity: 2, Write | Fast, KeySpec.At(1, ReadWrite | Update), Persist)
        {
            Since = "2.2.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Removes the expiry of a key.",
        },
        new("PEXPIRE", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Update), PExpire)
        {
            Since = "2.6.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key milliseconds:integer [condition@7.0.0:<NX | XX | GT | LT>]",
            Summary = "Lets a key expire after so many milliseconds.",
        },
        new("PEXPIREAT", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Update), PExpireAt)
        {
            Since = "2.6.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key unix-time-milliseconds:unix-time [condition@7.0.0:<NX | XX | GT | LT>]",
            Summary = "Lets a key expire at a Unix time in milliseconds.",
        },
        new("PEXPIRETIME", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), PExpireTime)
        {
            Since = "7.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the Unix time in milliseconds at which a key expires.",
        },
        new("PTTL", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), PTtl)
        {
            Since = "2.6.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many milliseconds a key has left to live.",
            Tips = ["nondeterministic_output"],
        },
        new("TTL", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), Ttl)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many seconds a key has left to live.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void Expire(CommandContext context) => SetExpiry(context, context.NowMs, SecondMs);

    private static void ExpireAt(CommandContext context) => SetExpiry(context, 0, SecondMs);

    private static void ExpireTime(CommandContext context) => ReplyTime(context, 0, SecondMs);

    private static void Persist(CommandContext context)
    {
        var key = context.Key(1);
        var entry = context.Write(key);
        if (!entry.Exists || !entry.HasExpiry)
        {
            context.Reply.Integer(0);
            return;
        }

        context.Keyspace.SetExpiry(key, entry, Entry.NoExpiry);
        context.Modified(key, KeyspaceEvent.Persist);
        context.Reply.Integer(1);
    }

    private static void PExpire(CommandContext context) => SetExpiry(context, context.NowMs, 1);

    private static void PExpireAt(CommandContext context) => SetExpiry(context, 0, 1);

    private static void PExpireTime(CommandContext context) => ReplyTime(context, 0, 1);

    private static void PTtl(CommandContext context) => ReplyTime(context, context.NowMs, 1);

    private static void Ttl(CommandContext context) => ReplyTime(context, context.NowMs, SecondMs);

    /// <summary>When the key expires, counted from a base; -1 if never, -2 if there is no such key.</summary>
    private static void ReplyTime(CommandContext context, long baseMs, long unitMs)
    {
        var entry = context.Inspect(context.Key(1));
        if (!entry.Exists || !entry.HasExpiry)
        {
            context.Reply.Integer(entry.Exists ? -1 : -2);
            return;
        }

        // Rounding half a second up must not overflow for the latest of all times.
        var time = (ulong)Math.Max(entry.ExpireAtMs - baseMs, 0);
        context.Reply.Integer((long)(unitMs == 1 ? time : (time + ((ulong)unitMs / 2)) / (ulong)unitMs));
    }

    private static void SetExpiry(CommandContext context, long baseMs, long unitMs)
    {
        if (!TryConditions(context, out var conditions)) return;
        if (!context.TryInteger(2, out var time)) return;
        if (!TryAbsolute(time, baseMs, unitMs, out var expireAtMs))
        {
            context.Reply.Error($"ERR invalid expire time in '{context.Command.FullName}' command");
            return;
        }

        var key = context.Key(1);
        var entry = context.Write(key);
        if (!entry.Exists || !AreMet(conditions, entry.HasExpiry, entry.ExpireAtMs, expireAtMs))
        {
            context.Reply.Integer(0);
            return;
        }

        if (expireAtMs <= context.NowMs)
        {
            context.Keyspace.Delete(key, entry);
            context.Propagation.Instead(2).Word(context.Engine.Config.LazyfreeLazyExpire ? "UNLINK"u8 : "DEL"u8).Word(key.Bytes);
            context.Modified(key, KeyspaceEvent.Del);
        }
        else
        {
            context.Keyspace.SetExpiry(key, entry, expireAtMs);
            if (baseMs != 0 || unitMs != 1) PropagateAbsolute(context, expireAtMs);
            context.Modified(key, KeyspaceEvent.Expire);
        }

        context.Reply.Integer(1);
    }

    /// <summary>The conditions are repeated too; they held here, so they hold wherever the same commands came before.</summary>
    private static void PropagateAbsolute(CommandContext context, long expireAtMs)
    {
        var args = context.Args;
        context.Propagation.Instead(args.Count).Word("PEXPIREAT"u8).Word(args[1]).Word(expireAtMs);
        for (var i = 3; i < args.Count; i++) context.Propagation.Word(args[i]);
    }

    private static bool TryConditions(CommandContext context, out Conditions conditions)
    {
        conditions = Conditions.None;
        for (var i = 3; i < context.Args.Count; i++)
        {
            var condition = ConditionOf(context, i);
            if (condition == Conditions.None)
            {
                context.Reply.Error("ERR Unsupported option " + Errors.Quote(context.Args[i]));
                return false;
            }

            conditions |= condition;
        }

        if ((conditions & Conditions.Absent) != 0 && conditions != Conditions.Absent)
        {
            context.Reply.Error("ERR NX and XX, GT or LT options at the same time are not compatible"u8);
            return false;
        }

        if ((conditions & Conditions.Greater) != 0 && (conditions & Conditions.Less) != 0)
        {
            context.Reply.Error("ERR GT and LT options at the same time are not compatible"u8);
            return false;
        }

        return true;
    }

    private static Conditions ConditionOf(CommandContext context, int argument)
    {
        if (context.Is(argument, "NX"u8)) return Conditions.Absent;
        if (context.Is(argument, "XX"u8)) return Conditions.Present;
        if (context.Is(argument, "GT"u8)) return Conditions.Greater;
        return context.Is(argument, "LT"u8) ? Conditions.Less : Conditions.None;
    }

    /// <summary>A key that stays counts as one that expires after all others, so GT never holds for it and LT always does.</summary>
    private static bool AreMet(Conditions conditions, bool hasExpiry, long currentMs, long newMs)
    {
        if ((conditions & Conditions.Absent) != 0 && hasExpiry) return false;
        if ((conditions & Conditions.Present) != 0 && !hasExpiry) return false;
        if ((conditions & Conditions.Greater) != 0 && (!hasExpiry || newMs <= currentMs)) return false;
        return (conditions & Conditions.Less) == 0 || !hasExpiry || newMs < currentMs;
    }

    /// <summary>Times before now are fine, and before 1970 too; only what no 64-bit number can hold is not.</summary>
    private static bool TryAbsolute(long time, long baseMs, long unitMs, out long expireAtMs)
    {
        expireAtMs = 0;
        if (time > long.MaxValue / unitMs || time < long.MinValue / unitMs) return false;
        var offsetMs = time * unitMs;
        if (offsetMs > long.MaxValue - baseMs) return false;
        expireAtMs = offsetMs + baseMs;
        return true;
    }
}

using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Strings: bytes that are set, read, cut and appended to. Counters are in <see cref="CounterCommands"/>.</summary>
internal static class StringCommands
{
    public static readonly Command[] Table =
    [
        new("APPEND", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), Append)
        {
            Since = "2.0.0", Group = CommandGroup.String, Complexity = "O(1) amortised",
            Syntax = "key value",
            Summary = "Adds text to the end of a string and returns the new length.",
        },
        new("GET", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), Get)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the string at a key.",
        },
        new("GETDEL", arity: 2, Write | Fast, KeySpec.At(1, ReadWrite | Access | Delete), GetDel)
        {
            Since = "6.2.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the string at a key and deletes the key.",
        },
        new("GETEX", arity: -2, Write | Fast,
            KeySpec.At(1, ReadWrite | Access | Update, notes: "It may change the TTL, so it counts as an update."), GetEx)
        {
            Since = "6.2.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key [expiration:<EX seconds:integer | PX milliseconds:integer | EXAT unix-time-seconds:unix-time | PXAT "
                + "unix-time-milliseconds:unix-time | PERSIST>]",
            Summary = "Returns the string at a key and sets or removes its expiry.",
        },
        new("GETRANGE", arity: 4, ReadOnly, KeySpec.At(1, Read | Access), GetRange)
        {
            Since = "2.4.0", Group = CommandGroup.String, Complexity = "O(N) with N the length returned",
            Syntax = "key start:integer end:integer",
            Summary = "Returns a part of a string.",
        },
        new("GETSET", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), GetSet)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key value",
            Summary = "Replaces the string at a key and returns the old one.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`SET` with the `!GET` argument",
        },
        new("MGET", arity: -2, ReadOnly | Fast, KeySpec.Range(1, last: -1, Read | Access), MGet)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(N) with N the number of keys",
            Syntax = "key...",
            Summary = "Returns the strings at several keys at once.",
            Tips = ["request_policy:multi_shard"],
        },
        new("MSET", arity: -3, Write | DenyOom, KeySpec.Range(1, last: -1, Overwrite | Update, step: 2), MSet)
        {
            Since = "1.0.1", Group = CommandGroup.String, Complexity = "O(N) with N the number of keys",
            Syntax = "data:(key value)...",
            Summary = "Sets several keys to strings at once.",
            Tips = ["request_policy:multi_shard", "response_policy:all_succeeded"],
        },
        new("MSETNX", arity: -3, Write | DenyOom, KeySpec.Range(1, last: -1, Overwrite | Insert, step: 2), MSetNx)
        {
            Since = "1.0.1", Group = CommandGroup.String, Complexity = "O(N) with N the number of keys",
            Syntax = "data:(key value)...",
            Summary = "Sets several keys to strings, but only if none of them exists.",
        },
        new("PSETEX", arity: 4, Write | DenyOom, KeySpec.At(1, Overwrite | Update), PSetEx)
        {
            Since = "2.6.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key milliseconds:integer value",
            Summary = "Sets a key to a string that expires after so many milliseconds.",
            DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `PX` argument",
        },
        new("SET", arity: -3, Write | DenyOom | Brief,
            KeySpec.At(1, ReadWrite | Access | Update | VariableFlags, notes: "The GET option reads the old value too."), Set)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key value [condition@2.6.12:<NX | XX>] [GET@6.2.0] [expiration:<EX seconds@2.6.12:integer | PX "
                + "milliseconds@2.6.12:integer | EXAT unix-time-seconds@6.2.0:unix-time | PXAT "
                + "unix-time-milliseconds@6.2.0:unix-time | KEEPTTL@6.0.0>]",
            Summary = "Sets a key to a string, whatever it held before.",
            KeyFinder = KeyFinders.OfSet,
        },
        new("SETEX", arity: 4, Write | DenyOom, KeySpec.At(1, Overwrite | Update), SetEx)
        {
            Since = "2.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key seconds:integer value",
            Summary = "Sets a key to a string that expires after so many seconds.",
            DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `EX` argument",
        },
        new("SETNX", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, Overwrite | Insert), SetNx)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key value",
            Summary = "Sets a key to a string, but only if the key does not exist.",
            DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `NX` argument",
        },
        new("SETRANGE", arity: 4, Write | DenyOom, KeySpec.At(1, ReadWrite | Update), SetRange)
        {
            Since = "2.2.0", Group = CommandGroup.String,
            Complexity = "O(M) with M the length of the value; more where the string must grow and move",
            Syntax = "key offset:integer value",
            Summary = "Overwrites part of a string from an offset on, padding it with zero bytes where it is too short.",
        },
        new("STRLEN", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), StrLen)
        {
            Since = "2.2.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the length of a string.",
        },
        new("SUBSTR", arity: 4, ReadOnly, KeySpec.At(1, Read | Access), SubStr)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(N) with N the length returned",
            Syntax = "key start:integer end:integer",
            Summary = "Returns a part of a string.",
            DeprecatedSince = "2.0.0", ReplacedBy = "`GETRANGE`",
        },
    ];

    private static void Append(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;
        var appended = context.Args[2];
        int length;
        if (!value.Exists)
        {
            context.Keyspace.SetString(key, default, appended, Entry.NoExpiry);
            length = appended.Length;
        }
        else
        {
            var before = value.Length;
            if (!context.CheckStringLength(before, appended.Length)) return;
            length = before + appended.Length;
            appended.CopyTo(context.Keyspace.WritableString(key, value.Entry, length)[before..]);
        }

        context.Modified(key, KeyspaceEvent.Append);
        context.Reply.Integer(length);
    }

    private static void Get(CommandContext context)
    {
        if (context.TryReadString(context.Key(1), out var value)) ReplyString(context, value);
    }

    private static void GetDel(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryReadString(key, out var value)) return;
        ReplyString(context, value);
        if (!value.Exists) return;

        context.Keyspace.Delete(key, value.Entry);
        context.Propagation.Instead(2).Word("DEL"u8).Word(key.Bytes);
        context.Modified(key, KeyspaceEvent.Del);
    }

    private static void GetEx(CommandContext context)
    {
        if (!TryParseGetEx(context, out var expiry, out var persists)) return;
        var key = context.Key(1);
        if (!context.TryReadString(key, out var value)) return;
        long expireAtMs = 0;
        if (value.Exists && expiry.IsGiven && !expiry.TryResolve(context, out expireAtMs)) return;
        ReplyString(context, value);
        if (!value.Exists) return;

        if (expiry.IsGiven && expiry.IsAbsolute && expireAtMs <= context.NowMs)
        {
            context.Keyspace.Delete(key, value.Entry);
            context.Propagation.Instead(2).Word(context.Engine.Config.LazyfreeLazyExpire ? "UNLINK"u8 : "DEL"u8).Word(key.Bytes);
            context.Modified(key, KeyspaceEvent.Del);
        }
        else if (expiry.IsGiven)
        {
            context.Keyspace.SetExpiry(key, value.Entry, expireAtMs);
            context.Propagation.Instead(3).Word("PEXPIREAT"u8).Word(key.Bytes).Word(expireAtMs);
            context.Modified(key, KeyspaceEvent.Expire);
        }
        else if (persists && value.Entry.HasExpiry)
        {
            context.Keyspace.SetExpiry(key, value.Entry, Entry.NoExpiry);
            context.Propagation.Instead(2).Word("PERSIST"u8).Word(key.Bytes);
            context.Modified(key, KeyspaceEvent.Persist);
        }
    }

    private static void GetRange(CommandContext context)
    {
        if (!context.TryInteger(2, out var start) || !context.TryInteger(3, out var end)) return;
        if (!context.TryReadString(context.Key(1), out var value)) return;
        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        var bytes = value.Bytes(scratch);
        if (bytes.IsEmpty || (start < 0 && end < 0 && start > end))
        {
            context.Reply.Bulk(default(ReadOnlySpan<byte>));
            return;
        }

        var first = Math.Max(start < 0 ? start + bytes.Length : start, 0);
        var last = Math.Min(Math.Max(end < 0 ? end + bytes.Length : end, 0), bytes.Length - 1);
        context.Reply.Bulk(first > last ? default : bytes[(int)first..(int)(last + 1)]);
    }

    private static void GetSet(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryReadString(key, out var value)) return;
        ReplyString(context, value);
        context.Keyspace.SetString(key, value.Entry, context.Args[2], Entry.NoExpiry);
        context.Propagation.Instead(3).Word("SET"u8).Word(key.Bytes).Word(context.Args[2]);
        context.Modified(key, KeyspaceEvent.Set);
    }

    private static void MGet(CommandContext context)
    {
        var args = context.Args;
        context.Reply.Array(args.Count - 1);
        for (var i = 1; i < args.Count; i++)
        {
            var entry = context.Read(context.Key(i));
            ReplyString(context, entry.Exists && entry.Type == KeyType.String ? new StringValue(entry) : default);
        }
    }

    private static void MSet(CommandContext context)
    {
        if (!CheckPairs(context)) return;
        SetPairs(context);
        context.Reply.Ok();
    }

    private static void MSetNx(CommandContext context)
    {
        if (!CheckPairs(context)) return;
        for (var i = 1; i < context.Args.Count; i += 2)
        {
            if (!context.Write(context.Key(i)).Exists) continue;
            context.Reply.Integer(0);
            return;
        }

        SetPairs(context);
        context.Reply.Integer(1);
    }

    private static void PSetEx(CommandContext context) => SetWithExpiry(context, ExpiryUnit.Milliseconds);

    private static void Set(CommandContext context)
    {
        if (context.Args.Count == 3)
        {
            SetPlainly(context);
            return;
        }

        if (!SetOptions.TryParse(context, out var options)) return;
        var expireAtMs = Entry.NoExpiry;
        if (options.Expiry.IsGiven && !options.Expiry.TryResolve(context, out expireAtMs)) return;

        var key = context.Key(1);
        if (options.ReturnsOld)
        {
            if (!context.TryReadString(key, out var old)) return;
            ReplyString(context, old);
        }

        var existing = context.Write(key);
        if ((options.OnlyIfAbsent && existing.Exists) || (options.OnlyIfPresent && !existing.Exists))
        {
            if (!options.ReturnsOld) context.Reply.Null();
            return;
        }

        if (options.KeepsTtl && existing.Exists) expireAtMs = existing.ExpireAtMs;
        context.Keyspace.SetString(key, existing, context.Args[2], expireAtMs);
        context.Modified(key, KeyspaceEvent.Set);
        PropagateSet(context, options, expireAtMs);
        if (options.Expiry.IsGiven) context.Engine.Notify(context.Keyspace, KeyspaceEvent.Expire, key.Bytes);
        if (!options.ReturnsOld) context.Reply.Ok();
    }

    private static void SetEx(CommandContext context) => SetWithExpiry(context, ExpiryUnit.Seconds);

    private static void SetNx(CommandContext context)
    {
        var key = context.Key(1);
        if (context.Write(key).Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        context.Keyspace.SetString(key, default, context.Args[2], Entry.NoExpiry);
        context.Modified(key, KeyspaceEvent.Set);
        context.Reply.Integer(1);
    }

    private static void SetRange(CommandContext context)
    {
        if (!context.TryInteger(2, out var offset)) return;
        if (offset < 0)
        {
            context.Reply.Error("ERR offset is out of range"u8);
            return;
        }

        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;
        var written = context.Args[3];
        var length = value.Length;
        if (written.IsEmpty)
        {
            context.Reply.Integer(length);
            return;
        }

        if (!context.CheckStringLength(offset, written.Length)) return;
        length = Math.Max(length, (int)offset + written.Length);
        written.CopyTo(context.Keyspace.WritableString(key, value.Entry, length)[(int)offset..]);
        context.Modified(key, KeyspaceEvent.SetRange);
        context.Reply.Integer(length);
    }

    private static void StrLen(CommandContext context)
    {
        if (context.TryReadString(context.Key(1), out var value)) context.Reply.Integer(value.Length);
    }

    private static void SubStr(CommandContext context) => GetRange(context);

    private static void ReplyString(CommandContext context, StringValue value)
    {
        if (!value.Exists)
        {
            context.Reply.Null();
            return;
        }

        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        context.Reply.Bulk(value.Bytes(scratch));
    }

    private static void SetPlainly(CommandContext context)
    {
        var key = context.Key(1);
        context.Keyspace.SetString(key, context.Write(key), context.Args[2], Entry.NoExpiry);
        context.Modified(key, KeyspaceEvent.Set);
        context.Reply.Ok();
    }

    private static void SetWithExpiry(CommandContext context, ExpiryUnit unit)
    {
        if (!new ExpiryOption(unit, argument: 2).TryResolve(context, out var expireAtMs)) return;
        var key = context.Key(1);
        var value = context.Args[3];
        context.Keyspace.SetString(key, context.Write(key), value, expireAtMs);
        context.Modified(key, KeyspaceEvent.Set);
        PropagateSetAt(context, value, expireAtMs);
        context.Engine.Notify(context.Keyspace, KeyspaceEvent.Expire, key.Bytes);
        context.Reply.Ok();
    }

    /// <summary>A relative time to live is repeated as the moment it means, and GET's reply needs no repeating.</summary>
    private static void PropagateSet(CommandContext context, in SetOptions options, long expireAtMs)
    {
        if (!context.Propagation.IsActive) return;
        if (options.Expiry.IsGiven)
        {
            if (!options.Expiry.IsUnixMilliseconds) PropagateSetAt(context, context.Args[2], expireAtMs);
            return;
        }

        if (!options.ReturnsOld) return;
        var args = context.Args;
        var words = 0;
        for (var i = 0; i < args.Count; i++) words += IsGetOption(context, i) ? 0 : 1;
        context.Propagation.Instead(words);
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsGetOption(context, i)) context.Propagation.Word(args[i]);
        }
    }

    private static bool IsGetOption(CommandContext context, int argument) => argument >= 3 && context.Is(argument, "GET"u8);

    private static void PropagateSetAt(CommandContext context, ReadOnlySpan<byte> value, long expireAtMs) =>
        context.Propagation.Instead(5).Word("SET"u8).Word(context.Args[1]).Word(value).Word("PXAT"u8).Word(expireAtMs);

    private static bool CheckPairs(CommandContext context)
    {
        if (context.Args.Count % 2 == 1) return true;
        context.Reply.Error($"ERR wrong number of arguments for '{context.Command.FullName}' command");
        return false;
    }

    private static void SetPairs(CommandContext context)
    {
        for (var i = 1; i < context.Args.Count; i += 2)
        {
            var key = context.Key(i);
            context.Keyspace.SetString(key, context.Write(key), context.Args[i + 1], Entry.NoExpiry);
            context.Modified(key, KeyspaceEvent.Set);
        }
    }

    private static bool TryParseGetEx(CommandContext context, out ExpiryOption expiry, out bool persists)
    {
        (expiry, persists) = (default, false);
        for (var i = 2; i < context.Args.Count; i++)
        {
            if (context.Is(i, "PERSIST"u8) && !expiry.IsGiven)
            {
                persists = true;
                continue;
            }

            var unit = ExpiryOption.UnitOf(context, i);
            if (!expiry.AllowsAfter(unit) || persists || i + 1 == context.Args.Count)
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }

            expiry = new ExpiryOption(unit, ++i);
        }

        return true;
    }
}

using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Hashes: fields with values under one key.</summary>
internal static class HashCommands
{
    public static readonly Command[] Table =
    [
        new("HDEL", arity: -3, Write | Fast, KeySpec.At(1, ReadWrite | Delete), HDel)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the number of fields given",
            ElementArgument = 2,
            Syntax = "key field...",
            Summary = "Deletes fields of a hash.",
        },
        new("HEXISTS", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read), HExists)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field",
            Summary = "Tells whether a hash has a field.",
        },
        new("HGET", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read | Access), HGet)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field",
            Summary = "Returns the value of a field of a hash.",
        },
        new("HGETALL", arity: 2, ReadOnly, KeySpec.At(1, Read | Access), HGetAll)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the size of the hash",
            Syntax = "key",
            Summary = "Returns all fields of a hash with their values.",
            Tips = ["nondeterministic_output_order"],
        },
        new("HINCRBY", arity: 4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), HIncrBy)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field increment:integer",
            Summary = "Adds a number to the integer in a field of a hash.",
        },
        new("HINCRBYFLOAT", arity: 4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), HIncrByFloat)
        {
            Since = "2.6.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field increment:double",
            Summary = "Adds a floating-point number to the number in a field of a hash.",
        },
        new("HKEYS", arity: 2, ReadOnly, KeySpec.At(1, Read | Access), HKeys)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the size of the hash",
            Syntax = "key",
            Summary = "Returns the names of all fields of a hash.",
            Tips = ["nondeterministic_output_order"],
        },
        new("HLEN", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), HLen)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns how many fields a hash has.",
        },
        new("HMGET", arity: -3, ReadOnly | Fast, KeySpec.At(1, Read | Access), HMGet)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the number of fields given",
            ElementArgument = 2,
            Syntax = "key field...",
            Summary = "Returns the values of several fields of a hash.",
        },
        new("HMSET", arity: -4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Update), HMSet)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the number of fields given",
            ElementArgument = 2,
            Syntax = "key data:(field value)...",
            Summary = "Sets several fields of a hash.",
            DeprecatedSince = "4.0.0", ReplacedBy = "`HSET` with multiple field-value pairs",
        },
        new("HRANDFIELD", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), HRandField)
        {
            Since = "6.2.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the number of fields returned",
            Syntax = "key [options:(count:integer [WITHVALUES])]",
            Summary = "Returns random fields of a hash.",
            Tips = ["nondeterministic_output"],
        },
        new("HSCAN", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), HScan)
        {
            Since = "2.8.0", Group = CommandGroup.Hash,
            Complexity = "O(1) for each call, O(N) for a whole iteration over N fields",
            Syntax = "key cursor:integer [MATCH pattern] [COUNT count:integer]",
            Summary = "Returns some fields of a hash with their values, and a cursor for the next call.",
            Tips = ["nondeterministic_output"],
        },
        new("HSET", arity: -4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Update), HSet)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1) for each field",
            ElementArgument = 2,
            Syntax = "key data:(field value)...",
            Summary = "Sets fields of a hash and returns how many are new.",
        },
        new("HSETNX", arity: 4, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), HSetNx)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field value",
            Summary = "Sets a field of a hash, but only if the field does not exist.",
        },
        new("HSTRLEN", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read), HStrLen)
        {
            Since = "3.2.0", Group = CommandGroup.Hash, Complexity = "O(1)",
            ElementArgument = 2,
            Syntax = "key field",
            Summary = "Returns the length of the value in a field of a hash.",
        },
        new("HVALS", arity: 2, ReadOnly, KeySpec.At(1, Read | Access), HVals)
        {
            Since = "2.0.0", Group = CommandGroup.Hash, Complexity = "O(N) with N the size of the hash",
            Syntax = "key",
            Summary = "Returns the values of all fields of a hash.",
            Tips = ["nondeterministic_output_order"],
        },
    ];

    private static void HDel(CommandContext context)
    {
        var key = context.Key(1);
        if (!TryWrite(context, key, out var hash)) return;
        var deleted = 0;
        var isEmpty = false;
        for (var i = 2; i < context.Args.Count && hash.Exists && !isEmpty; i++)
        {
            if (!hash.Remove(context.Args[i])) continue;
            deleted++;
            isEmpty = hash.Count == 0;
        }

        if (deleted > 0) context.Removed(key, hash.Entry, KeyspaceEvent.HDel, deleted, isEmpty);
        context.Reply.Integer(deleted);
    }

    private static void HExists(CommandContext context)
    {
        if (TryRead(context, out var hash)) context.Reply.Integer(hash.Exists && hash.Contains(context.Args[2]) ? 1 : 0);
    }

    private static void HGet(CommandContext context)
    {
        if (TryRead(context, out var hash)) ReplyValue(context.Reply, hash, context.Args[2]);
    }

    private static void HGetAll(CommandContext context)
    {
        if (!TryRead(context, out var hash)) return;
        context.Reply.Map(hash.Exists ? hash.Count : 0);
        Reply(context, hash, Parts.Both);
    }

    private static void HIncrBy(CommandContext context)
    {
        if (!context.TryInteger(3, out var increment)) return;
        var key = context.Key(1);
        if (!TryWrite(context, key, out var hash)) return;
        long number = 0;
        if (hash.Exists && hash.TryGet(context.Args[2], out var old) && !old.TryGetInteger(out number))
        {
            context.Reply.Error("ERR hash value is not an integer"u8);
            return;
        }

        var sum = unchecked(number + increment);
        if (((number ^ sum) & (increment ^ sum)) < 0)
        {
            // Both terms have the sign that the sum lacks.
            context.Reply.Error("ERR increment or decrement would overflow"u8);
            return;
        }

        Span<byte> text = stackalloc byte[NumberText.MaxIntegerLength];
        Set(context, key, hash, text[..NumberText.FormatInt64(sum, text)]);
        context.Modified(key, KeyspaceEvent.HIncrBy);
        context.Reply.Integer(sum);
    }

    private static void HIncrByFloat(CommandContext context)
    {
        if (!LongDouble.TryParse(context.Args[3], out var increment))
        {
            context.Reply.Error(Errors.NotFloat);
            return;
        }

        if (!increment.IsFinite)
        {
            context.Reply.Error("ERR value is NaN or Infinity"u8);
            return;
        }

        var key = context.Key(1);
        if (!TryWrite(context, key, out var hash)) return;
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        LongDouble number = default;
        if (hash.Exists && hash.TryGet(context.Args[2], out var old) && !LongDouble.TryParse(old.ToBytes(scratch), out number))
        {
            context.Reply.Error("ERR hash value is not a float"u8);
            return;
        }

        number += increment;
        if (!number.IsFinite)
        {
            context.Reply.Error("ERR increment would produce NaN or Infinity"u8);
            return;
        }

        Span<byte> text = stackalloc byte[LongDouble.MaxFormattedLength];
        text = text[..number.Format(text)];
        Set(context, key, hash, text);
        context.Modified(key, KeyspaceEvent.HIncrByFloat);
        // Another machine's floating point must not matter: what is repeated is the result.
        context.Propagation.Instead(4).Word("HSET"u8).Word(key.Bytes).Word(context.Args[2]).Word(text);
        context.Reply.Bulk(text);
    }

    private static void HKeys(CommandContext context)
    {
        if (!TryRead(context, out var hash)) return;
        context.Reply.Array(hash.Exists ? hash.Count : 0);
        Reply(context, hash, Parts.Field);
    }

    private static void HLen(CommandContext context)
    {
        if (TryRead(context, out var hash)) context.Reply.Integer(hash.Exists ? hash.Count : 0);
    }

    private static void HMGet(CommandContext context)
    {
        if (!TryRead(context, out var hash)) return;
        var args = context.Args;
        context.Reply.Array(args.Count - 2);
        for (var i = 2; i < args.Count; i++) ReplyValue(context.Reply, hash, args[i]);
    }

    private static void HMSet(CommandContext context)
    {
        if (TrySetPairs(context, out _)) context.Reply.Ok();
    }

    private static void HRandField(CommandContext context)
    {
        if (context.Args.Count == 2)
        {
            if (!TryRead(context, out var one)) return;
            if (one.Exists) ReplyRandom(context, one, 1, Parts.Field);
            else context.Reply.Null();
            return;
        }

        if (!RandomCount.TryParse(context, 2, out var count)) return;
        var withValues = context.Args.Count == 4 && context.Is(3, "WITHVALUES"u8);
        if (context.Args.Count > 3 && !withValues)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (withValues && count is < -(long.MaxValue / 2) or > long.MaxValue / 2)
        {
            context.Reply.Error("ERR value is out of range"u8);
            return;
        }

        if (TryRead(context, out var hash)) ReplySample(context, hash, count, withValues ? Parts.Pair : Parts.Field);
    }

    private static void HScan(CommandContext context)
    {
        if (!ScanOptions.TryCursor(context, 2, out var cursor) || !TryRead(context, out var hash)) return;
        ScanOptions options = default;
        if (hash.Exists && !ScanOptions.TryParse(context, 3, allowsType: false, out options)) return;

        context.Reply.Array(2);
        var start = context.Reply.BeginDeferred();
        var visitor = new ScanVisitor(context.Reply, options);
        cursor = hash.Exists ? hash.Scan(cursor, options.Count, ref visitor) : 0;
        context.Reply.EndDeferredArray(start, visitor.Count);
        context.Reply.InsertBulkInteger(start, (long)cursor);
    }

    private static void HSet(CommandContext context)
    {
        if (TrySetPairs(context, out var created)) context.Reply.Integer(created);
    }

    private static void HSetNx(CommandContext context)
    {
        var key = context.Key(1);
        if (!TryWrite(context, key, out var hash)) return;
        if (hash.Exists && hash.Contains(context.Args[2]))
        {
            context.Reply.Integer(0);
            return;
        }

        Set(context, key, hash, context.Args[3]);
        context.Modified(key, KeyspaceEvent.HSet);
        context.Reply.Integer(1);
    }

    private static void HStrLen(CommandContext context)
    {
        if (!TryRead(context, out var hash)) return;
        context.Reply.Integer(hash.Exists && hash.TryGet(context.Args[2], out var value) ? value.TextLength() : 0);
    }

    private static void HVals(CommandContext context)
    {
        if (!TryRead(context, out var hash)) return;
        context.Reply.Array(hash.Exists ? hash.Count : 0);
        Reply(context, hash, Parts.Value);
    }

    private static bool TryRead(CommandContext context, out HashValue hash)
    {
        var isHash = context.TryRead(context.Key(1), KeyType.Hash, out var entry);
        hash = new HashValue(context.Values, entry);
        return isHash;
    }

    private static bool TryWrite(CommandContext context, in Key key, out HashValue hash)
    {
        var isHash = context.TryWrite(key, KeyType.Hash, out var entry);
        hash = new HashValue(context.Values, entry);
        return isHash;
    }

    /// <summary>A hash for a key that has none; it must be put there when it is filled.</summary>
    private static HashValue Create(CommandContext context, in Key key)
    {
        var (encoding, word) = HashValue.CreateEmpty(context.Values);
        return new HashValue(context.Values, context.Keyspace.CreateEntry(key, KeyType.Hash, encoding, word));
    }

    /// <summary>Sets the field that is the command's second argument; the key may have to be created.</summary>
    private static void Set(CommandContext context, in Key key, HashValue existing, ReadOnlySpan<byte> value)
    {
        var hash = existing.Exists ? existing : Create(context, key);
        hash.Set(context.Args[2], value);
        if (!existing.Exists) context.Keyspace.Put(key, default, hash.Entry);
    }

    private static bool TrySetPairs(CommandContext context, out int created)
    {
        created = 0;
        var args = context.Args;
        if (args.Count % 2 != 0)
        {
            context.Reply.Error($"ERR wrong number of arguments for '{context.Command.FullName}' command");
            return false;
        }

        var key = context.Key(1);
        if (!TryWrite(context, key, out var existing)) return false;
        var hash = existing.Exists ? existing : Create(context, key);
        var pairs = (args.Count - 2) / 2;
        hash.MakeRoom(pairs);
        for (var i = 2; i < args.Count; i += 2) created += hash.Set(args[i], args[i + 1]) ? 1 : 0;
        if (!existing.Exists) context.Keyspace.Put(key, default, hash.Entry);
        context.Modified(key, KeyspaceEvent.HSet, pairs);
        return true;
    }

    private static void ReplyValue(RespWriter reply, HashValue hash, ReadOnlySpan<byte> field)
    {
        if (hash.Exists && hash.TryGet(field, out var value)) reply.Bulk(value);
        else reply.Null();
    }

    private static void Reply(CommandContext context, HashValue hash, Parts parts)
    {
        if (!hash.Exists) return;
        var visitor = new ReplyVisitor(context.Reply, parts);
        hash.Visit(ref visitor);
    }

    /// <summary>Above zero: so many different fields; below: so many, each drawn anew.</summary>
    private static void ReplySample(CommandContext context, HashValue hash, long count, Parts parts)
    {
        if (!hash.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }

        var replies = count < 0 ? -count : Math.Min(count, hash.Count);
        if (parts == Parts.Pair) context.Reply.Pairs(replies);
        else context.Reply.Array(replies);
        if (count < 0)
        {
            ReplyRandom(context, hash, replies, parts);
            return;
        }

        var visitor = new ReplyVisitor(context.Reply, parts);
        hash.VisitSample(replies, ref visitor);
    }

    private static void ReplyRandom(CommandContext context, HashValue hash, long count, Parts parts)
    {
        var visitor = new ReplyVisitor(context.Reply, parts);
        for (; count > 0 && !context.Reply.IsOverfull; count -= RandomCount.DrawnAtOnce)
        {
            hash.VisitRandom(Math.Min(count, RandomCount.DrawnAtOnce), ref visitor);
        }
    }

    private enum Parts
    {
        Field,
        Value,
        Both,

        /// <summary>Both, as an array of their own where the protocol has such.</summary>
        Pair,
    }

    private readonly struct ReplyVisitor(RespWriter reply, Parts parts) : IFieldVisitor
    {
        public void Visit(ListpackElement field, ListpackElement value)
        {
            if (parts == Parts.Pair) reply.Pair();
            if (parts != Parts.Value) reply.Bulk(field);
            if (parts != Parts.Field) reply.Bulk(value);
        }
    }

    private struct ScanVisitor(RespWriter reply, ScanOptions options) : IFieldVisitor
    {
        public long Count { get; private set; }

        public void Visit(ListpackElement field, ListpackElement value)
        {
            if (!options.Matches(field.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]))) return;
            reply.Bulk(field);
            reply.Bulk(value);
            Count += 2;
        }
    }
}

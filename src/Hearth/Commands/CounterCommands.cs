using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Strings that are numbers.</summary>
internal static class CounterCommands
{
    /// <summary>Longest text of a long double: a sign, 4,933 digits, a point and 17 decimals.</summary>
    private const int LongDoubleTextBytesMax = 5 * 1024;

    public static readonly Command[] Table =
    [
        new("DECR", arity: 2, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), Decr)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Subtracts one from the integer at a key.",
        },
        new("DECRBY", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), DecrBy)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key decrement:integer",
            Summary = "Subtracts a number from the integer at a key.",
        },
        new("INCR", arity: 2, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), Incr)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Adds one to the integer at a key.",
        },
        new("INCRBY", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), IncrBy)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key increment:integer",
            Summary = "Adds a number to the integer at a key.",
        },
        new("INCRBYFLOAT", arity: 3, Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Access | Update), IncrByFloat)
        {
            Since = "2.6.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key increment:double",
            Summary = "Adds a floating-point number to the number at a key.",
        },
    ];

    private static void Decr(CommandContext context) => Add(context, -1);

    private static void DecrBy(CommandContext context)
    {
        if (!context.TryInteger(2, out var decrement)) return;
        if (decrement == long.MinValue)
        {
            context.Reply.Error("ERR decrement would overflow"u8);
            return;
        }

        Add(context, -decrement);
    }

    private static void Incr(CommandContext context) => Add(context, 1);

    private static void IncrBy(CommandContext context)
    {
        if (context.TryInteger(2, out var increment)) Add(context, increment);
    }

    private static void IncrByFloat(CommandContext context)
    {
        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;
        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        LongDouble number = default;
        if ((value.Exists && !LongDouble.TryParse(value.Bytes(scratch), out number)) || !LongDouble.TryParse(context.Args[2], out var increment))
        {
            context.Reply.Error(Errors.NotFloat);
            return;
        }

        number += increment;
        if (!number.IsFinite)
        {
            context.Reply.Error("ERR increment would produce NaN or Infinity"u8);
            return;
        }

        Span<byte> text = stackalloc byte[LongDoubleTextBytesMax];
        text = text[..number.Format(text)];
        context.Keyspace.SetText(key, value.Entry, text);
        context.Modified(key, KeyspaceEvent.IncrByFloat);
        // Another machine's floating point must not matter: what is repeated is the result.
        context.Propagation.Instead(4).Word("SET"u8).Word(key.Bytes).Word(text).Word("KEEPTTL"u8);
        context.Reply.Bulk(text);
    }

    private static void Add(CommandContext context, long increment)
    {
        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;
        if (!value.TryGetInteger(out var number))
        {
            context.Reply.Error(Errors.NotInteger);
            return;
        }

        var sum = unchecked(number + increment);
        if (((number ^ sum) & (increment ^ sum)) < 0)
        {
            // Both terms have the sign that the sum lacks.
            context.Reply.Error("ERR increment or decrement would overflow"u8);
            return;
        }

        context.Keyspace.SetInteger(key, value.Entry, sum);
        context.Modified(key, KeyspaceEvent.IncrBy);
        context.Reply.Integer(sum);
    }
}

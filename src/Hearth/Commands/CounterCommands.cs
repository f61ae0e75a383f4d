using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Strings that are numbers.</summary>
internal static class CounterCommands
{
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

using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Integers of any width inside strings.</summary>
internal static class BitFieldCommands
{
    public static readonly Command[] Table =
    [
        new("BITFIELD", arity: -2, Write | DenyOom,
            KeySpec.At(1, ReadWrite | Access | Update | VariableFlags, notes: "Its operations decide whether it only reads."), BitField)
        {
            Since = "3.2.0", Group = CommandGroup.Bitmap, Complexity = "O(1) for each operation",
            Syntax = "key [operation:<GET get-block:(encoding offset:integer) | write:([OVERFLOW overflow-block:<WRAP | SAT | FAIL>] "
                + "write-operation:<SET set-block:(encoding offset:integer value:integer) | INCRBY incrby-block:(encoding "
                + "offset:integer increment:integer)>)>...]",
            Summary = "Reads, sets and increments integers of any width at any bit offset of a string.",
            KeyFinder = KeyFinders.OfBitField,
        },
        new("BITFIELD_RO", arity: -2, ReadOnly | Fast, KeySpec.At(1, Read | Access), BitFieldRo)
        {
            Since = "6.0.0", Group = CommandGroup.Bitmap, Complexity = "O(1) for each operation",
            Syntax = "key [GET get-block:(encoding offset:integer)]...",
            Summary = "Reads integers of any width at any bit offset of a string.",
        },
    ];

    private static void BitField(CommandContext context)
    {
        if (!TryPlan(context, out var plan)) return;
        if (plan.IsReadOnly) ReadAll(context, plan);
        else WriteAll(context, plan);
    }

    private static void BitFieldRo(CommandContext context)
    {
        if (!TryPlan(context, out var plan)) return;
        if (plan.IsReadOnly) ReadAll(context, plan);
        else context.Reply.Error("ERR BITFIELD_RO only supports the GET subcommand"u8);
    }

    /// <summary>
    /// Goes over all operations before the first of them runs: none runs if one is wrong, and the string must grow to the last bit that
    /// any of them writes. They are parsed again when they run, so nothing needs to be kept of them. False after it has replied an error.
    /// </summary>
    private static bool TryPlan(CommandContext context, out Plan plan)
    {
        plan = new Plan { LastWrittenBit = -1 };
        var reader = new BitFieldReader(context);
        while (reader.TryNext(out var operation))
        {
            plan.Operations++;
            if (operation.Kind != BitFieldOperationKind.Get)
            {
                plan.LastWrittenBit = Math.Max(plan.LastWrittenBit, operation.Offset + operation.Type.Bits - 1);
            }
        }

        return !reader.HasFailed;
    }

    private static void ReadAll(CommandContext context, in Plan plan)
    {
        if (!context.TryReadString(context.Key(1), out var value)) return;
        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        var bytes = value.Bytes(scratch);
        context.Reply.Array(plan.Operations);
        var reader = new BitFieldReader(context);
        while (reader.TryNext(out var operation)) context.Reply.Integer(operation.Type.Read(bytes, operation.Offset));
    }

    private static void WriteAll(CommandContext context, in Plan plan)
    {
        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;
        var oldLength = value.Length;
        var length = Math.Max(oldLength, (int)(plan.LastWrittenBit >> 3) + 1);
        var isNewOrLonger = !value.Exists || length > oldLength;
        var bytes = context.Keyspace.WritableString(key, value.Entry, length);

        var changes = 0;
        context.Reply.Array(plan.Operations);
        var reader = new BitFieldReader(context);
        while (reader.TryNext(out var operation))
        {
            var old = operation.Type.Read(bytes, operation.Offset);
            if (operation.Kind == BitFieldOperationKind.Get)
            {
                context.Reply.Integer(old);
            }
            else if (!operation.Type.TryFit(operation.ResultFor(old), operation.Overflow, out var changed))
            {
                context.Reply.Null();
            }
            else
            {
                operation.Type.Write(bytes, operation.Offset, changed);
                context.Reply.Integer(operation.Kind == BitFieldOperationKind.Set ? old : changed);
                if (isNewOrLonger || changed != old) changes++;
            }
        }

        if (changes == 0) return;
        context.Modified(key, KeyspaceEvent.SetBit);
        context.Engine.Dirty += changes - 1;
    }

    /// <summary>What is known of a call before it runs.</summary>
    private struct Plan
    {
        public int Operations;

        /// <summary>-1 if nothing is written.</summary>
        public long LastWrittenBit;

        public readonly bool IsReadOnly => LastWrittenBit < 0;
    }
}

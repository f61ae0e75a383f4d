using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Strings as arrays of bits.</summary>
internal static class BitmapCommands
{
    public static readonly Command[] Table =
    [
        new("BITCOUNT", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), BitCount)
        {
            Since = "2.6.0", Group = CommandGroup.Bitmap, Complexity = "O(N) with N the number of bytes looked at",
            Syntax = "key [range:(start:integer end:integer [unit@7.0.0:<BYTE | BIT>])]",
            Summary = "Counts the bits that are set in a string, or in a part of it.",
        },
        new("BITOP", arity: -4, Write | DenyOom, [KeySpec.At(2, Overwrite | Update), KeySpec.Range(3, last: -1, Read | Access)], BitOp)
        {
            Since = "2.6.0", Group = CommandGroup.Bitmap, Complexity = "O(N) with N the length of the longest string",
            Syntax = "operation:<AND | OR | XOR | NOT> destkey:key key...",
            Summary = "Combines strings bit by bit and stores the result.",
        },
        new("BITPOS", arity: -3, ReadOnly, KeySpec.At(1, Read | Access), BitPos)
        {
            Since = "2.8.7", Group = CommandGroup.Bitmap, Complexity = "O(N) with N the number of bytes looked at",
            Syntax = "key bit:integer [range:(start:integer [end-unit-block:(end:integer [unit@7.0.0:<BYTE | BIT>])])]",
            Summary = "Finds the first bit of a string that is set, or clear.",
        },
        new("GETBIT", arity: 3, ReadOnly | Fast, KeySpec.At(1, Read | Access), GetBit)
        {
            Since = "2.2.0", Group = CommandGroup.Bitmap, Complexity = "O(1)",
            Syntax = "key offset:integer",
            Summary = "Returns one bit of a string.",
        },
        new("SETBIT", arity: 4, Write | DenyOom, KeySpec.At(1, ReadWrite | Access | Update), SetBit)
        {
            Since = "2.2.0", Group = CommandGroup.Bitmap, Complexity = "O(1), and O(N) where the string grows to N bytes",
            Syntax = "key offset:integer value:integer",
            Summary = "Sets or clears one bit of a string and returns what it was.",
        },
    ];

    private static void BitCount(CommandContext context)
    {
        if (!context.TryReadString(context.Key(1), out var value)) return;
        if (!value.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        var bytes = value.Bytes(scratch);
        BitRange range;
        switch (context.Args.Count)
        {
            case 2:
                range = BitRange.Whole(bytes.Length);
                break;
            case 4 or 5:
                if (!BitRange.TryParseForCount(context, bytes.Length, out range)) return;
                break;
            default:
                context.Reply.Error(Errors.Syntax);
                return;
        }

        context.Reply.Integer(range.IsEmpty ? 0 : Bitmap.Count(bytes, range.First, range.Last));
    }

    private static void BitOp(CommandContext context)
    {
        if (!TryOperation(context, out var operation)) return;
        var sources = context.Args.Count - 3;
        if (operation == BitOperation.Not && sources != 1)
        {
            context.Reply.Error("ERR BITOP NOT must be called with a single source key."u8);
            return;
        }

        var length = 0;
        for (var i = 3; i < context.Args.Count; i++)
        {
            if (!context.TryReadString(context.Key(i), out var value)) return;
            length = Math.Max(length, value.Length);
        }

        // The result gets an entry of its own from the start: the target may be one of the sources.
        var target = context.Key(2);
        var combined = default(Entry);
        if (length > 0)
        {
            combined = context.Keyspace.CreateRawString(target, length, out var result);
            Combine(context, operation, result);
        }

        context.Store(target, combined, KeyspaceEvent.Set);
        context.Reply.Integer(length);
    }

    private static void BitPos(CommandContext context)
    {
        if (!context.TryInteger(2, out var bit)) return;
        if (bit is not (0 or 1))
        {
            context.Reply.Error("ERR The bit argument must be 1 or 0."u8);
            return;
        }

        if (!context.TryReadString(context.Key(1), out var value)) return;
        if (!value.Exists)
        {
            // An absent key is an endless row of zeros.
            context.Reply.Integer(bit == 1 ? -1 : 0);
            return;
        }

        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        var bytes = value.Bytes(scratch);
        var range = BitRange.Whole(bytes.Length);
        if (context.Args.Count > 6)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (context.Args.Count > 3 && !BitRange.TryParseForPosition(context, bytes.Length, out range)) return;
        if (range.IsEmpty)
        {
            context.Reply.Integer(-1);
            return;
        }

        var position = Bitmap.IndexOf(bytes, bit == 1, range.First, range.Last);
        // Unless the caller has said where to stop, zeros follow the string.
        if (position < 0 && bit == 0 && !range.HasEnd) position = range.Last + 1;
        context.Reply.Integer(position);
    }

    private static void GetBit(CommandContext context)
    {
        if (!BitOffset.TryParse(context, 2, out var offset)) return;
        if (!context.TryReadString(context.Key(1), out var value)) return;
        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        context.Reply.Integer(Bitmap.Get(value.Bytes(scratch), offset) ? 1 : 0);
    }

    private static void SetBit(CommandContext context)
    {
        if (!BitOffset.TryParse(context, 2, out var offset)) return;
        if (!context.TryInteger(3, 0, 1, out var bit, "ERR bit is not an integer or out of range"u8)) return;
        var key = context.Key(1);
        if (!context.TryWriteString(key, out var value)) return;

        var oldLength = value.Length;
        var length = Math.Max(oldLength, (int)(offset >> 3) + 1);
        var isNewOrLonger = !value.Exists || length > oldLength;
        var bytes = context.Keyspace.WritableString(key, value.Entry, length);
        var old = Bitmap.Get(bytes, offset);
        if (isNewOrLonger || old != (bit == 1))
        {
            Bitmap.Set(bytes, offset, bit == 1);
            context.Modified(key, KeyspaceEvent.SetBit);
        }

        context.Reply.Integer(old ? 1 : 0);
    }

    private static bool TryOperation(CommandContext context, out BitOperation operation)
    {
        operation = BitOperation.And;
        if (context.Is(1, "AND"u8)) return true;
        operation = BitOperation.Or;
        if (context.Is(1, "OR"u8)) return true;
        operation = BitOperation.Xor;
        if (context.Is(1, "XOR"u8)) return true;
        operation = BitOperation.Not;
        if (context.Is(1, "NOT"u8)) return true;
        context.Reply.Error(Errors.Syntax);
        return false;
    }

    private static void Combine(CommandContext context, BitOperation operation, Span<byte> result)
    {
        Span<byte> leftScratch = stackalloc byte[StringValue.ScratchBytes];
        Span<byte> rightScratch = stackalloc byte[StringValue.ScratchBytes];
        var left = Source(context, 3, leftScratch);
        if (operation == BitOperation.Not)
        {
            Bitmap.Invert(left, result);
            return;
        }

        if (context.Args.Count == 4)
        {
            left.CopyTo(result);
            return;
        }

        for (var i = 4; i < context.Args.Count; i++)
        {
            Bitmap.Combine(operation, left, Source(context, i, rightScratch), result);
            left = result;
        }
    }

    /// <summary>A source whose type and expiry have been checked before.</summary>
    private static ReadOnlySpan<byte> Source(CommandContext context, int argument, Span<byte> scratch) =>
        new StringValue(context.Keyspace.Peek(context.Key(argument))).Bytes(scratch);
}

using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

internal enum BitFieldOperationKind : byte
{
    Get,
    Set,
    IncrBy,
}

/// <summary>One of BITFIELD's operations, with the way of overflowing that holds for it.</summary>
internal readonly struct BitFieldOperation(BitFieldOperationKind kind, BitFieldType type, long offset, long operand, BitFieldOverflow overflow)
{
    public BitFieldOperationKind Kind { get; } = kind;

    public BitFieldType Type { get; } = type;

    public long Offset { get; } = offset;

    public BitFieldOverflow Overflow { get; } = overflow;

    /// <summary>The exact result, which the field need not be able to hold. To an unsigned field a negative number is a very great one.</summary>
    public Int128 ResultFor(long old)
    {
        if (Kind == BitFieldOperationKind.IncrBy) return (Int128)old + operand;

        // Redis takes the distance from the field's maximum in 64 bits. Where that overflows, a number far below the minimum saturates
        // as if it were above the maximum; its low bits are the same up there.
        var isTakenForGreat = Type.IsSigned && operand < 0 && unchecked(Type.Max - operand) < 0 && Type.Bits < 64;
        return isTakenForGreat || !Type.IsSigned ? (Int128)(ulong)operand : operand;
    }
}

/// <summary>Reads BITFIELD's arguments as operations, one after the other.</summary>
internal ref struct BitFieldReader(CommandContext context)
{
    private int _argument = 2;
    private BitFieldOverflow _overflow;

    /// <summary>An argument was wrong, and the error has been replied.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The next operation; false at the end, and after an error.</summary>
    public bool TryNext(out BitFieldOperation operation)
    {
        operation = default;
        while (_argument < context.Args.Count)
        {
            if (TryKind(out var kind)) return TryOperation(kind, out operation);
            if (Following < 1 || !context.Is(_argument, "OVERFLOW"u8)) return Fail(Errors.Syntax);
            if (!TryOverflow()) return Fail("ERR Invalid OVERFLOW type specified"u8);
            _argument += 2;
        }

        return false;
    }

    private readonly int Following => context.Args.Count - _argument - 1;

    private readonly bool TryKind(out BitFieldOperationKind kind)
    {
        kind = BitFieldOperationKind.Get;
        if (Following >= 2 && context.Is(_argument, "GET"u8)) return true;
        kind = BitFieldOperationKind.Set;
        if (Following >= 3 && context.Is(_argument, "SET"u8)) return true;
        kind = BitFieldOperationKind.IncrBy;
        return Following >= 3 && context.Is(_argument, "INCRBY"u8);
    }

    private bool TryOverflow()
    {
        _overflow = BitFieldOverflow.Wrap;
        if (context.Is(_argument + 1, "WRAP"u8)) return true;
        _overflow = BitFieldOverflow.Saturate;
        if (context.Is(_argument + 1, "SAT"u8)) return true;
        _overflow = BitFieldOverflow.Fail;
        return context.Is(_argument + 1, "FAIL"u8);
    }

    private bool TryOperation(BitFieldOperationKind kind, out BitFieldOperation operation)
    {
        operation = default;
        if (!BitFieldType.TryParse(context.Args[_argument + 1], out var type))
        {
            return Fail("ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."u8);
        }

        HasFailed = true; // Unless all that follows is right.
        if (!BitOffset.TryParse(context, _argument + 2, type.Bits, out var offset)) return false;
        long operand = 0;
        if (kind != BitFieldOperationKind.Get && !context.TryInteger(_argument + 3, out operand)) return false;
        HasFailed = false;

        operation = new BitFieldOperation(kind, type, offset, operand, _overflow);
        _argument += kind == BitFieldOperationKind.Get ? 3 : 4;
        return true;
    }

    private bool Fail(ReadOnlySpan<byte> error)
    {
        context.Reply.Error(error);
        HasFailed = true;
        return false;
    }
}

using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>The options that SCAN and its kin for collections have in common, and their cursor.</summary>
internal readonly struct ScanOptions
{
    private const int DefaultCount = 10;

    private ScanOptions(int count, NativeSlice pattern, bool hasPattern, NativeSlice type, bool hasType) =>
        (Count, Pattern, HasPattern, TypeName, HasType) = (count, pattern, hasPattern, type, hasType);

    /// <summary>How many elements to look at, about.</summary>
    public int Count { get; }

    public bool HasType { get; }

    private NativeSlice Pattern { get; }

    private bool HasPattern { get; }

    private NativeSlice TypeName { get; }

    public bool Matches(ReadOnlySpan<byte> text) => !HasPattern || Matches(Pattern, text);

    /// <summary>A type that does not exist is no error: no key is of it.</summary>
    public bool IsOfType(KeyType type) => CString.EqualsIgnoreCase(TypeName.Span, type.Name());

    public static bool Matches(NativeSlice pattern, ReadOnlySpan<byte> text) =>
        pattern.Span is [(byte)'*'] || Glob.IsMatch(pattern.Span, text);

    /// <summary>The options from this argument on; false after it has replied what is wrong with them.</summary>
    public static bool TryParse(CommandContext context, int firstArgument, bool allowsType, out ScanOptions options)
    {
        options = default;
        long count = DefaultCount;
        NativeSlice pattern = default;
        NativeSlice type = default;
        var (hasPattern, hasType) = (false, false);
        for (var i = firstArgument; i < context.Args.Count; i += 2)
        {
            var hasValue = i + 1 < context.Args.Count;
            if (hasValue && context.Is(i, "COUNT"u8))
            {
                if (!context.TryInteger(i + 1, out count)) return false;
                if (count < 1) return RefuseSyntax(context);
            }
            else if (hasValue && context.Is(i, "MATCH"u8))
            {
                (pattern, hasPattern) = (context.Args.Slice(i + 1), true);
            }
            else if (hasValue && allowsType && context.Is(i, "TYPE"u8))
            {
                (type, hasType) = (context.Args.Slice(i + 1), true);
            }
            else
            {
                return RefuseSyntax(context);
            }
        }

        options = new ScanOptions((int)Math.Min(count, int.MaxValue), pattern, hasPattern, type, hasType);
        return true;
    }

    /// <summary>
    /// The cursor, read as C's strtoul reads a number: a sign, no digits at all and anything behind a NUL byte are accepted, leading
    /// space is not. False after it has replied that this is none.
    /// </summary>
    public static bool TryCursor(CommandContext context, int argument, out ulong cursor)
    {
        var text = CString.Clip(context.Args[argument]);
        cursor = 0;
        if (text.IsEmpty) return true;

        var isNegative = text[0] == '-';
        var digits = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (!digits.IsEmpty && TryDigits(digits, out cursor))
        {
            if (isNegative) cursor = unchecked(0 - cursor);
            return true;
        }

        context.Reply.Error("ERR invalid cursor"u8);
        return false;
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            var next = ((UInt128)value * 10) + (ulong)(digit - '0');
            if (next > ulong.MaxValue) return false;
            value = (ulong)next;
        }

        return true;
    }

    private static bool RefuseSyntax(CommandContext context)
    {
        context.Reply.Error(Errors.Syntax);
        return false;
    }
}

using System.Globalization;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>
/// A whole number within limits, in one of four notations. It is kept as an Int128, in which both the signed and the unsigned
/// 64-bit numbers fit. A percentage is kept as the number below zero.
/// </summary>
internal sealed class ConfigNumber(
    string name, Int128 defaultValue, Int128 lowest, Int128 highest, ConfigFlags flags = 0, Action<Config, Int128>? store = null)
    : ConfigParameter<Int128>(name, defaultValue, flags, store)
{
    public enum Notation
    {
        Integer,
        Octal,

        /// <summary>With a unit: b, k (1,000), kb (1,024), m, mb, g, gb.</summary>
        Bytes,

        /// <summary>Bytes, or a number of per cent.</summary>
        BytesOrPercent,
    }

    public Notation WrittenAs { get; init; }

    /// <summary>What is silently made of a value that is within the limits; null where it stays as it is.</summary>
    public Func<Int128, Int128>? Correct { get; init; }

    protected override string? Parse(IReadOnlyList<string> words, Int128 current, out Int128 value)
    {
        var word = words[0];
        switch (WrittenAs)
        {
            case Notation.Bytes:
                if (!TryParseMemory(word, out var bytes)) return Fail("argument must be a memory value", out value);
                value = bytes;
                break;

            case Notation.BytesOrPercent:
                if (word.EndsWith('%') && TryParseInteger(word[..^1], out value) && value >= 0)
                {
                    value = -value;
                    return value < lowest ? $"percentage argument must be less or equal to {-lowest}" : null;
                }

                if (!TryParseMemory(word, out bytes)) return Fail("argument must be a memory or percent value", out value);
                value = bytes;
                break;

            case Notation.Octal:
                if (!TryParseOctal(word, out value)) return "argument couldn't be parsed as an octal number";
                break;

            default:
                if (!TryParseInteger(word, out value)) return "argument couldn't be parsed into an integer";
                break;
        }

        if (value < lowest || value > highest) return $"argument must be between {Shown(lowest)} and {Shown(highest)} inclusive";
        value = Correct?.Invoke(value) ?? value;
        return null;
    }

    protected override string Format(Int128 value) =>
        WrittenAs == Notation.BytesOrPercent && value < 0 ? $"{-value}%" : Shown(value);

    protected override IEnumerable<string> RewriteLines(Int128 value) =>
        [$"{Name} {(WrittenAs is Notation.Bytes or Notation.BytesOrPercent && value > 0 ? WithUnit((ulong)value) : Format(value))}"];

    /// <summary>
    /// A number of bytes with an optional unit. As in Redis no digits at all mean zero, and what is too big for 64 bits is cut to the
    /// largest.
    /// </summary>
    public static bool TryParseMemory(string word, out ulong bytes)
    {
        bytes = 0;
        var digits = 0;
        while (digits < word.Length && char.IsAsciiDigit(word[digits])) digits++;
        var factor = word[digits..].ToLowerInvariant() switch
        {
            "" or "b" => 1UL,
            "k" => 1000UL,
            "kb" => 1UL << 10,
            "m" => 1000UL * 1000,
            "mb" => 1UL << 20,
            "g" => 1000UL * 1000 * 1000,
            "gb" => 1UL << 30,
            _ => 0UL,
        };
        if (factor == 0) return false;
        if (digits == 0) return true;

        var fits = ulong.TryParse(word.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= ulong.MaxValue / factor;
        bytes = fits ? number * factor : ulong.MaxValue;
        return true;
    }

    /// <summary>A 64-bit integer in its one canonical form: no blanks, no plus, no leading zeros.</summary>
    public static bool TryParseInteger(string word, out Int128 value)
    {
        var isInteger = NumberText.TryParseInt64(Latin1.Bytes(word), out var number);
        value = number;
        return isInteger;
    }

    private static bool TryParseOctal(string word, out Int128 value)
    {
        value = 0;
        var digits = word.AsSpan(word.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || digits.Length > 20) return false;

        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7') return false;
            value = (value * 8) + (digit - '0');
        }

        if (word.StartsWith('-')) value = -value;
        return true;
    }

    public static string WithUnit(ulong bytes) => bytes switch
    {
        0 => "0",
        _ when bytes % (1UL << 30) == 0 => $"{bytes >> 30}gb",
        _ when bytes % (1UL << 20) == 0 => $"{bytes >> 20}mb",
        _ when bytes % (1UL << 10) == 0 => $"{bytes >> 10}kb",
        _ => $"{bytes}",
    };

    private static string Fail(string error, out Int128 value)
    {
        value = 0;
        return error;
    }

    private string Shown(Int128 value) => WrittenAs == Notation.Octal && value >= 0
        ? Convert.ToString((long)value, 8)
        : value.ToString(CultureInfo.InvariantCulture);
}

using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>A range of scores as clients write it: <c>1.5</c>, <c>(2</c> for a bound that is not part of it, <c>-inf</c>.</summary>
internal readonly struct ScoreRange(double min, bool excludesMin, double max, bool excludesMax)
{
    public double Min { get; } = min;

    public bool ExcludesMin { get; } = excludesMin;

    public double Max { get; } = max;

    public bool ExcludesMax { get; } = excludesMax;

    public static bool TryParse(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, out ScoreRange range)
    {
        range = default;
        if (!TryParseBound(min, out var low, out var excludesLow) || !TryParseBound(max, out var high, out var excludesHigh)) return false;
        range = new ScoreRange(low, excludesLow, high, excludesHigh);
        return true;
    }

    public bool IsAboveMin(double score) => ExcludesMin ? score > Min : score >= Min;

    public bool IsBelowMax(double score) => ExcludesMax ? score < Max : score <= Max;

    private static bool TryParseBound(ReadOnlySpan<byte> text, out double bound, out bool isExcluded)
    {
        isExcluded = text.Length > 0 && text[0] == '(';
        return NumberText.TryParseBound(isExcluded ? text[1..] : text, out bound);
    }
}

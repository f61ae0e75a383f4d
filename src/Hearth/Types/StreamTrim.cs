using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>How a stream is to be trimmed: to so many entries, or to those from an ID on.</summary>
/// <param name="ByLength">Whether <paramref name="MaxLength"/> counts, and not <paramref name="MinId"/>.</param>
/// <param name="IsApproximate">Only whole nodes go.</param>
/// <param name="Limit">No more entries than this go; 0 for no limit.</param>
internal readonly record struct StreamTrim(bool ByLength, long MaxLength, StreamId MinId, bool IsApproximate, long Limit);

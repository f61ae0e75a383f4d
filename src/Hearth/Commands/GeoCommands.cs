using System.Buffers;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Positions on Earth, kept as the scores of sorted sets. What searches for them is in <see cref="GeoSearchCommands"/>.</summary>
internal static class GeoCommands
{
    private const int HashTextBytes = 11;

    public static readonly Command[] Table =
    [
        new("GEOADD", arity: -5, Write | DenyOom, KeySpec.At(1, ReadWrite | Update), GeoAdd)
        {
            Since = "3.2.0", Group = CommandGroup.Geo, Complexity = "O(log(N)) for each member, with N the size of the set",
            Syntax = "key [condition@6.2.0:<NX | XX>] [change=CH@6.2.0] data:(longitude:double latitude:double member)...",
            Summary = "Adds members with their positions on Earth.",
            ElementArgument = 4,
        },
        new("GEODIST", arity: -4, ReadOnly, KeySpec.At(1, Read | Access), GeoDist)
        {
            Since = "3.2.0", Group = CommandGroup.Geo, Complexity = "O(1)",
            Syntax = "key member1 member2 [unit:<M | KM | FT | MI>]",
            Summary = "Returns the distance between two members.",
            ElementArgument = 2,
        },
        new("GEOHASH", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), GeoHash)
        {
            Since = "3.2.0", Group = CommandGroup.Geo, Complexity = "O(1) for each member",
            Syntax = "key [member...]",
            Summary = "Returns the geohashes of members as text.",
        },
        new("GEOPOS", arity: -2, ReadOnly, KeySpec.At(1, Read | Access), GeoPos)
        {
            Since = "3.2.0", Group = CommandGroup.Geo, Complexity = "O(1) for each member",
            Syntax = "key [member...]",
            Summary = "Returns the longitudes and latitudes of members.",
            ElementArgument = 2,
        },
    ];

    private static ReadOnlySpan<byte> HashAlphabet => "0123456789bcdefghjkmnpqrstuvwxyz"u8;

    /// <summary>An argument for longitude and the one behind it for latitude; false after it has replied what is wrong with them.</summary>
    public static bool TryPosition(CommandContext context, int argument, out GeoPosition position)
    {
        position = default;
        if (!NumberText.TryParseDouble(context.Args[argument], out var longitude) || !NumberText.TryParseDouble(context.Args[argument + 1], out var latitude))
        {
            context.Reply.Error(Errors.NotFloat);
            return false;
        }

        position = new GeoPosition(longitude, latitude);
        if (position.IsValid) return true;
        context.Reply.Error($"ERR invalid longitude,latitude pair {SixDecimals(longitude)},{SixDecimals(latitude)}");
        return false;
    }

    /// <summary>The position of a member of a sorted set, if it has it.</summary>
    public static bool TryPositionOf(ZSetValue value, ReadOnlySpan<byte> member, out GeoPosition position)
    {
        var place = value.Find(member);
        position = place.Exists ? GeoCell.OfScore(place.Score).Center : default;
        return place.Exists;
    }

    /// <summary>The metres of a unit of length; false after it has replied that this is none.</summary>
    public static bool TryUnit(CommandContext context, int argument, out double metres)
    {
        metres = 1;
        if (context.Is(argument, "M"u8)) return true;
        if (context.Is(argument, "KM"u8)) metres = 1000;
        else if (context.Is(argument, "FT"u8)) metres = 0.3048;
        else if (context.Is(argument, "MI"u8)) metres = 1609.34;
        else
        {
            context.Reply.Error("ERR unsupported unit provided. please use M, KM, FT, MI"u8);
            return false;
        }

        return true;
    }

    /// <summary>A distance with four decimals.</summary>
    public static void ReplyDistance(CommandContext context, double distance)
    {
        const int decimals = 4;
        const double scale = 10_000;
        Span<byte> text = stackalloc byte[2 + NumberText.MaxIntegerLength];
        var scaled = (ulong)Math.Round(distance * scale, MidpointRounding.ToEven);
        var (whole, fraction) = Math.DivRem(scaled, (ulong)scale);
        var length = NumberText.FormatUInt64(whole, text);
        text[length++] = (byte)'.';
        for (var place = length + decimals - 1; place >= length; place--, fraction /= 10) text[place] = (byte)('0' + (fraction % 10));
        context.Reply.Bulk(text[..(length + decimals)]);
    }

    public static void ReplyPosition(CommandContext context, GeoPosition position)
    {
        context.Reply.Array(2);
        context.Reply.Double(LongDouble.FromDouble(position.Longitude));
        context.Reply.Double(LongDouble.FromDouble(position.Latitude));
    }

    /// <summary>It is ZADD with scores made of positions, and is repeated as that.</summary>
    private static void GeoAdd(CommandContext context)
    {
        if (!TryOptions(context, out var options, out var first)) return;
        var points = (context.Args.Count - first) / 3;
        var scores = ArrayPool<double>.Shared.Rent(points);
        if (TryScores(context, first, scores.AsSpan(0, points)))
        {
            ZSetCommands.Add(context, options, first, scores.AsSpan(0, points), step: 3);
            PropagateAdd(context, first, scores.AsSpan(0, points));
        }

        ArrayPool<double>.Shared.Return(scores);
    }

    private static void GeoDist(CommandContext context)
    {
        var metres = 1.0;
        if (context.Args.Count == 5 && !TryUnit(context, 4, out metres)) return;
        if (context.Args.Count > 5)
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        if (TryPositionOf(value, context.Args[2], out var one) && TryPositionOf(value, context.Args[3], out var other))
        {
            ReplyDistance(context, GeoDistance.Between(one, other) / metres);
        }
        else
        {
            context.Reply.Null();
        }
    }

    private static void GeoHash(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        context.Reply.Array(context.Args.Count - 2);
        for (var i = 2; i < context.Args.Count; i++)
        {
            if (TryPositionOf(value, context.Args[i], out var position)) ReplyHash(context, position);
            else context.Reply.Null();
        }
    }

    private static void GeoPos(CommandContext context)
    {
        if (!context.TryRead(context.Key(1), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        context.Reply.Array(context.Args.Count - 2);
        for (var i = 2; i < context.Args.Count; i++)
        {
            if (TryPositionOf(value, context.Args[i], out var position)) ReplyPosition(context, position);
            else context.Reply.NullArray();
        }
    }

    private static bool TryOptions(CommandContext context, out ZAddOptions options, out int first)
    {
        options = ZAddOptions.None;
        for (first = 2; first < context.Args.Count; first++)
        {
            if (context.Is(first, "NX"u8)) options |= ZAddOptions.OnlyNew;
            else if (context.Is(first, "XX"u8)) options |= ZAddOptions.OnlyExisting;
            else if (context.Is(first, "CH"u8)) options |= ZAddOptions.CountsChanged;
            else break;
        }

        var rest = context.Args.Count - first;
        if (rest > 0 && rest % 3 == 0 && !(options.Has(ZAddOptions.OnlyNew) && options.Has(ZAddOptions.OnlyExisting))) return true;
        context.Reply.Error(Errors.Syntax);
        return false;
    }

    private static bool TryScores(CommandContext context, int first, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!TryPosition(context, first + (3 * i), out var position)) return false;
            scores[i] = GeoCell.At(position, GeoCell.StepMax).Score;
        }

        return true;
    }

    private static void PropagateAdd(CommandContext context, int first, ReadOnlySpan<double> scores)
    {
        if (!context.Propagation.IsActive) return;
        var words = context.Propagation.Instead(first + (2 * scores.Length)).Word("zadd"u8);
        for (var i = 1; i < first; i++) words.Word(context.Args[i]);
        for (var i = 0; i < scores.Length; i++) words.Word((long)scores[i]).Word(context.Args[first + (3 * i) + 2]);
    }

    /// <summary>The position among those of the whole Earth, five bits a letter. The last letter stands for bits that scores don't have.</summary>
    private static void ReplyHash(CommandContext context, GeoPosition position)
    {
        const double allLatitudes = 90;
        const int scoreBits = 52;
        var bits = GeoCell.At(position, GeoCell.StepMax, allLatitudes).Bits;
        Span<byte> text = stackalloc byte[HashTextBytes];
        text[^1] = HashAlphabet[0];
        for (var i = 0; i < HashTextBytes - 1; i++) text[i] = HashAlphabet[(int)(bits >> (scoreBits - ((i + 1) * 5))) & 31];
        context.Reply.Bulk(text);
    }

    /// <summary>A number as C's printf writes it with %f.</summary>
    private static string SixDecimals(double value) => double.IsInfinity(value)
        ? value > 0 ? "inf" : "-inf"
        : value.ToString("F6", System.Globalization.CultureInfo.InvariantCulture);
}

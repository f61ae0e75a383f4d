using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Searching for positions in a circle or a box.</summary>
internal static class GeoSearchCommands
{
    public static readonly Command[] Table =
    [
        new("GEORADIUS", arity: -6, Write | DenyOom,
            [
                KeySpec.At(1, Read | Access),
                KeySpec.After("STORE", startFrom: 6, last: 0, Overwrite | Update),
                KeySpec.After("STOREDIST", startFrom: 6, last: 0, Overwrite | Update),
            ], GeoRadius)
        {
            Since = "3.2.0", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in its circle",
            Syntax = "key longitude:double latitude:double radius:double unit:<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] "
                + "[count-block:(COUNT count:integer [ANY@6.2.0])] [order:<ASC | DESC>] [store:<STORE storekey\"key\":key | "
                + "STOREDIST storedistkey\"key\":key>]",
            Summary = "Returns or stores the members within a distance of a position.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
        },
        new("GEORADIUS_RO", arity: -6, ReadOnly, KeySpec.At(1, Read | Access), GeoRadiusRo)
        {
            Since = "3.2.10", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in its circle",
            Syntax = "key longitude:double latitude:double radius:double unit:<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] "
                + "[count-block:(COUNT count:integer [ANY@6.2.0])] [order:<ASC | DESC>]",
            Summary = "Returns the members within a distance of a position.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` argument",
        },
        new("GEORADIUSBYMEMBER", arity: -5, Write | DenyOom,
            [
                KeySpec.At(1, Read | Access),
                KeySpec.After("STORE", startFrom: 5, last: 0, Overwrite | Update),
                KeySpec.After("STOREDIST", startFrom: 5, last: 0, Overwrite | Update),
            ], GeoRadiusByMember)
        {
            Since = "3.2.0", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in its circle",
            Syntax = "key member radius:double unit:<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [count-block:(COUNT "
                + "count:integer [ANY])] [order:<ASC | DESC>] [store:<STORE storekey\"key\":key | STOREDIST storedistkey\"key\":key>]",
            Summary = "Returns or stores the members within a distance of another member.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
        },
        new("GEORADIUSBYMEMBER_RO", arity: -5, ReadOnly, KeySpec.At(1, Read | Access), GeoRadiusByMemberRo)
        {
            Since = "3.2.10", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in its circle",
            Syntax = "key member radius:double unit:<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [count-block:(COUNT "
                + "count:integer [ANY])] [order:<ASC | DESC>]",
            Summary = "Returns the members within a distance of another member.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
        },
        new("GEOSEARCH", arity: -7, ReadOnly, KeySpec.At(1, Read | Access), GeoSearch)
        {
            Since = "6.2.0", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in the area",
            Syntax = "key from:<FROMMEMBER member | FROMLONLAT fromlonlat:(longitude:double latitude:double)> by:<circle:(BYRADIUS "
                + "radius:double unit:<M | KM | FT | MI>) | box:(BYBOX width:double height:double unit:<M | KM | FT | MI>)> "
                + "[order:<ASC | DESC>] [count-block:(COUNT count:integer [ANY])] [WITHCOORD] [WITHDIST] [WITHHASH]",
            Summary = "Returns the members within a circle or a box.",
        },
        new("GEOSEARCHSTORE", arity: -8, Write | DenyOom,
            [KeySpec.At(1, Overwrite | Update), KeySpec.At(2, Read | Access)], GeoSearchStore)
        {
            Since = "6.2.0", Group = CommandGroup.Geo,
            Complexity = "O(N+log(M)) with N members in the area's bounding box and M in the area",
            Syntax = "destination:key source:key from:<FROMMEMBER member | FROMLONLAT fromlonlat:(longitude:double latitude:double)> "
                + "by:<circle:(BYRADIUS radius:double unit:<M | KM | FT | MI>) | box:(BYBOX width:double height:double unit:<M | KM "
                + "| FT | MI>)> [order:<ASC | DESC>] [count-block:(COUNT count:integer [ANY])] [STOREDIST]",
            Summary = "Stores the members within a circle or a box.",
        },
    ];

    private static void GeoRadius(CommandContext context) => Run(context, GeoQueryForm.Position, GeoQueryTarget.Option);

    private static void GeoRadiusRo(CommandContext context) => Run(context, GeoQueryForm.Position, GeoQueryTarget.Client);

    private static void GeoRadiusByMember(CommandContext context) => Run(context, GeoQueryForm.Member, GeoQueryTarget.Option);

    private static void GeoRadiusByMemberRo(CommandContext context) => Run(context, GeoQueryForm.Member, GeoQueryTarget.Client);

    private static void GeoSearch(CommandContext context) => Run(context, GeoQueryForm.Search, GeoQueryTarget.Client);

    private static void GeoSearchStore(CommandContext context) => Run(context, GeoQueryForm.Search, GeoQueryTarget.FirstKey);

    private static void Run(CommandContext context, GeoQueryForm form, GeoQueryTarget target)
    {
        var sourceKey = target == GeoQueryTarget.FirstKey ? 2 : 1;
        if (!context.TryRead(context.Key(sourceKey), KeyType.SortedSet, out var entry)) return;
        var value = new ZSetValue(context.Values, entry);
        if (!GeoQuery.TryParse(context, form, target, value, out var query)) return;
        var found = default(PooledList<GeoPoint>);
        if (entry.Exists) Types.GeoSearch.Find(value, query.Shape, query.TakesAny ? query.Count : 0, ref found);
        var count = query.Count > 0 ? (int)Math.Min(query.Count, found.Count) : found.Count;
        Sort(found.Items, query.Order, count);
        if (query.StoreKey == 0) Reply(context, query, found.Span[..count]);
        else Store(context, query, found.Span[..count], form == GeoQueryForm.Search ? KeyspaceEvent.GeoSearchStore : KeyspaceEvent.GeoRadiusStore);
        found.Dispose();
    }

    /// <summary>All in order, equal ones as they were found; or only those at the front, and then equal ones as Redis leaves them.</summary>
    private static void Sort(Span<GeoPoint> points, GeoOrder order, int count)
    {
        if (order == GeoOrder.None || points.Length < 2) return;
        if (count < points.Length)
        {
            if (order == GeoOrder.Nearest) PartialSort.Sort(points, default(NearestFirst), 0, count - 1);
            else PartialSort.Sort(points, default(FarthestFirst), 0, count - 1);
        }
        else if (order == GeoOrder.Nearest)
        {
            points.Sort(static (one, other) => one.Distance != other.Distance ? one.Distance.CompareTo(other.Distance) : one.Order.CompareTo(other.Order));
        }
        else
        {
            points.Sort(static (one, other) => one.Distance != other.Distance ? other.Distance.CompareTo(one.Distance) : one.Order.CompareTo(other.Order));
        }
    }

    private static void Reply(CommandContext context, in GeoQuery query, ReadOnlySpan<GeoPoint> points)
    {
        var options = (query.WithDistance ? 1 : 0) + (query.WithHash ? 1 : 0) + (query.WithPosition ? 1 : 0);
        context.Reply.Array(points.Length);
        foreach (ref readonly var point in points)
        {
            if (options > 0) context.Reply.Array(options + 1);
            context.Reply.Bulk(point.Member.Element);
            if (query.WithDistance) GeoCommands.ReplyDistance(context, point.Distance / query.UnitMetres);
            if (query.WithHash) context.Reply.Integer((long)point.Score);
            if (query.WithPosition) GeoCommands.ReplyPosition(context, point.Position);
        }
    }

    private static void Store(CommandContext context, in GeoQuery query, ReadOnlySpan<GeoPoint> points, KeyspaceEvent keyspaceEvent)
    {
        using var result = new ZSetBuilder(context.Values);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        foreach (ref readonly var point in points)
        {
            var member = point.Member.Element.ToBytes(scratch);
            result.Add(context.Values.Hash.Hash(member), member, query.StoresDistance ? DistanceToStore(point) / query.UnitMetres : point.Score);
        }

        context.StoreZSet(context.Key(query.StoreKey), result, keyspaceEvent, points.Length);
    }

    /// <summary>Between opposite points, rounding can leave no number, and there is no place for that in a sorted set.</summary>
    private static double DistanceToStore(in GeoPoint point) =>
        double.IsNaN(point.Distance) ? Math.PI * GeoDistance.EarthRadius : point.Distance;

    private readonly struct NearestFirst : IOrder<GeoPoint>
    {
        public int Compare(in GeoPoint one, in GeoPoint other) => one.Distance == other.Distance ? 0 : one.Distance > other.Distance ? 1 : -1;
    }

    private readonly struct FarthestFirst : IOrder<GeoPoint>
    {
        public int Compare(in GeoPoint one, in GeoPoint other) => default(NearestFirst).Compare(other, one);
    }
}

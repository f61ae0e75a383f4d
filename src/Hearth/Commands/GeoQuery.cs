using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>How a command says where to search.</summary>
internal enum GeoQueryForm
{
    /// <summary>GEORADIUS: longitude, latitude, radius, unit.</summary>
    Position,

    /// <summary>GEORADIUSBYMEMBER: member, radius, unit.</summary>
    Member,

    /// <summary>GEOSEARCH: all by options.</summary>
    Search,
}

/// <summary>Where the result may go.</summary>
internal enum GeoQueryTarget
{
    Client,

    /// <summary>GEORADIUS: to a key that an option names.</summary>
    Option,

    /// <summary>GEOSEARCHSTORE: to the key in front of the source.</summary>
    FirstKey,
}

internal enum GeoOrder
{
    None,
    Nearest,
    Farthest,
}

/// <summary>What a command searches for, and how it wants the result.</summary>
internal struct GeoQuery
{
    private GeoPosition _center;
    private bool _hasCenter;
    private bool _isFromMember;
    private double _radius;
    private double _width;
    private double _height;
    private bool _isCircle;
    private bool _isBox;

    public GeoShape Shape { get; private set; }

    /// <summary>The metres of the unit that distances are wanted in.</summary>
    public double UnitMetres { get; private set; }

    /// <summary>How many at most; 0 = all.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the first that are found will do.</summary>
    public bool TakesAny { get; private set; }

    public GeoOrder Order { get; private set; }

    public bool WithDistance { get; private set; }

    public bool WithHash { get; private set; }

    public bool WithPosition { get; private set; }

    /// <summary>The argument that names the key to store at; 0 = reply.</summary>
    public int StoreKey { get; private set; }

    public bool StoresDistance { get; private set; }

    /// <summary>
    /// Reads the arguments; false after it has replied what is wrong. Members are looked up on the way, unless there is no source: then
    /// everything else is checked as if they were there.
    /// </summary>
    public static bool TryParse(CommandContext context, GeoQueryForm form, GeoQueryTarget target, ZSetValue source, out GeoQuery query)
    {
        query = new GeoQuery { UnitMetres = 1 };
        var first = target == GeoQueryTarget.FirstKey ? 3 : 2;
        if (target == GeoQueryTarget.FirstKey) query.StoreKey = 1;
        if (!query.TryFixed(context, form, source, ref first)) return false;
        for (var i = first; i < context.Args.Count; i++)
        {
            switch (query.TryOption(context, form, target, source, ref i))
            {
                case OptionOutcome.Taken: continue;
                case OptionOutcome.Unknown: return Refuse(context, Errors.Syntax);
                default: return false;
            }
        }

        if (!query.CheckTogether(context, form, target)) return false;
        query.Shape = query._isBox
            ? GeoShape.Box(query._center, query._width * query.UnitMetres, query._height * query.UnitMetres)
            : GeoShape.Circle(query._center, query._radius * query.UnitMetres);
        if (query.Count != 0 && query.Order == GeoOrder.None && !query.TakesAny) query.Order = GeoOrder.Nearest;
        return true;
    }

    private enum OptionOutcome
    {
        Taken,
        Unknown,

        /// <summary>It has been replied what is wrong with it.</summary>
        Refused,
    }

    /// <summary>The arguments that GEORADIUS and its kin have in fixed places.</summary>
    private bool TryFixed(CommandContext context, GeoQueryForm form, ZSetValue source, ref int argument)
    {
        switch (form)
        {
            case GeoQueryForm.Position:
                if (!GeoCommands.TryPosition(context, argument, out _center) || !TryRadius(context, argument + 2)) return false;
                argument += 4;
                return true;
            case GeoQueryForm.Member:
                if (source.Exists && (!TryMember(context, argument, source) || !TryRadius(context, argument + 1))) return false;
                argument += 3;
                return true;
            default:
                return true;
        }
    }

    private OptionOutcome TryOption(CommandContext context, GeoQueryForm form, GeoQueryTarget target, ZSetValue source, ref int argument)
    {
        var rest = context.Args.Count - argument - 1;
        if (context.Is(argument, "WITHDIST"u8)) WithDistance = true;
        else if (context.Is(argument, "WITHHASH"u8)) WithHash = true;
        else if (context.Is(argument, "WITHCOORD"u8)) WithPosition = true;
        else if (context.Is(argument, "ANY"u8)) TakesAny = true;
        else if (context.Is(argument, "ASC"u8)) Order = GeoOrder.Nearest;
        else if (context.Is(argument, "DESC"u8)) Order = GeoOrder.Farthest;
        else if (rest >= 1 && context.Is(argument, "COUNT"u8)) return TryCount(context, ++argument) ? OptionOutcome.Taken : OptionOutcome.Refused;
        else if (form == GeoQueryForm.Search) return TrySearchOption(context, target, source, rest, ref argument);
        else if (target == GeoQueryTarget.Option && rest >= 1 && context.Is(argument, "STORE"u8)) (StoreKey, StoresDistance) = (++argument, false);
        else if (target == GeoQueryTarget.Option && rest >= 1 && context.Is(argument, "STOREDIST"u8)) (StoreKey, StoresDistance) = (++argument, true);
        else return OptionOutcome.Unknown;
        return OptionOutcome.Taken;
    }

    private OptionOutcome TrySearchOption(CommandContext context, GeoQueryTarget target, ZSetValue source, int rest, ref int argument)
    {
        bool isFine;
        if (rest >= 1 && context.Is(argument, "FROMMEMBER"u8) && (!_hasCenter || _isFromMember))
        {
            isFine = !source.Exists || TryMember(context, argument + 1, source);
            (_hasCenter, _isFromMember) = (true, true);
            argument += 1;
        }
        else if (rest >= 2 && context.Is(argument, "FROMLONLAT"u8) && !_isFromMember)
        {
            isFine = GeoCommands.TryPosition(context, argument + 1, out _center);
            _hasCenter = true;
            argument += 2;
        }
        else if (rest >= 2 && context.Is(argument, "BYRADIUS"u8) && !_isBox)
        {
            isFine = TryRadius(context, argument + 1);
            argument += 2;
        }
        else if (rest >= 3 && context.Is(argument, "BYBOX"u8) && !_isCircle)
        {
            isFine = TryBox(context, argument + 1);
            argument += 3;
        }
        else
        {
            if (target != GeoQueryTarget.FirstKey || !context.Is(argument, "STOREDIST"u8)) return OptionOutcome.Unknown;
            isFine = StoresDistance = true;
        }

        return isFine ? OptionOutcome.Taken : OptionOutcome.Refused;
    }

    private readonly bool CheckTogether(CommandContext context, GeoQueryForm form, GeoQueryTarget target)
    {
        if (StoreKey != 0 && (WithDistance || WithHash || WithPosition))
        {
            return Refuse(context, target == GeoQueryTarget.FirstKey
                ? "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options"u8
                : "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"u8);
        }

        if (form == GeoQueryForm.Search && !(_hasCenter && (_isCircle || _isBox)))
        {
            var missing = _hasCenter ? "BYRADIUS and BYBOX" : "FROMMEMBER or FROMLONLAT";
            context.Reply.Error($"ERR exactly one of {missing} can be specified for {Errors.Quote(context.Args[0])}");
            return false;
        }

        return !TakesAny || Count != 0 || Refuse(context, "ERR the ANY argument requires COUNT argument"u8);
    }

    private bool TryCount(CommandContext context, int argument)
    {
        if (!context.TryInteger(argument, out var count)) return false;
        Count = count;
        return count > 0 || Refuse(context, "ERR COUNT must be > 0"u8);
    }

    private bool TryMember(CommandContext context, int argument, ZSetValue source) =>
        GeoCommands.TryPositionOf(source, context.Args[argument], out _center)
        || Refuse(context, "ERR could not decode requested zset member"u8);

    private bool TryRadius(CommandContext context, int argument)
    {
        _isCircle = true;
        if (!NumberText.TryParseDouble(context.Args[argument], out _radius)) return Refuse(context, "ERR need numeric radius"u8);
        if (_radius < 0) return Refuse(context, "ERR radius cannot be negative"u8);
        return TryUnit(context, argument + 1);
    }

    private bool TryBox(CommandContext context, int argument)
    {
        _isBox = true;
        if (!NumberText.TryParseDouble(context.Args[argument], out _width)) return Refuse(context, "ERR need numeric width"u8);
        if (!NumberText.TryParseDouble(context.Args[argument + 1], out _height)) return Refuse(context, "ERR need numeric height"u8);
        if (_width < 0 || _height < 0) return Refuse(context, "ERR height or width cannot be negative"u8);
        return TryUnit(context, argument + 2);
    }

    private bool TryUnit(CommandContext context, int argument)
    {
        var isUnit = GeoCommands.TryUnit(context, argument, out var metres);
        UnitMetres = metres;
        return isUnit;
    }

    private static bool Refuse(CommandContext context, ReadOnlySpan<byte> error)
    {
        context.Reply.Error(error);
        return false;
    }
}

using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>The options of XADD and XTRIM, and XADD's ID behind them.</summary>
internal struct StreamAddOptions
{
    private const int FirstArgument = 2;

    /// <summary>Approximate trimming looks at no more than so many full nodes, unless LIMIT says otherwise.</summary>
    private const long NodesTrimmedMax = 100;

    private const long EntriesTrimmedMax = 1_000_000;

    private const long EntriesTrimmedDefault = 10_000;

    public bool Trims { get; private set; }

    public StreamTrim Trim { get; private set; }

    /// <summary>Where the length or the ID to trim to stands.</summary>
    public int TrimArgument { get; private set; }

    /// <summary>NOMKSTREAM: nothing is added to a stream that does not exist.</summary>
    public bool NeedsStream { get; private set; }

    public StreamId Id { get; private set; }

    /// <summary>The ID was given, at least its first half.</summary>
    public bool HasId { get; private set; }

    public bool HasSequence { get; private set; }

    /// <summary>Where the ID, or '*', stands; the number of arguments if there is none.</summary>
    public int IdArgument { get; private set; }

    /// <summary>False after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, bool isAdd, out StreamAddOptions options)
    {
        options = default;
        var hasLimit = false;
        var args = context.Args;
        int i;
        for (i = FirstArgument; i < args.Count; i++)
        {
            var hasValue = i + 1 < args.Count;
            if (isAdd && CString.Clip(args[i]) is [(byte)'*']) break;
            if (hasValue && context.Is(i, "MAXLEN"u8))
            {
                if (!options.TryParseTrim(context, byLength: true, ref i)) return false;
            }
            else if (hasValue && context.Is(i, "MINID"u8))
            {
                if (!options.TryParseTrim(context, byLength: false, ref i)) return false;
            }
            else if (hasValue && context.Is(i, "LIMIT"u8))
            {
                if (!options.TryParseLimit(context, ++i)) return false;
                hasLimit = true;
            }
            else if (isAdd && context.Is(i, "NOMKSTREAM"u8))
            {
                options.NeedsStream = true;
            }
            else if (isAdd)
            {
                if (!StreamArguments.TryNewId(context, i, out var id, out var hasSequence)) return false;
                (options.Id, options.HasId, options.HasSequence) = (id, true, hasSequence);
                break;
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        options.IdArgument = i;
        return options.TryComplete(context, isAdd, hasLimit);
    }

    private bool TryParseTrim(CommandContext context, bool byLength, ref int argument)
    {
        if (Trims)
        {
            context.Reply.Error("ERR syntax error, MAXLEN and MINID options at the same time are not compatible"u8);
            return false;
        }

        argument++;
        var isApproximate = false;
        if (argument + 1 < context.Args.Count && CString.Clip(context.Args[argument]) is [(byte)'~' or (byte)'='])
        {
            isApproximate = context.Args[argument][0] == '~';
            argument++;
        }

        long maxLength = 0;
        StreamId minId = default;
        if (byLength)
        {
            if (!context.TryInteger(argument, out maxLength)) return false;
            if (maxLength < 0)
            {
                context.Reply.Error("ERR The MAXLEN argument must be >= 0."u8);
                return false;
            }
        }
        else if (!StreamArguments.TryId(context, argument, out minId))
        {
            return false;
        }

        Trim = new StreamTrim(byLength, maxLength, minId, isApproximate, Trim.Limit);
        (Trims, TrimArgument) = (true, argument);
        return true;
    }

    private bool TryParseLimit(CommandContext context, int argument)
    {
        if (!context.TryInteger(argument, out var limit)) return false;
        if (limit < 0)
        {
            context.Reply.Error("ERR The LIMIT argument must be >= 0."u8);
            return false;
        }

        Trim = Trim with { Limit = limit };
        return true;
    }

    private bool TryComplete(CommandContext context, bool isAdd, bool hasLimit)
    {
        if (Trim.Limit != 0 && !Trims)
        {
            context.Reply.Error("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"u8);
            return false;
        }

        if (!isAdd && !Trims)
        {
            context.Reply.Error("ERR syntax error, XTRIM must be called with a trimming strategy"u8);
            return false;
        }

        if (context.Client.RepeatsPropagated)
        {
            // How far to trim was decided when the command ran first, and stands here instead of '~'; the limit is left over.
            Trim = Trim with { Limit = 0 };
            return true;
        }

        if (hasLimit && !Trim.IsApproximate)
        {
            context.Reply.Error("ERR syntax error, LIMIT cannot be used without the special ~ option"u8);
            return false;
        }

        if (!hasLimit && Trim.IsApproximate) Trim = Trim with { Limit = DefaultLimit(context.Values.Limits.StreamNodeEntries) };
        return true;
    }

    private static long DefaultLimit(long nodeEntries)
    {
        if (nodeEntries > EntriesTrimmedMax) return EntriesTrimmedMax;
        return nodeEntries == 0 ? EntriesTrimmedDefault : Math.Min(NodesTrimmedMax * nodeEntries, EntriesTrimmedMax);
    }
}

using Hearth.Primitives;
using Hearth.Server;

namespace Hearth.Commands;

/// <summary>The options of SORT and SORT_RO. <see cref="Gets"/> is borrowed: whoever has parsed options disposes of them.</summary>
internal struct SortOptions : IDisposable
{
    /// <summary>Where the patterns stand whose keys are to be returned instead of the elements.</summary>
    public PooledList<int> Gets;

    public bool IsDescending { get; private set; }

    public bool IsAlpha { get; private set; }

    /// <summary>The argument that says which keys hold the weights; 0 if none does.</summary>
    public int By { get; private set; }

    /// <summary>Some BY names the same key for all elements: there is nothing to sort by, whatever another BY says.</summary>
    public bool IsUnsorted { get; private set; }

    /// <summary>The argument that says where the result goes; 0 if it goes to the client.</summary>
    public int Store { get; private set; }

    public long LimitOffset { get; private set; }

    /// <summary>Below zero: as many as there are.</summary>
    public long LimitCount { get; private set; }

    /// <summary>False after it has replied what is wrong.</summary>
    public static bool TryParse(CommandContext context, bool mayStore, out SortOptions options)
    {
        options = new SortOptions { LimitCount = -1 };
        for (var i = 2; i < context.Args.Count; i++)
        {
            if (options.TryTake(context, ref i, mayStore)) continue;
            options.Dispose();
            return false;
        }

        return true;
    }

    public void Dispose() => Gets.Dispose();

    private bool TryTake(CommandContext context, ref int i, bool mayStore)
    {
        var left = context.Args.Count - i - 1;
        if (context.Is(i, "ASC"u8))
        {
            IsDescending = false;
        }
        else if (context.Is(i, "DESC"u8))
        {
            IsDescending = true;
        }
        else if (context.Is(i, "ALPHA"u8))
        {
            IsAlpha = true;
        }
        else if (left >= 2 && context.Is(i, "LIMIT"u8))
        {
            if (!context.TryInteger(i + 1, out var offset) || !context.TryInteger(i + 2, out var count)) return false;
            (LimitOffset, LimitCount) = (offset, count);
            i += 2;
        }
        else if (left >= 1 && mayStore && context.Is(i, "STORE"u8))
        {
            Store = ++i;
        }
        else if (left >= 1 && context.Is(i, "BY"u8))
        {
            By = ++i;
            IsUnsorted |= SortPattern.IsConstant(context.Args[i]);
        }
        else if (left >= 1 && context.Is(i, "GET"u8))
        {
            Gets.Add(++i);
        }
        else
        {
            context.Reply.Error(Errors.Syntax);
            return false;
        }

        return true;
    }
}

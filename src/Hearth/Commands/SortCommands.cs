using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>SORT: the elements of a list, a set or a sorted set in another order, or what keys that are named after them hold.</summary>
internal static class SortCommands
{
    public static readonly Command[] Table =
    [
        new("SORT", arity: -2, Write | DenyOom,
            [
                KeySpec.At(1, Read | Access),
                KeySpec.Unknown(Read | Access, notes: "The keys that BY and GET read depend on the elements."),
                KeySpec.Unknown(Overwrite | Update, notes: "STORE may stand anywhere among the options."),
            ], Sort)
        {
            Since = "1.0.0", Group = CommandGroup.Generic,
            Complexity = "O(N+M*log(M)) with N elements in the collection and M elements returned",
            Syntax = "key [BY by-pattern\"pattern\"#1:pattern] [LIMIT limit:(offset:integer count:integer)] [GET "
                + "get-pattern\"pattern\"#1:pattern]... [order:<ASC | DESC>] [sorting=ALPHA] [STORE destination#2:key]",
            Summary = "Returns or stores the elements of a list, set or sorted set in order.",
            KeyFinder = KeyFinders.OfSort,
            OwnCategories = CommandCategories.Set | CommandCategories.SortedSet | CommandCategories.List | CommandCategories.Dangerous,
        },
        new("SORT_RO", arity: -2, ReadOnly,
            [
                KeySpec.At(1, Read | Access),
                KeySpec.Unknown(Read | Access, notes: "The keys that BY and GET read depend on the elements."),
            ], SortRo)
        {
            Since = "7.0.0", Group = CommandGroup.Generic,
            Complexity = "O(N+M*log(M)) with N elements in the collection and M elements returned",
            Syntax = "key [BY by-pattern\"pattern\"#1:pattern] [LIMIT limit:(offset:integer count:integer)] [GET "
                + "get-pattern\"pattern\"#1:pattern]... [order:<ASC | DESC>] [sorting=ALPHA]",
            Summary = "Returns the elements of a list, set or sorted set in order.",
            KeyFinder = KeyFinders.OfSortReadOnly,
            OwnCategories = CommandCategories.Set | CommandCategories.SortedSet | CommandCategories.List | CommandCategories.Dangerous,
        },
    ];

    private static void Sort(CommandContext context) => Run(context, mayStore: true);

    private static void SortRo(CommandContext context) => Run(context, mayStore: false);

    private static void Run(CommandContext context, bool mayStore)
    {
        if (!SortOptions.TryParse(context, mayStore, out var options)) return;
        RunParsed(context, ref options);
        options.Dispose();
    }

    private static void RunParsed(CommandContext context, ref SortOptions options)
    {
        var entry = context.Read(context.Key(1));
        if (entry.Exists && entry.Type is not (KeyType.List or KeyType.Set or KeyType.SortedSet))
        {
            context.Reply.Error(Errors.WrongType);
            return;
        }

        var isSorted = !options.IsUnsorted;
        var order = new SortOrder
        {
            IsDescending = options.IsDescending,
            IsAlpha = options.IsAlpha,
            UsesWeights = options.By != 0 && isSorted,
            ComparesCStrings = options.Store == 0,
            OrdersEqualWeights = options.Store != 0 && entry.Exists && entry.Type == KeyType.Set,
        };
        if (!isSorted && options.Store != 0 && entry.Exists && entry.Type == KeyType.Set)
        {
            // A set has no order that another server would have too, and what is stored must be the same everywhere.
            isSorted = true;
            order = new SortOrder { IsDescending = options.IsDescending, IsAlpha = true };
        }

        var count = entry.Exists ? EntryValues.ElementCount(context.Values, entry) : 0;
        var first = Math.Clamp(options.LimitOffset, 0, count);
        var wanted = options.LimitCount < 0 ? count - first : Math.Min(options.LimitCount, count - first);
        var loadsAll = isSorted || !entry.Exists || entry.Type == KeyType.Set;
        using var vector = Load(context, entry, loadsAll ? 0 : first, loadsAll ? count : wanted, options.IsDescending && !loadsAll);
        if (isSorted && !TrySort(context, vector, options.By, order)) return;
        var range = (First: loadsAll ? (int)first : 0, Count: (int)wanted);
        if (options.Store == 0) Reply(context, vector, range, options.Gets.Span);
        else Store(context, vector, range, options);
    }

    /// <summary>Elements of the value, where it has an order of its own so many of them from an index on, in it or against it.</summary>
    private static SortVector Load(CommandContext context, Entry entry, long first, long count, bool isBackward)
    {
        var vector = new SortVector(context.Values.Heap, count);
        if (!entry.Exists) return vector;
        switch (entry.Type)
        {
            case KeyType.List:
                vector.AddList(new ListValue(context.Values, entry), isBackward ? -1 - first : first, count, isBackward);
                break;
            case KeyType.Set:
                vector.AddSet(new SetValue(context.Values, entry));
                break;
            default:
                // Redis sorts no listpack, and OBJECT ENCODING shows it.
                var sortedSet = new ZSetValue(context.Values, entry);
                sortedSet.BecomeIndex();
                if (count > 0) vector.AddSortedSet(sortedSet.Walk(isBackward ? sortedSet.Count - 1 - first : first, count, isBackward));
                break;
        }

        return vector;
    }

    /// <summary>False after it has replied that something is not a number.</summary>
    private static bool TrySort(CommandContext context, SortVector vector, int by, SortOrder order)
    {
        var areNumbers = true;
        var pattern = new SortPattern(order.UsesWeights ? context.Args[by] : "#"u8);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var i = 0; i < vector.Count && (order.UsesWeights || !order.IsAlpha); i++)
        {
            if (!pattern.TryResolve(context, vector[i], scratch, out var weight)) continue;
            if (order.IsAlpha)
            {
                vector.SetWeight(i, weight);
            }
            else
            {
                areNumbers &= TryScore(weight, out var score);
                vector.SetScore(i, score);
            }
        }

        vector.Sort(order);
        if (!areNumbers) context.Reply.Error("ERR One or more scores can't be converted into double"u8);
        return areNumbers;
    }

    /// <summary>
    /// The number that C's strtod reads from the text, if that is all of it: white space in front, no text at all and what stands behind
    /// a NUL byte are fine; what is too large, or so small that it loses digits, is not.
    /// </summary>
    private static bool TryScore(ListpackElement weight, out double score)
    {
        score = weight.Integer; // Which is 0 if it is none.
        if (weight.IsInteger) return true;
        var text = CString.Clip(weight.Bytes);
        if (text.IsEmpty) return true;
        return NumberText.TryParseDouble(text.TrimStart(" \t\n\v\f\r"u8), out score) && !double.IsSubnormal(score);
    }

    private static void Reply(CommandContext context, SortVector vector, (int First, int Count) range, ReadOnlySpan<int> gets)
    {
        context.Reply.Array((long)range.Count * Math.Max(gets.Length, 1));
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var i = range.First; i < range.First + range.Count && !context.Reply.IsOverfull; i++)
        {
            if (gets.IsEmpty) context.Reply.Bulk(vector[i]);
            foreach (var get in gets)
            {
                if (new SortPattern(context.Args[get]).TryResolve(context, vector[i], scratch, out var value)) context.Reply.Bulk(value);
                else context.Reply.Null();
            }
        }
    }

    private static void Store(CommandContext context, SortVector vector, (int First, int Count) range, in SortOptions options)
    {
        var target = context.Key(options.Store);
        var gets = options.Gets.Span;
        var stored = (long)range.Count * Math.Max(gets.Length, 1);
        context.Store(target, stored > 0 ? CreateResult(context, target, vector, range, gets).Entry : default, KeyspaceEvent.SortStore, stored);
        context.Reply.Integer(stored);
    }

    private static ListValue CreateResult(
        CommandContext context, in Key target, SortVector vector, (int First, int Count) range, ReadOnlySpan<int> gets)
    {
        var list = ListValue.CreateBig(context.Values, target.Bytes);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var i = range.First; i < range.First + range.Count; i++)
        {
            if (gets.IsEmpty) list.Push(ListEnd.Tail, ListpackOf(vector[i]));
            foreach (var get in gets)
            {
                // A list has no place for nothing.
                if (!new SortPattern(context.Args[get]).TryResolve(context, vector[i], scratch, out var value)) value = ListpackElement.FromBytes(default);
                list.Push(ListEnd.Tail, ListpackOf(value));
            }
        }

        list.SettleNew();
        return list;
    }

    /// <summary>The element as a list keeps it: big sets and hashes keep integers as text.</summary>
    private static ListpackElement ListpackOf(ListpackElement element) => element.IsInteger ? element : new ListpackElement(element.Bytes);
}

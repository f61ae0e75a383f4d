using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>What several sets have in common, together, or apart.</summary>
internal static class SetAlgebraCommands
{
    public static readonly Command[] Table =
    [
        new("SDIFF", arity: -2, ReadOnly, KeySpec.Range(1, last: -1, Read | Access), SDiff)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the members of all sets",
            Syntax = "key...",
            Summary = "Returns the members of the first set that no other set has.",
            Tips = ["nondeterministic_output_order"],
        },
        new("SDIFFSTORE", arity: -3, Write | DenyOom,
            [KeySpec.At(1, Overwrite | Update), KeySpec.Range(2, last: -1, Read | Access)], SDiffStore)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the members of all sets",
            Syntax = "destination:key key...",
            Summary = "Stores the members of the first set that no other set has.",
        },
        new("SINTER", arity: -2, ReadOnly, KeySpec.Range(1, last: -1, Read | Access), SInter)
        {
            Since = "1.0.0", Group = CommandGroup.Set,
            Complexity = "O(N*M) at worst, with N members in the smallest set and M sets",
            Syntax = "key...",
            Summary = "Returns the members that all sets have.",
            Tips = ["nondeterministic_output_order"],
        },
        new("SINTERCARD", arity: -3, ReadOnly, KeySpec.Counted(1, Read | Access), SInterCard)
        {
            Since = "7.0.0", Group = CommandGroup.Set,
            Complexity = "O(N*M) at worst, with N members in the smallest set and M sets",
            Syntax = "numkeys:integer key... [LIMIT limit:integer]",
            Summary = "Counts the members that all sets have.",
        },
        new("SINTERSTORE", arity: -3, Write | DenyOom,
            [KeySpec.At(1, ReadWrite | Update), KeySpec.Range(2, last: -1, Read | Access)], SInterStore)
        {
            Since = "1.0.0", Group = CommandGroup.Set,
            Complexity = "O(N*M) at worst, with N members in the smallest set and M sets",
            Syntax = "destination:key key...",
            Summary = "Stores the members that all sets have.",
        },
        new("SUNION", arity: -2, ReadOnly, KeySpec.Range(1, last: -1, Read | Access), SUnion)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the members of all sets",
            Syntax = "key...",
            Summary = "Returns the members that any of the sets has.",
            Tips = ["nondeterministic_output_order"],
        },
        new("SUNIONSTORE", arity: -3, Write | DenyOom,
            [KeySpec.At(1, Overwrite | Update), KeySpec.Range(2, last: -1, Read | Access)], SUnionStore)
        {
            Since = "1.0.0", Group = CommandGroup.Set, Complexity = "O(N) with N the members of all sets",
            Syntax = "destination:key key...",
            Summary = "Stores the members that any of the sets has.",
        },
    ];

    private static void SDiff(CommandContext context)
    {
        if (!TryReadAll(context, 1, context.Args.Count - 1, out var sets)) return;
        if (!sets.FirstExists || sets.RepeatsFirst)
        {
            context.Reply.Set(0);
        }
        else if (sets.IsLookupCheaper)
        {
            var start = context.Reply.BeginDeferred();
            var visitor = new ReplyingVisitor(context.Reply);
            sets.SortRestDescending();
            SetAlgebra.Subtract(context.Values, sets.Existing, ref visitor);
            context.Reply.EndDeferredSet(start, visitor.Count);
        }
        else
        {
            ReplyAndFree(context, Subtract(context, sets));
        }

        sets.Dispose();
    }

    private static void SDiffStore(CommandContext context)
    {
        if (!TryReadAll(context, 2, context.Args.Count - 2, out var sets)) return;
        Store(context, Subtract(context, sets), KeyspaceEvent.SDiffStore);
        sets.Dispose();
    }

    private static void SInter(CommandContext context)
    {
        if (!TryReadAll(context, 1, context.Args.Count - 1, out var sets)) return;
        var start = context.Reply.BeginDeferred();
        var visitor = new ReplyingVisitor(context.Reply);
        Intersect(context, sets, long.MaxValue, ref visitor);
        context.Reply.EndDeferredSet(start, visitor.Count);
        sets.Dispose();
    }

    private static void SInterCard(CommandContext context)
    {
        const int FirstKey = 2;
        if (!context.TryInteger(1, 1, long.MaxValue, out var keys, "ERR numkeys should be greater than 0"u8)) return;
        if (keys > context.Args.Count - FirstKey)
        {
            context.Reply.Error("ERR Number of keys can't be greater than number of args"u8);
            return;
        }

        long limit = 0;
        for (var i = FirstKey + (int)keys; i < context.Args.Count; i += 2)
        {
            if (!context.Is(i, "LIMIT"u8) || i + 1 == context.Args.Count)
            {
                context.Reply.Error(Errors.Syntax);
                return;
            }

            if (!context.TryInteger(i + 1, 0, long.MaxValue, out limit, "ERR LIMIT can't be negative"u8)) return;
        }

        if (!TryReadAll(context, FirstKey, (int)keys, out var sets)) return;
        var visitor = default(CountingVisitor);
        Intersect(context, sets, limit == 0 ? long.MaxValue : limit, ref visitor);
        context.Reply.Integer(visitor.Count);
        sets.Dispose();
    }

    private static void SInterStore(CommandContext context)
    {
        if (!TryReadAll(context, 2, context.Args.Count - 2, out var sets)) return;
        sets.SortAscending();
        var isIntset = sets.Existing.Count > 0 && sets.Existing.Span[0].IsIntset;
        var result = Create(context, isIntset ? SetValue.CreateEmptyIntset(context.Values) : SetValue.CreateEmptyListpack(context.Values));
        var visitor = new AddingVisitor(result) { HasOnlyIntegers = true };
        Intersect(context, sets, long.MaxValue, ref visitor);
        if (visitor.HasOnlyIntegers) result.ConvertToIntset();
        Store(context, result, KeyspaceEvent.SInterStore);
        sets.Dispose();
    }

    private static void SUnion(CommandContext context)
    {
        if (!TryReadAll(context, 1, context.Args.Count - 1, out var sets)) return;
        ReplyAndFree(context, Unite(context, sets));
        sets.Dispose();
    }

    private static void SUnionStore(CommandContext context)
    {
        if (!TryReadAll(context, 2, context.Args.Count - 2, out var sets)) return;
        Store(context, Unite(context, sets), KeyspaceEvent.SUnionStore);
        sets.Dispose();
    }

    /// <summary>Reads the sets at so many keys; false when one holds another type, and then it has been replied.</summary>
    private static bool TryReadAll(CommandContext context, int firstKey, int keys, out SetOperands sets)
    {
        sets = default;
        for (var i = 0; i < keys; i++)
        {
            if (!context.TryRead(context.Key(firstKey + i), KeyType.Set, out var entry))
            {
                sets.Dispose();
                return false;
            }

            sets.Add(new SetValue(context.Values, entry));
        }

        return true;
    }

    private static void Intersect<TVisitor>(CommandContext context, SetOperands sets, long limit, ref TVisitor visitor)
        where TVisitor : struct, IElementVisitor
    {
        if (sets.HasMissing) return;
        sets.SortAscending();
        SetAlgebra.Intersect(context.Values, sets.Existing, limit, ref visitor);
    }

    private static SetValue Unite(CommandContext context, SetOperands sets)
    {
        var result = Create(context, SetValue.CreateEmptyIntset(context.Values));
        var visitor = new AddingVisitor(result);
        foreach (var set in sets.Existing.Span) set.Visit(ref visitor);
        return result;
    }

    private static SetValue Subtract(CommandContext context, SetOperands sets)
    {
        var result = Create(context, SetValue.CreateEmptyIntset(context.Values));
        if (!sets.FirstExists || sets.RepeatsFirst) return result;
        var visitor = new AddingVisitor(result);
        if (sets.IsLookupCheaper)
        {
            sets.SortRestDescending();
            SetAlgebra.Subtract(context.Values, sets.Existing, ref visitor);
            return result;
        }

        sets.Existing.Span[0].Visit(ref visitor);
        var removing = new RemovingVisitor(result);
        foreach (var set in sets.Existing.Span[1..])
        {
            set.Visit(ref removing);
            if (result.Count == 0) break;
        }

        return result;
    }

    /// <summary>A set for a result. It is under no key yet, but has the name of the one that it may be stored under.</summary>
    private static SetValue Create(CommandContext context, (ValueEncoding Encoding, long Word) empty) =>
        new(context.Values, context.Keyspace.CreateEntry(context.Key(1), KeyType.Set, empty.Encoding, empty.Word));

    private static void ReplyAndFree(CommandContext context, SetValue result)
    {
        context.Reply.Set(result.Count);
        var visitor = new ReplyingVisitor(context.Reply);
        result.Visit(ref visitor);
        context.Keyspace.FreeEntry(result.Entry, context.Engine.Config.LazyfreeLazyServerDel);
    }

    /// <summary>Stores a result under the command's first key; an empty one deletes what is there.</summary>
    private static void Store(CommandContext context, SetValue result, KeyspaceEvent keyspaceEvent)
    {
        var count = result.Count;
        if (count == 0) context.Keyspace.FreeEntry(result.Entry);
        context.Store(context.Key(1), count == 0 ? default : result.Entry, keyspaceEvent);
        context.Reply.Integer(count);
    }

    private struct CountingVisitor : IElementVisitor
    {
        public long Count { get; private set; }

        public void Visit(ListpackElement element) => Count++;
    }

    private struct AddingVisitor(SetValue target) : IElementVisitor
    {
        public bool HasOnlyIntegers { get; set; }

        public void Visit(ListpackElement element)
        {
            if (HasOnlyIntegers && !element.IsInteger) HasOnlyIntegers = new ListpackElement(element.Bytes).IsInteger;
            target.Add(element);
        }
    }

    private readonly struct RemovingVisitor(SetValue target) : IElementVisitor
    {
        public void Visit(ListpackElement element) => target.Remove(element);
    }
}

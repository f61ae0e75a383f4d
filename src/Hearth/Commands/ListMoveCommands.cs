using Hearth.DataStructures;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Lists: commands that move an element between two lists, or take elements from the first of several that has any.</summary>
internal static class ListMoveCommands
{
    public static readonly Command[] Table =
    [
        new("LMOVE", arity: 5, Write | DenyOom, [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, ReadWrite | Insert)], LMove)
        {
            Since = "6.2.0", Group = CommandGroup.List, Complexity = "O(1)",
            Syntax = "source:key destination:key wherefrom:<LEFT | RIGHT> whereto:<LEFT | RIGHT>",
            Summary = "Moves an element from an end of one list to an end of another and returns it.",
        },
        new("LMPOP", arity: -4, Write, KeySpec.Counted(1, ReadWrite | Access | Delete), LMPop)
        {
            Since = "7.0.0", Group = CommandGroup.List, Complexity = "O(N+M) with N keys given and M elements returned",
            Syntax = "numkeys:integer key... where:<LEFT | RIGHT> [COUNT count:integer]",
            Summary = "Pops elements from the first list that has any.",
        },
        new("RPOPLPUSH", arity: 3, Write | DenyOom,
            [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, ReadWrite | Insert)], RPopLPush)
        {
            Since = "1.2.0", Group = CommandGroup.List, Complexity = "O(1)",
            Syntax = "source:key destination:key",
            Summary = "Moves the last element of a list to the head of another and returns it.",
            DeprecatedSince = "6.2.0", ReplacedBy = "`LMOVE` with the `RIGHT` and `LEFT` arguments",
        },
    ];

    private static void LMove(CommandContext context)
    {
        if (!TryEnd(context, 3, out var from) || !TryEnd(context, 4, out var to)) return;
        Move(context, from, to);
    }

    private static void LMPop(CommandContext context)
    {
        if (!ListMultiPop.TryParse(context, numkeysArgument: 1, out var pop)) return;
        if (!pop.TryRun(context)) context.Reply.NullArray();
    }

    private static void RPopLPush(CommandContext context) => Move(context, ListEnd.Tail, ListEnd.Head);

    /// <summary>The end that LEFT or RIGHT names; false after it has replied a syntax error.</summary>
    public static bool TryEnd(CommandContext context, int argument, out ListEnd end)
    {
        end = context.Is(argument, "RIGHT"u8) ? ListEnd.Tail : ListEnd.Head;
        if (end == ListEnd.Tail || context.Is(argument, "LEFT"u8)) return true;
        context.Reply.Error(Errors.Syntax);
        return false;
    }

    private static void Move(CommandContext context, ListEnd from, ListEnd to)
    {
        var source = context.Key(1);
        if (!context.TryWrite(source, KeyType.List, out var entry)) return;
        if (entry.Exists) TryMove(context, source, new ListValue(context.Values, entry), from, to);
        else context.Reply.Null();
    }

    /// <summary>
    /// Moves an element of a list that exists to the list at the second argument's key, and replies it. False after it has replied that
    /// the target is no list.
    /// </summary>
    public static bool TryMove(CommandContext context, in Key source, ListValue list, ListEnd from, ListEnd to)
    {
        var target = context.Key(2);
        if (!context.TryWrite(target, KeyType.List, out var existing)) return false;
        context.Reply.Bulk(list.Peek(from));
        if (existing.Equals(list.Entry))
        {
            list.Rotate(from, to);
        }
        else
        {
            var element = list.Peek(from);
            var bytes = element.IsInteger ? 0 : element.Bytes.Length;
            var receiver = existing.Exists ? new ListValue(context.Values, existing) : ListValue.Create(context.Values, target.Bytes, bytes, 1, to);
            receiver.PrepareToAdd(bytes, 1);
            receiver.Push(to, element);
            if (!existing.Exists) context.Keyspace.Put(target, existing, receiver.Entry);
            list.Drop(from);
        }

        context.Touched(target);
        context.Engine.Notify(context.Keyspace, ListChanges.PushEvent(to), target.Bytes);
        ListChanges.Removed(context, source, list, 1, ListChanges.PopEvent(from));
        return true;
    }
}

using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Strings: the simplest values, and the ones that counters and bitmaps are kept in.</summary>
internal static class StringCommands
{
    public static readonly Command[] Table =
    [
        new("GET", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read | Access), Get)
        {
            Since = "1.0.0", Group = CommandGroup.String, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the string of a key.",
        },
    ];

    private static void Get(CommandContext context)
    {
        if (!context.TryReadString(context.Key(1), out var value)) return; // Has replied WRONGTYPE.
        if (!value.Exists)
        {
            context.Reply.Null();
            return;
        }

        Span<byte> scratch = stackalloc byte[StringValue.ScratchBytes];
        context.Reply.Bulk(value.Bytes(scratch));
    }
}

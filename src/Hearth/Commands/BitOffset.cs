using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>The offset of a bit, within what the longest string can hold.</summary>
internal static class BitOffset
{
    /// <summary>Where strings end, whatever the configuration allows; a field may reach a few bytes beyond its offset.</summary>
    private const long BytesMax = StringValue.BytesMax - 16;

    public static bool TryParse(CommandContext context, int argument, out long offset) => TryParse(context, argument, 0, out offset);

    /// <summary>As above; with a width, "#3" means the third field of that width after the first. False after it has replied the error.</summary>
    public static bool TryParse(CommandContext context, int argument, int fieldBits, out long offset)
    {
        var text = context.Args[argument];
        var isFieldIndex = fieldBits > 0 && !text.IsEmpty && text[0] == '#';
        if (NumberText.TryParseInt64(isFieldIndex ? text[1..] : text, out offset) && offset >= 0)
        {
            var factor = isFieldIndex ? fieldBits : 1;
            if (offset <= long.MaxValue / factor)
            {
                offset *= factor;
                if (offset >> 3 < Math.Min(context.Engine.Config.ProtoMaxBulkLength, BytesMax)) return true;
            }
        }

        context.Reply.Error("ERR bit offset is not an integer or out of range"u8);
        return false;
    }
}

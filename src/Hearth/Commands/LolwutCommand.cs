using Hearth.Primitives;
using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>LOLWUT: a picture, so that a new version is also fun to start. Ours is a fire in a hearth, different each time.</summary>
internal static class LolwutCommand
{
    private const int WidthMax = 120;
    private const int HeightMax = 40;

    public static readonly Command[] Table =
    [
        new("LOLWUT", arity: -1, ReadOnly | Fast, Lolwut)
        {
            Since = "5.0.0", Group = CommandGroup.Server,
            Syntax = "[VERSION version:integer]",
            Summary = "Draws a piece of computer art and shows the server's version.",
        },
    ];

    private static void Lolwut(CommandContext context)
    {
        var first = 1;
        if (context.Args.Count > 2 && context.Is(1, "VERSION"u8))
        {
            // There is one picture only; a version must be a number all the same.
            if (!context.TryInteger(2, int.MinValue, int.MaxValue, out _)) return;
            first = 3;
        }

        if (!TrySize(context, first, 40, WidthMax, out var width) || !TrySize(context, first + 1, 12, HeightMax, out var height)) return;
        var picture = Draw(context.Engine.Random, width, height);
        context.Reply.Verbatim(Latin1.Bytes($"{picture}\nHearth ver. {LifeCycleLog.HearthVersion} (redis {LifeCycleLog.RedisVersion})\n"), "txt"u8);
    }

    private static bool TrySize(CommandContext context, int argument, int defaultSize, int max, out int size)
    {
        size = defaultSize;
        if (argument >= context.Args.Count) return true;
        if (!context.TryInteger(argument, out var wanted)) return false;
        size = (int)Math.Clamp(wanted, 1, max);
        return true;
    }

    /// <summary>Heat rises from random embers in the lowest row and cools on its way up; hotter places get denser letters.</summary>
    private static string Draw(RandomSource random, int width, int height)
    {
        const string Letters = " .:-=+*#%@";
        var heat = new int[height + 1, width];
        for (var x = 0; x < width; x++) heat[height, x] = (int)random.NextInt64(10);
        var text = new System.Text.StringBuilder();
        for (var y = height - 1; y >= 0; y--)
        {
            for (var x = 0; x < width; x++)
            {
                var drift = (int)random.NextInt64(3) - 1;
                var from = Math.Clamp(x + drift, 0, width - 1);
                var cooling = random.NextInt64(height) < 6 ? 1 : 0;
                heat[y, x] = Math.Max((heat[y + 1, from] + heat[y + 1, x] + 1) / 2 - cooling, 0);
            }
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) text.Append(Letters[Math.Min(heat[y, x], Letters.Length - 1)]);
            text.Append('\n');
        }

        return text.ToString();
    }
}

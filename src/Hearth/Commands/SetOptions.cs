using Hearth.Server;

namespace Hearth.Commands;

/// <summary>The options behind SET's value.</summary>
internal readonly struct SetOptions
{
    public bool OnlyIfAbsent { get; private init; }

    public bool OnlyIfPresent { get; private init; }

    public bool KeepsTtl { get; private init; }

    public bool ReturnsOld { get; private init; }

    public ExpiryOption Expiry { get; private init; }

    /// <summary>False after it has replied a syntax error. Options may come in any order; those that contradict each other are errors.</summary>
    public static bool TryParse(CommandContext context, out SetOptions options)
    {
        options = default;
        var args = context.Args;
        for (var i = 3; i < args.Count; i++)
        {
            if (context.Is(i, "NX"u8) && !options.OnlyIfPresent)
            {
                options = options with { OnlyIfAbsent = true };
            }
            else if (context.Is(i, "XX"u8) && !options.OnlyIfAbsent)
            {
                options = options with { OnlyIfPresent = true };
            }
            else if (context.Is(i, "GET"u8))
            {
                options = options with { ReturnsOld = true };
            }
            else if (context.Is(i, "KEEPTTL"u8) && !options.Expiry.IsGiven)
            {
                options = options with { KeepsTtl = true };
            }
            else
            {
                var unit = ExpiryOption.UnitOf(context, i);
                if (!options.Expiry.AllowsAfter(unit) || options.KeepsTtl || i + 1 == args.Count)
                {
                    context.Reply.Error(Errors.Syntax);
                    return false;
                }

                options = options with { Expiry = new ExpiryOption(unit, ++i) };
            }
        }

        return true;
    }
}

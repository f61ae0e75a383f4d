namespace Hearth.Server;

/// <summary>
/// Keys as first key, last key and step, the three numbers of COMMAND INFO that are older than key specs. They are derived
/// from the specs: plain ranges that follow each other join into one, and whatever does not fit is left out, which makes the
/// range <see cref="IsPartial"/> and the command's keys "movable".
/// </summary>
/// <param name="Last">An index; when negative, counted from the end of the arguments.</param>
internal readonly record struct LegacyKeyRange(int First, int Last, int Step, bool IsPartial)
{
    public static LegacyKeyRange Of(ReadOnlySpan<KeySpec> specs)
    {
        if (specs.IsEmpty) return default;

        if (specs is [{ Begin: BeginSearch.Index, Find: FindKeys.Range } single])
        {
            return new LegacyKeyRange(single.Index, LastOf(single), single.KeyStep, IsIncomplete(single));
        }

        var isPartial = false;
        var first = 0;
        var last = 0;
        foreach (var spec in specs)
        {
            var isPlain = spec is { Begin: BeginSearch.Index, Find: FindKeys.Range, KeyStep: 1 };
            if (!isPlain || (last != 0 && last != spec.Index - 1))
            {
                isPartial = true;
                continue;
            }

            isPartial |= IsIncomplete(spec);
            first = first == 0 ? spec.Index : Math.Min(first, spec.Index);
            // A last key that counts from the end lies beyond every index.
            last = (int)Math.Max((uint)last, (uint)LastOf(spec));
        }

        return new LegacyKeyRange(first, last, first == 0 ? 0 : 1, isPartial);
    }

    private static int LastOf(KeySpec spec) => spec.LastKey >= 0 ? spec.Index + spec.LastKey : spec.LastKey;

    private static bool IsIncomplete(KeySpec spec) => (spec.Flags & KeySpecFlags.Incomplete) != 0;
}

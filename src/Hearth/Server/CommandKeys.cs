using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>Finds the keys of a command that its key specs cannot find, or not with the right flags.</summary>
internal delegate void KeyFinder(in Arguments args, KeyPositionList keys);

/// <summary>
/// Finds the keys among a command's arguments by its key specs; by its row's own <see cref="KeyFinder"/> where the specs
/// fail or their flags depend on the arguments. COMMAND GETKEYS, ACL and cluster routing ask this.
/// </summary>
internal static class CommandKeys
{
    /// <summary>Whether the command can have keys at all.</summary>
    public static bool HasKeys(Command command)
    {
        if (command.KeyFinder is not null) return true;
        foreach (var spec in command.KeySpecs)
        {
            if (!IsNotKey(spec)) return true;
        }

        return false;
    }

    /// <summary>Replaces what is in <paramref name="keys"/> by the command's keys.</summary>
    /// <param name="includesNotKeys">Whether arguments that are routed like keys count, such as shard channels.</param>
    /// <returns>
    /// Whether there are any. There are none either because the command can do without, or because its arguments break its
    /// syntax, which is for the command to say.
    /// </returns>
    public static bool TryFind(Command command, in Arguments args, KeyPositionList keys, bool includesNotKeys = false)
    {
        keys.Clear();
        if (HasReliableSpecs(command, includesNotKeys))
        {
            if (TryFindBySpecs(command, args, keys, includesNotKeys)) return keys.Count != 0;
            keys.Clear();
        }

        if (command.KeyFinder is not { } finder) return false;
        finder(args, keys);
        return keys.Count != 0;
    }

    private static bool HasReliableSpecs(Command command, bool includesNotKeys)
    {
        var hasSpecs = false;
        foreach (var spec in command.KeySpecs)
        {
            if ((spec.Flags & KeySpecFlags.VariableFlags) != 0) return false;
            hasSpecs |= includesNotKeys || !IsNotKey(spec);
        }

        return hasSpecs;
    }

    private static bool TryFindBySpecs(Command command, in Arguments args, KeyPositionList keys, bool includesNotKeys)
    {
        foreach (var spec in command.KeySpecs)
        {
            if (IsNotKey(spec) && !includesNotKeys) continue;
            if (!TryFindBySpec(spec, args, keys)) return false;
        }

        return true;
    }

    private static bool TryFindBySpec(KeySpec spec, in Arguments args, KeyPositionList keys)
    {
        if (spec.Begin == BeginSearch.Unknown) return false;
        var begin = spec.Begin == BeginSearch.Index ? spec.Index : AfterKeyword(spec, args);
        // A keyword that does not occur brings no keys.
        if (begin == 0) return true;
        if (!TryFindRange(spec, args, begin, out var first, out var last)) return false;
        if (first >= args.Count || last < first || last >= args.Count) return false;

        for (var i = first; i <= last; i += spec.KeyStep) keys.Add((int)i, spec.Flags);
        return (spec.Flags & KeySpecFlags.Incomplete) == 0;
    }

    private static bool TryFindRange(KeySpec spec, in Arguments args, int begin, out long first, out long last)
    {
        (first, last) = (begin, 0);
        switch (spec.Find)
        {
            case FindKeys.Range:
                last = spec.LastKey >= 0 ? first + spec.LastKey
                    : spec.Limit <= 1 ? args.Count + spec.LastKey
                    : first + ((args.Count - first) / spec.Limit) + spec.LastKey;
                return true;

            case FindKeys.KeyNumber:
                if (begin + spec.KeyNumberIndex >= args.Count) return false;
                if (!NumberText.TryParseInt64(args[begin + spec.KeyNumberIndex], out var count)) return false;
                // More keys than arguments fail anyhow; the bound keeps the sum from overflowing.
                if (count < 0 || count > args.Count) return false;
                first += spec.FirstKey;
                last = first + ((count - 1) * spec.KeyStep);
                return true;

            default:
                return false;
        }
    }

    /// <summary>The argument after the keyword; 0 when the keyword does not occur, or nothing follows it.</summary>
    private static int AfterKeyword(KeySpec spec, in Arguments args)
    {
        var isForward = spec.StartFrom > 0;
        var step = isForward ? 1 : -1;
        for (var i = isForward ? spec.StartFrom : args.Count + spec.StartFrom; i > 0 && i < args.Count - 1; i += step)
        {
            if (CString.EqualsIgnoreCase(args[i], spec.Keyword!)) return i + 1;
        }

        return 0;
    }

    private static bool IsNotKey(KeySpec spec) => (spec.Flags & KeySpecFlags.NotKey) != 0;
}

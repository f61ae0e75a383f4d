using Hearth.Primitives;
using Hearth.Protocol;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Server;

/// <summary>
/// The key finders of commands whose options decide where their keys stand or what happens to them. They take an option for
/// what it is wherever it may stand, and leave complaints about syntax to the command itself.
/// </summary>
internal static class KeyFinders
{
    /// <summary>SET key value ... [GET]: with GET it reads the old value.</summary>
    public static void OfSet(in Arguments args, KeyPositionList keys)
    {
        var flags = Overwrite | Update;
        for (var i = 3; i < args.Count; i++)
        {
            if (Is(args[i], "GET"u8)) flags = ReadWrite | Access | Update;
        }

        keys.Add(1, flags);
    }

    /// <summary>BITFIELD key ...: with nothing but GET and OVERFLOW it is read-only.</summary>
    public static void OfBitField(in Arguments args, KeyPositionList keys)
    {
        var i = 2;
        while (i < args.Count)
        {
            var rest = args.Count - i - 1;
            if (Is(args[i], "GET"u8) && rest >= 2) i += 3;
            else if (Is(args[i], "OVERFLOW"u8) && rest >= 1) i += 2;
            else break;
        }

        keys.Add(1, i >= args.Count ? Read | Access : ReadWrite | Access | Update);
    }

    /// <summary>SORT key ... [STORE destination]: the last STORE counts.</summary>
    public static void OfSort(in Arguments args, KeyPositionList keys)
    {
        var destination = 0;
        for (var i = 2; i < args.Count; i++)
        {
            if (Is(args[i], "LIMIT"u8)) i += 2;
            else if (Is(args[i], "GET"u8) || Is(args[i], "BY"u8)) i++;
            else if (Is(args[i], "STORE"u8) && i + 1 < args.Count) destination = i + 1;
        }

        keys.Add(1, Read | Access);
        if (destination != 0) keys.Add(destination, Overwrite | Update);
    }

    /// <summary>SORT_RO key ...: the keys that BY and GET make up are nobody's to know.</summary>
    public static void OfSortReadOnly(in Arguments args, KeyPositionList keys) => keys.Add(1, Read | Access);

    /// <summary>MIGRATE host port (key | "") db timeout ... [KEYS key ...].</summary>
    public static void OfMigrate(in Arguments args, KeyPositionList keys)
    {
        const KeySpecFlags Flags = ReadWrite | Access | Delete;
        for (var i = 6; i < args.Count; i++)
        {
            if (Is(args[i], "AUTH"u8)) i++;
            else if (Is(args[i], "AUTH2"u8)) i += 2;
            else if (Is(args[i], "KEYS"u8))
            {
                // A key before KEYS is a syntax error.
                for (var key = i + 1; key < args.Count && args[3].IsEmpty; key++) keys.Add(key, Flags);
                return;
            }
        }

        keys.Add(3, Flags);
    }

    private static bool Is(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> option) => CString.EqualsIgnoreCase(argument, option);
}

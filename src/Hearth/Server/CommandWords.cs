using System.Numerics;

namespace Hearth.Server;

/// <summary>The words that stand for flags, categories, groups and types on the wire; those of flags in the order of their bits.</summary>
internal static class CommandWords
{
    public static ReadOnlySpan<string> Flags => FlagWords;

    /// <summary>The categories' names without the '@' that precedes them in a rule.</summary>
    public static ReadOnlySpan<string> Categories => CategoryWords;

    public static ReadOnlySpan<string> KeyFlags => KeyFlagWords;

    private static readonly string[] FlagWords =
    [
        "write", "readonly", "denyoom", "admin", "pubsub", "noscript", "blocking", "loading", "stale", "skip_monitor",
        "skip_slowlog", "asking", "fast", "no_auth", "no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys",
        "allow_busy",
    ];

    private static readonly string[] CategoryWords =
    [
        "keyspace", "read", "write", "set", "sortedset", "list", "hash", "string", "bitmap", "hyperloglog", "geo", "stream",
        "pubsub", "admin", "fast", "slow", "blocking", "dangerous", "connection", "transaction", "scripting",
    ];

    private static readonly string[] KeyFlagWords =
    [
        "RO", "RW", "OW", "RM", "access", "update", "insert", "delete", "not_key", "incomplete", "variable_flags",
    ];

    public static string Of(CommandGroup group) => group switch
    {
        CommandGroup.Generic => "generic",
        CommandGroup.String => "string",
        CommandGroup.List => "list",
        CommandGroup.Set => "set",
        CommandGroup.SortedSet => "sorted-set",
        CommandGroup.Hash => "hash",
        CommandGroup.PubSub => "pubsub",
        CommandGroup.Transactions => "transactions",
        CommandGroup.Connection => "connection",
        CommandGroup.Server => "server",
        CommandGroup.Scripting => "scripting",
        CommandGroup.HyperLogLog => "hyperloglog",
        CommandGroup.Cluster => "cluster",
        CommandGroup.Geo => "geo",
        CommandGroup.Stream => "stream",
        CommandGroup.Bitmap => "bitmap",
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };

    public static string Of(CommandArgumentType type) => type switch
    {
        CommandArgumentType.String => "string",
        CommandArgumentType.Integer => "integer",
        CommandArgumentType.Double => "double",
        CommandArgumentType.Key => "key",
        CommandArgumentType.Pattern => "pattern",
        CommandArgumentType.UnixTime => "unix-time",
        CommandArgumentType.PureToken => "pure-token",
        CommandArgumentType.OneOf => "oneof",
        CommandArgumentType.Block => "block",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The category of that name, in any case; None when there is none.</summary>
    public static CommandCategories Category(string name)
    {
        var index = Array.FindIndex(CategoryWords, word => word.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? CommandCategories.None : (CommandCategories)(1U << index);
    }

    public static int Count(ulong bits) => BitOperations.PopCount(bits);
}

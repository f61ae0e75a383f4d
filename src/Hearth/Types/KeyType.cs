namespace Hearth.Types;

/// <summary>The type of a key's value. The numbers are those of Redis's object types.</summary>
internal enum KeyType : byte
{
    String = 0,
    List = 1,
    Set = 2,
    SortedSet = 3,
    Hash = 4,
    Stream = 6,
}

internal static class KeyTypeNames
{
    /// <summary>The type as TYPE and SCAN's TYPE option name it.</summary>
    public static ReadOnlySpan<byte> Name(this KeyType type) => type switch
    {
        KeyType.String => "string"u8,
        KeyType.List => "list"u8,
        KeyType.Set => "set"u8,
        KeyType.SortedSet => "zset"u8,
        KeyType.Hash => "hash"u8,
        _ => "stream"u8,
    };
}

namespace Hearth.Types;

/// <summary>The type of a key's value. The numbers are those of Redis's object types.</summary>
internal enum ValueType : byte
{
    String = 0,
    List = 1,
    Set = 2,
    SortedSet = 3,
    Hash = 4,
    Stream = 6,
}

internal static class ValueTypeNames
{
    /// <summary>The type as TYPE and SCAN's TYPE option name it.</summary>
    public static ReadOnlySpan<byte> Name(this ValueType type) => type switch
    {
        ValueType.String => "string"u8,
        ValueType.List => "list"u8,
        ValueType.Set => "set"u8,
        ValueType.SortedSet => "zset"u8,
        ValueType.Hash => "hash"u8,
        _ => "stream"u8,
    };
}

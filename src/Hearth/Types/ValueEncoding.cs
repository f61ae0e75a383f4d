namespace Hearth.Types;

/// <summary>How a value is represented, as OBJECT ENCODING shows it. The numbers are those of Redis's encodings.</summary>
internal enum ValueEncoding : byte
{
    /// <summary>A string longer than 44 bytes, or one that has been changed in place.</summary>
    Raw = 0,

    /// <summary>A string that is the canonical text of a 64-bit integer, kept as the integer.</summary>
    Integer = 1,

    /// <summary>A big hash or set.</summary>
    Hashtable = 2,

    /// <summary>A small set of integers.</summary>
    Intset = 6,

    /// <summary>A big sorted set. (Redis orders it by a skip list, Hearth by a tree; the name is what clients know.)</summary>
    Skiplist = 7,

    /// <summary>A string of at most 44 bytes, as it was set.</summary>
    Embedded = 8,

    /// <summary>A big list.</summary>
    Quicklist = 9,

    Stream = 10,

    /// <summary>A small collection of any type.</summary>
    Listpack = 11,
}

internal static class ValueEncodingNames
{
    public static ReadOnlySpan<byte> Name(this ValueEncoding encoding) => encoding switch
    {
        ValueEncoding.Raw => "raw"u8,
        ValueEncoding.Integer => "int"u8,
        ValueEncoding.Hashtable => "hashtable"u8,
        ValueEncoding.Intset => "intset"u8,
        ValueEncoding.Skiplist => "skiplist"u8,
        ValueEncoding.Embedded => "embstr"u8,
        ValueEncoding.Quicklist => "quicklist"u8,
        ValueEncoding.Stream => "stream"u8,
        ValueEncoding.Listpack => "listpack"u8,
        _ => "unknown"u8,
    };
}

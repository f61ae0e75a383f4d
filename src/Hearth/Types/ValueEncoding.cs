namespace Hearth.Types;

/// <summary>How a value is represented, as OBJECT ENCODING shows it. The numbers are those of Redis's encodings.</summary>
internal enum ValueEncoding : byte
{
    /// <summary>A string longer than 44 bytes, or one that has been changed in place.</summary>
    Raw = 0,

    /// <summary>A string that is the canonical text of a 64-bit integer, kept as the integer.</summary>
    Integer = 1,

    /// <summary>A string of at most 44 bytes, as it was set.</summary>
    Embedded = 8,
}

internal static class ValueEncodingNames
{
    public static ReadOnlySpan<byte> Name(this ValueEncoding encoding) => encoding switch
    {
        ValueEncoding.Raw => "raw"u8,
        ValueEncoding.Integer => "int"u8,
        ValueEncoding.Embedded => "embstr"u8,
        _ => "unknown"u8,
    };
}
